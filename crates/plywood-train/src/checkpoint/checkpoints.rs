//! When to save a run, and what to keep.

use super::manifest::Monitored;
use super::{Disk, Fs};
use crate::{EpochRecord, Evaluation, TrainError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// As errors call it.
const OWNER: &str = "checkpoints";

/// When to save a run, where, and what to keep; for [`Fit::checkpoints`](crate::Fit::checkpoints).
///
/// A run is saved at the end of each epoch, after its validation, and when a [`StopSignal`](crate::StopSignal) or a callback
/// ends it. [`Checkpoints::every_steps`] saves in the midst of epochs too.
///
/// ```
/// use plywood_train::{Checkpoints, Fit};
///
/// let checkpoints = Checkpoints::new("runs/digits").every_steps(500).keep_last(3).keep_best("validation loss");
/// let fit: Fit = Fit::epochs(100).checkpoints(checkpoints.in_background());
/// ```
/// # References
/// Keras: `ModelCheckpoint` and `BackupAndRestore`. PyTorch Lightning: `ModelCheckpoint`.
#[derive(Debug, Clone)]
#[doc(alias = "ModelCheckpoint")]
pub struct Checkpoints {
    pub(super) folder: PathBuf,
    pub(super) fs: Arc<dyn Fs>,
    pub(super) every_steps: Option<u64>,
    pub(super) every_epochs: usize,
    pub(super) keep_last: usize,
    pub(super) keep_best: Option<String>,
    pub(super) background: bool,
}

impl Checkpoints {
    /// In this folder, which is made where it is missing: the newest two are kept.
    pub fn new(folder: impl Into<PathBuf>) -> Checkpoints {
        Checkpoints {
            folder: folder.into(),
            fs: Arc::new(Disk),
            every_steps: None,
            every_epochs: 1,
            keep_last: 2,
            keep_best: None,
            background: false,
        }
    }

    /// Also whenever so many steps more were taken, counted through all epochs; never in between if 0.
    #[must_use]
    pub fn every_steps(self, steps: u64) -> Checkpoints {
        Checkpoints { every_steps: (steps > 0).then_some(steps), ..self }
    }

    /// At the end of only each so many epochs, and of the last; 1 unless set.
    #[must_use]
    pub fn every_epochs(self, epochs: usize) -> Checkpoints {
        Checkpoints { every_epochs: epochs.max(1), ..self }
    }

    /// How many of the newest are kept; at least 1, and 2 unless set.
    ///
    /// An older one that cannot be removed ends no training: see [`Trainer::not_removed`](crate::Trainer::not_removed).
    #[must_use]
    pub fn keep_last(self, count: usize) -> Checkpoints {
        Checkpoints { keep_last: count, ..self }
    }

    /// Also keeps the best of those that are saved at the end of an epoch, by a quantity of
    /// [`EpochRecord`](crate::EpochRecord), for [`Trainer::load_best`](crate::Trainer::load_best). One that there is not is an error
    /// when the training begins.
    #[must_use]
    #[doc(alias = "save_best_only")]
    pub fn keep_best(self, monitor: impl Into<String>) -> Checkpoints {
        Checkpoints { keep_best: Some(monitor.into()), ..self }
    }

    /// Lets another thread write, while the training goes on.
    ///
    /// A step is delayed only by the copy of what it changes while that is being written; the memory for the copy is made ready
    /// after the first step. If the next is due before one is
    /// written, the training waits for it: so a kill loses at most two intervals, where it loses one otherwise. An error
    /// is that of the next save, or of the end of the training.
    #[must_use]
    #[doc(alias = "async")]
    pub fn in_background(self) -> Checkpoints {
        Checkpoints { background: true, ..self }
    }

    /// On another file system than that of the machine.
    #[must_use]
    pub fn on(self, fs: impl Fs + 'static) -> Checkpoints {
        Checkpoints { fs: Arc::new(fs), ..self }
    }

    /// Whether this is one of those that are saved here.
    pub(crate) fn are_in(&self, checkpoint: &Path) -> bool {
        checkpoint.parent() == Some(&*self.folder)
    }

    /// Whether a run that has taken so many steps is to be saved.
    pub(crate) fn due(&self, steps: u64) -> bool {
        self.every_steps.is_some_and(|every| steps.is_multiple_of(every))
    }

    /// Whether a run is to be saved after this epoch, counted from 1.
    pub(crate) fn due_after(&self, epoch: usize) -> bool {
        epoch.is_multiple_of(self.every_epochs)
    }

    /// Refuses a quantity by which the best is kept and that no epoch will have.
    pub(crate) fn expect(&self, quantities: &[String]) -> Result<(), TrainError> {
        match &self.keep_best {
            Some(name) if !quantities.contains(name) => Err(TrainError::monitor(OWNER, name, quantities)),
            _ => Ok(()),
        }
    }

    /// What an epoch brought of the quantity by which the best is kept; `rising` are the metrics of which more is better.
    pub(crate) fn monitored(
        &self,
        record: Option<&EpochRecord>,
        rising: &[String],
    ) -> Result<Option<Monitored>, TrainError> {
        let (Some(name), Some(record)) = (&self.keep_best, record) else { return Ok(None) };
        let value = record.monitored(OWNER, name)?;
        let higher_is_better = Evaluation::higher_is_better(name, rising);
        Ok(Some(Monitored { name: name.clone(), value, higher_is_better }))
    }
}
