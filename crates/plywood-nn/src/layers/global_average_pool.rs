//! Means over whole images.

use super::sides;
use crate::{Context, Initial, Layer, LayerConfig, Module, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape};
use serde::{Deserialize, Serialize};

/// The mean of each channel over all of an image: what is left of it is one number a channel.
///
/// # Shapes
/// `[N, .., C] → [N, C]` with `D` axes between.
///
/// # Example
/// ```
/// use plywood_nn::{Context, GlobalAveragePool2d, Module};
/// use plywood_tensor::Tensor;
///
/// let y = GlobalAveragePool2d::new().forward(&Context::eval(), &Tensor::ones([2, 7, 7, 64])?.into())?;
/// assert_eq!(*y.shape(), [2, 64]);
/// assert_eq!(y.value().as_slice()[0], 1.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`](crate::NnError::Input) for another number of axes, and for images without pixels.
///
/// # References
/// Keras: `GlobalAveragePooling2D`. PyTorch: `AdaptiveAvgPool2d` with an output of 1, and `Flatten`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[doc(alias = "GlobalAveragePooling2D")]
pub struct GlobalAveragePool<const D: usize>;
parameters!([const D: usize] GlobalAveragePool<D> {});

/// [`GlobalAveragePool`] of sequences `[N, L, C]`.
pub type GlobalAveragePool1d = GlobalAveragePool<1>;
/// [`GlobalAveragePool`] of images `[N, H, W, C]`.
pub type GlobalAveragePool2d = GlobalAveragePool<2>;
/// [`GlobalAveragePool`] of volumes `[N, D, H, W, C]`.
pub type GlobalAveragePool3d = GlobalAveragePool<3>;

impl<const D: usize> GlobalAveragePool<D> {
    /// The layer; it has no settings.
    pub fn new() -> Self {
        GlobalAveragePool
    }
}

impl<const D: usize> Module for GlobalAveragePool<D> {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        let axes: Vec<isize> = (1..=D as isize).collect();
        x.mean_axes(&axes, false)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        sides::all_but_channels(&|| self.describe(), D, input)
    }

    fn describe(&self) -> String {
        Self::NAME.into()
    }
}

impl<const D: usize> Layer for GlobalAveragePool<D> {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl<const D: usize> LayerConfig for GlobalAveragePool<D> {
    const NAME: &'static str =
        sides::name(["GlobalAveragePool1d", "GlobalAveragePool2d", "GlobalAveragePool3d"], D);
    type Layer = Self;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Self> {
        Ok(*self)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("GlobalAveragePool1d", || Ok(GlobalAveragePool1d::new()))
            .shapes(&[2, 5, 3], &[2, 3])
            .errors(&[(&[2, 5], "GlobalAveragePool1d: expected input [N, L, C], got [2, 5]")]),
        Row::layer("GlobalAveragePool2d", || Ok(GlobalAveragePool2d::new()))
            .shapes(&[2, 4, 5, 2], &[2, 2])
            .errors(&[(
                &[2, 0, 5, 2],
                "GlobalAveragePool2d: expected input of at least one pixel, got [2, 0, 5, 2]",
            )]),
        Row::layer("GlobalAveragePool3d", || Ok(GlobalAveragePool3d::new()))
            .shapes(&[1, 3, 2, 4, 2], &[1, 2]),
    ]
}
