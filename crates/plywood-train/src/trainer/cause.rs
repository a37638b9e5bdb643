//! Where a number that is not finite came from, and which parameters have no gradient: found by running the step again.

use super::step::{Step, objective};
use crate::{Cause, Input, Operation};
use plywood_autograd::{Gradients, Sighting};
use plywood_data::Batch;
use plywood_nn::{Module, Parameters};
use plywood_tensor::{Result, Tensor};
use std::any::Any;

/// Runs the step again, slower, to find where the first number that is not finite came from.
pub(super) fn find<M: Module<X::Leaf>, X: Input, Y: Any>(step: &Step<'_, M, X, Y>) -> Cause {
    let batch = step.batch;
    if let Some(cause) = in_data(batch) {
        return cause;
    }
    let bad = step.model.named_parameters().into_iter().find(|(_, param)| !param.value().is_finite());
    if let Some((name, _)) = bad {
        return Cause::Parameter(name);
    }
    // What a step of the user's own has seen counts, for nobody else knows what it does.
    let seen = step.watch.as_ref().and_then(|watch| watch.first()).or_else(|| {
        let cx = step.context().watching();
        // Errors are not news here: the step ran before.
        let _ = objective(&cx, step.model, step.loss, step.penalties, batch)
            .and_then(|(objective, ..)| objective.backward());
        cx.first_non_finite()
    });
    match seen {
        None => Cause::Unknown,
        Some(seen) if seen.gradient => Cause::Gradient(operation(seen, step.model)),
        Some(seen) => Cause::Operation(operation(seen, step.model)),
    }
}

/// The sample of a batch that has a number which is not finite.
pub(super) fn in_data<X: Input, Y: Any>(batch: &Batch<X, Y>) -> Option<Cause> {
    if let Some(position) = batch.x.first_non_finite() {
        return Some(Cause::Input(batch.indices[position]));
    }
    let target = (&batch.y as &dyn Any).downcast_ref::<Tensor>();
    let position = target.and_then(Input::first_non_finite)?;
    Some(Cause::Target(batch.indices[position]))
}

/// The operation with the path of its layer.
fn operation(seen: Sighting, model: &impl Parameters) -> Operation {
    let path = model.named_parameters().into_iter().find(|(_, param)| Some(param.id()) == seen.parameter);
    Operation::new(seen, path.as_ref().map(|(path, _)| path))
}

/// The parameters that an ordinary step leaves without a gradient; none if it cannot be run.
pub(super) fn without_gradient<M: Module<X::Leaf>, X: Input, Y: Any>(
    step: &Step<'_, M, X, Y>,
) -> Option<Vec<String>> {
    let again = || -> Result<Gradients> {
        let (objective, ..) = objective(&step.context(), step.model, step.loss, step.penalties, step.batch)?;
        objective.backward()
    };
    let gradients = again().ok()?;
    let parameters = step.model.named_parameters().into_iter();
    let lost = parameters.filter(|(_, param)| param.is_trainable() && gradients.get(param).is_none());
    Some(lost.map(|(path, _)| path).collect())
}

/// All parameters that are not frozen.
pub(super) fn trainable(model: &impl Parameters) -> Vec<String> {
    let parameters = model.named_parameters().into_iter();
    parameters.filter(|(_, param)| param.is_trainable()).map(|(path, _)| path).collect()
}
