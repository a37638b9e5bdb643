//! The sizes of a convolution.

/// One axis of a convolution: `y[o] = Σₖ x[o · stride + k · dilation − low] w[k]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Axis {
    pub(crate) input: usize,
    pub(crate) kernel: usize,
    pub(crate) output: usize,
    pub(crate) stride: usize,
    /// Zeros in front of the input.
    pub(crate) low: usize,
    pub(crate) dilation: usize,
}

impl Axis {
    /// An axis that nothing happens along.
    pub(crate) const NONE: Axis = Axis { input: 1, kernel: 1, output: 1, stride: 1, low: 0, dilation: 1 };
}

/// A convolution of `x [batch, .., inputs]` with `weight [outputs, inputs / groups, ..]` to `y [batch, .., outputs]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Geometry {
    pub(crate) batch: usize,
    pub(crate) axes: [Axis; 3],
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) groups: usize,
    /// Whether every product is computed as the definition says.
    pub(crate) exact: bool,
}

impl Geometry {
    /// Sizes of a kernel.
    pub(super) fn kernel(&self) -> [usize; 3] {
        self.axes.map(|axis| axis.kernel)
    }

    /// Places of a kernel.
    pub(crate) fn kernel_places(&self) -> usize {
        self.axes.iter().map(|axis| axis.kernel).product()
    }

    /// Places of an input.
    pub(crate) fn input_places(&self) -> usize {
        self.axes.iter().map(|axis| axis.input).product()
    }

    /// Places of an output.
    pub(crate) fn output_places(&self) -> usize {
        self.axes.iter().map(|axis| axis.output).product()
    }

    /// Multiply-adds.
    pub(crate) fn steps(&self) -> usize {
        let each =
            self.kernel_places().saturating_mul(self.inputs / self.groups).saturating_mul(self.outputs);
        each.saturating_mul(self.output_places()).saturating_mul(self.batch)
    }

    /// Whether every place of the output depends on the same place of the input alone: a product of matrices.
    pub(super) fn is_product(&self) -> bool {
        self.groups == 1
            && self.axes.iter().all(|axis| axis.kernel == 1 && axis.stride == 1 && axis.input == axis.output)
    }

    /// Whether every channel is on its own.
    pub(super) fn is_depthwise(&self) -> bool {
        self.groups > 1 && self.groups == self.inputs && self.groups == self.outputs
    }
}
