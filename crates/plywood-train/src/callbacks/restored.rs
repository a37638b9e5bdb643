//! Earlier weights that a model ends with.

use crate::number::Number;
use std::fmt;

/// Weights of an earlier epoch that a callback has given the model at the end of a training; prints as
/// `restored the weights of epoch 7: validation loss 0.0794`.
///
/// [`EarlyStopping`](crate::EarlyStopping) tells it. [`History::restored`](crate::History::restored) keeps it, and those who show the
/// progress say it.
#[derive(Debug, Clone, PartialEq)]
pub struct Restored {
    /// After which epoch the model had them.
    pub epoch: usize,
    /// The quantity by which they were chosen.
    pub monitor: String,
    /// What it was then.
    pub value: f64,
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "restored the weights of epoch {}: {} {}", self.epoch, self.monitor, Number(self.value))
    }
}
