//! What those who watch a training are told.

use super::Trainer;
use super::running::Run;
use crate::{Callback, EpochRecord, Flow, Status};
use plywood_nn::Parameters;
use plywood_tensor::Result;

impl<M: Parameters, X, Y> Trainer<M, X, Y> {
    /// Calls everyone who watches, even after one has asked to stop.
    pub(super) fn tell(
        &mut self,
        run: &mut Run<'_>,
        record: Option<&EpochRecord>,
        call: &dyn Fn(&mut dyn Callback, &mut Status<'_>) -> Result<Flow>,
    ) -> Result<Flow> {
        let mut stopped_by = None;
        self.each(run, record, &mut |watcher, status| {
            if call(watcher, status)? == Flow::Stop && stopped_by.is_none() {
                stopped_by = Some(watcher.name().to_owned());
            }
            Ok(())
        })?;
        let flow = if stopped_by.is_some() { Flow::Stop } else { Flow::Continue };
        run.stopped_by = run.stopped_by.take().or(stopped_by);
        Ok(flow)
    }

    /// Whether anyone wants to see the gradients of the next step.
    pub(super) fn wants_gradients(&mut self, run: &mut Run<'_>) -> Result<bool> {
        let mut wanted = false;
        self.each(run, None, &mut |watcher, status| {
            wanted |= watcher.wants_gradients(status);
            Ok(())
        })?;
        Ok(wanted)
    }

    fn each(
        &mut self,
        run: &mut Run<'_>,
        record: Option<&EpochRecord>,
        call: &mut dyn FnMut(&mut dyn Callback, &mut Status<'_>) -> Result<()>,
    ) -> Result<()> {
        if run.watchers.is_empty() {
            return Ok(());
        }
        let (rising, meters) = (&self.rising, &self.metrics);
        let metrics = || meters.iter().map(|meter| (meter.name().to_owned(), meter.value())).collect();
        let (model, optimizer, step) = (&mut self.model, &mut self.optimizer, self.steps);
        let mut status = Status {
            epoch: run.epoch,
            epochs: run.epochs,
            batch: run.batch,
            batches: run.batches,
            step,
            samples: run.tally.samples,
            loss: run.tally.loss(),
            skipped: run.tally.skipped,
            batch_loss: run.tally.batch_loss,
            gradients: run.gradients.as_ref(),
            gradient_norm: run.gradient_norm,
            record,
            model,
            optimizer,
            interrupted: run.interrupted,
            stopped_by: run.stopped_by.as_deref(),
            restored: run.restored.take(),
            resumed: run.resumed,
            rising,
            quantities: &run.quantities,
            metrics: &metrics,
        };
        let told = run.watchers.iter_mut().try_for_each(|watcher| call(&mut **watcher, &mut status));
        let restored = status.restored.take();
        run.restored = restored;
        told
    }
}
