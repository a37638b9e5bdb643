//! A rate that falls at regular times.

use super::settings;
use crate::Schedule;
use plywood_tensor::{Result, math};

/// Multiplies the rate with `gamma` each time that `every` has gone by.
///
/// `factor(t) = γ ^ ⌊t / every⌋`
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::StepDecay;
///
/// let schedule = StepDecay::new(10.0, 0.5)?;
/// assert_eq!([0.0, 9.9, 10.0, 19.0, 20.0].map(|time| schedule.factor(time)), [1.0, 1.0, 0.5, 0.5, 0.25]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `StepLR(step_size, gamma)`. Keras: `ExponentialDecay` with `staircase=True`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "StepLR")]
pub struct StepDecay {
    every: f64,
    gamma: f64,
}

impl StepDecay {
    /// Every so often, by this factor; PyTorch's is 0.1 unless told.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if one of them is not above 0, or not finite.
    pub fn new(every: f64, gamma: f64) -> Result<StepDecay> {
        let every = settings::length("StepDecay", every)?;
        Ok(StepDecay { every, gamma: settings::gamma("StepDecay", gamma)? })
    }
}

impl Schedule for StepDecay {
    fn factor(&self, time: f64) -> f64 {
        math::pow(self.gamma, (time / self.every).floor())
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "StepDecay",
    smooth: &[],
    jumping: &[
        ("step", || Ok(Box::new(StepDecay::new(7.0, 0.1)?))),
        ("step_slow", || Ok(Box::new(StepDecay::new(3.0, 0.9)?))),
    ],
    errors: &[
        (|| Ok(Box::new(StepDecay::new(0.0, 0.5)?)), "StepDecay: expected a finite length above 0, got 0"),
        (
            || Ok(Box::new(StepDecay::new(f64::INFINITY, 0.5)?)),
            "StepDecay: expected a finite length above 0, got inf",
        ),
        (|| Ok(Box::new(StepDecay::new(1.0, -0.5)?)), "StepDecay: expected a finite gamma above 0, got -0.5"),
    ],
};
