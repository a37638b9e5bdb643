//! A training in TensorBoard.

use crate::{Callback, EventWriter, Flow, Status};
use plywood_tensor::Result;
use std::path::PathBuf;

/// Writes a training down for TensorBoard: `tensorboard --logdir runs` shows it while it runs.
///
/// Training goes into the folder `train` of the given one, validation into `validation`, under the same names: TensorBoard
/// draws the two curves into one picture. At the end of each epoch the loss and every metric are written, and the learning rate.
/// The step is always that of the training, through all epochs.
///
/// A run that is [resumed](crate::Trainer::resume) begins new files in the same folders; what the earlier ones say of later steps is
/// not shown any more. Otherwise give each run a folder of its own, such as `runs/adam-3`: TensorBoard shows them side by side.
///
/// # Example
/// ```
/// use plywood_data::datasets;
/// use plywood_losses::{Accuracy, CrossEntropy};
/// use plywood_nn::Sequential;
/// use plywood_optim::Adam;
/// use plywood_tensor::Seed;
/// use plywood_train::{Fit, Progress, TensorBoard, Trainer};
///
/// # let folder = std::env::temp_dir().join(format!("plywood-tensorboard-{}", std::process::id()));
/// let (train, validation) = datasets::digits().split(0.8, Seed(7))?;
/// let model = Sequential::input([64]).linear(16).relu().linear(10).build(Seed(7))?;
/// let board = TensorBoard::new(&folder)
///     .text("model", model.summary()?.to_string())
///     .every_steps(10)
///     .weights_every(1);
/// let mut trainer = Trainer::compile(model, Adam::new(0.01), CrossEntropy::default()).metric(Accuracy);
/// let fit = Fit::epochs(2).validation(&validation).callback(board).progress(Progress::Silent);
/// trainer.fit(&train, fit)?;
/// let files = |part: &str| std::fs::read_dir(folder.join(part)).unwrap().count();
/// assert_eq!([files("train"), files("validation")], [1, 1]);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// Training fails with [`TrainError::File`](crate::TrainError::File) if a file cannot be written.
/// # References
/// Keras: `TensorBoard`, whose epochs are steps of their own.
#[derive(Debug)]
pub struct TensorBoard {
    folder: PathBuf,
    texts: Vec<(String, String)>,
    every_steps: u64,
    weights_every: usize,
    gradients_every: usize,
    train: Option<EventWriter>,
    validation: Option<EventWriter>,
    /// The step before which a resumed run goes on.
    start: u64,
}

impl TensorBoard {
    /// Into this folder, which is made if it is not there.
    #[doc(alias = "log_dir")]
    pub fn new(folder: impl Into<PathBuf>) -> TensorBoard {
        TensorBoard {
            folder: folder.into(),
            texts: Vec::new(),
            every_steps: 0,
            weights_every: 0,
            gradients_every: 0,
            train: None,
            validation: None,
            start: 0,
        }
    }

    /// Also writes down the loss of the batch and the learning rate after every so many steps; never if 0, as unless set.
    #[must_use]
    #[doc(alias = "update_freq")]
    pub fn every_steps(self, steps: u64) -> TensorBoard {
        TensorBoard { every_steps: steps, ..self }
    }

    /// Also writes down how the values of each parameter are distributed, at the beginning and after every so many epochs;
    /// never if 0, as unless set.
    #[must_use]
    #[doc(alias = "histogram_freq")]
    pub fn weights_every(self, epochs: usize) -> TensorBoard {
        TensorBoard { weights_every: epochs, ..self }
    }

    /// Also writes down how the gradients of each parameter are distributed, before they are limited, at the last step of every so
    /// many epochs; never if 0, as unless set. An epoch whose last step is skipped has none; where gradients are
    /// [accumulated](plywood_optim::Optimizer::accumulate), they are those of the last batch.
    /// [`Fit::gradient_norms`](crate::Fit::gradient_norms) has their norm written too.
    #[must_use]
    pub fn gradients_every(self, epochs: usize) -> TensorBoard {
        TensorBoard { gradients_every: epochs, ..self }
    }

