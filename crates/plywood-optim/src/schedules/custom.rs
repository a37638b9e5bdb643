//! A schedule that is a closure.

use crate::Schedule;
use std::fmt;

/// A factor that is any function of time.
///
/// Where the function returns what is not finite or below 0, the optimizer refuses it.
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::Custom;
///
/// let schedule = Custom::new(|time| 1.0 / (1.0 + time / 10.0));
/// assert_eq!([0.0, 10.0, 30.0].map(|time| schedule.factor(time)), [1.0, 0.5, 0.25]);
/// ```
/// # References
/// PyTorch: `LambdaLR`. Keras: the callback `LearningRateScheduler`, whose function returns a rate, not a factor.
#[derive(Clone, Copy)]
#[doc(alias = "LambdaLR")]
#[doc(alias = "LearningRateScheduler")]
pub struct Custom<F>(F);

impl<F: Fn(f64) -> f64 + Send + Sync> Custom<F> {
    /// This function: of time alone, or a resumed run will not be where it was.
    pub fn new(factor: F) -> Custom<F> {
        Custom(factor)
    }
}

impl<F: Fn(f64) -> f64 + Send + Sync> Schedule for Custom<F> {
    fn factor(&self, time: f64) -> f64 {
        (self.0)(time)
    }
}

impl<F> fmt::Debug for Custom<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Custom")
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Custom",
    smooth: &[("custom", || Ok(Box::new(Custom::new(|time| 1.0 / (1.0 + 0.1 * time)))))],
    jumping: &[],
    errors: &[],
};
