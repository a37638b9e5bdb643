//! Blur.

use crate::draws::Draws;
use crate::error::setting;
use crate::geometry::resample::{filtering, resample};
use crate::{Amount, Border, Sample, Span, Transform};
use plywood_tensor::{Result, Stream, math};

/// Blurs by a Gaussian whose deviation, in pixels, is drawn from a span.
///
/// `y = Σ w x` over a square around each pixel, `w ∝ exp(−(i² + j²) / 2σ²)`; beyond the edge the picture is mirrored.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{GaussianBlur, Image, Pipeline};
/// use plywood_tensor::Seed;
///
/// let blur = Pipeline::builder().then(GaussianBlur::new(3, 1.0)?).build()?;
/// let image = Image::from_bytes(&[0, 0, 100, 0, 0], [1, 5, 1])?;
/// assert_eq!(blur.image(&image, &Seed(7).stream())?.as_bytes(), Some(&[0, 27, 45, 27, 0][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `GaussianBlur`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianBlur {
    side: usize,
    deviation: Span,
}

impl GaussianBlur {
    /// A square of this odd side, and a deviation such as `1.0`, or a span of them such as `0.1..=2.0`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for a side that is even or above 1023, and for deviations
    /// outside 0.01 and 1000.
    pub fn new(side: usize, deviation: impl Into<Amount>) -> Result<GaussianBlur> {
        if side.is_multiple_of(2) || side > 1023 {
            return Err(setting("GaussianBlur", "an odd side of at most 1023 pixels", side));
        }
        let expected = "deviations in order, from 0.01 to 1000";
        let deviation = deviation.into().checked("GaussianBlur", expected, 0.01, 1000.0)?;
        Ok(GaussianBlur { side, deviation })
    }
}

impl Transform for GaussianBlur {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        let deviation = Draws::new(draw).within(self.deviation);
        let middle = (self.side / 2) as f64;
        let weight = |i: usize| {
            let distance = (i as f64 - middle) / deviation;
            math::exp(-0.5 * distance * distance)
        };
        let weights: Vec<f64> = (0..self.side).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        let filter: Vec<f64> = weights.iter().map(|w| w / sum).collect();
        let mixes = sample.size().map(|side| filtering(side, &filter, Border::Reflect));
        sample.change_image(|image| resample(image, &mixes[0], &mixes[1]))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("GaussianBlur", || GaussianBlur::new(5, 1.3)).golden("gaussian_blur").photometric(),
        Row::new("GaussianBlur", || GaussianBlur::new(1, 0.1..=2.0)).identity().photometric(),
        Row::new("GaussianBlur", || GaussianBlur::new(3, 0.1..=2.0)).photometric().refused([
            (
                || GaussianBlur::new(4, 1.0..=1.0).map(drop),
                "GaussianBlur: expected an odd side of at most 1023 pixels, got 4",
            ),
            (
                || GaussianBlur::new(3, -1.0).map(drop),
                "GaussianBlur: expected deviations in order, from 0.01 to 1000, got -1",
            ),
        ]),
    ]
}
