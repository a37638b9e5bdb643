//! Features left out.

use super::TensorTransform;
use crate::error::probability;
use plywood_tensor::{Elem, Float, Result, Stream, Tensor};

/// Replaces every number with probability `p` by one that stands for nothing: 0 unless told.
///
/// The others stay as they are; that is what makes it an augmentation and not a dropout layer.
///
/// # Shapes
/// any, and the same again
///
/// # Example
/// ```
/// use plywood_augment::{FeatureDropout, TensorTransform};
/// use plywood_tensor::{Seed, Tensor};
///
/// let left = FeatureDropout::new(0.25)?.apply(&Tensor::ones([10_000])?, &Seed(7).stream())?;
/// assert!((left.mean().item()? - 0.75).abs() < 0.02);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Vincent et al., *Extracting and composing robust features with denoising autoencoders*, 2008: masking noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FeatureDropout {
    p: f64,
    value: f64,
}

impl FeatureDropout {
    /// Replaces with probability `p`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless `p` is at least 0 and at most 1.
    pub fn new(p: f64) -> Result<FeatureDropout> {
        Ok(FeatureDropout { p: probability("FeatureDropout", p)?, value: 0.0 })
    }

    /// Replaces by this number.
    #[must_use]
    pub fn value(self, value: f64) -> FeatureDropout {
        FeatureDropout { value, ..self }
    }
}

impl TensorTransform for FeatureDropout {
    fn apply(&self, x: &Tensor, draw: &Stream) -> Result<Tensor> {
        let mut y = Tensor::zeros(x.shape())?;
        draw.fill_bernoulli(y.as_mut_slice(), self.p);
        let value = Elem::of(self.value);
        for (y, &x) in y.as_mut_slice().iter_mut().zip(x.as_slice()) {
            *y = if *y == 0.0 { x } else { value };
        }
        Ok(y)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("FeatureDropout", || FeatureDropout::new(0.5), &[4, 6], &[4, 6]),
        Row::new("FeatureDropout", || Ok(FeatureDropout::new(1.0)?.value(-1.0)), &[6], &[6]),
        Row::new("FeatureDropout", || FeatureDropout::new(0.0), &[6], &[6]).identity().refused([(
            || FeatureDropout::new(1.5).map(drop),
            "FeatureDropout: expected a probability of at least 0 and at most 1, got 1.5",
        )]),
    ]
}
