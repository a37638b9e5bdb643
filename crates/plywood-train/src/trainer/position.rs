//! Where in its course a run stands.

use crate::{Fit, TrainError};
use plywood_losses::{Meter, MeterState};
use plywood_tensor::{Result, one_line};
use serde::{Deserialize, Serialize};

/// Where in its course a run stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// How many epochs are complete.
    pub(crate) epochs: usize,
    /// How many batches of the epoch after them are done.
    pub(crate) batch: usize,
    /// What those batches brought.
    pub(crate) tally: Tally,
    /// On what the order and the content of batches depend.
    pub(crate) course: Course,
}

/// What the batches of an epoch have brought so far.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Tally {
    /// The weighted sum of the losses of batches, and the sum of the weights.
    pub(crate) sum: f64,
    pub(crate) total: f64,
    pub(crate) samples: usize,
    /// How many were skipped.
    pub(crate) skipped: usize,
    pub(crate) seconds: f64,
    /// The loss and the learning rate of the last step.
    pub(crate) batch_loss: f64,
    pub(crate) learning_rate: f64,
    /// The sum of the norms over all gradients, and how many there are.
    pub(crate) norm: f64,
    pub(crate) norms: u64,
    pub(crate) metrics: Vec<MeterState>,
}

impl Tally {
    /// Counts a norm, if it is known. One that is not finite is in no mean.
    pub(crate) fn count_norm(&mut self, norm: Option<f64>) {
        if let Some(norm) = norm.filter(|norm| norm.is_finite()) {
            self.norm += norm;
            self.norms = self.norms.saturating_add(1);
        }
    }

    /// The mean norm over all gradients, if any is known.
    pub(crate) fn mean_norm(&self) -> Option<f64> {
        (self.norms > 0).then(|| self.norm / self.norms as f64)
    }

    /// The mean loss.
    pub(crate) fn loss(&self) -> f64 {
        if self.total > 0.0 { self.sum / self.total } else { 0.0 }
    }
}

/// On what the order and the content of batches and the figures of an epoch depend: names and values, as a person would write them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Course(Vec<(String, String)>);

impl Course {
    /// That of a training on so many samples.
    pub(crate) fn of<X, Y>(
        fit: &Fit<'_, X, Y>,
        samples: usize,
        batches: usize,
        metrics: &[Meter<Y>],
    ) -> Course {
        let metrics: Vec<&str> = metrics.iter().map(|meter| meter.name()).collect();
        let weights = fit.sampling_weights.as_ref().map_or("none".to_owned(), |weights| {
            let bytes: Vec<u8> = weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
            format!("{} of checksum {:08x}", weights.len(), crc32fast::hash(&bytes))
        });
        let settings = [
            ("seed", fit.seed.0.to_string()),
            ("batch size", fit.batch_size.to_string()),
            ("shuffle", fit.shuffle.to_string()),
            ("drop last", fit.drop_last.to_string()),
            ("training samples", samples.to_string()),
            ("batches", batches.to_string()),
            ("sampling weights", weights),
            ("metrics", if metrics.is_empty() { "none".to_owned() } else { metrics.join(", ") }),
            ("average", if fit.average.is_some() { "kept" } else { "none" }.to_owned()),
            (
                "gradient norms",
                if fit.checks.gradient_norms { "measured" } else { "not asked for" }.to_owned(),
            ),
            ("class weights", format!("{:?}", fit.class_weights.as_deref().unwrap_or_default())),
        ];
        Course(settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Refuses to go on with other settings than the run began with.
    pub(crate) fn expect(&self, got: &Course) -> Result<()> {
        let differs = |((name, expected), (_, got)): (&(String, String), &(String, String))| {
            // What is expected stands in a file.
            let (name, shown) = (one_line(name, 100), one_line(expected, 200));
            (expected != got).then(|| format!("{name}: expected {shown}, got {got}"))
        };
        let mut differences: Vec<String> = self.0.iter().zip(&got.0).filter_map(differs).collect();
        if self.0.len() != got.0.len() {
            differences.push(format!("expected {} settings, got {}", self.0.len(), got.0.len()));
        }
        if differences.is_empty() { Ok(()) } else { Err(TrainError::OtherCourse { differences }.into()) }
    }
}
