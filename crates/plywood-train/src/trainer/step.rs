//! One step of training: the loop's body by hand, nothing hidden.

use super::cause;
use crate::{Input, StepResult, TrainError};
use plywood_autograd::{AutogradError, Var, Watch};
use plywood_data::Batch;
use plywood_losses::{Loss, LossError, Losses, Penalty};
use plywood_nn::{Context, Module, Parameters};
use plywood_optim::{NonFinite, OptimError, Optimizer};
use plywood_tensor::{Error, Float, IntTensor, Result, Seed, Tensor};
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// All that a step of training needs; what a [custom step](crate::Trainer::custom_step) is given.
pub struct Step<'a, M, X = Tensor, Y = plywood_tensor::IntTensor> {
    /// The model.
    pub model: &'a mut M,
    /// What moves its parameters.
    pub optimizer: &'a mut Optimizer,
    /// How wrong a prediction is.
    pub loss: &'a dyn Loss<Y>,
    /// What is added to the loss.
    pub penalties: &'a [Box<dyn Penalty>],
    /// The samples; their weights include those of their classes.
    pub batch: &'a Batch<X, Y>,
    /// Where random numbers come from.
    pub seed: Seed,
    /// How many steps were taken before, in all epochs.
    pub step: u64,
    /// The epoch, counted from 1.
    pub epoch: usize,
    /// The batch within the epoch, counted from 1.
    pub number: usize,
    /// What to do about a loss or a gradient that is not finite.
    pub non_finite: NonFinite,
    /// Whether a callback wants to see the gradients of this step, which are in [`StepResult::gradients`] then.
    pub wants_gradients: bool,
    /// Looks at every number, if it is told to.
    pub(super) watch: Option<Arc<Watch>>,
}

impl<M: Module<X::Leaf>, X: Input, Y: Any> Step<'_, M, X, Y> {
    /// The ordinary step: forward, loss, backward, update.
    ///
    /// # Errors
    /// [`TrainError::NoGradient`] for parameters on which the loss does not depend; [`TrainError::Loss`] and
    /// [`TrainError::Gradient`] for numbers that are not finite, unless they are to be skipped or ignored, and
    /// [`TrainError::Anomaly`] where they are looked for; what the model, the loss or the optimizer refuse. Nothing is changed
    /// then.
    pub fn run(&mut self) -> Result<StepResult> {
        let Step { loss, penalties, batch, seed, step, non_finite, wants_gradients, .. } = *self;
        let watch = self.watch.clone();
        // Of several evaluations the last one moves the parameters.
        let mut kept = None;
        let taken = self.optimizer.step_with(self.model, |model| {
            let cx = context(seed, step, watch.as_ref());
            let (objective, prediction, weight) = objective(&cx, model, loss, penalties, batch)?;
            let loss = objective.value().item()?.to_f64();
            if !loss.is_finite() && non_finite != NonFinite::Ignore {
                return Err(NotFinite(loss).into());
            }
            expect_no_anomaly(watch.as_deref())?;
            let gradients = objective.backward()?;
            expect_no_anomaly(watch.as_deref())?;
            let prediction = Some(prediction.into_value());
            kept = wants_gradients.then(|| gradients.clone());
            Ok(((StepResult { loss, weight, prediction, ..StepResult::default() }, cx), gradients))
        });
        let ((result, cx), report) = match taken {
            Err(error) if self.skips(&error) => {
                return Ok(StepResult { skipped: true, ..StepResult::default() });
            }
            taken => taken.map_err(|error| self.explain(error))?,
        };
        if report.skipped.is_some() {
            return Ok(StepResult { skipped: true, ..result });
        }
        cx.commit(self.model)?;
        Ok(StepResult { gradient_norm: report.norm, gradients: kept, ..result })
    }

    /// What the ordinary step makes small for this prediction, and how much the batch counts: the mean of the losses, by the
    /// weights of samples and classes, with all penalties.
    ///
    /// # Errors
    /// What the loss or a penalty refuses.
    pub fn objective(&self, cx: &Context, prediction: &Var) -> Result<(Var, f64)> {
        of_prediction(cx, self.model, self.loss, self.penalties, self.batch, prediction)
    }

    /// A context for this step, as the ordinary step has.
    pub fn context(&self) -> Context {
        context(self.seed, self.step, self.watch.as_ref())
    }

    /// Whether the step is skipped for what was found.
    fn skips(&self, error: &Error) -> bool {
        let found = error.source_as::<NotFinite>().is_some() || error.source_as::<Anomaly>().is_some();
        found && self.non_finite == NonFinite::Skip
    }

    /// Says in which batch a number was not finite, and where it arose; or which parameters the loss does not depend on.
    pub(super) fn explain(&self, error: Error) -> Error {
        let (epoch, batch) = (self.epoch, self.number);
        if let Some(&NotFinite(loss)) = error.source_as() {
            return TrainError::Loss { epoch, batch, loss, cause: cause::find(self) }.into();
        }
        if let Some(Anomaly) = error.source_as() {
            return TrainError::Anomaly { epoch, batch, cause: cause::find(self) }.into();
        }
        match error.source_as() {
            Some(OptimError::NonFinite { .. }) => {
                let parameter = error.path();
                return TrainError::Gradient { epoch, batch, parameter, cause: cause::find(self) }.into();
            }
            Some(OptimError::NoGradient) => {
                let found = cause::without_gradient(self).filter(|parameters| !parameters.is_empty());
                return found.map_or(error, |parameters| TrainError::NoGradient { parameters }.into());
            }
            _ => {}
        }
        if let Some(AutogradError::Constant { .. }) = error.source_as() {
            // The loss depends on no parameter at all.
            let parameters = cause::trainable(self.model);
            if !parameters.is_empty() {
                return TrainError::NoGradient { parameters }.into();
            }
        }
        error
    }
}

