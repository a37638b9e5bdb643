//! How a window moves.

use crate::{MAX_RANK, Result, Shape, TensorError};

/// A window that moves over the 1 to 3 axes between the batch and the channels of `[N, .., C]`.
///
/// ```
/// # use plywood_tensor::{Shape, Window};
/// let window = Window::new([3, 3]).stride([2, 2]).padding([1, 1]);
/// assert_eq!(window.output_shape("pool", &Shape::new(&[8, 32, 32, 16])?)?, [8, 16, 16, 16]);
/// // As large as it must be for 7 x 7 results.
/// let window = Window::adaptive([7, 7]);
/// assert_eq!(window.output_shape("pool", &Shape::new(&[8, 30, 32, 16])?)?, [8, 7, 7, 16]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    axes: usize,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sliding { kernel: [usize; 3], stride: [usize; 3], padding: [usize; 3], dilation: [usize; 3], ceil: bool },
    Adaptive { outputs: [usize; 3] },
}

/// Where the window for one result lies on an axis, the border left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) count: usize,
    /// How many places it has with the border.
    pub(crate) padded: usize,
}

/// All windows along one axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spans {
    pub(crate) input: usize,
    /// From one place in a window to the next.
    pub(crate) step: usize,
    pub(crate) list: Vec<Span>,
}

/// The numbers of an array, those behind the last set to `rest`.
fn three<const D: usize>(values: [usize; D], rest: usize) -> [usize; 3] {
    const { assert!(D >= 1 && D <= 3, "a window moves over 1 to 3 axes") };
    std::array::from_fn(|i| values.get(i).copied().unwrap_or(rest))
}

impl Window {
    /// A window of this size that moves by its own size, without a border.
    pub fn new<const D: usize>(kernel: [usize; D]) -> Window {
        let kernel = three(kernel, 1);
        let kind = Kind::Sliding { kernel, stride: kernel, padding: [0; 3], dilation: [1; 3], ceil: false };
        Window { axes: D, kind }
    }

    /// For each axis as many windows as `outputs` says: number `i` reaches from `⌊i·in/out⌋` to `⌈(i+1)·in/out⌉`.
    ///
    /// What is said of strides, borders and gaps does not concern it.
    pub fn adaptive<const D: usize>(outputs: [usize; D]) -> Window {
        Window { axes: D, kind: Kind::Adaptive { outputs: three(outputs, 1) } }
    }

    /// How far it moves.
    #[must_use]
    pub fn stride<const D: usize>(mut self, value: [usize; D]) -> Window {
        if let Kind::Sliding { stride, .. } = &mut self.kind {
            *stride = three(value, 1);
        }
        self
    }

    /// How many places are added before and behind each axis.
    #[must_use]
    pub fn padding<const D: usize>(mut self, value: [usize; D]) -> Window {
        if let Kind::Sliding { padding, .. } = &mut self.kind {
            *padding = three(value, 0);
        }
        self
    }

    /// How far apart the places of a window are.
    #[must_use]
    pub fn dilation<const D: usize>(mut self, value: [usize; D]) -> Window {
        if let Kind::Sliding { dilation, .. } = &mut self.kind {
            *dilation = three(value, 1);
        }
        self
    }

    /// Whether a last window that reaches beyond the end counts, as long as it starts before the border behind it.
    #[must_use]
    pub fn ceil(mut self, value: bool) -> Window {
        if let Kind::Sliding { ceil, .. } = &mut self.kind {
            *ceil = value;
        }
        self
    }

    /// The shape of what it makes of an input of this shape; `op` names it in errors.
    ///
    /// # Errors
    /// [`TensorError::Shape`] for an input that has other axes or is too small for a single window,
    /// [`TensorError::Argument`] for sizes of 0 and for a border of more than half the window.
    pub fn output_shape(&self, op: &'static str, input: &Shape) -> Result<Shape> {
        let mut dims = [1; MAX_RANK];
        dims[..self.checked(op, input)?].copy_from_slice(input);
        for axis in 0..self.axes {
            dims[1 + axis] = self.outputs(op, axis, input)?;
        }
        Shape::new(&dims[..input.rank()])
    }

    /// The windows along depth, height and width; axes that are not there have one place.
    pub(crate) fn spans(&self, op: &'static str, input: &Shape) -> Result<[Spans; 3]> {
        self.checked(op, input)?;
        let single = Spans { input: 1, step: 1, list: vec![Span { start: 0, count: 1, padded: 1 }] };
        let mut spans = [single.clone(), single.clone(), single];
        for axis in 0..self.axes {
            let outputs = self.outputs(op, axis, input)?;
            spans[3 - self.axes + axis] = self.along(axis, input[1 + axis], outputs);
        }
        Ok(spans)
    }

    /// The rank of an input that has the right axes.
    fn checked(&self, op: &'static str, input: &Shape) -> Result<usize> {
        if input.rank() == self.axes + 2 {
            return Ok(input.rank());
        }
        Err(TensorError::Shape { op, expected: format!("input {}", Window::letters(self.axes)), got: *input }
            .into())
    }

