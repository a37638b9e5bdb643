//! Means of neighbouring pixels.

use super::sides::{self, Sides, short};
use crate::{Context, Initial, Layer, LayerConfig, Module, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape, Window};
use serde::{Deserialize, Serialize};

/// The mean of each window, channel by channel. The window moves by its own size unless told.
///
/// # Shapes
/// `[N, .., C] → [N, .., C]` with `D` axes between, each of `⌊(in + 2 padding − kernel_size) / stride⌋ + 1`.
///
/// # Example
/// ```
/// use plywood_nn::{AveragePool1d, Context, Module};
/// use plywood_tensor::Tensor;
///
/// let x = Tensor::from([[[1.0], [5.0], [2.0], [4.0]]]).into();
/// let y = AveragePool1d::new(2).forward(&Context::eval(), &x)?;
/// assert_eq!(y.value().as_slice(), [3.0, 3.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError`](plywood_tensor::TensorError) for another number of axes, an input that is smaller than the window, sizes of
/// 0 and a padding of more than half the window.
///
/// # References
/// PyTorch: `torch.nn.AvgPool1d` to `AvgPool3d`, with the channels first; there is no `divisor_override`. Keras:
/// `AveragePooling2D`, which never counts its border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[doc(alias("AvgPool1d", "AvgPool2d", "AvgPool3d", "AveragePooling2D"))]
pub struct AveragePool<const D: usize> {
    #[serde(with = "sides")]
    kernel_size: [usize; D],
    #[serde(with = "sides")]
    stride: [usize; D],
    #[serde(with = "sides")]
    padding: [usize; D],
    ceil_mode: bool,
    count_include_pad: bool,
}
parameters!([const D: usize] AveragePool<D> {} skip { kernel_size, stride, padding, ceil_mode, count_include_pad });

/// Means of neighbours in a sequence `[N, L, C]`.
pub type AveragePool1d = AveragePool<1>;
/// Means of neighbouring pixels of images `[N, H, W, C]`.
pub type AveragePool2d = AveragePool<2>;
/// Means of neighbouring places of volumes `[N, D, H, W, C]`.
pub type AveragePool3d = AveragePool<3>;

impl<const D: usize> AveragePool<D> {
    /// Windows of this size side by side.
    pub fn new(kernel_size: impl Sides<D>) -> Self {
        let kernel_size = kernel_size.sides();
        let (padding, ceil_mode, count_include_pad) = ([0; D], false, true);
        AveragePool { kernel_size, stride: kernel_size, padding, ceil_mode, count_include_pad }
    }

    /// Windows so far apart.
    #[must_use]
    pub fn stride(self, stride: impl Sides<D>) -> Self {
        AveragePool { stride: stride.sides(), ..self }
    }

    /// So many zeros before and behind each axis.
    #[must_use]
    pub fn padding(self, padding: impl Sides<D>) -> Self {
        AveragePool { padding: padding.sides(), ..self }
    }

    /// Whether a last window that reaches beyond the end counts.
    #[must_use]
    pub fn ceil_mode(self, ceil_mode: bool) -> Self {
        AveragePool { ceil_mode, ..self }
    }

    /// Whether zeros of the border count, as they do unless told.
    #[must_use]
    pub fn count_include_pad(self, count_include_pad: bool) -> Self {
        AveragePool { count_include_pad, ..self }
    }

    fn window(&self) -> Window {
        Window::new(self.kernel_size).stride(self.stride).padding(self.padding).ceil(self.ceil_mode)
    }
}

impl<const D: usize> Module for AveragePool<D> {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        x.average_pool(&self.window(), self.count_include_pad)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        self.window().output_shape(Self::NAME, input)
    }

    fn describe(&self) -> String {
        let settings =
            sides::settings(&[("stride", self.stride, self.kernel_size), ("padding", self.padding, [0; D])]);
        let ceil = if self.ceil_mode { ", ceil_mode true" } else { "" };
        let border = if self.count_include_pad { "" } else { ", count_include_pad false" };
        format!("{}({}{settings}{ceil}{border})", Self::NAME, short(&self.kernel_size))
    }
}

impl<const D: usize> Layer for AveragePool<D> {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl<const D: usize> LayerConfig for AveragePool<D> {
    const NAME: &'static str = sides::name(["AveragePool1d", "AveragePool2d", "AveragePool3d"], D);
    type Layer = Self;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Self> {
        Ok(*self)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("AveragePool1d", || Ok(AveragePool1d::new(2))).shapes(&[2, 5, 3], &[2, 2, 3]).errors(&[
            (&[2, 5], "AveragePool1d: expected input [N, L, C], got [2, 5]"),
            (&[2, 1, 3], "AveragePool1d: expected at least 2 along axis 1, got [2, 1, 3]"),
        ]),
        Row::layer("AveragePool2d", || {
            Ok(AveragePool2d::new([3, 2]).stride(2).padding(1).count_include_pad(false))
        })
        .shapes(&[2, 4, 5, 2], &[2, 2, 3, 2])
        .described("AveragePool2d([3, 2], stride 2, padding 1, count_include_pad false)"),
        Row::layer("AveragePool2d", || Ok(AveragePool2d::new(3).stride(2).ceil_mode(true)))
            .shapes(&[1, 4, 6, 2], &[1, 2, 3, 2])
            .described("AveragePool2d(3, stride 2, ceil_mode true)"),
        Row::layer("AveragePool3d", || Ok(AveragePool3d::new(2))).shapes(&[1, 2, 4, 3, 2], &[1, 1, 2, 1, 2]),
    ]
}