/// What a step runs in.
fn context(seed: Seed, step: u64, watch: Option<&Arc<Watch>>) -> Context {
    let cx = Context::train(seed, step);
    match watch {
        Some(watch) => cx.watched_by(watch.clone()),
        None => cx,
    }
}

/// What is made small, what the model answered, and how much the batch counts.
pub(super) fn objective<M: Module<X::Leaf>, X: Input, Y: Any>(
    cx: &Context,
    model: &M,
    loss: &dyn Loss<Y>,
    penalties: &[Box<dyn Penalty>],
    batch: &Batch<X, Y>,
) -> Result<(Var, Var, f64)> {
    let prediction = model.forward(cx, &batch.x.enter(cx))?;
    let (objective, weight) = of_prediction(cx, model, loss, penalties, batch, &prediction)?;
    Ok((objective, prediction, weight))
}

fn of_prediction<M: Parameters, X, Y: Any>(
    cx: &Context,
    model: &M,
    loss: &dyn Loss<Y>,
    penalties: &[Box<dyn Penalty>],
    batch: &Batch<X, Y>,
    prediction: &Var,
) -> Result<(Var, f64)> {
    let losses = losses(loss, prediction, batch)?;
    let mut objective = losses.mean();
    for penalty in penalties {
        objective = objective.add(&penalty.penalty(cx, model)?)?;
    }
    Ok((objective, losses.weight_total()))
}

/// Fails if a watch has seen a number that is not finite.
pub(super) fn expect_no_anomaly(watch: Option<&Watch>) -> Result<()> {
    match watch.and_then(Watch::first) {
        Some(_) => Err(Anomaly.into()),
        None => Ok(()),
    }
}

/// The loss of each sample of the batch, with its weight.
pub(crate) fn losses<X, Y: Any>(loss: &dyn Loss<Y>, prediction: &Var, batch: &Batch<X, Y>) -> Result<Losses> {
    let losses = loss.losses(prediction, &batch.y).map_err(|error| in_data_set(error, batch))?;
    if let Some(target) = (&batch.y as &dyn Any).downcast_ref::<Tensor>() {
        losses.expect_one_target_each(prediction.shape(), target.shape())?;
    }
    match &batch.weight {
        Some(weights) => losses.with_sample_weights(weights),
        None => Ok(losses),
    }
}

/// An error that names a row of the batch, naming the row of the data set instead: that is where the user looks for it.
pub(super) fn in_data_set<X, Y: Any>(error: Error, batch: &Batch<X, Y>) -> Error {
    let labels = (&batch.y as &dyn Any).downcast_ref::<IntTensor>().map_or(0, |labels| labels.numel());
    let of_sample = (labels / batch.indices.len().max(1)).max(1);
    let in_data_set = |row: usize| batch.indices.get(row).copied().unwrap_or(row);
    match error.source_as() {
        Some(&LossError::Label { op, row, classes, label }) => {
            LossError::Label { op, row: in_data_set(row / of_sample), classes, label }.into()
        }
        Some(&LossError::Value { op, row, expected, got }) => {
            LossError::Value { op, row: in_data_set(row), expected, got }.into()
        }
        _ => error,
    }
}

/// What a step is left with when the loss is not finite.
#[derive(Debug, thiserror::Error)]
#[error("the loss is {0}")]
pub(super) struct NotFinite(pub(super) f64);

impl plywood_tensor::Source for NotFinite {}

/// What a step is left with when any number is not finite, and such are looked for.
#[derive(Debug, thiserror::Error)]
#[error("a number is not finite")]
struct Anomaly;

impl plywood_tensor::Source for Anomaly {}

impl<M, X, Y> fmt::Debug for Step<'_, M, X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Step {} (epoch {}, batch {})", self.step, self.epoch, self.number)
    }
}
