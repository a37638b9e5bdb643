//! Where a training stands, as plain numbers.

use plywood_train::{Pace, Status};

/// Where a training stands, as plain numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moment {
    pub(crate) epoch: usize,
    pub(crate) epochs: usize,
    pub(crate) batch: usize,
    pub(crate) batches: usize,
    pub(crate) step: u64,
    pub(crate) skipped: usize,
    pub(crate) samples_per_second: f64,
    /// In seconds.
    pub(crate) left: f64,
    pub(crate) learning_rate: f64,
    /// The mean of the epoch so far.
    pub(crate) loss: f64,
    /// The mean of the batches since the last moment, if there were some.
    pub(crate) recent_loss: Option<f64>,
    /// Each with whether more of it is better.
    pub(crate) metrics: Vec<(String, f64, bool)>,
}

impl Moment {
    pub(crate) fn of(status: &Status<'_>, pace: &Pace, recent_loss: Option<f64>) -> Moment {
        let metrics = status.metrics().into_iter().map(|(name, value)| {
            let higher = status.higher_is_better(&name);
            (name, value, higher)
        });
        Moment {
            epoch: status.epoch,
            epochs: status.epochs,
            batch: status.batch,
            batches: status.batches,
            step: status.step,
            skipped: status.skipped,
            samples_per_second: pace.samples_per_second(status),
            left: pace.left(status),
            learning_rate: status.optimizer.current_learning_rate(),
            loss: status.loss,
            recent_loss,
            metrics: metrics.collect(),
        }
    }

    /// How many epochs have passed, with the part of the one that runs.
    pub(crate) fn time(&self) -> f64 {
        let part = self.batch as f64 / self.batches.max(1) as f64;
        self.epoch.saturating_sub(1) as f64 + part
    }
}