    /// What the axes are called.
    pub(crate) fn letters(axes: usize) -> &'static str {
        match axes {
            1 => "[N, L, C]",
            2 => "[N, H, W, C]",
            _ => "[N, D, H, W, C]",
        }
    }

    fn outputs(&self, op: &'static str, axis: usize, input: &Shape) -> Result<usize> {
        let size = input[1 + axis];
        let refuse =
            |expected, got: usize| Err(TensorError::Argument { op, expected, got: got as f64 }.into());
        match self.kind {
            Kind::Adaptive { outputs } if outputs[axis] == 0 => refuse("an output size of at least 1", 0),
            Kind::Adaptive { .. } if size == 0 => self.too_small(op, 1, axis, input),
            Kind::Adaptive { outputs } => Ok(outputs[axis]),
            Kind::Sliding { kernel, stride, padding, dilation, ceil } => {
                let (kernel, stride) = (kernel[axis], stride[axis]);
                let (padding, dilation) = (padding[axis], dilation[axis]);
                for (value, expected) in [
                    (kernel, "a window of at least 1"),
                    (stride, "a stride of at least 1"),
                    (dilation, "a dilation of at least 1"),
                ] {
                    if value == 0 {
                        return refuse(expected, 0);
                    }
                }
                // Below this no sum of two sizes overflows.
                const MOST: usize = isize::MAX as usize / 4;
                let extent = dilation.saturating_mul(kernel - 1).saturating_add(1);
                if padding > extent / 2 {
                    return refuse("a padding of at most half the window", padding);
                }
                let padded = size.saturating_add(2 * padding);
                if extent.max(padded) > MOST {
                    return refuse("a window whose border can be addressed", extent.max(padded));
                }
                if padded < extent || size == 0 {
                    return self.too_small(op, extent.saturating_sub(2 * padding).max(1), axis, input);
                }
                let room = padded - extent;
                let mut outputs = if ceil { room.div_ceil(stride) } else { room / stride } + 1;
                if ceil && (outputs - 1) * stride >= size + padding {
                    outputs -= 1;
                }
                if one_is_empty(size, padding, dilation, stride, outputs) {
                    return refuse("a dilation with which each window holds an element", dilation);
                }
                Ok(outputs)
            }
        }
    }

    fn too_small<R>(&self, op: &'static str, least: usize, axis: usize, input: &Shape) -> Result<R> {
        let expected = format!("at least {least} along axis {}", 1 + axis);
        Err(TensorError::Shape { op, expected, got: *input }.into())
    }

    fn along(&self, axis: usize, input: usize, outputs: usize) -> Spans {
        match self.kind {
            Kind::Adaptive { .. } => {
                let span = |i: usize| {
                    let (start, end) = (i * input / outputs, ((i + 1) * input).div_ceil(outputs));
                    Span { start, count: end - start, padded: end - start }
                };
                Spans { input, step: 1, list: (0..outputs).map(span).collect() }
            }
            Kind::Sliding { kernel, stride, padding, dilation, .. } => {
                let (kernel, stride) = (kernel[axis], stride[axis]);
                let (padding, step) = (padding[axis], dilation[axis]);
                let span = |i: usize| {
                    // Counted from the beginning of the border.
                    let begin = i * stride;
                    let skipped = padding.saturating_sub(begin).div_ceil(step);
                    let start = begin + skipped * step - padding;
                    let count =
                        input.saturating_sub(start).div_ceil(step).min(kernel.saturating_sub(skipped));
                    let padded = (input + 2 * padding - begin).div_ceil(step).min(kernel);
                    Span { start, count, padded }
                };
                Spans { input, step, list: (0..outputs).map(span).collect() }
            }
        }
    }
}

/// Whether some window holds nothing but border: only gaps wider than the input can leave one so.
///
/// Such a window begins so far in front of the input that the last of its places in front and the first behind lie in one gap.
/// Not every beginning is tried, but for each gap the one that is nearest behind it.
fn one_is_empty(size: usize, padding: usize, dilation: usize, stride: usize, outputs: usize) -> bool {
    let Some(room) = dilation.checked_sub(size).filter(|&room| room > 0) else { return false };
    // Distances in front of the input: that of the last window, and that of each multiple of the gap.
    let last = padding.saturating_sub(outputs.saturating_mul(stride));
    (0..padding).step_by(dilation).any(|gap| {
        let beyond = gap.max(last);
        beyond < padding && beyond + 1 + (padding - beyond - 1) % stride <= gap + room
    })
}

impl Spans {
    /// For each place of the input the windows that hold it, and the position in each, in the order of the windows.
    pub(crate) fn covers(&self) -> Vec<Vec<(usize, usize)>> {
        let mut covers = vec![Vec::new(); self.input];
        for (window, span) in self.list.iter().enumerate() {
            for k in 0..span.count {
                covers[span.start + k * self.step].push((window, k));
            }
        }
        covers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_windows_are_found_without_a_list_of_them() {
        let mut found = [0; 2];
        for size in 1..6usize {
            for dilation in 1..12 {
                for kernel in 1..6 {
                    let extent = dilation * (kernel - 1) + 1;
                    for padding in 0..=extent / 2 {
                        for stride in 1..8 {
                            let Some(room) = (size + 2 * padding).checked_sub(extent) else { continue };
                            let outputs = room / stride + 1;
                            let window = Window::new([kernel])
                                .stride([stride])
                                .padding([padding])
                                .dilation([dilation]);
                            let expected =
                                window.along(0, size, outputs).list.iter().any(|span| span.count == 0);
                            let got = one_is_empty(size, padding, dilation, stride, outputs);
                            assert_eq!(got, expected, "{window:?} over {size}");
                            found[usize::from(got)] += 1;
                        }
                    }
                }
            }
        }
        assert!(found[0] > 1000 && found[1] > 100, "{found:?}");
    }
}
