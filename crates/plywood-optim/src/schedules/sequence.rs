//! One schedule after the other.

use super::settings;
use crate::Schedule;
use plywood_tensor::Result;
use std::sync::Arc;

/// One schedule after the other, each from its own time 0; the last goes on for ever.
///
/// `factor(t) = factorₖ(t − startₖ)` with the last part `k` that has begun
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::{Constant, Linear, Sequence};
///
/// // Two epochs up, four as they are, four down.
/// let schedule = Sequence::new(Linear::new(0.0, 1.0, 2.0)?)
///     .then(2.0, Constant::default())?
///     .then(4.0, Linear::new(1.0, 0.0, 4.0)?)?;
/// assert_eq!([0.0, 1.0, 2.0, 5.0, 7.0, 10.0].map(|time| schedule.factor(time)), [0.0, 0.5, 1.0, 1.0, 0.75, 0.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `SequentialLR`, which takes the times since the beginning (`milestones`) instead of lengths.
#[derive(Debug, Clone)]
#[doc(alias = "SequentialLR")]
pub struct Sequence {
    first: Arc<dyn Schedule>,
    /// How long the part before lasts, and the part.
    next: Vec<(f64, Arc<dyn Schedule>)>,
}

impl Sequence {
    /// The first part.
    pub fn new(first: impl Schedule + 'static) -> Sequence {
        Sequence { first: Arc::new(first), next: Vec::new() }
    }

    /// The next part, after the one before has lasted so long.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) for a length that is not above 0, or not finite.
    pub fn then(mut self, after: f64, next: impl Schedule + 'static) -> Result<Sequence> {
        self.next.push((settings::length("Sequence", after)?, Arc::new(next)));
        Ok(self)
    }
}

impl Schedule for Sequence {
    fn factor(&self, time: f64) -> f64 {
        let (mut part, mut since) = (&self.first, time);
        for (after, next) in &self.next {
            if since < *after {
                break;
            }
            since -= after;
            part = next;
        }
        part.factor(since)
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Sequence",
    smooth: &[("sequence", || {
        let (up, down) = (super::Linear::new(0.1, 1.0, 6.0)?, super::Linear::new(1.0, 0.2, 20.0)?);
        Ok(Box::new(Sequence::new(up).then(6.0, super::Constant::default())?.then(9.0, down)?))
    })],
    jumping: &[("sequence_steps", || {
        let (fast, slow) = (super::Exponential::new(0.9)?, super::StepDecay::new(4.0, 0.5)?);
        Ok(Box::new(Sequence::new(super::Constant::new(0.1)?).then(2.0, fast)?.then(18.0, slow)?))
    })],
    errors: &[(
        || Ok(Box::new(Sequence::new(super::Constant::default()).then(0.0, super::Constant::default())?)),
        "Sequence: expected a finite length above 0, got 0",
    )],
};
