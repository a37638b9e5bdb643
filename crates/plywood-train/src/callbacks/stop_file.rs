//! Stopping from outside, by a file.

use crate::codec::Defect;
use crate::{Callback, Flow, Status, TrainError};
use plywood_tensor::Result;
use std::io::ErrorKind;
use std::path::PathBuf;

/// Stops after the batch, or the validation, during which a file has appeared, and removes it: `touch stop` ends a training on
/// another machine.
///
/// A file that is there at the beginning is left from an earlier run: it is removed, and the training runs. As after any stop by
/// a callback, [`EarlyStopping`](crate::EarlyStopping) takes back what was learnt since the best epoch; a
/// [`StopSignal`](crate::StopSignal) leaves the weights as they are.
///
/// # Example
/// ```
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, Progress, StopFile, Trainer, on_batch_end};
///
/// let path = std::env::temp_dir().join(format!("plywood-stop-{}", std::process::id()));
/// let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
/// let touch = on_batch_end(|status| if status.step == 4 { std::fs::write(&path, "").map_err(Into::into) } else { Ok(()) });
/// let fit = Fit::epochs(10).callback(touch).callback(StopFile::new(&path)).progress(Progress::Silent);
/// trainer.fit_arrays(&x, &y, fit)?;
/// assert_eq!(trainer.steps(), 4);
/// assert!(!path.exists());
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// Training fails with [`TrainError::File`] if the file cannot be removed: it would stop the next training too.
/// # References
/// No rival has it; schedulers of clusters and people with a terminal alone ask for it.
#[derive(Debug, Clone)]
pub struct StopFile {
    path: PathBuf,
}

impl StopFile {
    /// By this file.
    pub fn new(path: impl Into<PathBuf>) -> StopFile {
        StopFile { path: path.into() }
    }

    /// Removes the file; whether it was there.
    fn take(&self) -> Result<bool> {
        // A look costs less than a try to remove: it is done after every batch.
        if !self.path.exists() {
            return Ok(false);
        }
        self.remove()?;
        Ok(true)
    }

    /// Removes a file that was there when it was looked for; by now, another training that watches it may have done so.
    fn remove(&self) -> Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(TrainError::file(&self.path, Defect::from(error)).into())
            }
            _ => Ok(()),
        }
    }

    fn flow(&self) -> Result<Flow> {
        Ok(if self.take()? { Flow::Stop } else { Flow::Continue })
    }
}

impl Callback for StopFile {
    fn on_train_begin(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.take().map(|_| Flow::Continue)
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
    use super::StopFile;

    #[test]
    fn a_file_that_another_has_removed_is_gone_all_the_same() {
        let path = std::env::temp_dir().join(format!("plywood-stop-file-{}", std::process::id()));
        let (first, second) = (StopFile::new(&path), StopFile::new(&path));
        std::fs::write(&path, "").unwrap();
        first.remove().unwrap();
        second.remove().unwrap();
        assert!(!second.take().unwrap());
    }
}
