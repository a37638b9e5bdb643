//! Noise on sequences.

use super::{TensorTransform, length};
use crate::{FeatureNoise, Span};
use plywood_tensor::{Result, Stream, Tensor};

/// Adds to every number of a sequence one of a normal distribution, as a restless sensor would: `y = x + σ z`.
///
/// # Shapes
/// `[T, ..] → [T, ..]`
///
/// # Example
/// ```
/// use plywood_augment::{Jitter, TensorTransform};
/// use plywood_tensor::{Seed, Tensor};
///
/// let noisy = Jitter::new(0.05)?.apply(&Tensor::zeros([1000, 6])?, &Seed(7).stream())?;
/// assert!((noisy.map(|x| x * x).mean().item()? - 0.0025).abs() < 0.0003);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Um et al., *Data augmentation of wearable sensor data for Parkinson's disease monitoring*, 2017.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jitter {
    noise: FeatureNoise,
}

impl Jitter {
    /// Noise of this deviation.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless it is finite and not negative.
    pub fn new(deviation: f64) -> Result<Jitter> {
        Span::exactly(deviation).checked("Jitter", "a deviation of at least 0", 0.0, f64::MAX)?;
        Ok(Jitter { noise: FeatureNoise::new(deviation)? })
    }
}

impl TensorTransform for Jitter {
    fn apply(&self, x: &Tensor, draw: &Stream) -> Result<Tensor> {
        length("Jitter", x)?;
        self.noise.apply(x, draw)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("Jitter", || Jitter::new(0.1), &[9, 2], &[9, 2])
            .error(&[], "Jitter: expected a sequence [T, ..], got []"),
        Row::new("Jitter", || Jitter::new(0.0), &[9], &[9]).identity().refused([(
            || Jitter::new(f64::NAN).map(drop),
            "Jitter: expected a deviation of at least 0, got NaN",
        )]),
    ]
}
