//! Where a training stands.

use crate::EpochRecord;
use plywood_nn::Parameters;
use plywood_optim::Optimizer;
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
    /// The mean loss of the batches of this epoch so far.
    pub loss: f64,
    /// What the epoch brought; only at its end.
    pub record: Option<&'a EpochRecord>,
    /// The model.
    pub model: &'a mut dyn Parameters,
    /// What moves its parameters: the learning rate is set here.
    pub optimizer: &'a mut Optimizer,
    /// Whether a [`StopSignal`](crate::StopSignal) has ended the training, in the midst of an epoch.
    pub interrupted: bool,
    pub(crate) rising: &'a [String],
}

impl Status<'_> {
    /// Whether more of a quantity is better: of those metrics that say so, in training and validation.
    pub fn higher_is_better(&self, name: &str) -> bool {
        let name = name.strip_prefix("validation ").unwrap_or(name);
        self.rising.iter().any(|rising| rising == name)
    }
}

impl fmt::Debug for Status<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Status { epoch, epochs, batch, batches, .. } = self;
        write!(f, "epoch {epoch} of {epochs}, batch {batch} of {batches}")
    }
}
