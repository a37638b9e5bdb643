//! The negative.

use crate::colors::levels::map_levels;
use crate::colors::unit::check_span;
use crate::draws::Draws;
use crate::error::probability;
use crate::{Sample, Span, Transform};
use plywood_tensor::{Result, Stream};

const NAME: &str = "Invert";

/// With probability `p` makes dark bright: `y = 1 − x`, or `255 − x` of bytes.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Image, Invert, Pipeline};
/// use plywood_tensor::Seed;
///
/// let negative = Pipeline::builder().then(Invert::new(1.0)?).build()?;
/// let image = Image::from_bytes(&[0, 100, 255], [1, 1, 3])?;
/// assert_eq!(negative.image(&image, &Seed(7).stream())?.as_bytes(), Some(&[255, 155, 0][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomInvert`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Invert {
    p: f64,
}

impl Invert {
    /// With probability `p`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless `p` is at least 0 and at most 1.
    pub fn new(p: f64) -> Result<Invert> {
        Ok(Invert { p: probability(NAME, p)? })
    }
}

impl Transform for Invert {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        sample.check_levels(NAME)?;
        if Draws::new(draw).coin(self.p) {
            map_levels(sample.pixels_mut()?, |x| 1.0 - x);
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
        Row::new("Invert", || Invert::new(1.0)).golden("invert").exact().photometric(),
        Row::new("Invert", || Invert::new(0.0)).identity().refused([(
            || Invert::new(f64::NAN).map(drop),
            "Invert: expected a probability of at least 0 and at most 1, got NaN",
        )]),
    ]
}
