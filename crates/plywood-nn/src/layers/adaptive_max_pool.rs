//! The largest in windows that follow from the size of the output.

use super::sides::{self, Sides, short};
use crate::{Context, Initial, Layer, LayerConfig, Module, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape, Window};
use serde::{Deserialize, Serialize};

/// The largest element of as many windows as the output shall have: number `i` reaches from `⌊i·in/out⌋` to `⌈(i+1)·in/out⌉`.
///
/// # Shapes
/// `[N, .., C] → [N, output_size.., C]` with `D` axes between.
///
/// # Example
/// ```
/// use plywood_nn::{AdaptiveMaxPool2d, Context, Module};
/// use plywood_tensor::Tensor;
///
/// let y = AdaptiveMaxPool2d::new(7).forward(&Context::eval(), &Tensor::zeros([2, 30, 40, 3])?.into())?;
/// assert_eq!(*y.shape(), [2, 7, 7, 3]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError`](plywood_tensor::TensorError) for another number of axes, an input without pixels and an output of 0.
///
/// # References
/// PyTorch: `torch.nn.AdaptiveMaxPool1d` to `AdaptiveMaxPool3d`, with the channels first; every axis has a size, none is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdaptiveMaxPool<const D: usize> {
    #[serde(with = "sides")]
    output_size: [usize; D],
}
parameters!([const D: usize] AdaptiveMaxPool<D> {} skip { output_size });

/// [`AdaptiveMaxPool`] of sequences `[N, L, C]`.
pub type AdaptiveMaxPool1d = AdaptiveMaxPool<1>;
/// [`AdaptiveMaxPool`] of images `[N, H, W, C]`.
pub type AdaptiveMaxPool2d = AdaptiveMaxPool<2>;
/// [`AdaptiveMaxPool`] of volumes `[N, D, H, W, C]`.
pub type AdaptiveMaxPool3d = AdaptiveMaxPool<3>;

impl<const D: usize> AdaptiveMaxPool<D> {
    /// So many results along each axis.
    pub fn new(output_size: impl Sides<D>) -> Self {
        AdaptiveMaxPool { output_size: output_size.sides() }
    }
}

impl<const D: usize> Module for AdaptiveMaxPool<D> {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        x.max_pool(&Window::adaptive(self.output_size))
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        Window::adaptive(self.output_size).output_shape(Self::NAME, input)
    }

    fn describe(&self) -> String {
        format!("{}({})", Self::NAME, short(&self.output_size))
    }
}

impl<const D: usize> Layer for AdaptiveMaxPool<D> {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl<const D: usize> LayerConfig for AdaptiveMaxPool<D> {
    const NAME: &'static str =
        sides::name(["AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d"], D);
    type Layer = Self;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Self> {
        Ok(*self)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("AdaptiveMaxPool1d", || Ok(AdaptiveMaxPool1d::new(2)))
            .shapes(&[2, 5, 3], &[2, 2, 3])
            .apart()
            .errors(&[(&[2, 5], "AdaptiveMaxPool1d: expected input [N, L, C], got [2, 5]")]),
        Row::layer("AdaptiveMaxPool2d", || Ok(AdaptiveMaxPool2d::new([3, 1])))
            .shapes(&[2, 4, 5, 2], &[2, 3, 1, 2])
            .apart()
            .errors(&[(
                &[2, 0, 5, 2],
                "AdaptiveMaxPool2d: expected at least 1 along axis 1, got [2, 0, 5, 2]",
            )])
            .refused([(
                || AdaptiveMaxPool2d::new(0).output_shape(&Shape::new(&[1, 2, 2, 1])?).map(drop),
                "AdaptiveMaxPool2d: expected an output size of at least 1, got 0",
            )]),
        Row::layer("AdaptiveMaxPool3d", || Ok(AdaptiveMaxPool3d::new(2)))
            .shapes(&[1, 3, 2, 4, 2], &[1, 2, 2, 2, 2])
            .apart(),
    ]
}
