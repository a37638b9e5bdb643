//! Sharper or softer.

use super::color_jitter::Factors;
use crate::colors::sharpness::sharpness;
use crate::colors::unit::check_span;
use crate::draws::Draws;
use crate::{Sample, Span, Transform};
use plywood_tensor::{Result, Stream};

const NAME: &str = "Sharpness";

/// Makes the picture sharper or softer by a factor drawn from a span: 0 is a slight blur, 1 the picture itself, 2 sharp.
///
/// `y = b + factor (x − b)`, kept between 0 and 1, where `b` is the picture blurred by `[1 1 1; 1 5 1; 1 1 1] / 13`.
/// The outermost pixels stay as they are.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline, Sharpness, Span};
/// use plywood_tensor::Seed;
///
/// let soft = Pipeline::builder().then(Sharpness::new(Span::exactly(0.0))?).build()?;
/// let image = Image::from_bytes(&[0, 0, 0, 0, 130, 0, 0, 0, 0], [3, 3, 1])?;
/// assert_eq!(soft.image(&image, &Seed(7).stream())?.pixel(1, 1)?, [50.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomAdjustSharpness`; Pillow: `ImageEnhance.Sharpness`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sharpness {
    factors: Span,
}

impl Sharpness {
    /// Factors: a number `a` for `1 − a` to `1 + a`, or a span.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for factors outside 0 and 1000.
    pub fn new(factors: impl Into<Factors>) -> Result<Sharpness> {
        Ok(Sharpness { factors: factors.into().checked(NAME)? })
    }
}

impl Transform for Sharpness {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        sample.check_levels(NAME)?;
        let factor = Draws::new(draw).within(self.factors);
        sharpness(sample.pixels_mut()?, factor);
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
        Row::new("Sharpness", || Sharpness::new(Span::exactly(0.2))).golden("sharpness_less").photometric(),
        Row::new("Sharpness", || Sharpness::new(Span::exactly(1.9))).golden("sharpness_more").photometric(),
        Row::new("Sharpness", || Sharpness::new(0.5)).photometric().refused([(
            || Sharpness::new(Span::from(2.0)).map(drop),
            "Sharpness: expected factors in order, from 0 to 1000, got -2..=2",
        )]),
    ]
}
