//! What a run leaves on disk, and how another goes on from it.

use super::Trainer;
use super::stand::Stand;
use crate::checkpoint::Difference;
use crate::checkpoint::program::Program;
use crate::checkpoint::snapshot::Snapshot;
use crate::checkpoint::{Disk, Folder, Fs, Resumed};
use crate::{Input, TrainError};
use plywood_autograd::BufferValue;
use plywood_nn::{Module, Outline, Parameters, StateDict, SummaryRow};
use plywood_tensor::{At, Result, Shape};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

impl<M: Parameters, X, Y> Trainer<M, X, Y> {
    /// Writes every parameter and buffer of the model to a `safetensors` file, which PyTorch reads too.
    ///
    /// # Errors
    /// [`NnError::File`](plywood_nn::NnError::File) if the file cannot be written.
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<()> {
        self.model.state_dict().save_safetensors(path)
    }

    /// Takes over every parameter and buffer of a `safetensors` file; nothing is changed if it does not fit.
    ///
    /// # Errors
    /// [`NnError::File`](plywood_nn::NnError::File) if it cannot be read or is damaged,
    /// [`NnError::State`](plywood_nn::NnError::State) if it does not fit the model.
    pub fn load_weights(&mut self, path: impl AsRef<Path>) -> Result<()> {
        self.model_mut().load_state_dict(&StateDict::load_safetensors(path)?)
    }

    /// Takes over the weights of the best checkpoint of a folder, by a quantity that
    /// [`keep_best`](crate::Checkpoints::keep_best) has named; returns its path.
    ///
    /// # Errors
    /// [`TrainError::NoCheckpoint`] if there is none with this quantity, [`TrainError::File`] if it is damaged,
    /// [`NnError::State`](plywood_nn::NnError::State) if it does not fit the model.
    pub fn load_best(&mut self, folder: impl AsRef<Path>, monitor: &str) -> Result<PathBuf> {
        let folder = Folder { fs: &Disk, path: folder.as_ref() };
        let Some(path) = folder.best(monitor)? else {
            let reasons = vec![format!("none has measured {monitor:?}")];
            return Err(TrainError::NoCheckpoint { folder: folder.path.to_owned(), reasons }.into());
        };
        let Snapshot { mut model, stand, .. } = folder.read(&path)?;
        // It was the mean that was judged.
        let average = stand.and_then(|stand| stand.average);
        for (name, value) in average.into_iter().flat_map(|mean| mean.tensors) {
            model.0.insert(name, BufferValue::Float(value));
        }
        self.model_mut().load_state_dict(&model)?;
        Ok(path)
    }

    /// Lets the next [`fit`](Trainer::fit) begin a course of its own, with other batches or other epochs, instead of going on
    /// with that of the run that was [resumed](Trainer::resume); weights, optimizer and steps stay. So does the history up to
    /// [`Fit::initial_epoch`](crate::Fit::initial_epoch), which is where that `fit` begins.
    pub fn leave_course(&mut self) {
        (self.stand, self.goes_on) = (None, false);
    }
}

impl<M: Module<X::Leaf>, X: Input, Y> Trainer<M, X, Y> {
    /// Writes a [checkpoint](crate::checkpoint) into a folder, which is made where it is missing; returns its path.
    ///
    /// It is that of the run as the last [`fit`](Trainer::fit) or [`resume`](Trainer::resume) has left it, with what callbacks
    /// remembered then: with the weights of the last step, also where the model has got their mean or the best ones at the end.
    /// If the folder has one of the same step already, this takes its place.
    ///
    /// # Errors
    /// [`TrainError::File`] if something cannot be written, or one of the same step not be removed; [`TrainError::Astray`]
    /// after a `fit` that has ended with an error, in the midst of a step: weights can be saved by [`Trainer::save_weights`].
    pub fn save_checkpoint(&self, folder: impl AsRef<Path>) -> Result<PathBuf> {
        if self.astray {
            return Err(TrainError::Astray.into());
        }
        let folder = Folder { fs: &Disk, path: folder.as_ref() };
        let _lock = folder.prepare()?;
        let (path, left) = folder.write(self.snapshot(self.stand.clone()))?;
        left.into_iter().next().map_or(Ok(path), |error| Err(error.into()))
    }

