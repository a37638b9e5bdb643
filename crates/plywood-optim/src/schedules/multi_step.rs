//! A rate that falls at given times.

use super::settings;
use crate::Schedule;
use crate::error::expect;
use plywood_tensor::{Result, math};

/// Multiplies the rate with `gamma` at each of some times.
///
/// `factor(t) = γ ^ (how many milestones are ≤ t)`
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::MultiStep;
///
/// // ResNet's: divided by 10 after 30 and after 60 epochs.
/// let schedule = MultiStep::new([30.0, 60.0], 0.1)?;
/// let rounded = |time| (schedule.factor(time) * 1e6).round() / 1e6;
/// assert_eq!([0.0, 29.9, 30.0, 60.0, 90.0].map(rounded), [1.0, 1.0, 0.1, 0.01, 0.01]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `MultiStepLR(milestones, gamma)`, which sorts them. Keras: `PiecewiseConstantDecay`, with a value for each piece,
/// changes after its boundaries.
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "MultiStepLR")]
#[doc(alias = "PiecewiseConstantDecay")]
pub struct MultiStep {
    milestones: Vec<f64>,
    gamma: f64,
}

impl MultiStep {
    /// At these times, in rising order, by this factor. A time that is given twice counts twice.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) for the first time that is before the one ahead of it, below 0 or
    /// not finite, and for a factor that is not above 0.
    pub fn new(milestones: impl Into<Vec<f64>>, gamma: f64) -> Result<MultiStep> {
        let milestones = milestones.into();
        let mut last = 0.0;
        for &time in &milestones {
            let rises = time >= last && time.is_finite();
            expect("MultiStep", "finite milestones of at least 0 in rising order", time, rises)?;
            last = time;
        }
        Ok(MultiStep { milestones, gamma: settings::gamma("MultiStep", gamma)? })
    }
}

impl Schedule for MultiStep {
    fn factor(&self, time: f64) -> f64 {
        let passed = self.milestones.partition_point(|&milestone| milestone <= time);
        math::pow(self.gamma, passed as f64)
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "MultiStep",
    smooth: &[],
    jumping: &[
        ("multi_step", || Ok(Box::new(MultiStep::new([5.0, 12.0, 30.0], 0.3)?))),
        ("multi_step_twice", || Ok(Box::new(MultiStep::new([8.0, 8.0, 20.0], 0.5)?))),
    ],
    errors: &[
        (
            || Ok(Box::new(MultiStep::new([30.0, 20.0], 0.1)?)),
            "MultiStep: expected finite milestones of at least 0 in rising order, got 20",
        ),
        (
            || Ok(Box::new(MultiStep::new([-1.0], 0.1)?)),
            "MultiStep: expected finite milestones of at least 0 in rising order, got -1",
        ),
        (|| Ok(Box::new(MultiStep::new([1.0], 0.0)?)), "MultiStep: expected a finite gamma above 0, got 0"),
    ],
};
