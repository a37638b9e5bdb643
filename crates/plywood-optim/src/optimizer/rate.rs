//! Learning rates, and what multiplies them.

use super::Optimizer;
use crate::OptimError;
use crate::error::expect;
use plywood_tensor::Result;

impl Optimizer {
    /// The learning rate for parameters without one of their own, before the factor of a schedule.
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// Sets the learning rate; those of groups change in proportion.
    ///
    /// It is for changes that last and are saved with the state. A schedule has a
    /// [factor](Optimizer::set_rate_factor) of its own, which multiplies with it.
    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }

    /// The learning rate of the next step, for parameters without a rate or a factor of their own: what was set, times the
    /// factor.
    pub fn current_learning_rate(&self) -> f64 {
        self.learning_rate * self.rate_factor
    }

    /// What the learning rates of all groups are multiplied with; 1 unless set.
    pub fn rate_factor(&self) -> f64 {
        self.rate_factor
    }

    /// Multiplies the learning rates of all groups with this from the next step on, in place of the factor before.
    ///
    /// The usual factors come from a [`Schedule`](crate::Schedule), before every step. It is part of no saved state: the
    /// schedule knows it from the time.
    ///
    /// ```
    /// use plywood_optim::schedules::StepDecay;
    /// use plywood_optim::{Adam, Optimizer, Schedule};
    ///
    /// let (mut optimizer, schedule) = (Optimizer::new(Adam::new(0.5)), StepDecay::new(10.0, 0.5)?);
    /// let mut rates = Vec::new();
    /// for step in 0..30 {
    ///     optimizer.set_rate_factor(schedule.factor(f64::from(step)))?;
    ///     rates.push(optimizer.current_learning_rate()); // … and optimizer.step(…)
    /// }
    /// assert_eq!([rates[9], rates[10], rates[20]], [0.5, 0.25, 0.125]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`OptimError::Setting`] if it is negative or not finite; the factor before stays then.
    pub fn set_rate_factor(&mut self, factor: f64) -> Result<()> {
        check_factor(factor)?;
        self.rate_factor = factor;
        Ok(())
    }

    /// Multiplies the learning rate of a group with this, in place of what multiplies all others; `None` takes it back.
    ///
    /// The group is named by the pattern that it was made with.
    ///
    /// # Errors
    /// As [`Optimizer::set_rate_factor`]; [`OptimError::NoGroup`] if no group has this pattern.
    pub fn set_group_rate_factor(&mut self, pattern: &str, factor: impl Into<Option<f64>>) -> Result<()> {
        let factor = factor.into();
        check_factor(factor.unwrap_or(1.0))?;
        match self.groups.iter_mut().find(|group| group.pattern.as_str() == pattern) {
            Some(group) => {
                group.rate_factor = factor;
                Ok(())
            }
            None => {
                let patterns = self.groups.iter().map(|group| group.pattern.as_str().to_owned()).collect();
                Err(OptimError::NoGroup { patterns, got: pattern.to_owned() }.into())
            }
        }
    }
}

fn check_factor(got: f64) -> Result<()> {
    expect("rate factor", "a finite number of at least 0", got, got >= 0.0 && got.is_finite())
}
