//! Training for a trial, after which all is as it was.

use super::Trainer;
use super::checks::Checks;
use super::fit::Validation;
use super::stand::Stand;
use crate::{Callback, Fit, History, Progress, TrainError};
use plywood_nn::{Parameters, StateDict};
use plywood_optim::{NonFinite, OptimizerState};
use plywood_tensor::Result;
use std::path::PathBuf;

/// What a trainer was before a trial. Tensors share their memory until they are changed.
pub(crate) struct Before {
    weights: StateDict,
    optimizer: OptimizerState,
    rate_factor: f64,
    batch_size: usize,
    steps: u64,
    history: History,
    stand: Option<Stand>,
    goes_on: bool,
    astray: bool,
    resumed_from: Option<PathBuf>,
    not_removed: Vec<TrainError>,
}

impl<M: Parameters, X, Y> Trainer<M, X, Y> {
    /// Begins a trial, which goes on with no other run.
    pub(crate) fn begin_trial(&mut self) -> Before {
        Before {
            weights: self.model.state_dict(),
            optimizer: self.optimizer.state_dict(),
            rate_factor: self.optimizer.rate_factor(),
            batch_size: self.batch_size,
            steps: self.steps,
            history: self.history.clone(),
            stand: self.stand.take(),
            goes_on: std::mem::take(&mut self.goes_on),
            astray: self.astray,
            resumed_from: self.resumed_from.take(),
            not_removed: std::mem::take(&mut self.not_removed),
        }
    }

    /// Ends a trial: becomes what it was. What a custom step keeps for itself is all that cannot be taken back.
    pub(crate) fn end_trial(&mut self, before: Before) -> Result<()> {
        let Before { weights, optimizer, rate_factor, batch_size, steps, history, stand, goes_on, .. } =
            before;
        self.model.load_state_dict(&weights)?;
        self.optimizer.load_state_dict(&optimizer)?;
        self.optimizer.set_rate_factor(rate_factor)?;
        (self.batch_size, self.steps, self.history) = (batch_size, steps, history);
        (self.stand, self.goes_on, self.astray) = (stand, goes_on, before.astray);
        (self.resumed_from, self.not_removed) = (before.resumed_from, before.not_removed);
        Ok(())
    }
}

impl<'a, X, Y> Fit<'a, X, Y> {
    /// The same batches, but without end, watched by nobody else, and over where the loss or a gradient is no longer finite.
    pub(crate) fn trial(mut self, watcher: impl Callback + 'a) -> Self {
        self.schedules.clear();
        self.callbacks.clear();
        (self.epochs, self.initial_epoch, self.checkpoints) = (usize::MAX, 0, None);
        (self.validation, self.average) = (Validation::Nothing, None);
        // A trial that skipped such steps would never end, and one that ignored them would draw them.
        self.checks = Checks {
            non_finite: Some(NonFinite::Error),
            anomaly: false,
            gradient_norms: false,
            audit: Some(false),
        };
        self.progress(Progress::Silent).callback(watcher)
    }
}
