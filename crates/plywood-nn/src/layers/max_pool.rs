//! The largest of neighbouring pixels.

use super::sides::{self, Sides, short};
use crate::{Context, Initial, Layer, LayerConfig, Module, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape, Window};
use serde::{Deserialize, Serialize};

/// The largest element in each window, channel by channel. The window moves by its own size unless told; a border
/// never counts.
///
/// # Shapes
/// `[N, .., C] → [N, .., C]` with `D` axes between, each of `⌊(in + 2 padding − dilation (kernel_size − 1) − 1) / stride⌋ + 1`.
///
/// # Example
/// ```
/// use plywood_nn::{Context, MaxPool2d, Module};
/// use plywood_tensor::Tensor;
///
/// let layer = MaxPool2d::new(3).stride(2).padding(1);
/// let y = layer.forward(&Context::eval(), &Tensor::zeros([8, 112, 112, 64])?.into())?;
/// assert_eq!(*y.shape(), [8, 56, 56, 64]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError`](plywood_tensor::TensorError) for another number of axes, an input that is smaller than the window, sizes of
/// 0 and a padding of more than half the window.
///
/// # References
/// PyTorch: `torch.nn.MaxPool1d` to `MaxPool3d`, with the channels first; indices are those of
/// [`Tensor::max_pool_with_choice`](plywood_tensor::Array::max_pool_with_choice). Keras: `MaxPooling2D`, whose padding is a
/// word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[doc(alias = "MaxPooling2D")]
pub struct MaxPool<const D: usize> {
    #[serde(with = "sides")]
    kernel_size: [usize; D],
    #[serde(with = "sides")]
    stride: [usize; D],
    #[serde(with = "sides")]
    padding: [usize; D],
    #[serde(with = "sides")]
    dilation: [usize; D],
    ceil_mode: bool,
}
parameters!([const D: usize] MaxPool<D> {} skip { kernel_size, stride, padding, dilation, ceil_mode });

/// The largest of neighbours in a sequence `[N, L, C]`.
pub type MaxPool1d = MaxPool<1>;
/// The largest of neighbouring pixels of images `[N, H, W, C]`.
pub type MaxPool2d = MaxPool<2>;
/// The largest of neighbouring places of volumes `[N, D, H, W, C]`.
pub type MaxPool3d = MaxPool<3>;

impl<const D: usize> MaxPool<D> {
    /// Windows of this size side by side.
    pub fn new(kernel_size: impl Sides<D>) -> Self {
        let kernel_size = kernel_size.sides();
        MaxPool { kernel_size, stride: kernel_size, padding: [0; D], dilation: [1; D], ceil_mode: false }
    }

    /// Windows so far apart.
    #[must_use]
    pub fn stride(self, stride: impl Sides<D>) -> Self {
        MaxPool { stride: stride.sides(), ..self }
    }

    /// So many places before and behind each axis that windows may reach into.
    #[must_use]
    pub fn padding(self, padding: impl Sides<D>) -> Self {
        MaxPool { padding: padding.sides(), ..self }
    }

    /// The places of a window so far apart.
    #[must_use]
    pub fn dilation(self, dilation: impl Sides<D>) -> Self {
        MaxPool { dilation: dilation.sides(), ..self }
    }

    /// Whether a last window that reaches beyond the end counts.
    #[must_use]
    pub fn ceil_mode(self, ceil_mode: bool) -> Self {
        MaxPool { ceil_mode, ..self }
    }

    fn window(&self) -> Window {
        let window = Window::new(self.kernel_size).stride(self.stride).padding(self.padding);
        window.dilation(self.dilation).ceil(self.ceil_mode)
    }
}

impl<const D: usize> Module for MaxPool<D> {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        x.max_pool(&self.window())
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        self.window().output_shape(Self::NAME, input)
    }

    fn describe(&self) -> String {
        let settings = sides::settings(&[
            ("stride", self.stride, self.kernel_size),
            ("padding", self.padding, [0; D]),
            ("dilation", self.dilation, [1; D]),
        ]);
        let ceil = if self.ceil_mode { ", ceil_mode true" } else { "" };
        format!("{}({}{settings}{ceil})", Self::NAME, short(&self.kernel_size))
    }
}

impl<const D: usize> Layer for MaxPool<D> {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl<const D: usize> LayerConfig for MaxPool<D> {
    const NAME: &'static str = sides::name(["MaxPool1d", "MaxPool2d", "MaxPool3d"], D);
    type Layer = Self;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Self> {
        Ok(*self)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("MaxPool1d", || Ok(MaxPool1d::new(2))).shapes(&[2, 5, 3], &[2, 2, 3]).apart().errors(&[
            (&[2, 5], "MaxPool1d: expected input [N, L, C], got [2, 5]"),
            (&[2, 1, 3], "MaxPool1d: expected at least 2 along axis 1, got [2, 1, 3]"),
        ]),
        Row::layer("MaxPool2d", || Ok(MaxPool2d::new([3, 2]).stride(2).padding(1)))
            .shapes(&[2, 4, 5, 2], &[2, 2, 3, 2])
            .described("MaxPool2d([3, 2], stride 2, padding 1)")
            .apart(),
        Row::layer("MaxPool2d", || Ok(MaxPool2d::new(2).dilation(2).stride(1).ceil_mode(true)))
            .shapes(&[1, 4, 3, 2], &[1, 2, 1, 2])
            .described("MaxPool2d(2, stride 1, dilation 2, ceil_mode true)")
            .apart()
            .refused([(
                || MaxPool2d::new(0).output_shape(&Shape::new(&[1, 2, 2, 1])?).map(drop),
                "MaxPool2d: expected a window of at least 1, got 0",
            )]),
        Row::layer("MaxPool3d", || Ok(MaxPool3d::new(2))).shapes(&[1, 2, 4, 3, 2], &[1, 1, 2, 1, 2]).apart(),
    ]
}
