//! Weights of classes, and what they make of labels.

use crate::checks;
use plywood_tensor::{IntTensor, Result, Shape, Tensor};

/// Fails unless there is one weight a class, finite and not negative.
pub(super) fn check(op: &'static str, weights: Option<&Tensor>, classes: usize) -> Result<()> {
    match weights {
        Some(weights) => checks::weights(op, "class", &Shape::new(&[classes])?, weights),
        None => Ok(()),
    }
}

/// How much each label counts in a mean: the weight of its class, 0 if it is ignored. None if all count alike.
///
/// The labels must be known to be in range.
pub(super) fn of_labels(
    labels: &IntTensor,
    weights: Option<&Tensor>,
    ignored: Option<i64>,
) -> Option<Tensor> {
    if weights.is_none() && ignored.is_none() {
        return None;
    }
    let of_class = |label: i64| weights.map_or(1.0, |weights| weights.as_slice()[label as usize]);
    Some(labels.map(|label| if ignored == Some(label) { 0.0 } else { of_class(label) }))
}
