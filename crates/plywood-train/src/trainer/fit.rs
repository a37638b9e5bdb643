//! How to train.

use super::checks::Checks;
use super::scheduled::{Scheduled, Unit};
use crate::{Callback, Checkpoints, Progress, StopSignal};
use plywood_data::{Batch, Dataset};
use plywood_optim::Average;
use plywood_optim::Schedule;
use plywood_tensor::{IntTensor, Result, Seed, Stream, Tensor};
use std::fmt;
use std::sync::Arc;

/// A data set of which only the types of input and target are known.
pub(crate) type Data<'a, X, Y> = dyn Dataset<Input = X, Target = Y> + 'a;

/// How to train: for how long, in which batches, watched by whom.
///
/// ```
/// use plywood_tensor::Seed;
/// use plywood_train::{EarlyStopping, Fit, Progress};
///
/// let fit: Fit = Fit::epochs(100)
///     .batch_size(64)
///     .validation_split(0.2)
///     .seed(Seed(7))
///     .callback(EarlyStopping::new("validation loss").patience(5))
///     .progress(Progress::Silent);
/// ```
/// # References
/// The arguments of Keras' `Model.fit`.
pub struct Fit<'a, X = Tensor, Y = IntTensor> {
    pub(super) epochs: usize,
    pub(super) initial_epoch: usize,
    pub(super) batch_size: usize,
    pub(super) shuffle: bool,
    pub(super) drop_last: bool,
    pub(super) seed: Seed,
    pub(super) validation: Validation<'a, X, Y>,
    pub(super) class_weights: Option<Vec<f64>>,
    pub(super) sampling_weights: Option<Vec<f64>>,
    pub(super) schedules: Vec<Scheduled<'a>>,
    pub(super) callbacks: Vec<Box<dyn Callback + 'a>>,
    pub(super) progress: Progress,
    pub(super) stop: Option<StopSignal>,
    pub(super) checkpoints: Option<Checkpoints>,
    pub(super) average: Option<Average>,
    pub(super) workers: usize,
    pub(super) prefetch: Option<usize>,
    pub(super) checks: Checks,
    pub(super) augment: Vec<Arc<AugmentSample<X, Y>>>,
    pub(super) augment_batch: Vec<Arc<AugmentBatch<X, Y>>>,
}

type AugmentSample<X, Y> = dyn Fn(X, Y, &Stream) -> Result<(X, Y)> + Send + Sync;
type AugmentBatch<X, Y> = dyn Fn(Batch<X, Y>, &Stream) -> Result<Batch<X, Y>> + Send + Sync;

/// What the model is judged by after each epoch.
pub(super) enum Validation<'a, X, Y> {
    Nothing,
    Data(Box<Data<'a, X, Y>>),
    Split(f64),
}

