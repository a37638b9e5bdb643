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
    /// The mean over the steps of the norm over all gradients, as the optimizer
    /// [reports](plywood_optim::StepReport::norm) it; NaN in an epoch without a finite one. It is there where a
    /// [limit](plywood_optim::Optimizer::clip_global_norm) needs it or [`Fit::gradient_norms`](crate::Fit::gradient_norms) asks
    /// for it.
    #[serde(default, with = "number::optional")]
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
    /// The names that [`EpochRecord::iter`] will have, where these metrics are measured, validation data too, and norms are found.
    pub(crate) fn names<'a>(
        metrics: impl IntoIterator<Item = &'a str>,
        validated: bool,
        normed: bool,
    ) -> Vec<String> {
        let mut names = vec!["loss".to_owned()];
        names.extend(metrics.into_iter().map(str::to_owned));
        if validated {
            let validation: Vec<String> = names.iter().map(|name| format!("validation {name}")).collect();
            names.extend(validation);
        }
        names.extend(normed.then(|| "gradient norm".to_owned()));
        names.push("learning rate".to_owned());
        names
    }

    /// A quantity for whoever watches it.
    pub(crate) fn monitored(&self, watcher: &'static str, name: &str) -> Result<f64, TrainError> {
        let known = || self.iter().map(|(name, _)| name).collect::<Vec<_>>();
        self.get(name).ok_or_else(|| TrainError::monitor(watcher, name, &known()))
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

#[cfg(test)]
mod tests {
    use super::EpochRecord;
    use crate::Evaluation;

    #[test]
    fn names_are_known_before_there_is_a_value() {
        for metrics in [&[][..], &["accuracy", "f1"]] {
            for (validated, normed) in [(false, false), (true, false), (false, true), (true, true)] {
                let values = metrics.iter().map(|&name: &&str| (name.to_owned(), 0.5));
                let training = Evaluation::new(0.25, values, 8);
                let validation = validated.then(|| training.clone());
                let record = EpochRecord {
                    epoch: 1,
                    training,
                    validation,
                    skipped: 0,
                    gradient_norm: normed.then_some(2.0),
                    learning_rate: 0.1,
                    seconds: 1.0,
                };
                let names: Vec<String> = record.iter().map(|(name, _)| name).collect();
                assert_eq!(EpochRecord::names(metrics.iter().copied(), validated, normed), names);
                assert!(names.iter().all(|name| record.get(name).is_some()));
            }
        }
    }
}
