//! Convolution, and the two products that its gradients are.

use crate::conv::{Axis, Geometry};
use crate::{Array, Float, MAX_RANK, Result, Shape, TensorError};

/// How a kernel moves over its input: stride, padding with zeros, dilation, groups.
///
/// Settings for axes that a tensor does not have are not looked at: one serves one, two and three dimensions.
///
/// ```
/// use plywood_tensor::Conv;
///
/// let halving = Conv::new().stride([2, 2]).padding([1, 1]);
/// assert_eq!(halving.output_size(0, 32, 3), Some(16));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv {
    /// From one place of the kernel to the next, along each axis.
    pub stride: [usize; 3],
    /// Zeros in front of each axis and behind it.
    pub padding: [[usize; 2]; 3],
    /// From one number under the kernel to the next, along each axis.
    pub dilation: [usize; 3],
    /// Parts into which the channels are cut, each convolved on its own.
    pub groups: usize,
    /// Whether every product is computed as the definition says; see [`Conv::exact`].
    pub exact: bool,
}

impl Default for Conv {
    fn default() -> Conv {
        Conv::new()
    }
}

impl Conv {
    /// Every place, no padding, neighbours, all channels together.
    pub const fn new() -> Conv {
        Conv { stride: [1; 3], padding: [[0; 2]; 3], dilation: [1; 3], groups: 1, exact: false }
    }

    /// Sets the stride of the first axes.
    #[must_use]
    pub fn stride<const N: usize>(mut self, stride: [usize; N]) -> Conv {
        const { assert!(N <= 3, "a kernel moves over 1 to 3 axes") };
        self.stride[..N].copy_from_slice(&stride);
        self
    }

    /// Sets the zeros on both sides of the first axes.
    #[must_use]
    pub fn padding<const N: usize>(mut self, padding: [usize; N]) -> Conv {
        const { assert!(N <= 3, "a kernel moves over 1 to 3 axes") };
        for (to, size) in self.padding.iter_mut().zip(padding) {
            *to = [size, size];
        }
        self
    }

    /// Sets the dilation of the first axes.
    #[must_use]
    pub fn dilation<const N: usize>(mut self, dilation: [usize; N]) -> Conv {
        const { assert!(N <= 3, "a kernel moves over 1 to 3 axes") };
        self.dilation[..N].copy_from_slice(&dilation);
        self
    }

    /// Sets the number of groups.
    #[must_use]
    pub fn groups(mut self, groups: usize) -> Conv {
        self.groups = groups;
        self
    }

    /// Computes every product as the definition says.
    ///
    /// Otherwise kernels of 3×3 with stride 1 and at least 16 channels on both sides take a quarter of the multiplications
    /// (Winograd's F(4×4, 3×3)): up to three times as fast, with at most three times the rounding error, some 10⁻⁶ of the size of
    /// the results in single precision. A NaN or an infinity in the input then reaches all 4×4 results of a tile that looks at it, not
    /// only the 3×3 around it. Which form is taken depends on shapes alone.
    #[must_use]
    pub fn exact(mut self) -> Conv {
        self.exact = true;
        self
    }

    /// How many places a kernel of size `kernel` has over an axis of size `input`; `None` if it does not fit, if there is no
    /// such axis, or a stride or dilation of 0.
    ///
    /// `⌊(input + padding − dilation · (kernel − 1) − 1) / stride⌋ + 1`
    pub fn output_size(&self, axis: usize, input: usize, kernel: usize) -> Option<usize> {
        let (&stride, &dilation) = (self.stride.get(axis)?, self.dilation.get(axis)?);
        let [low, high] = self.padding[axis];
        let reach = kernel.checked_sub(1)?.checked_mul(dilation)?.checked_add(1)?;
        let room = input.checked_add(low)?.checked_add(high)?.checked_sub(reach)?;
        (dilation > 0).then(|| room.checked_div(stride)).flatten().map(|places| places + 1)
    }

    /// How many places a transposed convolution makes of `input`: of the sizes that this convolution takes to `input` places the
    /// smallest, and `extra` beyond it; `None` if nothing is left behind the padding.
    ///
    /// `(input − 1) · stride − padding + dilation · (kernel − 1) + 1 + extra`
    pub fn transposed_size(&self, axis: usize, input: usize, kernel: usize, extra: usize) -> Option<usize> {
        let (&stride, &dilation) = (self.stride.get(axis)?, self.dilation.get(axis)?);
        let [low, high] = self.padding[axis];
        let reach = kernel.checked_sub(1)?.checked_mul(dilation)?.checked_add(1)?;
        let whole = input.checked_sub(1)?.checked_mul(stride)?.checked_add(reach)?.checked_add(extra)?;
        whole.checked_sub(low)?.checked_sub(high).filter(|&size| size > 0)
    }

