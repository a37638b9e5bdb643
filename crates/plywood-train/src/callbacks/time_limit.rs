//! Stopping when the time is over.

use crate::{Callback, Flow, Status};
use plywood_tensor::Result;
use std::time::{Duration, Instant};

/// Stops after the batch, or the validation, during which the time ran out.
///
/// The time counts from the beginning of this call of [`fit`](crate::Trainer::fit); a run that is resumed has all of it again,
/// as a job on a cluster does. The epoch that was not completed is in no history, but what was learnt in it stays, unless
/// [`EarlyStopping`](crate::EarlyStopping) takes back what came after the best epoch. Nothing that is being computed is broken
/// off: leave time for a batch, a validation and what you do after the training.
///
/// # Example
/// ```
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, Progress, TimeLimit, Trainer};
/// use std::time::Duration;
///
/// let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
/// let limit = TimeLimit::new(Duration::from_secs(3600));
/// let history = trainer.fit_arrays(&x, &y, Fit::epochs(3).callback(limit).progress(Progress::Silent))?;
/// assert_eq!(history.len(), 3); // done long before
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Lightning: `Timer`, which counts the time of earlier parts of a resumed run too.
#[derive(Debug, Clone)]
#[doc(alias = "max_time")]
pub struct TimeLimit {
    limit: Duration,
    begin: Instant,
}

impl TimeLimit {
    /// After so much time.
    pub fn new(limit: Duration) -> TimeLimit {
        TimeLimit { limit, begin: Instant::now() }
    }

    fn flow(&self) -> Result<Flow> {
        Ok(self.flow_at(Instant::now()))
    }

    fn flow_at(&self, now: Instant) -> Flow {
        if now.saturating_duration_since(self.begin) < self.limit { Flow::Continue } else { Flow::Stop }
    }
}

impl Callback for TimeLimit {
    fn on_train_begin(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.begin = Instant::now();
        self.flow()
    }

    fn on_batch_end(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.flow()
    }

    fn on_epoch_end(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.flow()
    }
}

#[cfg(test)]
mod tests {
    use super::TimeLimit;
    use crate::callbacks::testing::in_first_epoch;
    use crate::{Callback, Flow};
    use std::time::Duration;

    #[test]
    fn time_is_over_from_the_limit_on() {
        let limit = TimeLimit::new(Duration::from_millis(25));
        for (milliseconds, flow) in
            [(0, Flow::Continue), (24, Flow::Continue), (25, Flow::Stop), (26, Flow::Stop)]
        {
            assert_eq!(
                limit.flow_at(limit.begin + Duration::from_millis(milliseconds)),
                flow,
                "{milliseconds}"
            );
        }
    }

    #[test]
    fn it_looks_at_the_clock_at_every_moment_and_begins_with_the_training() {
        for (limit, flow) in [(Duration::ZERO, Flow::Stop), (Duration::MAX, Flow::Continue)] {
            let mut limit = TimeLimit::new(limit);
            assert_eq!(in_first_epoch(|status| limit.on_train_begin(status).unwrap()), flow);
            assert_eq!(in_first_epoch(|status| limit.on_batch_end(status).unwrap()), flow);
            assert_eq!(in_first_epoch(|status| limit.on_epoch_end(status).unwrap()), flow);
        }
        let mut limit = TimeLimit::new(Duration::MAX);
        let other = limit.begin + Duration::from_secs(3600);
        limit.begin = other;
        in_first_epoch(|status| limit.on_train_begin(status).unwrap());
        assert!(limit.begin < other);
    }
}
