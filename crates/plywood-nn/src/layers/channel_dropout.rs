//! Random channels that are zero.

use super::dropout::{probability, scaled_mask};
use super::sides;
use crate::{Context, Initial, Layer, LayerConfig, Module, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{MAX_RANK, Result, Shape};
use serde::{Deserialize, Serialize};

/// In training sets each channel of each image to 0 with probability `p` and divides the others by `1 − p`; else does
/// nothing. Neighbouring pixels are alike, so dropping them one by one as [`Dropout`](crate::Dropout) does hides little.
///
/// # Shapes
/// `[N, .., C] → [N, .., C]` with `D` axes between.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Dropout2d, Module};
/// use plywood_tensor::{Seed, Tensor};
///
/// let y = Dropout2d::new(0.5)?.forward(&Context::train(Seed(7), 0), &Tensor::ones([1, 2, 2, 100])?.into())?;
/// let (first, last) = (&y.value().as_slice()[..100], &y.value().as_slice()[300..]);
/// assert_eq!(first, last); // all pixels of a channel or none
/// assert!((30..70).contains(&first.iter().filter(|&&y| y == 2.0).count()));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`](crate::NnError::Input) for another number of axes.
///
/// # References
/// PyTorch: `torch.nn.Dropout1d` to `Dropout3d`, whose default `p` is 0.5. Keras: `SpatialDropout2D`. Tompson, Goroshin,
/// Jain, LeCun and Bregler, *Efficient object localization using convolutional networks*, 2015.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[doc(alias = "SpatialDropout2D")]
pub struct ChannelDropout<const D: usize> {
    p: f64,
}
parameters!([const D: usize] ChannelDropout<D> {} skip { p });

/// [`ChannelDropout`] of sequences `[N, L, C]`.
pub type Dropout1d = ChannelDropout<1>;
/// [`ChannelDropout`] of images `[N, H, W, C]`.
pub type Dropout2d = ChannelDropout<2>;
/// [`ChannelDropout`] of volumes `[N, D, H, W, C]`.
pub type Dropout3d = ChannelDropout<3>;

impl<const D: usize> ChannelDropout<D> {
    /// Drops with probability `p`.
    ///
    /// # Errors
    /// [`NnError::Setting`](crate::NnError::Setting) unless `p` is at least 0 and at most 1.
    pub fn new(p: f64) -> Result<Self> {
        probability(Self::NAME, p).map(|p| ChannelDropout { p })
    }
}

impl<const D: usize> Module for ChannelDropout<D> {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let input = self.output_shape(x.shape())?;
        if !cx.is_training() || self.p == 0.0 {
            return Ok(x.clone());
        }
        let mut dims = [1; MAX_RANK];
        (dims[0], dims[D + 1]) = (input[0], input[D + 1]);
        x.mul(&scaled_mask(cx, Shape::new(&dims[..D + 2])?, self.p)?.into())
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        sides::check(&|| self.describe(), D, input)?;
        Ok(*input)
    }

    fn describe(&self) -> String {
        format!("{}({})", Self::NAME, self.p)
    }
}

impl<const D: usize> Layer for ChannelDropout<D> {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl<const D: usize> LayerConfig for ChannelDropout<D> {
    const NAME: &'static str = sides::name(["Dropout1d", "Dropout2d", "Dropout3d"], D);
    type Layer = Self;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Self> {
        ChannelDropout::new(self.p)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("Dropout1d", || Dropout1d::new(0.5))
            .shapes(&[2, 3, 6], &[2, 3, 6])
            .errors(&[(&[2, 5], "Dropout1d(0.5): expected input [N, L, C], got [2, 5]")]),
        Row::layer("Dropout2d", || Dropout2d::new(0.5)).shapes(&[2, 2, 3, 6], &[2, 2, 3, 6]).refused([(
            || Dropout2d::new(1.5).map(drop),
            "Dropout2d: expected a probability p of at least 0 and at most 1, got 1.5",
        )]),
        Row::layer("Dropout3d", || Dropout3d::new(0.25)).shapes(&[1, 2, 2, 2, 6], &[1, 2, 2, 2, 6]),
    ]
}