    /// The shape of `x [N, .., C]` with its padding, of which strips are copied to make `y [N, .., O]`; `op` names it in errors.
    ///
    /// Long strides and wide gaps in a kernel make few results of very much padding. Somebody who reads settings from a file should
    /// learn that before there is no memory: the padded input may have 2²⁸ numbers, or 64 times as many as input and result.
    ///
    /// ```
    /// # use plywood_tensor::{Conv, Shape};
    /// let (x, y) = (Shape::new(&[1, 6, 1])?, Shape::new(&[1, 3, 1])?);
    /// assert_eq!(Conv::new().stride([4]).padding([2]).padded("conv", &x, &y)?, [1, 10, 1]);
    /// let error = Conv::new().stride([1 << 32]).padding([1 << 32]).padded("conv", &x, &y).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "conv: expected at most 268435456 numbers with the padding, or 64 for each of input and result, got [1, 6, 1]",
    /// );
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`] for more numbers, and for more than can be addressed.
    pub fn padded(&self, op: &'static str, x: &Shape, y: &Shape) -> Result<Shape> {
        let fail = |expected: String| Err(TensorError::Shape { op, expected, got: *x }.into());
        let rank = x.rank();
        let mut padded = [1; MAX_RANK];
        padded[..rank].copy_from_slice(x);
        for (size, [low, high]) in padded[..rank.saturating_sub(1)].iter_mut().skip(1).zip(self.padding) {
            *size = size.saturating_add(low).saturating_add(high);
        }
        // Strips hold channels of the input or of the result; there is room to spare for steps beyond their ends.
        let channels = x.last().max(y.last()).copied().unwrap_or(1);
        let all_but_channels = |sizes: &[usize]| -> usize {
            let sizes = sizes.split_last().map_or(sizes, |(_, sizes)| sizes);
            if sizes.contains(&0) {
                0
            } else {
                sizes.iter().fold(1, |places, &size| places.saturating_mul(size))
            }
        };
        let places = all_but_channels(&padded[..rank]);
        let numbers = places.saturating_mul(channels);
        if numbers > usize::MAX / (16 * size_of::<f64>()) {
            return fail("input that can be addressed with its padding".into());
        }
        // Few results, or few channels of one side, are no reason to refuse what has hardly any padding.
        let sparse =
            places > 64_usize.saturating_mul(all_but_channels(x).saturating_add(all_but_channels(y)));
        if sparse && numbers > BETWEEN.max((x.numel().saturating_add(y.numel())).saturating_mul(64)) {
            return fail(format!(
                "at most {BETWEEN} numbers with the padding, or 64 for each of input and result"
            ));
        }
        Shape::new(&padded[..rank])
    }

    /// The sizes of a convolution of `x` with `weight`, both checked, named by `op` in errors.
    fn geometry(&self, op: &'static str, x: &Shape, weight: &Shape) -> Result<Geometry> {
        let fail = |expected: String, got| Err(TensorError::Shape { op, expected, got }.into());
        let rank = weight.rank();
        if !(3..=5).contains(&rank) || weight.contains(&0) {
            return fail("a weight [outputs, inputs / groups, ..] of 3 to 5 axes".into(), *weight);
        }
        let groups = self.groups;
        if groups == 0 {
            return Err(TensorError::Argument { op, expected: "at least 1 group", got: 0.0 }.into());
        }
        if !weight[0].is_multiple_of(groups) {
            return fail(format!("a weight whose outputs are a multiple of {groups} groups"), *weight);
        }
        let inputs = weight[1].saturating_mul(groups);
        if x.rank() != rank || x[rank - 1] != inputs {
            let places = ["L", "H, W", "D, H, W"][rank - 3];
            return fail(format!("input [N, {places}, {inputs}]"), *x);
        }
        let mut axes = [Axis::NONE; 3];
        for i in 0..rank - 2 {
            let (input, kernel) = (x[1 + i], weight[2 + i]);
            if self.stride[i] == 0 || self.dilation[i] == 0 {
                let expected = "a stride and a dilation of at least 1";
                return Err(TensorError::Argument { op, expected, got: 0.0 }.into());
            }
            let Some(output) = self.output_size(i, input, kernel) else {
                let (axis, reach) = (i + 1, (kernel - 1).saturating_mul(self.dilation[i]).saturating_add(1));
                return fail(
                    format!("axis {axis} with its padding to hold a kernel that reaches over {reach}"),
                    *x,
                );
            };
            let ([low, high], dilation) = (self.padding[i], self.dilation[i]);
            // A kernel that has one place takes no step, however long: none overflows.
            let stride = self.stride[i].min(input.saturating_add(low).saturating_add(high));
            axes[5 - rank + i] = Axis { input, kernel, output, stride, low, dilation };
        }
        let geometry = Geometry { batch: x[0], axes, inputs, outputs: weight[0], groups, exact: self.exact };
        self.padded(op, x, &output_shape(x, &geometry)?)?;
        Ok(geometry)
    }
}

/// So many numbers may lie between those that results are made of, however few results there are: a gibibyte in single precision.
const BETWEEN: usize = 1 << 28;

/// The shape of what a convolution of `x` gives.
fn output_shape(x: &Shape, geometry: &Geometry) -> Result<Shape> {
    let rank = x.rank();
    let mut dims = x.to_vec();
    for (dim, axis) in dims[1..rank - 1].iter_mut().zip(&geometry.axes[5 - rank..]) {
        *dim = axis.output;
    }
    dims[rank - 1] = geometry.outputs;
    Shape::new(&dims)
}

impl<T: Float> Array<T> {
    /// Convolution, channels last: `y[n, p, o] = Σ x[n, p · stride + k · dilation − padding, i] w[o, i, k] + b[o]`.
    ///
    /// As PyTorch and Keras do, the kernel is not turned around. `rectify` replaces results below 0 by 0 in the same pass.
    ///
    /// # Shapes
    /// `self [N, .., C]`, `weight [O, C / groups, ..]` with one to three axes in place of the dots, `bias [O]` → `[N, .., O]`,
    /// sizes as [`Conv::output_size`] says.
    ///
    /// ```
    /// # use plywood_tensor::{Conv, Tensor};
    /// let x = Tensor::from([[[1.0], [2.0], [4.0]]]);
    /// let difference = Tensor::from([[[-1.0, 1.0]]]);
    /// let y = x.conv(&difference, None, &Conv::new(), false)?;
    /// assert_eq!(y, Tensor::from([[[1.0], [2.0]]]));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`] if the shapes do not fit each other, or the kernel the input; [`TensorError::Argument`] for a
    /// stride, a dilation or groups of 0.
    pub fn conv(&self, weight: &Self, bias: Option<&Self>, conv: &Conv, rectify: bool) -> Result<Self> {
        let geometry = conv.geometry("conv", self.shape(), weight.shape())?;
        let outputs = geometry.outputs;
        if let Some(bias) = bias.filter(|bias| *bias.shape() != [outputs]) {
            let (expected, got) = (format!("bias [{outputs}]"), *bias.shape());
            return Err(TensorError::Shape { op: "conv", expected, got }.into());
        }
        let shape = output_shape(self.shape(), &geometry)?;
        let bias = bias.map(Array::as_slice);
        Ok(Array::build(shape, |y| geometry.forward(self.as_slice(), weight.as_slice(), bias, rectify, y)))
    }

