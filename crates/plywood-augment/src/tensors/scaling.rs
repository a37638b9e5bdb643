//! Channels stretched.

use super::{TensorTransform, length};
use crate::Span;
use plywood_tensor::{Elem, Float, Result, Stream, Tensor};

/// Multiplies each channel of a sequence by a number of its own, the same at all times: `y = (1 + σ z) x`.
///
/// # Shapes
/// `[T, ..] → [T, ..]`
///
/// # Example
/// ```
/// use plywood_augment::{Scaling, TensorTransform};
/// use plywood_tensor::{Seed, Tensor};
///
/// let louder = Scaling::new(0.1)?.apply(&Tensor::ones([3, 2])?, &Seed(7).stream())?;
/// assert_eq!(louder.at(&[0, 1])?, louder.at(&[2, 1])?);
/// assert_ne!(louder.at(&[0, 0])?, louder.at(&[0, 1])?);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Um et al., *Data augmentation of wearable sensor data for Parkinson's disease monitoring*, 2017.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scaling {
    deviation: f64,
}

impl Scaling {
    /// Factors of mean 1 and this deviation.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless it is finite and not negative.
    pub fn new(deviation: f64) -> Result<Scaling> {
        Span::exactly(deviation).checked("Scaling", "a deviation of at least 0", 0.0, f64::MAX)?;
        Ok(Scaling { deviation })
    }
}

impl TensorTransform for Scaling {
    fn apply(&self, x: &Tensor, draw: &Stream) -> Result<Tensor> {
        let channels = x.numel() / length("Scaling", x)?.max(1);
        let mut factors: Vec<Elem> = vec![0.0; channels];
        draw.fill_normal(&mut factors);
        for factor in &mut factors {
            *factor = 1.0 + Elem::of(self.deviation) * *factor;
        }
        let mut y = x.clone();
        for row in y.as_mut_slice().chunks_exact_mut(channels.max(1)) {
            for (y, factor) in row.iter_mut().zip(&factors) {
                *y *= factor;
            }
        }
        Ok(y)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("Scaling", || Scaling::new(0.1), &[9, 2, 3], &[9, 2, 3])
            .error(&[], "Scaling: expected a sequence [T, ..], got []"),
        Row::new("Scaling", || Scaling::new(0.0), &[9], &[9]).identity().refused([(
            || Scaling::new(-0.5).map(drop),
            "Scaling: expected a deviation of at least 0, got -0.5",
        )]),
    ]
}
