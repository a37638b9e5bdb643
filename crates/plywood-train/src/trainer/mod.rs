//! What trains a model.

mod audited;
mod cause;
mod checks;
pub(crate) mod class_weights;
pub(crate) mod fit;
pub(crate) mod input;
mod inputs;
mod part;
pub(crate) mod position;
mod resume;
mod run;
mod running;
mod saving;
mod scheduled;
mod score;
pub(crate) mod stand;
pub(crate) mod step;
pub(crate) mod step_result;
mod tell;
mod trial;

pub use inputs::Inputs;

use crate::{AuditReport, Evaluation, Fit, History, Input, Step, StepResult, TrainError};
use plywood_data::{ArrayDataset, Dataset, Samples};
use plywood_losses::{Loss, Meter, Metric, Penalty};
use plywood_nn::Module;
use plywood_optim::Optimizer;
use plywood_tensor::{IntTensor, Result, Shape, Tensor};
use stand::Stand;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

/// Trains a model, judges it and asks it.
///
/// It owns the model and is a loop around it: the ordinary step is in [`Step::run`]. `X` and `Y` are the types of
/// inputs and targets; they follow from the data.
///
/// # Example
/// ```
/// use plywood_data::ArrayDataset;
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Adam;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, Progress, Trainer};
///
/// // Four points on the line y = 2x + 1.
/// let x = Tensor::from([[-1.0], [0.0], [1.0], [2.0]]);
/// let y = Tensor::from([[-1.0], [1.0], [3.0], [5.0]]);
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Adam::new(0.05), MeanSquaredError);
/// let history = trainer.fit_arrays(&x, &y, Fit::epochs(500).progress(Progress::Silent))?;
/// assert_eq!(history.len(), 500);
/// assert!(trainer.evaluate_arrays(&x, &y)?.loss() < 1e-4);
/// assert!((trainer.predict(&Tensor::from([[10.0]]))?.item()? - 21.0).abs() < 0.1);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Keras' `Model.compile`, `fit`, `evaluate` and `predict`.
pub struct Trainer<M, X = Tensor, Y = IntTensor> {
    model: M,
    optimizer: Optimizer,
    loss: Box<dyn Loss<Y>>,
    penalties: Vec<Box<dyn Penalty>>,
    metrics: Vec<Meter<Y>>,
    /// The names of the metrics of which more is better.
    rising: Vec<String>,
    custom_step: Option<Box<CustomStep<M, X, Y>>>,
    first_look: Option<AuditReport>,
    batch_size: usize,
    /// The shape of an input of one sample, as the last batch had it.
    sample: Option<Shape>,
    steps: u64,
    history: History,
    /// How far the last `fit` has come.
    stand: Option<Stand>,
    /// Whether the next `fit` begins there, because a run was resumed.
    goes_on: bool,
    /// Whether the last `fit` has ended with an error, so that nobody knows where the run stands.
    astray: bool,
    /// The checkpoint that the trainer still is to the bit.
    resumed_from: Option<PathBuf>,
    /// Checkpoints that were damaged when the run was resumed.
    damaged: Vec<OsString>,
    /// Old checkpoints that could not be removed.
    not_removed: Vec<TrainError>,
}

