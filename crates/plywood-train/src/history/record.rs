//! What happened in one epoch.

use crate::number::{self, Left, Number, Seconds};
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
    /// How many steps were skipped because the loss or a gradient was not finite; see [`Fit::non_finite`](crate::Fit::non_finite).
    #[serde(default)]
    pub skipped: usize,
    /// The mean over the steps of the norm over all gradients, before it was limited; where it was found, because a
    /// [limit](plywood_optim::Optimizer::clip_global_norm) needs it or [`Fit::gradient_norms`](crate::Fit::gradient_norms) asks
    /// for it.
    #[serde(default)]
    pub gradient_norm: Option<f64>,
    /// The learning rate of the last step.
    #[serde(with = "number")]
    pub learning_rate: f64,
    /// How long it took, validation included.
    #[serde(with = "number")]
    pub seconds: f64,
}

impl EpochRecord {
    /// A quantity by name: `loss`, a metric, either after `validation `, `gradient norm` or `learning rate`.
    pub fn get(&self, name: &str) -> Option<f64> {
        match name {
            "learning rate" => return Some(self.learning_rate),
            "gradient norm" => return self.gradient_norm,
            _ => {}
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
        let norm = self.gradient_norm.map(|norm| ("gradient norm".to_owned(), norm));
        training.chain(validation).chain(norm).chain([("learning rate".to_owned(), self.learning_rate)])
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

    /// What a line says of it, with this learning rate if there is one, and what is left of the training if that is known.
    pub(crate) fn parts(&self, learning_rate: Option<f64>, left: Option<Left>) -> Vec<String> {
        let part = |name: &str, value| format!("{name} {}", Number(value));
        let mut parts: Vec<String> = self.training.iter().map(|(name, value)| part(name, value)).collect();
        let validation = self.validation.iter().flat_map(Evaluation::iter);
        parts.extend(validation.map(|(name, value)| part(&format!("validation {name}"), value)));
        parts.extend(learning_rate.map(|rate| part("learning rate", rate)));
        match self.skipped {
            0 => {}
            1 => parts.push("1 step skipped".to_owned()),
            many => parts.push(format!("{many} steps skipped")),
        }
        let left = left.map_or_else(String::new, |left| format!(", {left}"));
        parts.push(format!("({}{left})", Seconds(self.seconds)));
        parts
    }
}

/// In one line, without the epoch and the learning rate: `loss 0.1234  validation loss 0.1100  (12 ms)`.
impl fmt::Display for EpochRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts(None, None).join("  "))
    }
}
