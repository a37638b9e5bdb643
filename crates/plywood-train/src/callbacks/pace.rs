//! How fast a training goes.

use crate::Status;
use std::time::Instant;

/// How fast a training goes, and how long it still takes, for callbacks that show it.
///
/// ```
/// use plywood_tensor::Result;
/// use plywood_train::{Callback, Flow, Pace, Status};
///
/// struct Ticker(Pace);
///
/// impl Callback for Ticker {
///     fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
///         self.0.begin(status); // an epoch that a resumed run goes on with has no beginning
///         Ok(Flow::Continue)
///     }
///     fn on_epoch_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
///         self.0.begin(status);
///         Ok(Flow::Continue)
///     }
///     fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
///         println!("{:.0} samples/s, {:.0} s left", self.0.samples_per_second(status), self.0.left(status));
///         Ok(Flow::Continue)
///     }
///     fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
///         self.0.end(status);
///         Ok(Flow::Continue)
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Pace {
    /// When this process began with this epoch, and what was done of it before.
    begin: Instant,
    batches: usize,
    samples: usize,
    /// How long the last whole epoch took, validation included.
    epoch: Option<f64>,
}

impl Pace {
    /// Nothing is known yet.
    pub fn new() -> Pace {
        Pace { begin: Instant::now(), batches: 0, samples: 0, epoch: None }
    }

    /// At the beginning of a training, or of an epoch.
    pub fn begin(&mut self, status: &Status<'_>) {
        let epoch = self.epoch;
        *self = Pace { begin: Instant::now(), batches: status.batch, samples: status.samples, epoch };
    }

    /// At the end of an epoch.
    pub fn end(&mut self, status: &Status<'_>) {
        self.epoch = status.record.map(|record| record.seconds);
    }

    /// How many samples pass in a second, in this epoch.
    pub fn samples_per_second(&self, status: &Status<'_>) -> f64 {
        // Fewer than at the beginning are those of another epoch, whose beginning was not told.
        status.samples.saturating_sub(self.samples) as f64 / self.begin.elapsed().as_secs_f64()
    }

    /// How many seconds are left until the last epoch is over, if all goes on like this.
    pub fn left(&self, status: &Status<'_>) -> f64 {
        let epochs = (status.epochs - status.epoch.min(status.epochs)) as f64;
        let (done, batches) = (status.batch.saturating_sub(self.batches), status.batches as f64);
        let of_batch = if done > 0 { self.begin.elapsed().as_secs_f64() / done as f64 } else { 0.0 };
        let of_epoch = self.epoch.unwrap_or(of_batch * batches);
        epochs * of_epoch + of_batch * (batches - status.batch as f64)
    }
}

impl Default for Pace {
    fn default() -> Pace {
        Pace::new()
    }
}
