//! Training for a trial, after which all is as it was.

use super::Trainer;
use super::fit::Validation;
use crate::{Callback, Fit, History, Progress};
use plywood_nn::{Parameters, StateDict};
use plywood_optim::OptimizerState;
use plywood_tensor::Result;

/// What a trainer was before a trial. Tensors share their memory until they are changed.
pub(crate) struct Before {
    weights: StateDict,
    optimizer: OptimizerState,
    rate_factor: f64,
    batch_size: usize,
    steps: u64,
    history: History,
}

impl<M: Parameters, X, Y> Trainer<M, X, Y> {
    pub(crate) fn before(&self) -> Before {
        Before {
            weights: self.model.state_dict(),
            optimizer: self.optimizer.state_dict(),
            rate_factor: self.optimizer.rate_factor(),
            batch_size: self.batch_size,
            steps: self.steps,
            history: self.history.clone(),
        }
    }

    /// Becomes what it was. What a custom step keeps for itself is all that cannot be taken back.
    pub(crate) fn rewind(&mut self, before: Before) -> Result<()> {
        let Before { weights, optimizer, rate_factor, batch_size, steps, history } = before;
        self.model.load_state_dict(&weights)?;
        self.optimizer.load_state_dict(&optimizer)?;
        self.optimizer.set_rate_factor(rate_factor)?;
        (self.batch_size, self.steps, self.history) = (batch_size, steps, history);
        Ok(())
    }
}

impl<'a, X, Y> Fit<'a, X, Y> {
    /// The same batches, but without end, and watched by nobody else.
    pub(crate) fn trial(mut self, watcher: impl Callback + 'a) -> Self {
        self.schedules.clear();
        self.callbacks.clear();
        let endless = Fit { epochs: usize::MAX, initial_epoch: 0, validation: Validation::Nothing, ..self };
        endless.progress(Progress::Silent).callback(watcher)
    }
}
