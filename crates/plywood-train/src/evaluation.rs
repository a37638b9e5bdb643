//! What a model scored.

use crate::number::{self, Number};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a model scored on some samples: the mean loss, and each metric by name.
///
/// ```
/// use plywood_train::Evaluation;
///
/// let score = Evaluation::new(0.0871, [("accuracy".to_owned(), 0.9737)], 114);
/// assert_eq!(score.get("accuracy"), Some(0.9737));
/// assert_eq!(score.to_string(), "loss 0.0871  accuracy 0.9737  (114 samples)");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    #[serde(with = "number")]
    loss: f64,
    metrics: Vec<Measured>,
    samples: u64,
}

/// A metric and its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Measured {
    name: String,
    #[serde(with = "number")]
    value: f64,
}

impl Evaluation {
    /// A score that was found elsewhere.
    pub fn new(loss: f64, metrics: impl IntoIterator<Item = (String, f64)>, samples: usize) -> Evaluation {
        let metrics = metrics.into_iter().map(|(name, value)| Measured { name, value }).collect();
        Evaluation { loss, metrics, samples: samples as u64 }
    }

    /// Whether more of a quantity is better, in training or in validation, where `rising` are the metrics of which it is.
    pub(crate) fn higher_is_better(name: &str, rising: &[String]) -> bool {
        let metric = name.strip_prefix("validation ").unwrap_or(name);
        rising.iter().any(|rising| rising == metric)
    }

    /// The mean loss, penalties included; each sample counts by its weight.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// The metrics in the order in which the trainer was given them.
    pub fn metrics(&self) -> impl ExactSizeIterator<Item = (&str, f64)> {
        self.metrics.iter().map(|metric| (metric.name.as_str(), metric.value))
    }

    /// How many samples there were.
    pub fn samples(&self) -> usize {
        self.samples as usize
    }

    /// The loss, which is called `loss`, or the metric of this name.
    pub fn get(&self, name: &str) -> Option<f64> {
        if name == "loss" {
            return Some(self.loss);
        }
        self.metrics().find(|&(metric, _)| metric == name).map(|(_, value)| value)
    }

    /// Every name and value, the loss first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        [("loss", self.loss)].into_iter().chain(self.metrics())
    }
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.iter() {
            write!(f, "{name} {}  ", Number(value))?;
        }
        write!(f, "({} sample{})", self.samples, if self.samples == 1 { "" } else { "s" })
    }
}
