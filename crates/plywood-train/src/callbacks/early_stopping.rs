//! Stopping when it gets no better.

use crate::{Callback, Flow, Status, TrainError};
use plywood_nn::StateDict;
use plywood_tensor::Result;

/// Stops when a quantity has not become better for some epochs, and takes back what was learnt since the best.
///
/// More is better if a metric says so, otherwise less. NaN is never better.
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
}

#[derive(Debug, Clone)]
struct Best {
    value: f64,
    epoch: usize,
    weights: Option<StateDict>,
}

impl EarlyStopping {
    /// Watches a quantity of [`EpochRecord`](crate::EpochRecord): `loss`, `validation loss`, `validation accuracy`, …
    pub fn new(monitor: impl Into<String>) -> EarlyStopping {
        EarlyStopping { monitor: monitor.into(), patience: 1, min_delta: 0.0, restore_best: true, best: None }
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

    /// The best epoch so far.
    pub fn best_epoch(&self) -> Option<usize> {
        self.best.as_ref().map(|best| best.epoch)
    }
}

impl Callback for EarlyStopping {
    fn on_train_begin(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.best = None;
        Ok(Flow::Continue)
    }

    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let Some(record) = status.record else { return Ok(Flow::Continue) };
        let Some(value) = record.get(&self.monitor) else {
            let known = record.iter().map(|(name, _)| format!("{name:?}")).collect();
            let (callback, name) = ("early stopping", self.monitor.clone());
            return Err(TrainError::Monitor { callback, name, known }.into());
        };
        let sign = if status.higher_is_better(&self.monitor) { -1.0 } else { 1.0 };
        let better = match &self.best {
            Some(best) if !best.value.is_nan() => sign * value < sign * best.value - self.min_delta,
            _ => true,
        };
        if better {
            let weights = self.restore_best.then(|| status.model.state_dict());
            self.best = Some(Best { value, epoch: status.epoch, weights });
        }
        let since = self.best_epoch().map_or(0, |best| status.epoch - best);
        Ok(if !better && since >= self.patience { Flow::Stop } else { Flow::Continue })
    }

    fn on_train_end(&mut self, status: &mut Status<'_>) -> Result<()> {
        match self.best.as_mut().and_then(|best| best.weights.take()) {
            Some(weights) => status.model.load_state_dict(&weights),
            None => Ok(()),
        }
    }
}
