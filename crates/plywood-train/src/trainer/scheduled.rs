//! Learning rates that follow a schedule.

use crate::TrainError;
use plywood_optim::{Optimizer, Schedule};
use plywood_tensor::Result;

/// A schedule, for whom it is, and what its time is.
pub(super) struct Scheduled<'a> {
    /// The pattern of a group; without one it is for all groups that have no schedule of their own.
    pub(super) group: Option<String>,
    pub(super) unit: Unit,
    pub(super) schedule: Box<dyn Schedule + 'a>,
}

/// What a schedule counts.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    Epoch,
    Step,
}

impl Scheduled<'_> {
    /// Sets the factor for the step that is `epochs` away from the beginning, or behind so many `calls` of the optimizer.
    pub(super) fn apply(&self, optimizer: &mut Optimizer, epochs: f64, calls: u64) -> Result<()> {
        let time = match self.unit {
            Unit::Epoch => epochs,
            // Calls whose gradients wait for their step move no schedule on.
            Unit::Step if optimizer.calls_per_step() > 1 => optimizer.steps() as f64,
            Unit::Step => calls as f64,
        };
        let got = self.schedule.factor(time);
        if !(got >= 0.0 && got.is_finite()) {
            let schedule = format!("{:?}", self.schedule);
            return Err(TrainError::Schedule { schedule, time, got }.into());
        }
        match &self.group {
            Some(pattern) => optimizer.set_group_rate_factor(pattern, got),
            None => optimizer.set_rate_factor(got),
        }
    }

    /// Takes the factor back.
    pub(super) fn release(&self, optimizer: &mut Optimizer) -> Result<()> {
        match &self.group {
            Some(pattern) => optimizer.set_group_rate_factor(pattern, None),
            None => optimizer.set_rate_factor(1.0),
        }
    }
}
