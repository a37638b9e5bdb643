//! What happened in one epoch.

use crate::number::{self, Number, Seconds};
use crate::{Evaluation, TrainError};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What happened in one epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Which epoch, counted from 1.
    pub epoch: usize,
    /// Loss and metrics of the training batches, each as the model was when it saw the batch.
    pub training: Evaluation,
    /// Loss and metrics of the validation data at the end of the epoch.
    pub validation: Option<Evaluation>,
    /// The learning rate of the last step.
    #[serde(with = "number")]
    pub learning_rate: f64,
    /// How long it took, validation included.
    #[serde(with = "number")]
    pub seconds: f64,
}

impl EpochRecord {
    /// A quantity by name: `loss`, a metric, either after `validation `, or `learning rate`.
    pub fn get(&self, name: &str) -> Option<f64> {
        if name == "learning rate" {
            return Some(self.learning_rate);
        }
        match (name.strip_prefix("validation "), &self.validation) {
            (Some(name), Some(validation)) => validation.get(name),
            _ => self.training.get(name),
        }
    }

    /// Every name that [`EpochRecord::get`] knows, and its value.
    pub fn iter(&self) -> impl Iterator<Item = (String, f64)> {
        let training = self.training.iter().map(|(name, value)| (name.to_owned(), value));
        let validation = self.validation.iter().flat_map(Evaluation::iter);
        let validation = validation.map(|(name, value)| (format!("validation {name}"), value));
        training.chain(validation).chain([("learning rate".to_owned(), self.learning_rate)])
    }
}

impl EpochRecord {
    /// A quantity for whoever watches it.
    pub(crate) fn monitored(&self, watcher: &'static str, name: &str) -> Result<f64, TrainError> {
        self.get(name).ok_or_else(|| {
            let known = self.iter().map(|(name, _)| format!("{name:?}")).collect();
            TrainError::Monitor { callback: watcher, name: name.to_owned(), known }
        })
    }

    /// In one line, with this learning rate if there is one.
    pub(crate) fn line(&self, learning_rate: Option<f64>) -> String {
        let validation = self.validation.iter().flat_map(Evaluation::iter);
        let validation = validation.map(|(name, value)| format!("validation {name} {}  ", Number(value)));
        let mut line: String =
            self.training.iter().map(|(name, value)| format!("{name} {}  ", Number(value))).collect();
        line.extend(validation);
        line.extend(learning_rate.map(|rate| format!("learning rate {}  ", Number(rate))));
        format!("{line}({})", Seconds(self.seconds))
    }
}

/// In one line, without the epoch and the learning rate: `loss 0.1234  validation loss 0.1100  (12 ms)`.
impl fmt::Display for EpochRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(None))
    }
}
