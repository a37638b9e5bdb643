//! A part of any size as a picture of one size.

use super::resize::resize_part;
use crate::draws::Draws;
use crate::error::positive_size;
use crate::{Amount, Interpolation, Sample, Span, Transform};
use plywood_tensor::{Result, Stream, math};

/// Cuts out a part of random area, shape and place, and makes it so high and wide.
///
/// The area is drawn from a span of shares of the picture's, 0.08 to 1 unless told; the ratio of width to height from a
/// span, 3/4 to 4/3 unless told, evenly in its logarithm. After ten draws that do not fit, the largest part in the middle
/// is taken whose ratio is allowed.
///
/// # Shapes
/// `[H, W, C] → [height, width, C]`
///
/// # Example
/// ```
/// use plywood_augment::{CropResized, Image, Pipeline};
/// use plywood_tensor::{Seed, Tensor};
///
/// let crop = Pipeline::builder().then(CropResized::new([8, 8])?.scale(0.25..=1.0)?).build()?;
/// let part = crop.image(&Image::try_from(Tensor::ones([32, 48, 3])?)?, &Seed(7).stream())?;
/// assert_eq!(part.size(), [8, 8]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomResizedCrop`. Szegedy et al., *Going deeper with convolutions*, 2015.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "RandomResizedCrop")]
pub struct CropResized {
    size: [usize; 2],
    scale: Span,
    ratio: Span,
    interpolation: Interpolation,
    antialias: bool,
}

impl CropResized {
    /// Pictures of this height and width; bilinear with antialias.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) if either is 0 or above 65536.
    pub fn new(size: [usize; 2]) -> Result<CropResized> {
        Ok(CropResized {
            size: positive_size("CropResized", size)?,
            scale: Span { low: 0.08, high: 1.0 },
            ratio: Span { low: 3.0 / 4.0, high: 4.0 / 3.0 },
            interpolation: Interpolation::Bilinear,
            antialias: true,
        })
    }

    /// Which share of the area is kept: one number, or a span.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless within 0 and 1.
    pub fn scale(self, scale: impl Into<Amount>) -> Result<CropResized> {
        let scale =
            scale.into().checked("CropResized", "shares of the area in order, from 0 to 1", 0.0, 1.0)?;
        Ok(CropResized { scale, ..self })
    }

    /// How many times as wide as high the part may be: one number, or a span.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless within 0.001 and 1000.
    pub fn ratio(self, ratio: impl Into<Amount>) -> Result<CropResized> {
        let ratio =
            ratio.into().checked("CropResized", "ratios in order, from 0.001 to 1000", 0.001, 1000.0)?;
        Ok(CropResized { ratio, ..self })
    }

    /// How to read between pixels.
    #[must_use]
    pub fn interpolation(self, interpolation: Interpolation) -> CropResized {
        CropResized { interpolation, ..self }
    }

    /// Whether every pixel counts where the part becomes smaller.
    #[must_use]
    pub fn antialias(self, antialias: bool) -> CropResized {
        CropResized { antialias, ..self }
    }
}

/// A part `(start, size)` of a picture, of random area, ratio and place.
pub(crate) fn random_part(
    draws: &mut Draws<'_>,
    size: [usize; 2],
    scale: Span,
    ratio: Span,
) -> Option<([usize; 2], [usize; 2])> {
    let area = (size[0] * size[1]) as f64;
    let logarithm = Span { low: math::ln(ratio.low), high: math::ln(ratio.high) };
    for _ in 0..10 {
        let part = area * draws.within(scale);
        let ratio = math::exp(draws.within(logarithm));
        let [height, width] = [part / ratio, part * ratio].map(|x| math::sqrt(x).round() as usize);
        if (1..=size[0]).contains(&height) && (1..=size[1]).contains(&width) {
            let start = [draws.below(size[0] - height + 1), draws.below(size[1] - width + 1)];
            return Some((start, [height, width]));
        }
    }
    None
}

impl Transform for CropResized {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        let old = sample.size();
        let part = random_part(&mut Draws::new(draw), old, self.scale, self.ratio);
        let (start, part) = part.unwrap_or_else(|| {
            let [height, width] = old.map(|side| side as f64);
            let ratio = (width / height).clamp(self.ratio.low, self.ratio.high);
            let size = [height.min(width / ratio), width.min(height * ratio)];
            let size = size.map(|side| (side.round() as usize).max(1));
            ([(old[0] - size[0]) / 2, (old[1] - size[1]) / 2], size)
        });
        let start = start.map(|x| x as f64);
        resize_part(sample, start, part, self.size, self.interpolation, self.antialias)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("CropResized", || CropResized::new([6, 5])),
        Row::new("CropResized", || Ok(CropResized::new([9, 9])?.antialias(false))),
        // No part of this ratio fits: the middle is taken.
        Row::new("CropResized", || CropResized::new([4, 8])?.ratio(30.0)?.scale(1.0)),
        Row::new("CropResized", || CropResized::new([1, 1])).refused([
            (
                || CropResized::new([1, 1])?.scale(0.5..=1.5).map(drop),
                "CropResized: expected shares of the area in order, from 0 to 1, got 0.5..=1.5",
            ),
            (
                || CropResized::new([1, 1])?.ratio(0.0).map(drop),
                "CropResized: expected ratios in order, from 0.001 to 1000, got 0",
            ),
            (
                || CropResized::new([1, 1])?.ratio(0.0..=1.0).map(drop),
                "CropResized: expected ratios in order, from 0.001 to 1000, got 0..=1",
            ),
        ]),
    ]
}
