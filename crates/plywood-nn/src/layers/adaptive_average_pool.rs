//! Means of windows that follow from the size of the output.

use super::sides::{self, Sides, short};
use crate::{Context, Initial, Layer, LayerConfig, Module, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape, Window};
use serde::{Deserialize, Serialize};

/// The mean of as many windows as the output shall have: number `i` reaches from `⌊i·in/out⌋` to `⌈(i+1)·in/out⌉`.
///
/// # Shapes
/// `[N, .., C] → [N, output_size.., C]` with `D` axes between.
///
/// # Example
/// ```
/// use plywood_nn::{AdaptiveAveragePool2d, Context, Module};
/// use plywood_tensor::Tensor;
///
/// let y = AdaptiveAveragePool2d::new(7).forward(&Context::eval(), &Tensor::zeros([2, 30, 40, 3])?.into())?;
/// assert_eq!(*y.shape(), [2, 7, 7, 3]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError`](plywood_tensor::TensorError) for another number of axes, an input without pixels and an output of 0.
///
/// # References
/// PyTorch: `torch.nn.AdaptiveAvgPool1d` to `AdaptiveAvgPool3d`, with the channels first; every axis has a size, none is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[doc(alias("AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d"))]
pub struct AdaptiveAveragePool<const D: usize> {
    #[serde(with = "sides")]
    output_size: [usize; D],
}
parameters!([const D: usize] AdaptiveAveragePool<D> {} skip { output_size });

/// [`AdaptiveAveragePool`] of sequences `[N, L, C]`.
pub type AdaptiveAveragePool1d = AdaptiveAveragePool<1>;
/// [`AdaptiveAveragePool`] of images `[N, H, W, C]`.
pub type AdaptiveAveragePool2d = AdaptiveAveragePool<2>;
/// [`AdaptiveAveragePool`] of volumes `[N, D, H, W, C]`.
pub type AdaptiveAveragePool3d = AdaptiveAveragePool<3>;

impl<const D: usize> AdaptiveAveragePool<D> {
    /// So many results along each axis.
    pub fn new(output_size: impl Sides<D>) -> Self {
        AdaptiveAveragePool { output_size: output_size.sides() }
    }
}

impl<const D: usize> Module for AdaptiveAveragePool<D> {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        x.average_pool(&Window::adaptive(self.output_size), false)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        Window::adaptive(self.output_size).output_shape(Self::NAME, input)
    }

    fn describe(&self) -> String {
        format!("{}({})", Self::NAME, short(&self.output_size))
    }
}

impl<const D: usize> Layer for AdaptiveAveragePool<D> {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl<const D: usize> LayerConfig for AdaptiveAveragePool<D> {
    const NAME: &'static str =
        sides::name(["AdaptiveAveragePool1d", "AdaptiveAveragePool2d", "AdaptiveAveragePool3d"], D);
    type Layer = Self;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Self> {
        Ok(*self)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("AdaptiveAveragePool1d", || Ok(AdaptiveAveragePool1d::new(2)))
            .shapes(&[2, 5, 3], &[2, 2, 3])
            .errors(&[(&[2, 5], "AdaptiveAveragePool1d: expected input [N, L, C], got [2, 5]")]),
        Row::layer("AdaptiveAveragePool2d", || Ok(AdaptiveAveragePool2d::new([3, 1])))
            .shapes(&[2, 4, 5, 2], &[2, 3, 1, 2])
            .errors(&[(
                &[2, 0, 5, 2],
                "AdaptiveAveragePool2d: expected at least 1 along axis 1, got [2, 0, 5, 2]",
            )])
            .refused([(
                || AdaptiveAveragePool2d::new(0).output_shape(&Shape::new(&[1, 2, 2, 1])?).map(drop),
                "AdaptiveAveragePool2d: expected an output size of at least 1, got 0",
            )]),
        Row::layer("AdaptiveAveragePool3d", || Ok(AdaptiveAveragePool3d::new(2)))
            .shapes(&[1, 3, 2, 4, 2], &[1, 2, 2, 2, 2]),
    ]
}