type CustomStep<M, X, Y> = dyn FnMut(&mut Step<'_, M, X, Y>) -> Result<StepResult> + Send;

impl<M, X, Y> Trainer<M, X, Y> {
    /// A model, what moves its parameters, and what it shall make small.
    pub fn compile(model: M, optimizer: impl Into<Optimizer>, loss: impl Loss<Y> + 'static) -> Self {
        Trainer {
            model,
            optimizer: optimizer.into(),
            loss: Box::new(loss),
            penalties: Vec::new(),
            metrics: Vec::new(),
            rising: Vec::new(),
            custom_step: None,
            first_look: None,
            batch_size: 32,
            sample: None,
            steps: 0,
            history: History::default(),
            stand: None,
            goes_on: false,
            astray: false,
            resumed_from: None,
            damaged: Vec::new(),
            not_removed: Vec::new(),
        }
    }

    /// Also measures this, on training batches and on validation data.
    ///
    /// Samples count by the weights of the data set; those of classes do not matter here. Two metrics of one name are an error of
    /// [`fit`](Trainer::fit): see [`metric_as`](Trainer::metric_as).
    #[must_use]
    pub fn metric(self, metric: impl Metric<Y> + 'static) -> Self {
        self.metric_as(metric.name(), metric)
    }

    /// Also measures this, under a name of its own.
    ///
    /// ```
    /// # use plywood_losses::{Average, CrossEntropy, Recall};
    /// # use plywood_nn::Linear;
    /// # use plywood_optim::Sgd;
    /// # use plywood_tensor::{IntTensor, Seed, Tensor};
    /// # use plywood_train::Trainer;
    /// # let model = Linear::new(2, 3, &Seed(1).stream())?;
    /// let mut trainer = Trainer::compile(model, Sgd::new(0.1), CrossEntropy::default())
    ///     .metric(Recall)
    ///     .metric_as("micro recall", Recall.average(Average::Micro));
    /// let (x, y) = (Tensor::zeros([4, 2])?, IntTensor::from([0, 1, 2, 0]));
    /// let evaluation = trainer.evaluate_arrays(&x, &y)?;
    /// let names: Vec<&str> = evaluation.metrics().map(|(name, _)| name).collect();
    /// assert_eq!(names, ["recall", "micro recall"]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[must_use]
    pub fn metric_as(mut self, name: impl Into<String>, metric: impl Metric<Y> + 'static) -> Self {
        let name = name.into();
        if metric.higher_is_better() {
            self.rising.push(name.clone());
        }
        self.metrics.push(Meter::new(metric).named(name));
        self
    }

    /// Adds a penalty to the loss, such as `L2(1e-4).on("*.weight")`; in evaluation too, as in Keras.
    #[must_use]
    pub fn penalty(mut self, penalty: impl Penalty + 'static) -> Self {
        self.penalties.push(Box::new(penalty));
        self
    }

    /// Does this instead of [`Step::run`] for each batch.
    ///
    /// [`Step::objective`] minds the weights of samples and classes, and penalties; a loss of your own does not.
    ///
    /// ```
    /// # use plywood_losses::MeanSquaredError;
    /// # use plywood_nn::Linear;
    /// # use plywood_optim::Adam;
    /// # use plywood_tensor::{Float, Seed, Tensor};
    /// # use plywood_train::{Fit, Progress, StepResult, Trainer};
    /// use plywood_nn::Module;
    /// use plywood_train::Step;
    ///
    /// let by_hand = |step: &mut Step<'_, Linear, Tensor, Tensor>| {
    ///     let cx = step.context();
    ///     let prediction = step.model.forward(&cx, &cx.input(step.batch.x.clone()))?;
    ///     let (loss, weight) = step.objective(&cx, &prediction)?;
    ///     let mut gradients = loss.backward()?;
    ///     gradients.scale(0.5); // anything that the ordinary step does not do
    ///     step.optimizer.step(step.model, &gradients)?;
    ///     cx.commit(step.model)?;
    ///     let loss = loss.value().item()?.to_f64();
    ///     let prediction = Some(prediction.into_value());
    ///     Ok(StepResult { loss, weight, prediction, ..StepResult::default() })
    /// };
    /// # let model = Linear::new(1, 1, &Seed(7).stream())?;
    /// let mut trainer = Trainer::compile(model, Adam::new(0.05), MeanSquaredError).custom_step(by_hand);
    /// # let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[1.0], [2.0]]));
    /// trainer.fit_arrays(&x, &y, Fit::epochs(2).progress(Progress::Silent))?;
    /// assert_eq!(trainer.steps(), 2);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "train_step")]
    pub fn custom_step(
        mut self,
        step: impl FnMut(&mut Step<'_, M, X, Y>) -> Result<StepResult> + Send + 'static,
    ) -> Self {
        self.custom_step = Some(Box::new(step));
        self
    }

    /// The model.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The model, to be changed, for example to freeze a part of it.
    pub fn model_mut(&mut self) -> &mut M {
        // What is changed is what is saved.
        if let Some(stand) = &mut self.stand {
            stand.weights = None;
        }
        self.resumed_from = None;
        &mut self.model
    }

    /// The model, without what trained it.
    pub fn into_model(self) -> M {
        self.model
    }

    /// What moves the parameters.
    pub fn optimizer(&self) -> &Optimizer {
        &self.optimizer
    }

    /// What moves the parameters, to be changed, for example in its learning rate.
    pub fn optimizer_mut(&mut self) -> &mut Optimizer {
        self.resumed_from = None;
        &mut self.optimizer
    }

    /// Every complete epoch of the run: of the last `fit`, and of what it goes on with.
    ///
    /// A `fit` begins at epoch 1, and its run is another one than that of the `fit` before, unless it is told where to begin by
    /// [`Fit::initial_epoch`](crate::Fit::initial_epoch), or the run was [resumed](Trainer::resume): then the epochs up to there stay.
    /// So no epoch is there twice. What an earlier `fit` has returned, it has returned.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// How many steps were taken since the trainer was made, in all calls of `fit`, and in the run that was resumed: batches that were trained on, also where the optimizer
    /// [accumulates](plywood_optim::Optimizer::accumulate) several for one of its own.
    pub fn steps(&self) -> u64 {
        self.steps
    }
}

impl<M: Module<X::Leaf>, X: Input, Y: Samples> Trainer<M, X, Y> {
    /// Trains on a data set; returns what happened in each complete epoch of this call. Those of a run that went on, or was
    /// [resumed](Trainer::resume), are all in [`Trainer::history`]: there may be no new one left.
    ///
    /// After an error or a stop the model keeps what it learnt; an epoch that was not completed is in no history.
    ///
    /// # Errors
    /// [`TrainError::Loss`](crate::TrainError::Loss) and [`TrainError::Gradient`](crate::TrainError::Gradient) for
    /// numbers that are not finite; [`TrainError::AllFrozen`](crate::TrainError::AllFrozen) where there is nothing to train;
    /// [`TrainError::SameName`](crate::TrainError::SameName) for two metrics of one name; whatever the data set, the model,
    /// the loss, a metric or a callback refuses. A row that the loss or a metric names is one of the data set.
    pub fn fit(&mut self, data: &impl Dataset<Input = X, Target = Y>, fit: Fit<'_, X, Y>) -> Result<History> {
        self.run(data, fit)
    }

    /// Trains on inputs and targets that lie in memory, sample by sample along their first axis.
    ///
    /// # Errors
    /// As [`Trainer::fit`]; [`DataError::Lengths`](plywood_data::DataError::Lengths) for more of one than of the other.
    pub fn fit_arrays(&mut self, x: &X, y: &Y, fit: Fit<'_, X, Y>) -> Result<History> {
        self.fit(&ArrayDataset::new(x.clone(), y.clone())?, fit)
    }

    /// The loss and the metrics of a data set; batches are as large as in the last `fit`, 32 before the first.
    ///
    /// # Errors
    /// [`TrainError::Judged`](crate::TrainError::Judged) for a loss that is not finite because the data are not, unless the optimizer
    /// [skips or ignores](plywood_optim::Optimizer::non_finite) such numbers; whatever the data set, the model, the loss or a metric
    /// refuses.
    pub fn evaluate(&self, data: &impl Dataset<Input = X, Target = Y>) -> Result<Evaluation> {
        self.score(data, 0, None)
    }

    /// The loss and the metrics of inputs and targets in memory.
    ///
    /// # Errors
    /// As [`Trainer::evaluate`].
    pub fn evaluate_arrays(&self, x: &X, y: &Y) -> Result<Evaluation> {
        self.evaluate(&ArrayDataset::new(x.clone(), y.clone())?)
    }

    /// What the model answers, in the order of the samples: to inputs in memory, or to those of a data set.
    ///
    /// # Errors
    /// [`DataError::Empty`](plywood_data::DataError::Empty) for no samples;
    /// [`TrainError::Predictions`](crate::TrainError::Predictions) if the model does not answer each with one row;
    /// [`TrainError::NoBatch`](crate::TrainError::NoBatch) for a single sample without an axis for the batch.
    pub fn predict<K>(&self, inputs: &impl Inputs<X, K>) -> Result<Tensor> {
        self.answer(inputs)
    }
}

impl<M: fmt::Debug, X, Y> fmt::Debug for Trainer<M, X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trainer")
            .field("model", &self.model)
            .field("optimizer", &self.optimizer)
            .field("metrics", &self.metrics)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}
