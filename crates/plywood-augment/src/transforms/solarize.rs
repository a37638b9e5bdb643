//! Bright parts turned dark.

use crate::colors::solarize::solarize;
use crate::colors::unit::check_span;
use crate::draws::Draws;
use crate::error::probability;
use crate::{Sample, Span, Transform};
use plywood_tensor::{Result, Stream};

const NAME: &str = "Solarize";

/// With probability `p` inverts what is at least as bright as a threshold from 0 to 1, of which 1 is 255 in bytes.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline, Solarize};
/// use plywood_tensor::Seed;
///
/// let burnt = Pipeline::builder().then(Solarize::new(0.5, 1.0)?).build()?;
/// let image = Image::from_bytes(&[0, 127, 128, 255], [1, 4, 1])?;
/// assert_eq!(burnt.image(&image, &Seed(7).stream())?.as_bytes(), Some(&[0, 127, 127, 0][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomSolarize`, whose threshold for bytes is a byte.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Solarize {
    threshold: f64,
    p: f64,
}

impl Solarize {
    /// Inverts from this level on, with probability `p`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless both are at least 0 and at most 1.
    pub fn new(threshold: f64, p: f64) -> Result<Solarize> {
        Span::exactly(threshold).checked(NAME, "a threshold from 0 to 1", 0.0, 1.0)?;
        Ok(Solarize { threshold, p: probability(NAME, p)? })
    }
}

impl Transform for Solarize {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        sample.check_levels(NAME)?;
        if Draws::new(draw).coin(self.p) {
            solarize(sample.pixels_mut()?, self.threshold);
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
        Row::new("Solarize", || Solarize::new(0.4, 1.0)).golden("solarize").exact().photometric(),
        Row::new("Solarize", || Solarize::new(0.4, 0.0)).identity().refused([(
            || Solarize::new(1.5, 1.0).map(drop),
            "Solarize: expected a threshold from 0 to 1, got 1.5",
        )]),
    ]
}
