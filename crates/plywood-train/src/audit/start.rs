//! Where the loss of an untrained model starts.

use super::labels::{Labels, classes};
use super::look::{Look, width};
use super::{Finding, Subject};
use crate::trainer::step::losses;
use plywood_autograd::Var;
use plywood_data::{Batch, Samples};
use plywood_tensor::{Elem, Float, Result, Tensor, math};
use std::any::Any;

pub(super) fn check<M, X, Y: Samples>(
    subject: &Subject<'_, M, Y>,
    look: &Look<'_>,
    batch: &Batch<X, Y>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let Some((answer, distance)) = know_nothing(subject, &look.prediction, batch)? else { return Ok(()) };
    let chance = cost(subject, answer, batch)?;
    let limit = if distance { 10.0 } else { 2.0 };
    if chance > 0.0 && look.loss > limit * chance {
        findings.push(Finding::Start { loss: look.loss, chance, distance });
    }
    Ok(())
}

/// The same beside the entropy of the classes, which needs more samples than a batch has.
pub(super) fn check_frequencies<M, X, Y: Samples>(
    subject: &Subject<'_, M, Y>,
    labels: &Labels,
    prediction: &Tensor,
    batch: &Batch<X, Y>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    if findings.iter().any(|finding| matches!(finding, Finding::Start { .. })) {
        return Ok(()); // which says it already
    }
    let count = match subject.loss.name() {
        "cross_entropy" => classes(prediction, &batch.y),
        "binary_cross_entropy" | "binary_cross_entropy_with_logits" => Some(2),
        _ => None,
    };
    let Some((count, (answer, _))) = count.zip(know_nothing(subject, prediction, batch)?) else {
        return Ok(());
    };
    let seen: usize = labels.counts.values().sum();
    // A loss with options is not the plain entropy.
    let chance = cost(subject, answer, batch)?;
    if labels.counts.len() < 2 || seen < 20 * count || (chance - math::ln(count as f64)).abs() > 1e-3 {
        return Ok(());
    }
    let shares = labels.counts.values().map(|&times| times as f64 / seen as f64);
    let entropy: f64 = shares.map(|share| -share * math::ln(share)).sum();
    let loss = cost(subject, prediction.clone(), batch)?;
    if loss > 3.0 * entropy {
        findings.push(Finding::Frequencies { loss, entropy });
    }
    Ok(())
}

/// The answer of somebody who knows nothing, and whether the loss is a distance; none for a model that was trained, and for
/// losses of which this is not known.
fn know_nothing<M, X, Y: Samples>(
    subject: &Subject<'_, M, Y>,
    prediction: &Tensor,
    batch: &Batch<X, Y>,
) -> Result<Option<(Tensor, bool)>> {
    // A few samples may lie anywhere.
    if subject.steps > 0 || batch.len() < 16 || prediction.numel() == 0 {
        return Ok(None);
    }
    let shape = *prediction.shape();
    let constant = |value: f64| Tensor::full(shape, Elem::of(value));
    Ok(match subject.loss.name() {
        "cross_entropy" | "focal_loss" | "binary_cross_entropy_with_logits" => Some((constant(0.0)?, false)),
        "binary_cross_entropy" => Some((constant(0.5)?, false)),
        "nll_loss" => Some((constant(-math::ln(width(prediction) as f64))?, false)),
        "mse_loss" | "l1_loss" | "huber_loss" => {
            let targets = (&batch.y as &dyn Any).downcast_ref::<Tensor>();
            let targets = targets.filter(|targets| *targets.shape() == shape && shape.rank() > 0);
            let mean = targets.map(|targets| targets.mean_axes(&[0], true)).transpose()?;
            mean.map(|mean| Tensor::zeros(shape)?.add(&mean)).transpose()?.map(|mean| (mean, true))
        }
        _ => None,
    })
}

/// The mean loss of an answer.
fn cost<M, X, Y: Samples>(subject: &Subject<'_, M, Y>, answer: Tensor, batch: &Batch<X, Y>) -> Result<f64> {
    Ok(losses(subject.loss, &Var::constant(answer), batch)?.mean().value().item()?.to_f64())
}
