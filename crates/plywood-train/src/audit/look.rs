//! One batch on its way through a model.

use super::Subject;
use crate::trainer::step::losses;
use crate::{Input, Operation};
use plywood_autograd::{Observed, Param, Sighting, Var, Watch};
use plywood_data::{Batch, Samples};
use plywood_nn::{Context, Module};
use plywood_tensor::{Float, Result, Seed, Tensor};
use std::sync::Arc;

/// What one batch shows on its way through a model: every result, which takes memory.
///
/// It is looked at and dropped before the way back, on which a step needs the most.
pub(super) struct Look<'m> {
    /// Every parameter with its path.
    pub(super) parameters: Vec<(String, &'m Param)>,
    /// The results of the model's operations, in order.
    pub(super) results: Vec<Observed>,
    pub(super) prediction: Tensor,
    /// The mean loss, without penalties.
    pub(super) loss: f64,
}

impl<'m> Look<'m> {
    /// The look, and the objective with its penalties.
    pub(super) fn at<M: Module<X::Leaf>, X: Input, Y: Samples>(
        subject: &Subject<'m, M, Y>,
        batch: &Batch<X, Y>,
        seed: Seed,
    ) -> Result<(Look<'m>, Var)> {
        let &Subject { model, loss, penalties, steps } = subject;
        let watch = Arc::new(Watch::keeping());
        let cx = Context::train(seed, steps).watched_by(watch.clone());
        let prediction = model.forward(&cx, &batch.x.enter(&cx))?;
        let results = watch.take_results();
        let mut objective = losses(loss, &prediction, batch)?.mean();
        let value = objective.value().item()?.to_f64();
        for penalty in penalties {
            objective = objective.add(&penalty.penalty(&cx, model)?)?;
        }
        // Those of the loss, which nobody looks at.
        drop(watch.take_results());
        let (parameters, prediction) = (model.named_parameters(), prediction.into_value());
        Ok((Look { parameters, results, prediction, loss: value }, objective))
    }

    /// The operation that returned the prediction.
    pub(super) fn last(&self) -> Option<&Observed> {
        self.results.iter().rev().find(|result| {
            // Shapes may have been changed since.
            result.operation.op != "reshape" && self.is_prediction(result)
        })
    }

    /// Whether these are the numbers of the prediction.
    pub(super) fn is_prediction(&self, result: &Observed) -> bool {
        result.output.as_slice() == self.prediction.as_slice()
    }

    /// The operation with the path of its layer.
    pub(super) fn operation(&self, seen: Sighting) -> Operation {
        let path = self.parameters.iter().find(|(_, param)| Some(param.id()) == seen.parameter);
        Operation::new(seen, path.map(|(path, _)| path))
    }
}

/// The numbers of a row, over which the last axis goes.
pub(super) fn width(x: &Tensor) -> usize {
    x.shape().last().copied().unwrap_or(1).max(1)
}
