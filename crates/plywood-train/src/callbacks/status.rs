//! Where a training stands.

use crate::{EpochRecord, Evaluation, Restored, TrainError};
use plywood_autograd::Gradients;
use plywood_nn::Parameters;
use plywood_optim::Optimizer;
use plywood_tensor::Result;
use std::fmt;

/// Where a training stands, and what a callback may change.
#[non_exhaustive]
pub struct Status<'a> {
    /// The epoch, counted from 1.
    pub epoch: usize,
    /// The last epoch there will be.
    pub epochs: usize,
    /// How many batches of the epoch are done.
    pub batch: usize,
    /// How many batches an epoch has.
    pub batches: usize,
    /// How many steps were taken in all epochs.
    pub step: u64,
    /// How many samples of the epoch are done.
    pub samples: usize,
    /// The mean loss of the batches of this epoch so far.
    pub loss: f64,
    /// How many steps of this epoch were skipped so far, because a number was not finite; they are in no other count.
    pub skipped: usize,
    /// The loss of the last batch alone.
    pub batch_loss: f64,
    /// The gradients of the last step, before they were limited; only at the end of a batch for which a callback
    /// [wants them](crate::Callback::wants_gradients), and if a [custom step](crate::Trainer::custom_step) tells them.
    pub gradients: Option<&'a Gradients>,
    /// The norm over all gradients of the last step, if it was found, as the optimizer
    /// [reports](plywood_optim::StepReport::norm) it; see
    /// [`Fit::gradient_norms`](crate::Fit::gradient_norms).
    pub gradient_norm: Option<f64>,
    /// What the epoch brought; only at its end.
    pub record: Option<&'a EpochRecord>,
    /// The model.
    pub model: &'a mut dyn Parameters,
    /// What moves its parameters: the learning rate is set here.
    pub optimizer: &'a mut Optimizer,
    /// Whether a [`StopSignal`](crate::StopSignal) has ended the training, in the midst of an epoch.
    pub interrupted: bool,
    /// The [name](crate::Callback::name) of the callback that has ended the training, the first if there were several; only when it
    /// has ended.
    pub stopped_by: Option<&'a str>,
    /// The earlier weights that the model has got at the end of the training: a callback that does so says it here.
    pub restored: Option<Restored>,
    /// Whether this training goes on with a run that a checkpoint was made of.
    pub resumed: bool,
    pub(crate) rising: &'a [String],
    pub(crate) quantities: &'a [String],
    pub(crate) metrics: &'a dyn Fn() -> Vec<(String, f64)>,
}

impl Status<'_> {
    /// The metrics of the training batches of this epoch so far, by name; computed when they are asked for.
    pub fn metrics(&self) -> Vec<(String, f64)> {
        (self.metrics)()
    }

    /// Whether more of a quantity is better: of those metrics that say so, in training and validation.
    pub fn higher_is_better(&self, name: &str) -> bool {
        Evaluation::higher_is_better(name, self.rising)
    }

    /// Refuses a quantity that no epoch will have.
    pub(super) fn expect(&self, callback: &'static str, name: &str) -> Result<()> {
        if self.quantities.iter().any(|known| known == name) {
            return Ok(());
        }
        Err(TrainError::monitor(callback, name, self.quantities).into())
    }

    /// A quantity of the epoch that has ended, and -1 if more of it is better, otherwise 1.
    pub(super) fn monitored(&self, callback: &'static str, name: &str) -> Result<Option<(f64, f64)>> {
        let Some(record) = self.record else { return Ok(None) };
        let value = record.monitored(callback, name)?;
        Ok(Some((value, if self.higher_is_better(name) { -1.0 } else { 1.0 })))
    }

    /// The learning rate, where it is not the one that the rule began with.
    pub(super) fn moved_learning_rate(&self) -> Option<f64> {
        let rate = self.optimizer.current_learning_rate();
        (rate != self.optimizer.rule().learning_rate()).then_some(rate)
    }
}

impl fmt::Debug for Status<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Status { epoch, epochs, batch, batches, .. } = self;
        write!(f, "epoch {epoch} of {epochs}, batch {batch} of {batches}")
    }
}
