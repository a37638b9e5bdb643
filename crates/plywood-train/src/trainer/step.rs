//! One step of training: the loop's body by hand, nothing hidden.

use crate::{Cause, Input, StepResult, TrainError};
use plywood_autograd::Var;
use plywood_data::Batch;
use plywood_losses::{Loss, LossError, Losses, Penalty};
use plywood_nn::{Context, Module};
use plywood_optim::{OptimError, Optimizer};
use plywood_tensor::{Error, Float, IntTensor, Result, Seed, Tensor};
use std::any::Any;
use std::fmt;

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
}

impl<M: Module<X::Leaf>, X: Input, Y: Any> Step<'_, M, X, Y> {
    /// The ordinary step: forward, loss, backward, update.
    ///
    /// # Errors
    /// [`TrainError::Loss`] and [`TrainError::Gradient`] for numbers that are not finite, before anything is changed;
    /// what the model, the loss or the optimizer refuse.
    pub fn run(&mut self) -> Result<StepResult> {
        let Step { loss, penalties, batch, seed, step, .. } = *self;
        let taken = self.optimizer.step_with(self.model, |model| {
            let cx = Context::train(seed, step);
            let prediction = model.forward(&cx, &batch.x.enter(&cx))?;
            let losses = losses(loss, &prediction, batch)?;
            let weight = losses.weight_total();
            let mut objective = losses.mean();
            for penalty in penalties {
                objective = objective.add(&penalty.penalty(&cx, &*model)?)?;
            }
            let loss = objective.value().item()?.to_f64();
            if !loss.is_finite() {
                return Err(NotFinite(loss).into());
            }
            let gradients = objective.backward()?;
            let result = StepResult { loss, weight, prediction: Some(prediction.into_value()) };
            Ok(((result, cx), gradients))
        });
        let ((result, cx), _) = taken.map_err(|error| self.explain(error))?;
        cx.commit(self.model)?;
        Ok(result)
    }

    /// A context for this step, as the ordinary step has.
    pub fn context(&self) -> Context {
        Context::train(self.seed, self.step)
    }

    /// Says in which batch a number was not finite, and where it arose.
    pub(super) fn explain(&self, error: Error) -> Error {
        let (epoch, batch) = (self.epoch, self.number);
        if let Some(&NotFinite(loss)) = error.source_as() {
            return TrainError::Loss { epoch, batch, loss, cause: self.cause() }.into();
        }
        if let Some(OptimError::NonFinite { .. }) = error.source_as() {
            let parameter = error.path();
            return TrainError::Gradient { epoch, batch, parameter, cause: self.cause() }.into();
        }
        error
    }

    /// Runs the step again, slower, to find where the first number that is not finite came from.
    fn cause(&self) -> Cause {
        let batch = self.batch;
        if let Some(position) = batch.x.first_non_finite() {
            return Cause::Input(batch.indices[position]);
        }
        let target = (&batch.y as &dyn Any).downcast_ref::<Tensor>();
        if let Some(position) = target.and_then(Input::first_non_finite) {
            return Cause::Target(batch.indices[position]);
        }
        let bad = self.model.named_parameters().into_iter().find(|(_, param)| !param.value().is_finite());
        if let Some((name, _)) = bad {
            return Cause::Parameter(name);
        }
        let cx = self.context().watching();
        // Errors are not news here: the step ran before.
        let _ = self.model.forward(&cx, &batch.x.enter(&cx)).and_then(|prediction| {
            losses(self.loss, &prediction, batch)?.mean();
            self.penalties.iter().try_for_each(|penalty| penalty.penalty(&cx, &*self.model).map(drop))
        });
        cx.first_non_finite().map_or(Cause::Unknown, Cause::Operation)
    }
}

/// The loss of each sample of the batch, with its weight.
pub(super) fn losses<X, Y: Any>(loss: &dyn Loss<Y>, prediction: &Var, batch: &Batch<X, Y>) -> Result<Losses> {
    let losses = loss.losses(prediction, &batch.y).map_err(|error| in_data_set(error, batch))?;
    match &batch.weight {
        Some(weights) => losses.with_sample_weights(weights),
        None => Ok(losses),
    }
}

/// An error that names a row of the batch, naming the row of the data set instead: that is where the user looks for it.
fn in_data_set<X, Y: Any>(error: Error, batch: &Batch<X, Y>) -> Error {
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

impl<M, X, Y> fmt::Debug for Step<'_, M, X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Step {} (epoch {}, batch {})", self.step, self.epoch, self.number)
    }
}
