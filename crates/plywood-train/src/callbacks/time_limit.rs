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
/// let limit = TimeLimit::new(Duration::from_millis(20));
/// let history = trainer.fit_arrays(&x, &y, Fit::epochs(usize::MAX).callback(limit).progress(Progress::Silent))?;
/// assert!(trainer.steps() > 0 && history.len() < usize::MAX);
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
        Ok(if self.begin.elapsed() < self.limit { Flow::Continue } else { Flow::Stop })
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