    /// Shows a text as it is, in letters of the same width, such as the summary of the model.
    #[must_use]
    pub fn text(mut self, name: impl Into<String>, text: impl Into<String>) -> TensorBoard {
        self.texts.push((name.into(), text.into()));
        self
    }

    fn write_weights(&mut self, status: &Status<'_>) -> Result<()> {
        let Some(train) = &mut self.train else { return Ok(()) };
        for (path, param) in status.model.named_parameters() {
            train.histogram(&format!("weights/{path}"), status.step, param.value())?;
        }
        Ok(())
    }

    fn shows_gradients(&self, epoch: usize) -> bool {
        self.gradients_every > 0 && epoch.is_multiple_of(self.gradients_every)
    }

    fn write_gradients(&mut self, status: &Status<'_>) -> Result<()> {
        let (Some(train), Some(gradients)) = (&mut self.train, status.gradients) else { return Ok(()) };
        for (path, param) in status.model.named_parameters() {
            if let Some(gradient) = gradients.get(param) {
                train.histogram(&format!("gradients/{path}"), status.step, gradient)?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.train.iter_mut().chain(&mut self.validation).try_for_each(EventWriter::flush)
    }
}

impl Callback for TensorBoard {
    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.validation = None;
        self.start = if status.resumed { status.step + 1 } else { 0 };
        let mut train = EventWriter::resume(self.folder.join("train"), self.start)?;
        if !status.resumed {
            for (name, text) in &self.texts {
                // Markdown leaves lines that are set in by four as they are.
                let text: String = text.lines().map(|line| format!("    {line}\n")).collect();
                train.text(name, status.step, &text)?;
            }
        }
        self.train = Some(train);
        if self.weights_every > 0 && !status.resumed {
            self.write_weights(status)?;
        }
        self.flush()?;
        Ok(Flow::Continue)
    }

    fn wants_gradients(&self, status: &Status<'_>) -> bool {
        status.batch + 1 == status.batches && self.shows_gradients(status.epoch)
    }

    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        if self.every_steps > 0
            && status.step.is_multiple_of(self.every_steps)
            && let Some(train) = &mut self.train
        {
            train.scalar("batch/loss", status.step, status.batch_loss)?;
            let rate = status.optimizer.current_learning_rate();
            train.scalar("batch/learning rate", status.step, rate)?;
            if let Some(norm) = status.gradient_norm {
                train.scalar("batch/gradient norm", status.step, norm)?;
            }
        }
        if status.batch == status.batches && self.shows_gradients(status.epoch) {
            self.write_gradients(status)?;
        }
        Ok(Flow::Continue)
    }

    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let (Some(record), Some(train)) = (status.record, &mut self.train) else { return Ok(Flow::Continue) };
        for (name, value) in record.training.iter() {
            train.scalar(name, status.step, value)?;
        }
        if let Some(norm) = record.gradient_norm {
            train.scalar("gradient norm", status.step, norm)?;
        }
        train.scalar("learning rate", status.step, record.learning_rate)?;
        if let Some(scores) = &record.validation {
            if self.validation.is_none() {
                self.validation = Some(EventWriter::resume(self.folder.join("validation"), self.start)?);
            }
            for (name, value) in scores.iter() {
                self.validation.iter_mut().try_for_each(|file| file.scalar(name, status.step, value))?;
            }
        }
        if self.weights_every > 0 && status.epoch.is_multiple_of(self.weights_every) {
            self.write_weights(status)?;
        }
        self.flush()?;
        Ok(Flow::Continue)
    }

    fn on_train_end(&mut self, _: &mut Status<'_>) -> Result<()> {
        self.flush()?;
        (self.train, self.validation) = (None, None);
        Ok(())
    }
}
