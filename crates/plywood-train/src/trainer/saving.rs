//! Checkpoints of a training in its course.

use super::Trainer;
use super::running::Run;
use crate::{EpochRecord, Input, Progress, TrainError};
use plywood_data::Samples;
use plywood_nn::Module;
use plywood_optim::{Average, AverageState, OptimizerState, ParamState};
use plywood_tensor::{Elem, Result, Tensor};
use std::io::Write;

impl<M, X, Y> Trainer<M, X, Y> {
    /// Old [checkpoints](crate::Checkpoints) that the last `fit` could not remove, and why.
    ///
    /// That ends no training: it is told on standard error where progress is shown, and the next save tries again.
    pub fn not_removed(&self) -> &[TrainError] {
        &self.not_removed
    }
}

impl<M: Module<X::Leaf>, X: Input, Y: Samples> Trainer<M, X, Y> {
    /// Saves a checkpoint, if there are to be some, and this one was not saved before.
    pub(super) fn save(
        &mut self,
        run: &mut Run<'_>,
        epochs: usize,
        batch: usize,
        record: Option<&EpochRecord>,
    ) -> Result<()> {
        run.stands = (epochs, batch);
        if run.saver.is_none() || run.saved.replace(run.stands) == Some(run.stands) {
            return Ok(());
        }
        let snapshot = self.snapshot(Some(self.stand_at(run, epochs, batch, record)?));
        let Some(saver) = &mut run.saver else { return Ok(()) };
        saver.save(snapshot)?;
        note(&mut self.not_removed, saver.left(), run.progress);
        Ok(())
    }

    /// After a step: if a thread of its own is to save, that may get the memory for it.
    pub(super) fn make_ready_to_save(&self, run: &mut Run<'_>) {
        if let Some(saver) = run.saver.as_mut().filter(|_| self.optimizer.steps() > 0) {
            let average = run.average.as_ref();
            saver.reserve(|| changed_bytes(&self.optimizer.state_dict(), average.map(Average::state_dict)));
        }
    }

    /// Waits until everything is written.
    pub(super) fn finish_saving(&mut self, run: &mut Run<'_>) -> Result<()> {
        let Some(mut saver) = run.saver.take() else { return Ok(()) };
        saver.finish()?;
        note(&mut self.not_removed, saver.left(), run.progress);
        Ok(())
    }
}

/// Takes note of old checkpoints that could not be removed, and tells what is new of it.
fn note(known: &mut Vec<TrainError>, left: Vec<TrainError>, progress: Progress) {
    for error in left.iter().filter(|error| !known.contains(error)) {
        if progress != Progress::Silent {
            let _ = writeln!(std::io::stderr(), "an old checkpoint cannot be removed: {error}");
        }
    }
    *known = left;
}

/// How large the tensors are that a step changes: trained parameters, what the rule remembers of them, and their mean.
fn changed_bytes(optimizer: &OptimizerState, average: Option<AverageState>) -> Vec<usize> {
    let trained = optimizer.parameters.values().filter(|state| state.count > 0);
    let of_state = |state: &ParamState| -> Vec<usize> {
        state.slots.values().map(Tensor::numel).chain([state.shape.numel()]).collect()
    };
    let of_average = average.into_iter().flat_map(|average| average.tensors.into_values());
    let numbers = trained.flat_map(of_state).chain(of_average.map(|mean| mean.numel()));
    numbers.map(|count| count * size_of::<Elem>()).collect()
}
