//! What happened in training, epoch by epoch.

mod record;
mod table;

pub use record::EpochRecord;

use crate::{Plot, Restored};
use plywood_tensor::Result;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What happened in training, epoch by epoch; prints as a table.
///
/// ```
/// use plywood_train::{EpochRecord, Evaluation, History};
///
/// let score = |loss| Evaluation::new(loss, [], 100);
/// let epoch = |epoch, loss, validation| EpochRecord {
///     epoch,
///     training: score(loss),
///     validation: Some(score(validation)),
///     skipped: 0,
///     gradient_norm: None,
///     learning_rate: 0.001,
///     seconds: 0.012,
/// };
/// let history = History::from_iter([epoch(1, 0.7, 0.5), epoch(2, 0.4, 0.3), epoch(3, 0.2, 0.35)]);
/// assert_eq!(history.series("validation loss"), [(1, 0.5), (2, 0.3), (3, 0.35)]);
/// assert_eq!(history.best_epoch().map(|best| best.epoch), Some(2));
/// assert_eq!(history.to_string(), "\
/// epoch    loss  validation loss  learning rate   time
///     1  0.7000           0.5000         0.0010  12 ms
///     2  0.4000           0.3000         0.0010  12 ms
///     3  0.2000           0.3500         0.0010  12 ms");
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    epochs: Vec<EpochRecord>,
    /// In no file: it belongs to the model as the training has left it.
    #[serde(skip)]
    pub(crate) restored: Option<Restored>,
}

impl History {
    /// The epochs in order.
    pub fn epochs(&self) -> &[EpochRecord] {
        &self.epochs
    }

    /// How many epochs there were.
    pub fn len(&self) -> usize {
        self.epochs.len()
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.epochs.is_empty()
    }

    /// The last epoch.
    pub fn last(&self) -> Option<&EpochRecord> {
        self.epochs.last()
    }

    /// The epoch of the smallest validation loss, or of the smallest training loss if nothing was validated.
    pub fn best_epoch(&self) -> Option<&EpochRecord> {
        let validated = self.epochs.iter().any(|record| record.validation.is_some());
        let name = if validated { "validation loss" } else { "loss" };
        let scored = self.epochs.iter().filter_map(|record| Some((record.get(name)?, record)));
        let finite = scored.filter(|(loss, _)| !loss.is_nan());
        finite.min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, record)| record)
    }

    /// One quantity through the epochs, such as `loss`, `validation accuracy` or `learning rate`: epoch and value.
    pub fn series(&self, name: &str) -> Vec<(usize, f64)> {
        self.epochs.iter().filter_map(|record| Some((record.epoch, record.get(name)?))).collect()
    }

    /// Draws the loss and every metric, in training and in validation, into an SVG file, in a folder that is made where it is
    /// missing.
    ///
    /// # Errors
    /// [`TrainError::EmptyPlot`](crate::TrainError::EmptyPlot) if there is no epoch,
    /// [`TrainError::File`](crate::TrainError::File) if the file cannot be written.
    pub fn plot(&self, path: impl AsRef<Path>) -> Result<()> {
        Plot::of(self).save(path)
    }

    /// The earlier weights that the model has ended with, as [`EarlyStopping`](crate::EarlyStopping) restores the best ones; none if
    /// it has those of the last step. A history that was saved has forgotten it.
    ///
    /// ```
    /// use plywood_losses::MeanSquaredError;
    /// use plywood_nn::Linear;
    /// use plywood_optim::Sgd;
    /// use plywood_tensor::{Seed, Tensor};
    /// use plywood_train::{EarlyStopping, Fit, Progress, Trainer};
    ///
    /// let (x, y) = (Tensor::from([[1.0]]), Tensor::from([[1.0]]));
    /// let model = Linear::new(1, 1, &Seed(7).stream())?;
    /// let mut trainer = Trainer::compile(model, Sgd::new(0.6), MeanSquaredError); // ever farther away
    /// let fit = Fit::epochs(9).callback(EarlyStopping::new("loss").patience(2)).progress(Progress::Silent);
    /// let history = trainer.fit_arrays(&x, &y, fit)?;
    /// assert_eq!((history.len(), history.restored().map(|restored| restored.epoch)), (3, Some(1)));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    pub fn restored(&self) -> Option<&Restored> {
        self.restored.as_ref()
    }

    /// Forgets what came after so many epochs: a training begins there.
    pub(crate) fn begin_at(&mut self, epochs: usize) {
        self.epochs.retain(|record| record.epoch <= epochs);
        self.restored = None;
    }

    pub(crate) fn push(&mut self, record: EpochRecord) {
        self.epochs.push(record);
    }
}

impl FromIterator<EpochRecord> for History {
    fn from_iter<I: IntoIterator<Item = EpochRecord>>(epochs: I) -> History {
        History { epochs: epochs.into_iter().collect(), restored: None }
    }
}
