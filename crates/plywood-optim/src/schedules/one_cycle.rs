//! One rise and one fall.

use super::{Annealing, settings};
use crate::Schedule;
use crate::error::expect;
use plywood_tensor::Result;

/// Rises from a part of the rate to all of it, then falls far below where it began, and stays there.
///
/// From `1 / div_factor` to 1 until `t = pct_start · over`, then to `1 / (div_factor · final_div_factor)` until `t = over`; both by
/// half a wave, or in a straight line.
///
/// The learning rate of the optimizer is the highest one, PyTorch's `max_lr`.
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::OneCycle;
///
/// let schedule = OneCycle::new(10.0)?;
/// let rounded = |time| (schedule.factor(time) * 1e3).round() / 1e3;
/// assert_eq!([0.0, 1.5, 3.0, 6.5, 9.0, 10.0].map(rounded), [0.04, 0.52, 1.0, 0.5, 0.05, 0.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2019. PyTorch:
/// `OneCycleLR`, whose settings these are. It knows steps only, and counts to the last one: [`OneCycle::of_steps`] does
/// the same. It also moves the momentum against the rate, which this does not.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "OneCycleLR")]
pub struct OneCycle {
    over: f64,
    /// By how much the rise ends before its share: a step where steps are counted.
    early: f64,
    pct_start: f64,
    div_factor: f64,
    final_div_factor: f64,
    annealing: Annealing,
}

impl OneCycle {
    /// Over so much time, with PyTorch's settings: a share of 0.3 for the rise, from a 25th, down to 10 000 times less than that.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if it is not above 0, or not finite.
    pub fn new(over: f64) -> Result<OneCycle> {
        Ok(OneCycle {
            over: settings::length("OneCycle", over)?,
            early: 0.0,
            pct_start: 0.3,
            div_factor: 25.0,
            final_div_factor: 1e4,
            annealing: Annealing::Cosine,
        })
    }

    /// For so many steps, exactly as PyTorch's `total_steps`: the highest rate is that of step `pct_start · total_steps`, the
    /// lowest that of the last one, both counted from 1.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) for fewer than 2 steps.
    #[doc(alias = "total_steps")]
    pub fn of_steps(total_steps: u64) -> Result<OneCycle> {
        let total = total_steps as f64;
        expect("OneCycle", "at least 2 steps", total, total >= 2.0)?;
        Ok(OneCycle { early: 1.0, ..OneCycle::new(total - 1.0)? })
    }

    /// Which share of the time it rises, from 0 to 1.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if it is not.
    pub fn pct_start(self, share: f64) -> Result<OneCycle> {
        expect("OneCycle", "a pct_start from 0 to 1", share, (0.0..=1.0).contains(&share))?;
        Ok(OneCycle { pct_start: share, ..self })
    }

    /// How much smaller than the highest rate the first one is.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if it is not above 0, or not finite.
    pub fn div_factor(self, factor: f64) -> Result<OneCycle> {
        expect("OneCycle", "a finite div_factor above 0", factor, factor > 0.0 && factor.is_finite())?;
        Ok(OneCycle { div_factor: factor, ..self })
    }

    /// How much smaller than the first rate the last one is.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if it is not above 0, or not finite.
    pub fn final_div_factor(self, factor: f64) -> Result<OneCycle> {
        expect("OneCycle", "a finite final_div_factor above 0", factor, factor > 0.0 && factor.is_finite())?;
        Ok(OneCycle { final_div_factor: factor, ..self })
    }

    /// How it goes up and down; by half a wave unless set.
    #[must_use]
    pub fn annealing(self, annealing: Annealing) -> OneCycle {
        OneCycle { annealing, ..self }
    }
}

impl Schedule for OneCycle {
    fn factor(&self, time: f64) -> f64 {
        let first = 1.0 / self.div_factor;
        let last = first / self.final_div_factor;
        let top = (self.pct_start * (self.over + self.early) - self.early).max(0.0);
        let (from, to, share) = if time < top {
            (first, 1.0, time / top)
        } else if time < self.over {
            (1.0, last, (time - top) / (self.over - top))
        } else if top < self.over {
            return last;
        } else {
            return 1.0;
        };
        self.annealing.between(from, to, share)
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "OneCycle",
    smooth: &[
        ("one_cycle", || Ok(Box::new(OneCycle::of_steps(41)?))),
        ("one_cycle_linear", || Ok(Box::new(OneCycle::of_steps(41)?.annealing(Annealing::Linear)))),
        ("one_cycle_settings", || {
            let schedule = OneCycle::of_steps(60)?.pct_start(0.4)?.div_factor(10.0)?;
            Ok(Box::new(schedule.final_div_factor(50.0)?))
        }),
        // PyTorch's peak is at 0.25 · 40 − 1 of 39, this one's at a share of 9 / 39.
        ("one_cycle_by_share", || Ok(Box::new(OneCycle::new(39.0)?.pct_start(9.0 / 39.0)?))),
    ],
    jumping: &[],
    errors: &[
        (|| Ok(Box::new(OneCycle::new(0.0)?)), "OneCycle: expected a finite length above 0, got 0"),
        (|| Ok(Box::new(OneCycle::of_steps(1)?)), "OneCycle: expected at least 2 steps, got 1"),
        (
            || Ok(Box::new(OneCycle::new(1.0)?.pct_start(30.0)?)),
            "OneCycle: expected a pct_start from 0 to 1, got 30",
        ),
        (
            || Ok(Box::new(OneCycle::new(1.0)?.div_factor(0.0)?)),
            "OneCycle: expected a finite div_factor above 0, got 0",
        ),
        (
            || Ok(Box::new(OneCycle::new(1.0)?.final_div_factor(-1.0)?)),
            "OneCycle: expected a finite final_div_factor above 0, got -1",
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_may_be_all_rise_or_all_fall() {
        let fall = OneCycle::new(10.0).unwrap().pct_start(0.0).unwrap();
        assert_eq!([0.0, 10.0].map(|time| fall.factor(time)), [1.0, 0.04 / 1e4]);
        let rise = OneCycle::new(10.0).unwrap().pct_start(1.0).unwrap();
        assert_eq!([0.0, 10.0, 11.0].map(|time| rise.factor(time)), [0.04, 1.0, 1.0]);
        // Too few steps for a rise: PyTorch divides by 0 or less.
        let short = OneCycle::of_steps(3).unwrap();
        assert_eq!([0.0, 2.0].map(|time| short.factor(time)), [1.0, 0.04 / 1e4]);
    }
}