    /// Goes on from the newest checkpoint of a folder that is whole; nothing is changed where there is none.
    ///
    /// The next [`fit`](Trainer::fit) continues where the run stood, in the midst of an epoch too, and ends in the same bits
    /// as if nothing had happened, on any number of threads and workers. The trainer has to be compiled and `fit`
    /// called in the same way: what was given as code, such as a rule, a schedule or an augmentation, is in no file, and neither
    /// is what a custom step or a callback without [`state`](crate::Callback::state) keeps, or which parameters are frozen.
    ///
    /// Until that `fit`, the model has the weights of the last step: not yet the mean or the best ones with which a training
    /// ends, if it keeps such. A `fit` with no epoch left brings them back, and leaves the checkpoints as they are.
    ///
    /// The learning rate is that of the checkpoint, which a callback may have lowered: to go on with another one, set it after this.
    /// What the program says otherwise than the one that saved, the optimizer's settings and the layers, stands in
    /// [`Resumed::differences`](crate::Resumed::differences), and is printed with it.
    ///
    /// ```
    /// # use plywood_losses::MeanSquaredError;
    /// # use plywood_nn::Linear;
    /// # use plywood_optim::Sgd;
    /// # use plywood_tensor::{Seed, Tensor};
    /// # use plywood_train::Trainer;
    /// # let model = Linear::new(1, 1, &Seed(7).stream())?;
    /// # let mut trainer: Trainer<_, Tensor, Tensor> = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
    /// let resumed = trainer.resume("runs/of last week")?;
    /// assert_eq!(resumed.to_string(), "no checkpoint: the run begins");
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TrainError::NoCheckpoint`] if there are checkpoints, and none of them is whole;
    /// [`NnError::State`](plywood_nn::NnError::State) if the model is another one, and what the optimizer refuses.
    pub fn resume(&mut self, folder: impl AsRef<Path>) -> Result<Resumed> {
        self.resume_on(&Disk, folder)
    }

    /// As [`Trainer::resume`], from another file system than that of the machine.
    ///
    /// # Errors
    /// As [`Trainer::resume`].
    pub fn resume_on(&mut self, fs: &dyn Fs, folder: impl AsRef<Path>) -> Result<Resumed> {
        let (newest, skipped) = Folder { fs, path: folder.as_ref() }.newest()?;
        let Some((path, snapshot)) = newest else {
            let differences = Vec::new();
            return Ok(Resumed { checkpoint: None, steps: 0, epochs: 0, batch: 0, skipped, differences });
        };
        let Snapshot { model, optimizer, steps, history, stand, program } = snapshot;
        let (before, learning_rate) = (self.model.state_dict(), self.optimizer.learning_rate());
        self.model.load_state_dict(&model).at(path.display())?;
        if let Err(error) = self.optimizer.load_state_dict(&optimizer) {
            self.model.load_state_dict(&before)?;
            return Err(error.at(path.display()));
        }
        (self.steps, self.history) = (steps, history);
        let (epochs, batch) = stand.as_ref().map_or((0, 0), |at| (at.position.epochs, at.position.batch));
        self.damaged =
            skipped.iter().filter_map(|skipped| skipped.path.file_name().map(OsString::from)).collect();
        (self.goes_on, self.astray) = (stand.is_some(), false);
        self.stand = stand;
        self.resumed_from = Some(path.clone());
        let differences = self.differences(learning_rate, optimizer.learning_rate, program.as_ref());
        self.sample = program.and_then(|said| Shape::new(&said.input?).ok());
        Ok(Resumed { checkpoint: Some(path), steps, epochs, batch, skipped, differences })
    }

    pub(super) fn snapshot(&self, stand: Option<Stand>) -> Snapshot {
        let weights = stand.as_ref().and_then(|stand| stand.weights.clone());
        Snapshot {
            model: weights.unwrap_or_else(|| self.model.state_dict()),
            optimizer: self.optimizer.state_dict(),
            steps: self.steps,
            history: self.history.clone(),
            stand,
            program: Some(self.program(self.sample.as_deref())),
        }
    }

    /// What this program says of itself, to a model that is given inputs of this shape.
    fn program(&self, input: Option<&[usize]>) -> Program {
        let rule = self.optimizer.rule();
        let layers = input.and_then(|input| {
            let mut outline = Outline::default();
            self.model.outline(&Shape::new(input).ok()?, &mut outline).ok()?;
            let named = |row: &SummaryRow| {
                if row.path.is_empty() { row.layer.clone() } else { format!("{}: {}", row.path, row.layer) }
            };
            Some(outline.rows().iter().map(named).collect())
        });
        Program::new(&format!("{rule:?}"), rule.learning_rate(), input, layers.unwrap_or_default())
    }

    /// Where the program, whose learning rate this is, does not agree with the checkpoint.
    fn differences(&self, learning_rate: f64, saved: f64, checkpoint: Option<&Program>) -> Vec<Difference> {
        // It may have been moved on purpose since the rule began with it: then the program says what it said before.
        let said_before = checkpoint.is_some_and(|said| said.learning_rate == format!("{learning_rate:?}"));
        let moved = learning_rate != saved && !said_before;
        let mut differences: Vec<Difference> =
            moved.then(|| Difference::of_learning_rate(saved, learning_rate)).into_iter().collect();
        if let Some(said) = checkpoint {
            differences.extend(said.differences(&self.program(said.input.as_deref())));
        }
        differences
    }
}
