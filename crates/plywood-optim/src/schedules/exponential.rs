//! A rate that falls by a share of itself.

use super::settings;
use crate::Schedule;
use plywood_tensor::{Result, math};

/// Multiplies the rate with `gamma` in each unit of time, and evenly within it.
///
/// `factor(t) = γ ^ t`
///
/// Above 1 it rises: a training of which each step multiplies the rate with a little more than 1 shows at which rate the loss
/// begins to grow.
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::Exponential;
///
/// let schedule = Exponential::new(0.25)?;
/// assert_eq!([0.0, 0.5, 1.0, 2.0].map(|time| schedule.factor(time)), [1.0, 0.5, 0.25, 0.0625]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `ExponentialLR(gamma)`. Keras: `ExponentialDecay`, whose `decay_rate` acts over `decay_steps`: here
/// `γ = decay_rate ^ (1 / decay_steps)`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "ExponentialLR")]
#[doc(alias = "ExponentialDecay")]
pub struct Exponential {
    gamma: f64,
}

impl Exponential {
    /// By this factor in each unit of time.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if it is not above 0, or not finite.
    pub fn new(gamma: f64) -> Result<Exponential> {
        Ok(Exponential { gamma: settings::gamma("Exponential", gamma)? })
    }
}

impl Schedule for Exponential {
    fn factor(&self, time: f64) -> f64 {
        math::pow(self.gamma, time)
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Exponential",
    smooth: &[
        ("exponential", || Ok(Box::new(Exponential::new(0.9)?))),
        ("exponential_fast", || Ok(Box::new(Exponential::new(0.5)?))),
    ],
    jumping: &[],
    errors: &[(
        || Ok(Box::new(Exponential::new(0.0)?)),
        "Exponential: expected a finite gamma above 0, got 0",
    )],
};
