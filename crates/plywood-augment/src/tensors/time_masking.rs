//! Parts of a sequence hidden.

use super::{TensorTransform, length};
use crate::draws::Draws;
use plywood_tensor::{Elem, Float, Result, Stream, Tensor};

/// Hides stretches of a sequence, in all channels: each as long as is drawn from 0 to a limit, at a random place.
///
/// # Shapes
/// `[T, ..] → [T, ..]`
///
/// # Example
/// ```
/// use plywood_augment::{TensorTransform, TimeMasking};
/// use plywood_tensor::{Seed, Tensor};
///
/// let masked = TimeMasking::new(1, 10).apply(&Tensor::ones([100, 2])?, &Seed(7).stream())?;
/// assert!((180.0..=200.0).contains(&masked.sum().item()?));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchaudio: `TimeMasking`. Park et al., *SpecAugment: a simple data augmentation method for automatic speech
/// recognition*, 2019.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeMasking {
    count: usize,
    longest: usize,
    value: f64,
}

impl TimeMasking {
    /// So many stretches of at most so many steps, hidden under 0.
    pub fn new(count: usize, longest: usize) -> TimeMasking {
        TimeMasking { count, longest, value: 0.0 }
    }

    /// Hides under this number, such as the mean.
    #[must_use]
    pub fn value(self, value: f64) -> TimeMasking {
        TimeMasking { value, ..self }
    }
}

impl TensorTransform for TimeMasking {
    fn apply(&self, x: &Tensor, draw: &Stream) -> Result<Tensor> {
        let steps = length("TimeMasking", x)?;
        let step = x.numel() / steps.max(1);
        let (mut draws, mut y) = (Draws::new(draw), x.clone());
        for _ in 0..self.count {
            let masked = draws.below(self.longest.min(steps) + 1);
            let start = draws.below(steps - masked + 1);
            y.as_mut_slice()[start * step..(start + masked) * step].fill(Elem::of(self.value));
        }
        Ok(y)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("TimeMasking", || Ok(TimeMasking::new(2, 5)), &[9, 2], &[9, 2])
            .error(&[], "TimeMasking: expected a sequence [T, ..], got []"),
        Row::new("TimeMasking", || Ok(TimeMasking::new(2, 50).value(-1.0)), &[3], &[3]),
        Row::new("TimeMasking", || Ok(TimeMasking::new(0, 5)), &[9], &[9]).identity(),
        Row::new("TimeMasking", || Ok(TimeMasking::new(5, 0)), &[9], &[9]).identity(),
    ]
}
