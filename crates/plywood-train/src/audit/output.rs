//! A last activation that does not fit the loss.

use super::activations::is;
use super::look::{Look, width};
use super::{Finding, Subject};
use plywood_data::{Batch, Samples};
use plywood_tensor::{Elem, Float, Tensor, math};
use std::any::Any;

pub(super) fn check<M, X, Y: Samples>(
    subject: &Subject<'_, M, Y>,
    look: &Look<'_>,
    batch: &Batch<X, Y>,
    findings: &mut Vec<Finding>,
) {
    let (loss, prediction) = (subject.loss.name(), &look.prediction);
    if prediction.numel() == 0 {
        return;
    }
    let last = look.last();
    let ends_in = |activation| last.is_some_and(|last| is(last.operation.op, activation));
    match loss {
        "cross_entropy" | "focal_loss" | "binary_cross_entropy_with_logits" => {
            if width(prediction) > 1 && rows(prediction).all(sums_to_1) {
                findings.push(Finding::Probabilities { loss: loss.to_owned(), softmax: true });
            } else if ends_in("sigmoid") {
                findings.push(Finding::Probabilities { loss: loss.to_owned(), softmax: false });
            } else if let Some(last) = last.filter(|_| ACTIVATIONS.into_iter().any(ends_in)) {
                let operation = look.operation(last.operation);
                findings.push(Finding::Activated { loss: loss.to_owned(), operation });
            }
        }
        "nll_loss" => {
            let sums = rows(prediction).map(|row| row.iter().map(|&x| math::exp(x).to_f64()).sum::<f64>());
            if let Some(sum) = { sums }.find(|sum| (sum - 1.0).abs() > 0.01) {
                findings.push(Finding::NoLogProbabilities { loss: loss.to_owned(), sum });
            }
        }
        "mse_loss" | "l1_loss" | "huber_loss" => {
            let ranges = [("sigmoid", (0.0, 1.0)), ("tanh", (-1.0, 1.0)), ("relu", (0.0, f64::INFINITY))];
            let range = ranges.into_iter().find(|(activation, _)| ends_in(activation));
            let targets = (&batch.y as &dyn Any).downcast_ref::<Tensor>();
            let (Some((_, range)), Some(targets), Some(last)) = (range, targets, last) else { return };
            let beyond = |target: &f64| (range.0 - target).max(target - range.1);
            let targets = targets.as_slice().iter().map(|target| target.to_f64());
            let target = targets.max_by(|a, b| beyond(a).total_cmp(&beyond(b)));
            if let Some(target) = target.filter(|target| beyond(target) > 0.0) {
                let operation = look.operation(last.operation);
                findings.push(Finding::OutOfReach { operation, range, target });
            }
        }
        _ => {}
    }
}

/// What leaves logits smaller than they may be. A log_softmax changes nothing.
const ACTIVATIONS: [&str; 15] = [
    "relu",
    "relu6",
    "leaky_relu",
    "prelu",
    "elu",
    "selu",
    "gelu",
    "gelu_tanh",
    "silu",
    "mish",
    "hard_swish",
    "hard_sigmoid",
    "softplus",
    "softsign",
    "tanh",
];

fn rows(x: &Tensor) -> impl Iterator<Item = &[Elem]> {
    x.as_slice().chunks(width(x))
}

fn sums_to_1(row: &[Elem]) -> bool {
    row.iter().all(|&x| x >= 0.0) && (row.iter().map(|x| x.to_f64()).sum::<f64>() - 1.0).abs() < 1e-4
}
