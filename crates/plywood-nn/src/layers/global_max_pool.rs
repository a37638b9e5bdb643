//! The largest of whole images.

use super::sides;
use crate::{Context, Initial, Layer, LayerConfig, Module, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape, Window};
use serde::{Deserialize, Serialize};

/// The largest element of each channel over all of an image: what is left of it is one number a channel.
///
/// # Shapes
/// `[N, .., C] → [N, C]` with `D` axes between.
///
/// # Example
/// ```
/// use plywood_nn::{Context, GlobalMaxPool2d, Module};
/// use plywood_tensor::Tensor;
///
/// let y = GlobalMaxPool2d::new().forward(&Context::eval(), &Tensor::ones([2, 7, 7, 64])?.into())?;
/// assert_eq!(*y.shape(), [2, 64]);
/// assert_eq!(y.value().as_slice()[0], 1.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`](crate::NnError::Input) for another number of axes, and for images without pixels.
///
/// # References
/// Keras: `GlobalMaxPooling2D`, whose gradient equal elements share; here the first has it. PyTorch: `AdaptiveMaxPool2d` with an output of 1, and `Flatten`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[doc(alias = "GlobalMaxPooling2D")]
pub struct GlobalMaxPool<const D: usize>;
parameters!([const D: usize] GlobalMaxPool<D> {});

/// [`GlobalMaxPool`] of sequences `[N, L, C]`.
pub type GlobalMaxPool1d = GlobalMaxPool<1>;
/// [`GlobalMaxPool`] of images `[N, H, W, C]`.
pub type GlobalMaxPool2d = GlobalMaxPool<2>;
/// [`GlobalMaxPool`] of volumes `[N, D, H, W, C]`.
pub type GlobalMaxPool3d = GlobalMaxPool<3>;

impl<const D: usize> GlobalMaxPool<D> {
    /// The layer; it has no settings.
    pub fn new() -> Self {
        GlobalMaxPool
    }
}

impl<const D: usize> Module for GlobalMaxPool<D> {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        let output = self.output_shape(x.shape())?;
        x.max_pool(&Window::adaptive([1; D]))?.reshape(output)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        sides::all_but_channels(&|| self.describe(), D, input)
    }

    fn describe(&self) -> String {
        Self::NAME.into()
    }
}

impl<const D: usize> Layer for GlobalMaxPool<D> {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl<const D: usize> LayerConfig for GlobalMaxPool<D> {
    const NAME: &'static str = sides::name(["GlobalMaxPool1d", "GlobalMaxPool2d", "GlobalMaxPool3d"], D);
    type Layer = Self;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Self> {
        Ok(*self)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("GlobalMaxPool1d", || Ok(GlobalMaxPool1d::new()))
            .shapes(&[2, 5, 3], &[2, 3])
            .apart()
            .errors(&[(&[2, 5], "GlobalMaxPool1d: expected input [N, L, C], got [2, 5]")]),
        Row::layer("GlobalMaxPool2d", || Ok(GlobalMaxPool2d::new()))
            .shapes(&[2, 4, 5, 2], &[2, 2])
            .apart()
            .errors(&[(
                &[2, 0, 5, 2],
                "GlobalMaxPool2d: expected input of at least one pixel, got [2, 0, 5, 2]",
            )]),
        Row::layer("GlobalMaxPool3d", || Ok(GlobalMaxPool3d::new()))
            .shapes(&[1, 3, 2, 4, 2], &[1, 2])
            .apart(),
    ]
}
