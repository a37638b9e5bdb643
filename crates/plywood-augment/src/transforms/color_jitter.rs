//! Random colours.

use crate::colors::unit::check_span;
use crate::colors::{brightness::brightness, contrast::contrast, hue::hue, saturation::saturation};
use crate::draws::Draws;
use crate::error::setting;
use crate::{Sample, Span, Transform};
use plywood_tensor::{Result, Stream};

const NAME: &str = "ColorJitter";

/// Changes brightness, contrast, saturation and hue by amounts drawn from spans, in random order.
///
/// A single number `a` stands for factors from `1 − a`, at least 0, to `1 + a`; a span for the factors themselves, of which 1
/// changes nothing. Hue is a share of the whole circle of colours, at most 0.5 either way.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`, `C` 1 or 3; a picture of one channel has neither saturation nor hue
///
/// # Example
/// ```
/// use plywood_augment::{ColorJitter, Image, Pipeline, Span};
/// use plywood_tensor::Seed;
///
/// let dim = ColorJitter::new().brightness(Span::exactly(0.5))?;
/// let image = Image::from_bytes(&[100, 200, 50], [1, 1, 3])?;
/// let dimmed = Pipeline::builder().then(dim).build()?.image(&image, &Seed(7).stream())?;
/// assert_eq!(dimmed.as_bytes(), Some(&[50, 100, 25][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `ColorJitter`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ColorJitter {
    brightness: Option<Span>,
    contrast: Option<Span>,
    saturation: Option<Span>,
    hue: Option<Span>,
}

/// Factors around 1: a number, or a [`Span`] of the factors themselves.
///
/// ```
/// use plywood_augment::Factors;
///
/// assert_eq!(Factors::from(0.25), Factors::from(0.75..=1.25));
/// assert_eq!(Factors::from(1.5), Factors::from(0.0..=2.5)); // none is negative
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factors(Span);

impl From<f64> for Factors {
    fn from(amount: f64) -> Factors {
        Factors(Span { low: if amount > 1.0 { 0.0 } else { 1.0 - amount }, high: 1.0 + amount })
    }
}

impl From<Span> for Factors {
    fn from(span: Span) -> Factors {
        Factors(span)
    }
}

impl From<std::ops::RangeInclusive<f64>> for Factors {
    fn from(range: std::ops::RangeInclusive<f64>) -> Factors {
        Factors(range.into())
    }
}

impl Factors {
    pub(crate) fn checked(self, transform: &'static str) -> Result<Span> {
        self.0.checked(transform, "factors in order, from 0 to 1000", 0.0, 1000.0)
    }
}

impl ColorJitter {
    /// Changes nothing yet.
    pub fn new() -> ColorJitter {
        ColorJitter::default()
    }

    /// By which factors numbers are multiplied.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for factors outside 0 and 1000.
    pub fn brightness(self, factors: impl Into<Factors>) -> Result<ColorJitter> {
        Ok(ColorJitter { brightness: Some(factors.into().checked(NAME)?), ..self })
    }

    /// By which factors differences to the mean brightness are multiplied.
    ///
    /// # Errors
    /// As [`ColorJitter::brightness`].
    pub fn contrast(self, factors: impl Into<Factors>) -> Result<ColorJitter> {
        Ok(ColorJitter { contrast: Some(factors.into().checked(NAME)?), ..self })
    }

    /// By which factors differences to the gray of the same brightness are multiplied.
    ///
    /// # Errors
    /// As [`ColorJitter::brightness`].
    pub fn saturation(self, factors: impl Into<Factors>) -> Result<ColorJitter> {
        Ok(ColorJitter { saturation: Some(factors.into().checked(NAME)?), ..self })
    }

    /// By which part of a turn colours move on their circle: `0.1` is −0.1 to 0.1.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for parts outside −0.5 and 0.5.
    pub fn hue(self, turns: impl Into<Span>) -> Result<ColorJitter> {
        let turns = turns.into();
        if !(-0.5 <= turns.low && turns.low <= turns.high && turns.high <= 0.5) {
            return Err(setting(NAME, "turns of the hue in order, from -0.5 to 0.5", turns));
        }
        Ok(ColorJitter { hue: Some(turns), ..self })
    }
}

impl Transform for ColorJitter {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        sample.check_levels(NAME)?;
        let mut draws = Draws::new(draw);
        let channels = sample.channels();
        let amounts = [self.brightness, self.contrast, self.saturation, self.hue]
            .map(|span| span.map(|span| draws.within(span)));
        for which in draw.at(0).permutation(4) {
            let Some(amount) = amounts[which] else { continue };
            let pixels = sample.pixels_mut()?;
            match which {
                0 => brightness(pixels, amount),
                1 => contrast(NAME, pixels, channels, amount)?,
                2 => saturation(NAME, pixels, channels, amount)?,
                _ => hue(NAME, pixels, channels, amount)?,
            }
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
    fn by(factor: f64) -> Span {
        Span::exactly(factor)
    }
    fn row(make: fn() -> Result<ColorJitter>) -> Row {
        Row::new("ColorJitter", make).photometric()
    }
    vec![
        row(|| ColorJitter::new().brightness(by(1.4))).golden("brightness"),
        row(|| ColorJitter::new().contrast(by(0.6))).golden("contrast"),
        row(|| ColorJitter::new().contrast(by(1.7))).golden("contrast_more"),
        row(|| ColorJitter::new().saturation(by(0.3))).golden("saturation"),
        row(|| ColorJitter::new().saturation(by(1.8))).golden("saturation_more"),
        row(|| ColorJitter::new().hue(by(0.2))).golden("hue"),
        row(|| ColorJitter::new().hue(by(-0.4))).golden("hue_back"),
        row(|| ColorJitter::new().brightness(0.4)?.contrast(0.4)?.saturation(0.4)?.hue(0.1)),
        row(|| Ok(ColorJitter::new())).identity().refused([
            (
                || ColorJitter::new().brightness(-0.5..=1.0).map(drop),
                "ColorJitter: expected factors in order, from 0 to 1000, got -0.5..=1",
            ),
            (
                || ColorJitter::new().hue(0.6).map(drop),
                "ColorJitter: expected turns of the hue in order, from -0.5 to 0.5, got -0.6..=0.6",
            ),
        ]),
    ]
}
