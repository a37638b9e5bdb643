//! A rate that falls again and again.

use super::{Annealing, settings};
use crate::Schedule;
use crate::error::expect;
use plywood_tensor::Result;

/// Falls from 1 to a floor by half a wave, jumps back to 1 and falls again, more slowly each time if told.
///
/// `factor(t) = floor + (1 − floor) · (1 + cos(π s / T)) / 2` with the time `s` since the last restart and the length `T` of
/// this fall: the first one's, then `multiplier` times the one before.
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::CosineRestarts;
///
/// // Falls of 10, 20, 40, … epochs.
/// let schedule = CosineRestarts::new(10.0, 2)?;
/// let rounded = |time| (schedule.factor(time) * 1e3).round() / 1e3;
/// assert_eq!([0.0, 5.0, 9.0, 10.0, 20.0, 29.0, 30.0].map(rounded), [1.0, 0.5, 0.024, 1.0, 0.5, 0.006, 1.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017. PyTorch:
/// `CosineAnnealingWarmRestarts(T_0, T_mult, eta_min)`, whose `eta_min` is a rate, not a share of one. Keras: `CosineDecayRestarts`, which
/// can also begin lower each time (`m_mul`).
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "CosineAnnealingWarmRestarts")]
#[doc(alias = "CosineDecayRestarts")]
#[doc(alias = "SGDR")]
pub struct CosineRestarts {
    first: f64,
    multiplier: f64,
    floor: f64,
}

impl CosineRestarts {
    /// The length of the first fall, and by how much each is longer than the one before: 1 for equal lengths.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) for a length that is not above 0 or not finite, and for a multiplier
    /// of 0.
    pub fn new(first: f64, multiplier: u32) -> Result<CosineRestarts> {
        let (first, multiplier) = (settings::length("CosineRestarts", first)?, f64::from(multiplier));
        expect("CosineRestarts", "a multiplier of at least 1", multiplier, multiplier >= 1.0)?;
        Ok(CosineRestarts { first, multiplier, floor: 0.0 })
    }

    /// The share of the rate at which each fall ends; 0 unless set.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if it is not from 0 to 1.
    #[doc(alias = "eta_min")]
    pub fn floor(self, floor: f64) -> Result<CosineRestarts> {
        Ok(CosineRestarts { floor: settings::floor("CosineRestarts", floor)?, ..self })
    }
}

impl Schedule for CosineRestarts {
    fn factor(&self, time: f64) -> f64 {
        let (mut since, mut length) = (time, self.first);
        if self.multiplier == 1.0 {
            since = time % length;
        } else {
            // At most a thousand rounds: then the length is beyond all numbers. A logarithm could miss a restart by a bit.
            while since >= length {
                since -= length;
                length *= self.multiplier;
            }
        }
        Annealing::Cosine.between(1.0, self.floor, since / length)
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "CosineRestarts",
    smooth: &[],
    jumping: &[
        ("cosine_restarts", || Ok(Box::new(CosineRestarts::new(9.0, 1)?))),
        ("cosine_restarts_longer", || Ok(Box::new(CosineRestarts::new(4.0, 2)?.floor(0.02)?))),
        ("cosine_restarts_triple", || Ok(Box::new(CosineRestarts::new(3.0, 3)?))),
    ],
    errors: &[
        (
            || Ok(Box::new(CosineRestarts::new(-3.0, 2)?)),
            "CosineRestarts: expected a finite length above 0, got -3",
        ),
        (
            || Ok(Box::new(CosineRestarts::new(3.0, 0)?)),
            "CosineRestarts: expected a multiplier of at least 1, got 0",
        ),
        (
            || Ok(Box::new(CosineRestarts::new(3.0, 1)?.floor(1.5)?)),
            "CosineRestarts: expected a floor from 0 to 1, got 1.5",
        ),
    ],
};
