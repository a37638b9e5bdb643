//! A rise to where another schedule begins.

use super::settings;
use crate::Schedule;
use crate::error::expect;
use plywood_tensor::{Result, math};

/// Rises from a part of the rate to where another schedule begins, which then follows from its own time 0.
///
/// Until `t = over`, times `then(0)`:
/// ```text
/// linear       from + (1 − from) · t / over
/// exponential  from ^ (1 − t / over)
/// ```
/// and after that `factor(t) = then(t − over)`.
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::{Constant, Cosine, Warmup};
///
/// let schedule = Warmup::linear(0.2, 4.0, Cosine::new(10.0)?)?;
/// let rounded = |time| (schedule.factor(time) * 1e3).round() / 1e3;
/// assert_eq!([0.0, 2.0, 4.0, 9.0, 14.0].map(rounded), [0.2, 0.6, 1.0, 0.5, 0.0]);
///
/// let schedule = Warmup::exponential(0.01, 4.0, Constant::default())?;
/// let rounded = |time| (schedule.factor(time) * 1e3).round() / 1e3;
/// assert_eq!([0.0, 2.0, 4.0, 9.0].map(rounded), [0.01, 0.1, 1.0, 1.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Goyal and others, "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017. PyTorch: `LinearLR` and another in a
/// `SequentialLR`. Keras: `CosineDecay(warmup_steps, warmup_target)`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "warmup_steps")]
pub struct Warmup<S> {
    from: f64,
    over: f64,
    rise: Rise,
    then: S,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rise {
    Linear,
    Exponential,
}

impl<S: Schedule> Warmup<S> {
    /// In a straight line from this share, which may be 0: then the first step moves nothing.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) for a share that is not from 0 to 1, and for a time that is not above
    /// 0 or not finite.
    pub fn linear(from: f64, over: f64, then: S) -> Result<Warmup<S>> {
        expect("Warmup", "a share from 0 to 1", from, (0.0..=1.0).contains(&from))?;
        Ok(Warmup { from, over: settings::length("Warmup", over)?, rise: Rise::Linear, then })
    }

    /// By the same factor in equal times, from this share, which is above 0.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) for a share that is not above 0 and up to 1, and for a time that is
    /// not above 0 or not finite.
    pub fn exponential(from: f64, over: f64, then: S) -> Result<Warmup<S>> {
        expect("Warmup", "a share above 0 and up to 1", from, from > 0.0 && from <= 1.0)?;
        Ok(Warmup { from, over: settings::length("Warmup", over)?, rise: Rise::Exponential, then })
    }
}

impl<S: Schedule> Schedule for Warmup<S> {
    fn factor(&self, time: f64) -> f64 {
        if time >= self.over {
            return self.then.factor(time - self.over);
        }
        let share = time / self.over;
        let rise = match self.rise {
            Rise::Linear => self.from + (1.0 - self.from) * share,
            Rise::Exponential => math::pow(self.from, 1.0 - share),
        };
        rise * self.then.factor(0.0)
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Warmup",
    smooth: &[
        ("warmup_cosine", || Ok(Box::new(Warmup::linear(0.1, 5.0, super::Cosine::new(40.0)?.floor(0.01)?)?))),
        ("warmup_exponential", || {
            Ok(Box::new(Warmup::exponential(0.01, 8.0, super::Polynomial::new(30.0, 2.0)?)?))
        }),
        ("warmup_half", || Ok(Box::new(Warmup::linear(0.5, 4.0, super::Constant::new(0.5)?)?))),
    ],
    jumping: &[("warmup_step", || {
        Ok(Box::new(Warmup::linear(0.25, 3.0, super::StepDecay::new(10.0, 0.5)?)?))
    })],
    errors: &[
        (
            || Ok(Box::new(Warmup::linear(2.0, 5.0, super::Constant::default())?)),
            "Warmup: expected a share from 0 to 1, got 2",
        ),
        (
            || Ok(Box::new(Warmup::exponential(0.0, 5.0, super::Constant::default())?)),
            "Warmup: expected a share above 0 and up to 1, got 0",
        ),
        (
            || Ok(Box::new(Warmup::linear(0.0, 0.0, super::Constant::default())?)),
            "Warmup: expected a finite length above 0, got 0",
        ),
    ],
};
