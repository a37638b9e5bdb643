//! Several random operations of one strength.

use crate::colors::unit::check_span;
use crate::draws::Draws;
use crate::error::setting;
use crate::policies::{Manner, OPERATIONS, Reach, Strength, check};
use crate::{Border, Color, Interpolation, Sample, Span, Transform};
use plywood_tensor::{Result, Stream};

const NAME: &str = "RandAugment";

/// How many steps a strength has.
const STEPS: f64 = 30.0;

/// Some operations, each drawn from fourteen, all of the same strength.
///
/// The operations: nothing; shear, translate and rotate along each axis; brightness, saturation, contrast, sharpness;
/// posterise, solarise, auto-contrast, equalise. Those with a direction take either.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`, `C` 1 or 3, whatever is drawn
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline, RandAugment};
/// use plywood_tensor::{Seed, Tensor};
///
/// let pipeline = Pipeline::builder().then(RandAugment::new(2, 9.0)?).build()?;
/// let image = Image::try_from(Tensor::ones([16, 16, 3])?)?.to_bytes();
/// assert_eq!(pipeline.image(&image, &Seed(7).stream())?.size(), [16, 16]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandAugment`, whose defaults are those here but for nearest-neighbour interpolation. Cubuk et al.,
/// *RandAugment: practical automated data augmentation with a reduced search space*, 2020.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandAugment {
    count: usize,
    magnitude: f64,
    manner: Manner,
}

impl RandAugment {
    /// So many operations of a magnitude from 0 to 30.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for another magnitude.
    pub fn new(count: usize, magnitude: f64) -> Result<RandAugment> {
        if !(0.0..=STEPS).contains(&magnitude) {
            return Err(setting(NAME, "a magnitude from 0 to 30", magnitude));
        }
        Ok(RandAugment { count, magnitude, ..RandAugment::default() })
    }

    /// How to read between pixels: bilinear unless told.
    #[must_use]
    pub fn interpolation(mut self, interpolation: Interpolation) -> RandAugment {
        self.manner.interpolation = interpolation;
        self
    }

    /// What is seen beyond the edge: black unless told.
    #[must_use]
    pub fn border(mut self, border: Border) -> RandAugment {
        self.manner.border = border;
        self
    }
}

/// Two operations of magnitude 9.
impl Default for RandAugment {
    fn default() -> RandAugment {
        let reach =
            Reach { shear: 0.3, translate: [0.0, 150.0 / 331.0], degrees: 30.0, factor: 0.9, bits: 4.0 };
        let (interpolation, border) = (Interpolation::Bilinear, Border::Constant(Color::BLACK));
        RandAugment { count: 2, magnitude: 9.0, manner: Manner { reach, interpolation, border } }
    }
}

impl Transform for RandAugment {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        check(NAME, sample)?;
        let mut draws = Draws::new(draw);
        for _ in 0..self.count {
            let operation = OPERATIONS[draws.below(OPERATIONS.len())];
            let sign = if draws.coin(0.5) { 1.0 } else { -1.0 };
            let share = sign * self.magnitude / STEPS;
            operation(sample, &Strength { transform: NAME, manner: &self.manner, share })?;
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
        Row::new("RandAugment", || Ok(RandAugment::default())),
        Row::new("RandAugment", || Ok(RandAugment::new(8, 30.0)?.border(Border::Edge))).smears(),
        Row::new("RandAugment", || RandAugment::new(0, 9.0)).identity().refused([(
            || RandAugment::new(2, 31.0).map(drop),
            "RandAugment: expected a magnitude from 0 to 30, got 31",
        )]),
    ]
}
