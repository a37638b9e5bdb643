//! Stopping when it gets no better.

use crate::{Callback, CallbackState, Flow, Restored, Status};
use plywood_nn::StateDict;
use plywood_tensor::Result;

/// As errors call it.
const OWNER: &str = "early stopping";

/// Stops when a quantity has not become better for some epochs, and takes back what was learnt since the best.
///
/// More is better if a metric says so, otherwise less. NaN is never better, not even than nothing.
///
/// The weights are taken back when the training ends by itself or by a callback, this one or another. When it is
/// interrupted by a [`StopSignal`](crate::StopSignal), they stay as they are, in step with the optimizer.
///
/// Which epoch that was, and what the quantity was then, is told by those who show the progress, and by
/// [`History::restored`](crate::History::restored), unless it is the last epoch.
///
/// ```
/// use plywood_train::EarlyStopping;
///
/// let stopping = EarlyStopping::new("validation loss").patience(5).min_delta(1e-3);
/// assert_eq!(stopping.best_epoch(), None); // nothing was seen yet
/// ```
/// # References
/// Keras' `EarlyStopping`, which restores the best weights only when asked to.
#[derive(Debug, Clone)]
pub struct EarlyStopping {
    monitor: String,
    patience: usize,
    min_delta: f64,
    restore_best: bool,
    best: Option<Best>,
    /// How many epochs in a row were no better.
    waited: usize,
}

#[derive(Debug, Clone)]
struct Best {
    value: f64,
    epoch: usize,
    weights: Option<StateDict>,
}

impl EarlyStopping {
    /// Watches a quantity of [`EpochRecord`](crate::EpochRecord): `loss`, `validation loss`, `validation accuracy`, …
    ///
    /// One that there is not is an error when the training begins.
    pub fn new(monitor: impl Into<String>) -> EarlyStopping {
        EarlyStopping {
            monitor: monitor.into(),
            patience: 1,
            min_delta: 0.0,
            restore_best: true,
            best: None,
            waited: 0,
        }
    }

    /// How many epochs in a row may be no better before it stops; 1 unless set.
    #[must_use]
    pub fn patience(self, epochs: usize) -> EarlyStopping {
        EarlyStopping { patience: epochs, ..self }
    }

    /// By how much an epoch must be better to count.
    #[must_use]
    pub fn min_delta(self, min_delta: f64) -> EarlyStopping {
        EarlyStopping { min_delta, ..self }
    }

    /// Whether the model ends as it was after the best epoch; it does unless told otherwise.
    #[must_use]
    pub fn restore_best(self, restore_best: bool) -> EarlyStopping {
        EarlyStopping { restore_best, ..self }
    }

    /// The best epoch so far; none while the quantity was never a number.
    pub fn best_epoch(&self) -> Option<usize> {
        self.best.as_ref().map(|best| best.epoch)
    }
}

impl Callback for EarlyStopping {
    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        status.expect(OWNER, &self.monitor)?;
        (self.best, self.waited) = (None, 0);
        Ok(Flow::Continue)
    }

    fn on_epoch_begin(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        // A run that it has ended, and that is resumed all the same.
        let ended = self.waited > 0 && self.waited >= self.patience;
        Ok(if ended { Flow::Stop } else { Flow::Continue })
    }

    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let Some((value, sign)) = status.monitored(OWNER, &self.monitor)? else {
            return Ok(Flow::Continue);
        };
        let better = match &self.best {
            Some(best) => sign * value < sign * best.value - self.min_delta,
            None => !value.is_nan(),
        };
        if better {
            let weights = self.restore_best.then(|| status.model.state_dict());
            self.best = Some(Best { value, epoch: status.epoch, weights });
            self.waited = 0;
            return Ok(Flow::Continue);
        }
        self.waited += 1;
        Ok(if self.waited >= self.patience { Flow::Stop } else { Flow::Continue })
    }

    fn on_train_end(&mut self, status: &mut Status<'_>) -> Result<()> {
        let Some(best) = &mut self.best else { return Ok(()) };
        if let (Some(weights), false) = (best.weights.take(), status.interrupted) {
            status.model.load_state_dict(&weights)?;
            // After the best epoch itself there is nothing to tell.
            if best.epoch != status.epoch {
                let Best { value, epoch, .. } = *best;
                status.restored = Some(Restored { epoch, monitor: self.monitor.clone(), value });
            }
        }
        Ok(())
    }

    fn state(&self) -> Result<Option<CallbackState>> {
        let best = self.best.as_ref();
        let memory = (best.map(|best| (best.value, best.epoch)), self.waited);
        let state = CallbackState::new(format!("early stopping of {}", self.monitor), &memory)?;
        let weights = best.and_then(|best| best.weights.clone());
        Ok(Some(state.with_tensors(weights.unwrap_or_default())))
    }

    fn load_state(&mut self, state: &CallbackState) -> Result<()> {
        let (best, waited): (Option<(f64, usize)>, usize) = state.value()?;
        let weights =
            self.restore_best.then(|| state.tensors().clone()).filter(|weights| !weights.0.is_empty());
        self.best = best.map(|(value, epoch)| Best { value, epoch, weights });
        self.waited = waited;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::end_epoch;
    use super::*;
    use plywood_optim::{Optimizer, Sgd};

    /// The epoch at which it stops, and the best one.
    fn watch(losses: &[f64], patience: usize) -> (Option<usize>, Option<usize>) {
        let mut optimizer = Optimizer::new(Sgd::new(0.1));
        let mut stopping = EarlyStopping::new("loss").patience(patience);
        for (&loss, epoch) in losses.iter().zip(1..) {
            if end_epoch(&mut stopping, &mut optimizer, epoch, loss) == Flow::Stop {
                return (Some(epoch), stopping.best_epoch());
            }
        }
        (None, stopping.best_epoch())
    }

    #[test]
    fn nan_is_never_better() {
        const NAN: f64 = f64::NAN;
        for (losses, patience, stop, best) in [
            (&[NAN, NAN, NAN, NAN][..], 2, Some(2), None),
            (&[NAN, NAN, NAN, NAN], 9, None, None),
            (&[NAN, 2.0, NAN, 1.0], 2, None, Some(4)),
            (&[2.0, NAN, NAN, 1.0], 2, Some(3), Some(1)),
            (&[2.0, NAN, 3.0, 1.0], 3, None, Some(4)),
            (&[f64::INFINITY, 2.0, 2.0], 1, Some(3), Some(2)),
        ] {
            assert_eq!(watch(losses, patience), (stop, best), "{losses:?}, patience {patience}");
        }
    }
}
