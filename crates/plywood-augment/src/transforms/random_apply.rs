//! Another transform, or nothing.

use crate::draws::Draws;
use crate::error::probability;
use crate::{Sample, Span, Transform};
use plywood_tensor::{Result, Stream};

/// With probability `p` another transform, which may be a [`Pipeline`](crate::Pipeline); else nothing.
///
/// # Shapes
/// those of the other transform
///
/// # Example
/// ```
/// use plywood_augment::{GaussianBlur, Image, Pipeline, RandomApply};
/// use plywood_tensor::{Seed, Tensor};
///
/// let never = Pipeline::builder().then(RandomApply::new(GaussianBlur::new(5, 1.0..=2.0)?, 0.0)?).build()?;
/// let image = Image::try_from(Tensor::arange(0.0, 1.0, 1.0 / 64.0)?.reshape([8, 8, 1])?)?;
/// assert_eq!(never.image(&image, &Seed(7).stream())?, image);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomApply`.
#[derive(Debug)]
pub struct RandomApply {
    transform: Box<dyn Transform>,
    p: f64,
}

impl RandomApply {
    /// This transform with probability `p`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless `p` is at least 0 and at most 1.
    pub fn new(transform: impl Transform + 'static, p: f64) -> Result<RandomApply> {
        Ok(RandomApply { transform: Box::new(transform), p: probability("RandomApply", p)? })
    }
}

impl Transform for RandomApply {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        if Draws::new(draw).coin(self.p) { self.transform.apply(sample, &draw.at(0)) } else { Ok(()) }
    }

    fn levels(&self, levels: Span) -> Result<Span> {
        let changed = if self.p > 0.0 { self.transform.levels(levels)? } else { levels };
        Ok(if self.p < 1.0 { changed.joined(levels) } else { changed })
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    use crate::Invert;
    vec![
        Row::new("RandomApply", || RandomApply::new(Invert::new(1.0)?, 1.0))
            .golden("invert")
            .exact()
            .photometric(),
        Row::new("RandomApply", || RandomApply::new(Invert::new(1.0)?, 0.5)).photometric(),
        Row::new("RandomApply", || RandomApply::new(Invert::new(1.0)?, 0.0)).identity().refused([(
            || RandomApply::new(Invert::new(1.0)?, 1.01).map(drop),
            "RandomApply: expected a probability of at least 0 and at most 1, got 1.01",
        )]),
    ]
}
