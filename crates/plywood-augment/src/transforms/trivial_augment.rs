//! One random operation of random strength.

use crate::colors::unit::check_span;
use crate::draws::Draws;
use crate::policies::{Manner, OPERATIONS, Reach, Strength, check};
use crate::{Border, Color, Interpolation, Sample, Span, Transform};
use plywood_tensor::{Result, Stream};

const NAME: &str = "TrivialAugment";

/// One operation drawn from fourteen, of a strength that is drawn too: nothing to be tuned.
///
/// The operations are those of [`RandAugment`](crate::RandAugment), in wider spans.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`, `C` 1 or 3, whatever is drawn
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline, TrivialAugment};
/// use plywood_tensor::{Seed, Tensor};
///
/// let pipeline = Pipeline::builder().then(TrivialAugment::default()).build()?;
/// let image = Image::try_from(Tensor::ones([16, 16, 3])?)?.to_bytes();
/// assert_eq!(pipeline.image(&image, &Seed(7).stream())?.size(), [16, 16]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `TrivialAugmentWide`, which interpolates by nearest neighbour and has 31 strengths. Müller and Hutter,
/// *TrivialAugment: tuning-free yet state-of-the-art data augmentation*, 2021.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrivialAugment {
    manner: Manner,
}

impl TrivialAugment {
    /// How to read between pixels: bilinear unless told.
    #[must_use]
    pub fn interpolation(mut self, interpolation: Interpolation) -> TrivialAugment {
        self.manner.interpolation = interpolation;
        self
    }

    /// What is seen beyond the edge: black unless told.
    #[must_use]
    pub fn border(mut self, border: Border) -> TrivialAugment {
        self.manner.border = border;
        self
    }
}

impl Default for TrivialAugment {
    fn default() -> TrivialAugment {
        let reach = Reach { shear: 0.99, translate: [32.0, 0.0], degrees: 135.0, factor: 0.99, bits: 6.0 };
        let (interpolation, border) = (Interpolation::Bilinear, Border::Constant(Color::BLACK));
        TrivialAugment { manner: Manner { reach, interpolation, border } }
    }
}

impl Transform for TrivialAugment {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        check(NAME, sample)?;
        let mut draws = Draws::new(draw);
        let operation = OPERATIONS[draws.below(OPERATIONS.len())];
        let share = draws.within(Span::from(1.0));
        operation(sample, &Strength { transform: NAME, manner: &self.manner, share })
    }

    fn levels(&self, levels: Span) -> Result<Span> {
        check_span(NAME, levels)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("TrivialAugment", || Ok(TrivialAugment::default())),
        Row::new("TrivialAugment", || Ok(TrivialAugment::default().border(Border::Reflect))).smears(),
    ]
}