    /// The gradient of [`Array::conv`] for its input of shape `input`, where this is the gradient for its result: a transposed
    /// convolution, `x[n, q, i] = Σ g[n, p, o] w[o, i, k]` over all `p · stride + k · dilation − padding = q`.
    ///
    /// # Shapes
    /// `self [N, .., O]`, `weight [O, C / groups, ..]` → `[N, .., C]`
    ///
    /// ```
    /// # use plywood_tensor::{Conv, Shape, Tensor};
    /// let g = Tensor::from([[[1.0], [10.0]]]);
    /// let difference = Tensor::from([[[-1.0, 1.0]]]);
    /// let x = g.conv_input_gradient(&difference, &Conv::new(), &Shape::new(&[1, 3, 1])?)?;
    /// assert_eq!(x, Tensor::from([[[-1.0], [-9.0], [10.0]]]));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Array::conv`].
    pub fn conv_input_gradient(&self, weight: &Self, conv: &Conv, input: &Shape) -> Result<Self> {
        let op = "conv_input_gradient";
        let geometry = conv.geometry(op, input, weight.shape())?;
        self.expect_output(op, input, &geometry)?;
        Ok(Array::build(*input, |x| geometry.input_gradient(self.as_slice(), weight.as_slice(), x)))
    }

    /// The gradient of [`Array::conv`] for its weight of shape `weight`, where this is its input and `g` the gradient for its
    /// result: `w[o, i, k] = Σ x[n, p · stride + k · dilation − padding, i] g[n, p, o]`.
    ///
    /// # Shapes
    /// `self [N, .., C]`, `g [N, .., O]` → `[O, C / groups, ..]`
    ///
    /// ```
    /// # use plywood_tensor::{Conv, Shape, Tensor};
    /// let (x, g) = (Tensor::from([[[1.0], [2.0], [4.0]]]), Tensor::from([[[1.0], [10.0]]]));
    /// let weight = x.conv_weight_gradient(&g, &Conv::new(), &Shape::new(&[1, 1, 2])?)?;
    /// assert_eq!(weight, Tensor::from([[[21.0, 42.0]]]));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Array::conv`].
    pub fn conv_weight_gradient(&self, g: &Self, conv: &Conv, weight: &Shape) -> Result<Self> {
        let op = "conv_weight_gradient";
        let geometry = conv.geometry(op, self.shape(), weight)?;
        g.expect_output(op, self.shape(), &geometry)?;
        Ok(Array::build(*weight, |w| geometry.weight_gradient(self.as_slice(), g.as_slice(), w)))
    }

    fn expect_output(&self, op: &'static str, input: &Shape, geometry: &Geometry) -> Result<()> {
        let expected = output_shape(input, geometry)?;
        if *self.shape() == expected {
            return Ok(());
        }
        let (expected, got) = (format!("a gradient {expected}"), *self.shape());
        Err(TensorError::Shape { op, expected, got }.into())
    }
}