impl<'a, X, Y> Fit<'a, X, Y> {
    /// Up to and including this epoch, counted from 1; in shuffled batches of 32.
    ///
    /// Epochs are those of this call: a second `fit(…, Fit::epochs(2))` of the same trainer trains two more, its first and its second,
    /// as in Keras. To go on counting, say how many lie behind: `Fit::epochs(4).initial_epoch(2)`.
    pub fn epochs(epochs: usize) -> Fit<'a, X, Y> {
        Fit {
            epochs,
            initial_epoch: 0,
            batch_size: 32,
            shuffle: true,
            drop_last: false,
            seed: Seed(0),
            validation: Validation::Nothing,
            class_weights: None,
            sampling_weights: None,
            schedules: Vec::new(),
            callbacks: Vec::new(),
            progress: Progress::Auto,
            stop: None,
            checkpoints: None,
            average: None,
            workers: 0,
            prefetch: None,
            checks: Checks::default(),
            augment: Vec::new(),
            augment_batch: Vec::new(),
        }
    }

    /// How many epochs lie behind already, when a run is continued; 0 unless set.
    ///
    /// The next epoch has the number after it, in progress, history and logs: [`CsvLog::append`](crate::CsvLog::append) goes on with
    /// the file of the `fit` before. The order of samples and the time of schedules go on too.
    ///
    /// ```
    /// use plywood_losses::MeanSquaredError;
    /// use plywood_nn::Linear;
    /// use plywood_optim::Sgd;
    /// use plywood_tensor::{Seed, Tensor};
    /// use plywood_train::{Fit, Progress, Trainer};
    ///
    /// let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
    /// let model = Linear::new(1, 1, &Seed(7).stream())?;
    /// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
    /// let epochs = |trainer: &Trainer<_, _, _>| -> Vec<usize> {
    ///     trainer.history().epochs().iter().map(|record| record.epoch).collect()
    /// };
    /// let fit = |epochs| Fit::epochs(epochs).progress(Progress::Silent);
    /// trainer.fit_arrays(&x, &y, fit(2))?;
    /// trainer.fit_arrays(&x, &y, fit(4).initial_epoch(2))?;
    /// assert_eq!(epochs(&trainer), [1, 2, 3, 4]);
    /// trainer.fit_arrays(&x, &y, fit(2))?; // a run of its own
    /// assert_eq!((epochs(&trainer), trainer.steps()), (vec![1, 2], 6));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    ///
    /// A run that was [resumed](crate::Trainer::resume) knows by itself.
    #[must_use]
    pub fn initial_epoch(self, done: usize) -> Self {
        Fit { initial_epoch: done, ..self }
    }

    /// How many samples a batch has; the last of an epoch has fewer if they do not divide evenly.
    #[must_use]
    pub fn batch_size(self, batch_size: usize) -> Self {
        Fit { batch_size, ..self }
    }

    /// Whether each epoch visits the samples in another random order; it does unless told otherwise.
    #[must_use]
    pub fn shuffle(self, shuffle: bool) -> Self {
        Fit { shuffle, ..self }
    }

    /// Whether to leave out the last batch of an epoch if it is short.
    #[must_use]
    pub fn drop_last(self, drop_last: bool) -> Self {
        Fit { drop_last, ..self }
    }

    /// Where all random numbers of the training come from: the order of samples, dropout, a validation split.
    #[must_use]
    pub fn seed(self, seed: Seed) -> Self {
        Fit { seed, ..self }
    }

    /// Judges the model by this data after each epoch; takes a data set or a reference to one. An error about it begins with
    /// `validation data`; a few samples are judged before the training, so that what does not fit is known at once.
    #[must_use]
    pub fn validation(self, data: impl Dataset<Input = X, Target = Y> + 'a) -> Self {
        Fit { validation: Validation::Data(Box::new(data)), ..self }
    }

    /// Holds back this share of the samples and judges the model by them after each epoch.
    ///
    /// They are drawn at random, by the seed. Keras takes the last samples as they lie, which goes wrong when a file is
    /// sorted by class; where the order means something, use
    /// [`ArrayDataset::split_at`](plywood_data::ArrayDataset::split_at) and [`Fit::validation`].
    #[must_use]
    pub fn validation_split(self, fraction: f64) -> Self {
        Fit { validation: Validation::Split(fraction), ..self }
    }

    /// Draws the samples of an epoch with probabilities proportional to these weights, one for each sample.
    ///
    /// With a [`validation_split`](Fit::validation_split) too: one for each sample before the split.
    #[must_use]
    pub fn sampling_weights(self, weights: impl Into<Vec<f64>>) -> Self {
        Fit { sampling_weights: Some(weights.into()), ..self }
    }

    /// Multiplies the learning rate with a schedule before each step; its time is the epoch, with the fraction that is done.
    ///
    /// The first step of the training is at 0, the step in the middle of the third epoch at 2.5: the epoch in which
    /// [`Fit::initial_epoch`] lets the training go on, so that a run in parts has the rates of a run as a whole. It multiplies
    /// with what else is done to the learning rate, as by [`ReduceOnPlateau`](crate::ReduceOnPlateau). The factor is 1
    /// again after the training.
    ///
    /// ```
    /// use plywood_losses::MeanSquaredError;
    /// use plywood_nn::Linear;
    /// use plywood_optim::Sgd;
    /// use plywood_optim::schedules::{Cosine, Warmup};
    /// use plywood_tensor::{Seed, Tensor};
    /// use plywood_train::{Fit, Progress, Trainer};
    ///
    /// let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
    /// let model = Linear::new(1, 1, &Seed(7).stream())?;
    /// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
    /// let schedule = Warmup::linear(0.5, 2.0, Cosine::new(4.0)?)?; // two epochs up, four down
    /// let history = trainer.fit_arrays(&x, &y, Fit::epochs(6).schedule(schedule).progress(Progress::Silent))?;
    /// let rates = history.series("learning rate").into_iter().map(|(_, rate)| (rate * 1e4).round() / 1e4);
    /// assert_eq!(rates.collect::<Vec<_>>(), [0.05, 0.075, 0.1, 0.0854, 0.05, 0.0146]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`Trainer::fit`](crate::Trainer::fit) fails with [`TrainError::Schedule`](crate::TrainError::Schedule) at a factor
    /// that is negative or not finite.
    #[must_use]
    #[doc(alias = "lr_scheduler")]
    #[doc(alias = "LearningRateScheduler")]
    pub fn schedule(self, schedule: impl Schedule + 'a) -> Self {
        self.scheduled(None, Unit::Epoch, schedule)
    }

    /// As [`Fit::schedule`], in place of it, but time is the number of steps since the trainer began: that of
    /// [`Trainer::steps`](crate::Trainer::steps), which counts through all calls of `fit` and is saved with the state. Where the
    /// optimizer [accumulates](plywood_optim::Optimizer::accumulate), the batches of one step have one time together: it counts
    /// [its steps](plywood_optim::Optimizer::steps).
    #[must_use]
    pub fn schedule_by_step(self, schedule: impl Schedule + 'a) -> Self {
        self.scheduled(None, Unit::Step, schedule)
    }

    /// Gives a group of the optimizer a schedule of its own, in place of that of all others; its time is the epoch.
    ///
    /// The group is named by the pattern of its [`ParamGroup`](plywood_optim::ParamGroup).
    ///
    /// # Errors
    /// As [`Fit::schedule`]; [`OptimError::NoGroup`](plywood_optim::OptimError::NoGroup) if no group has this pattern.
    #[must_use]
    pub fn schedule_group(self, pattern: impl Into<String>, schedule: impl Schedule + 'a) -> Self {
        self.scheduled(Some(pattern.into()), Unit::Epoch, schedule)
    }

    fn scheduled(mut self, group: Option<String>, unit: Unit, schedule: impl Schedule + 'a) -> Self {
        self.schedules.retain(|other| other.group != group);
        self.schedules.push(Scheduled { group, unit, schedule: Box::new(schedule) });
        self
    }

    /// Does this to each sample before it is trained on, anew in each epoch; several are done one after the other.
    ///
    /// What is drawn from the stream is a function of the seed, the epoch and the sample: see
    /// [`DataLoader::map`](plywood_data::DataLoader::map). What the model is judged by stays as it is.
    ///
    /// ```
    /// use plywood_data::ArrayDataset;
    /// use plywood_losses::MeanSquaredError;
    /// use plywood_nn::Sequential;
    /// use plywood_optim::Sgd;
    /// use plywood_tensor::{Seed, Stream, Tensor};
    /// use plywood_train::{Fit, Progress, Trainer};
    ///
    /// let data = ArrayDataset::new(Tensor::from([[1.0]]), Tensor::from([[5.0]]))?;
    /// let mirrored =
    ///     |x: Tensor, y, draw: &Stream| Ok((if draw.uniform(0) < 0.5 { x.mul_scalar(-1.0) } else { x }, y));
    /// let model = Sequential::input([1]).linear(1).build(Seed(7))?;
    /// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
    /// trainer.fit(&data, Fit::epochs(200).augment(mirrored).progress(Progress::Silent))?;
    /// // The mirrored sample is learnt as well.
    /// assert!((trainer.predict(&Tensor::from([[-1.0]]))?.item()? - 5.0).abs() < 0.01);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[must_use]
    pub fn augment(mut self, map: impl Fn(X, Y, &Stream) -> Result<(X, Y)> + Send + Sync + 'static) -> Self {
        self.augment.push(Arc::new(map));
        self
    }

    /// Does this to each batch before it is trained on, after its samples were augmented; for what mixes samples.
    ///
    /// ```
    /// use plywood_data::{ArrayDataset, Batch};
    /// use plywood_losses::MeanSquaredError;
    /// use plywood_nn::Sequential;
    /// use plywood_optim::Sgd;
    /// use plywood_tensor::{Seed, Tensor};
    /// use plywood_train::{Fit, Progress, Trainer};
    ///
    /// let data = ArrayDataset::new(Tensor::from([[1.0], [2.0]]), Tensor::from([[5.0], [7.0]]))?;
    /// let model = Sequential::input([1]).linear(1).build(Seed(7))?;
    /// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
    /// // Both samples of the batch get the mean of their targets.
    /// let fit = Fit::epochs(1000).progress(Progress::Silent).augment_batch(|batch: Batch<Tensor, Tensor>, _| {
    ///     let y = Tensor::full(batch.y.shape(), batch.y.mean().item()?)?;
    ///     Ok(Batch { y, ..batch })
    /// });
    /// trainer.fit(&data, fit)?;
    /// assert!((trainer.predict(&Tensor::from([[1.0]]))?.item()? - 6.0).abs() < 0.01);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[must_use]
    pub fn augment_batch(
        mut self,
        map: impl Fn(Batch<X, Y>, &Stream) -> Result<Batch<X, Y>> + Send + Sync + 'static,
    ) -> Self {
        self.augment_batch.push(Arc::new(map));
        self
    }

    /// Loads batches ahead on so many threads, validation too; on the thread of the training if 0, as unless told.
    ///
    /// The numbers are the same for any number of them.
    #[must_use]
    #[doc(alias = "num_workers")]
    pub fn workers(self, workers: usize) -> Self {
        Fit { workers, ..self }
    }

    /// How many batches workers load ahead, of validation too; twice as many as there are workers unless told.
    #[must_use]
    pub fn prefetch(self, batches: usize) -> Self {
        Fit { prefetch: Some(batches), ..self }
    }

    /// Lets someone watch, and stop. Called in the order in which they were added; takes a callback or `&mut` one.
    #[must_use]
    pub fn callback(mut self, callback: impl Callback + 'a) -> Self {
        self.callbacks.push(Box::new(callback));
        self
    }

    /// Keeps a running mean of the weights, updated after each step, which often does better than the weights of the last.
    ///
    /// The model has the mean in it while it is validated and callbacks see the end of the epoch, so that an
    /// [`EarlyStopping`](crate::EarlyStopping) keeps the best mean; it has it for good when the training ends by itself or by a
    /// callback. [Checkpoints](Fit::checkpoints) save both.
    ///
    /// ```
    /// use plywood_losses::MeanSquaredError;
    /// use plywood_nn::Linear;
    /// use plywood_optim::{Average, Sgd};
    /// use plywood_tensor::{Seed, Tensor};
    /// use plywood_train::{Fit, Progress, Trainer};
    ///
    /// // Steps so large that the weight jumps over the minimum and back for ever; its mean does not.
    /// let (x, y) = (Tensor::from([[1.0]]), Tensor::from([[5.0]]));
    /// let model = || Linear::new(1, 1, &Seed(7).stream()).map(|linear| linear.without_bias());
    /// let fit = || Fit::epochs(101).progress(Progress::Silent);
    /// let mut plain = Trainer::compile(model()?, Sgd::new(0.999), MeanSquaredError);
    /// plain.fit_arrays(&x, &y, fit())?;
    /// let mut averaged = Trainer::compile(model()?, Sgd::new(0.999), MeanSquaredError);
    /// averaged.fit_arrays(&x, &y, fit().average(Average::exponential(0.9)))?;
    /// let error = |trainer: &Trainer<_, _, _>| trainer.evaluate_arrays(&x, &y).map(|score| score.loss());
    /// assert!(error(&averaged)? < 0.01 * error(&plain)?);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # References
    /// Keras: `use_ema` of its optimizers, and `SwapEMAWeights`. PyTorch Lightning: `EMAWeightAveraging`.
    #[must_use]
    #[doc(alias = "ema")]
    #[doc(alias = "SwapEMAWeights")]
    #[doc(alias = "stochastic weight averaging")]
    pub fn average(self, average: Average) -> Self {
        Fit { average: Some(average), ..self }
    }

    /// Saves the run as it goes, so that [`Trainer::resume`](crate::Trainer::resume) can continue it.
    ///
    /// A checkpoint is made after all callbacks were called, and holds what they remember.
    ///
    /// # Errors
    /// [`Trainer::fit`](crate::Trainer::fit) fails with [`TrainError::File`](crate::TrainError::File) where something cannot
    /// be written; with [`TrainError::LaterCheckpoint`](crate::TrainError::LaterCheckpoint) before it begins, if the
    /// folder has checkpoints of a run that went further than this one.
    #[must_use]
    pub fn checkpoints(self, checkpoints: Checkpoints) -> Self {
        Fit { checkpoints: Some(checkpoints), ..self }
    }

    /// What is shown during training.
    #[must_use]
    pub fn progress(self, progress: Progress) -> Self {
        Fit { progress, ..self }
    }

    /// Ends training when this signal is given.
    #[must_use]
    pub fn stop_signal(self, signal: &StopSignal) -> Self {
        Fit { stop: Some(signal.clone()), ..self }
    }
}

impl<X, Y> fmt::Debug for Fit<'_, X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fit { epochs, initial_epoch, batch_size, seed, .. } = self;
        write!(f, "Fit epochs {initial_epoch}..{epochs} in batches of {batch_size}, {seed:?}")
    }
}
