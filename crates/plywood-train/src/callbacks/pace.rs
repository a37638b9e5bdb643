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
    epochs: EpochTime,
}

/// How long an epoch takes, validation included: a mean in which each epoch counts for four fifths of the one after it. One that
/// was held up, or had a validation that others have not, moves it by a fifth.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct EpochTime {
    sum: f64,
    weight: f64,
}

/// How much of a time still counts when another one has come.
const KEPT: f64 = 0.8;

impl EpochTime {
    pub(super) fn add(&mut self, seconds: f64) {
        *self = EpochTime { sum: KEPT * self.sum + seconds, weight: KEPT * self.weight + 1.0 };
    }

    /// None before the first one is over.
    pub(super) fn mean(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

/// How many seconds are left: of this epoch, of which this `share` is done, and of so many after it, where `batches` says how
/// long the batches of one take at the speed of those that are done.
fn seconds_left(times: EpochTime, batches: f64, share: f64, after: f64) -> f64 {
    let epoch = times.mean().unwrap_or(batches);
    // The first few batches tell little: the more there are, the more they count.
    let this = share * batches + (1.0 - share) * epoch;
    after * epoch + (1.0 - share) * this
}

impl Pace {
    /// Nothing is known yet.
    pub fn new() -> Pace {
        Pace { begin: Instant::now(), batches: 0, samples: 0, epochs: EpochTime::default() }
    }

    /// At the beginning of a training, or of an epoch.
    pub fn begin(&mut self, status: &Status<'_>) {
        let epochs = self.epochs;
        *self = Pace { begin: Instant::now(), batches: status.batch, samples: status.samples, epochs };
    }

    /// At the end of an epoch.
    pub fn end(&mut self, status: &Status<'_>) {
        status.record.into_iter().for_each(|record| self.epochs.add(record.seconds));
    }

    /// How many samples pass in a second, in this epoch.
    pub fn samples_per_second(&self, status: &Status<'_>) -> f64 {
        // Fewer than at the beginning are those of another epoch, whose beginning was not told.
        status.samples.saturating_sub(self.samples) as f64 / self.begin.elapsed().as_secs_f64()
    }

    /// How many seconds are left until the last epoch is over, if all goes on like this: by the epochs that are done, the last ones
    /// above all, and by the batches of this one.
    pub fn left(&self, status: &Status<'_>) -> f64 {
        let after = (status.epochs - status.epoch.min(status.epochs)) as f64;
        let (done, batches) = (status.batch.saturating_sub(self.batches), status.batches as f64);
        let of_batch = if done > 0 { self.begin.elapsed().as_secs_f64() / done as f64 } else { 0.0 };
        seconds_left(self.epochs, of_batch * batches, status.batch as f64 / batches.max(1.0), after)
    }
}

impl Default for Pace {
    fn default() -> Pace {
        Pace::new()
    }
}

#[cfg(test)]
mod tests {
    use super::{EpochTime, seconds_left};

    #[test]
    fn one_epoch_that_was_held_up_does_not_decide_what_is_left() {
        let times = |seconds: &[f64]| {
            let mut times = EpochTime::default();
            seconds.iter().for_each(|&seconds| times.add(seconds));
            times
        };
        for (seconds, batches, share, after, expected) in [
            // Nothing is known, then the first batches tell.
            (&[][..], 0.0, 0.0, 9.0, 0.0..=0.0),
            (&[], 10.0, 0.25, 9.0, 97.5..=97.5),
            // An epoch with its validation: its batches alone would take 8 seconds.
            (&[10.0], 8.0, 0.0, 9.0, 100.0..=100.0),
            (&[10.0], 8.0, 0.5, 0.0, 4.5..=4.5),
            // The first one prepares things, the last one was held up: of 90 seconds neither makes three hundred.
            (&[30.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0], 10.0, 0.0, 8.0, 90.0..=101.0),
            (&[10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 40.0], 10.0, 0.0, 8.0, 90.0..=160.0),
            // What stays slower is believed in the end.
            (&[10.0, 10.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0], 20.0, 0.0, 9.0, 175.0..=200.0),
        ] {
            let left = seconds_left(times(seconds), batches, share, after);
            assert!(expected.contains(&left), "{seconds:?}: {left}");
        }
    }
}
