//! Fewer levels.

use crate::colors::posterize::posterize;
use crate::colors::unit::check_span;
use crate::draws::Draws;
use crate::error::{probability, setting};
use crate::{Sample, Span, Transform};
use plywood_tensor::{Result, Stream};

const NAME: &str = "Posterize";

/// With probability `p` keeps the first bits of each byte, so that few levels are left.
///
/// Of real numbers `⌊2ᵇ x⌋ / 2ᵇ`, where `b` is the number of bits.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline, Posterize};
/// use plywood_tensor::Seed;
///
/// let poster = Pipeline::builder().then(Posterize::new(1, 1.0)?).build()?;
/// let image = Image::from_bytes(&[0, 127, 128, 255], [1, 4, 1])?;
/// assert_eq!(poster.image(&image, &Seed(7).stream())?.as_bytes(), Some(&[0, 0, 128, 128][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomPosterize`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Posterize {
    bits: u32,
    p: f64,
}

impl Posterize {
    /// Keeps so many bits, with probability `p`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for other numbers of bits than 0 to 8, and unless `p` is at
    /// least 0 and at most 1.
    pub fn new(bits: u32, p: f64) -> Result<Posterize> {
        if bits > 8 {
            return Err(setting(NAME, "0 to 8 bits", bits));
        }
        Ok(Posterize { bits, p: probability(NAME, p)? })
    }
}

impl Transform for Posterize {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        sample.check_levels(NAME)?;
        if Draws::new(draw).coin(self.p) {
            posterize(sample.pixels_mut()?, self.bits);
        }
        Ok(())
    }

    fn levels(&self, levels: Span) -> Result<Span> {
        check_span(NAME, levels)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("Posterize", || Posterize::new(3, 1.0)).golden("posterize").exact().photometric(),
        Row::new("Posterize", || Posterize::new(3, 0.0))
            .identity()
            .refused([(|| Posterize::new(9, 1.0).map(drop), "Posterize: expected 0 to 8 bits, got 9")]),
    ]
}
