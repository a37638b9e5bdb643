//! Noise on features.

use super::TensorTransform;
use crate::Span;
use plywood_tensor::{Elem, Float, Result, Stream, Tensor};

/// Adds to every number one of a normal distribution: `y = x + σ z`. Standardise features first, so that one σ suits all.
///
/// # Shapes
/// any, and the same again
///
/// # Example
/// ```
/// use plywood_augment::{FeatureNoise, TensorTransform};
/// use plywood_tensor::{Seed, Tensor};
///
/// let noisy = FeatureNoise::new(0.5)?.apply(&Tensor::zeros([10_000])?, &Seed(7).stream())?;
/// assert!((noisy.map(|x| x * x).mean().item()? - 0.25).abs() < 0.02);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Keras: `GaussianNoise`. Bishop, *Training with noise is equivalent to Tikhonov regularization*, 1995.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FeatureNoise {
    deviation: f64,
}

impl FeatureNoise {
    /// Noise of this deviation.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless it is finite and not negative.
    pub fn new(deviation: f64) -> Result<FeatureNoise> {
        Span::exactly(deviation).checked("FeatureNoise", "a deviation of at least 0", 0.0, f64::MAX)?;
        Ok(FeatureNoise { deviation })
    }
}

impl TensorTransform for FeatureNoise {
    fn apply(&self, x: &Tensor, draw: &Stream) -> Result<Tensor> {
        let mut y = Tensor::zeros(x.shape())?;
        draw.fill_normal(y.as_mut_slice());
        let deviation = Elem::of(self.deviation);
        for (y, &x) in y.as_mut_slice().iter_mut().zip(x.as_slice()) {
            *y = x + deviation * *y;
        }
        Ok(y)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("FeatureNoise", || FeatureNoise::new(0.1), &[4, 6], &[4, 6]),
        Row::new("FeatureNoise", || FeatureNoise::new(0.0), &[6], &[6]).identity().refused([(
            || FeatureNoise::new(-1.0).map(drop),
            "FeatureNoise: expected a deviation of at least 0, got -1",
        )]),
    ]
}
