//! Predictions, targets and weights, sample by sample.

use crate::{LossError, checks};
use plywood_tensor::{Elem, Float, IntTensor, Result, Shape, Tensor};

/// One label with its scores: a single one where there are two classes, one for each class otherwise.
pub(super) struct Labelled<'a> {
    pub(super) scores: &'a [Elem],
    pub(super) label: usize,
    pub(super) weight: f64,
}

impl Labelled<'_> {
    /// The predicted class: that of the highest score, the first of equals; of a single score, whether it is above `threshold`.
    pub(super) fn predicted(&self, threshold: f64) -> usize {
        match self.scores {
            [score] => usize::from(score.to_f64() > threshold),
            scores => {
                let better =
                    |best: usize, class: usize| if scores[class] > scores[best] { class } else { best };
                (0..scores.len()).fold(0, better)
            }
        }
    }

    /// How many classes there are.
    pub(super) fn classes(&self) -> usize {
        self.scores.len().max(2)
    }
}

/// Every label of a batch, after everything was checked.
pub(super) fn labelled<'a>(
    op: &'static str,
    prediction: &'a Tensor,
    labels: &'a IntTensor,
    weights: Option<&'a Tensor>,
) -> Result<impl Iterator<Item = Labelled<'a>>> {
    let shape = prediction.shape();
    let width = if checks::is_binary(shape, labels.shape()) {
        checks::in_range(op, labels, 2, None)?;
        1
    } else {
        checks::classes(op, shape, labels, None)?
    };
    check(op, prediction, weights)?;
    let of_sample = checks::per_sample(labels.shape());
    let rows = prediction.as_slice().chunks_exact(width.max(1)).zip(labels.as_slice());
    Ok(rows.enumerate().map(move |(row, (scores, &label))| Labelled {
        scores,
        label: label as usize,
        weight: weight(weights, row / of_sample),
    }))
}

/// A predicted number, the true one, the weight of their sample and their column.
pub(super) struct Measured {
    pub(super) prediction: f64,
    pub(super) target: f64,
    pub(super) weight: f64,
    pub(super) column: usize,
}

/// Every number of a batch, after everything was checked.
pub(super) fn measured<'a>(
    op: &'static str,
    prediction: &'a Tensor,
    target: &'a Tensor,
    weights: Option<&'a Tensor>,
) -> Result<impl Iterator<Item = Measured>> {
    checks::same_shape(op, prediction.shape(), target)?;
    check(op, prediction, weights)?;
    let columns = checks::per_sample(prediction.shape());
    let pairs = prediction.as_slice().iter().zip(target.as_slice());
    Ok(pairs.enumerate().map(move |(i, (prediction, target))| Measured {
        prediction: prediction.to_f64(),
        target: target.to_f64(),
        weight: weight(weights, i / columns),
        column: i % columns,
    }))
}

/// Counts a figure of each sample, `[N]`, as `[Σ w f, Σ w]`, after everything was checked.
pub(super) fn each(
    op: &'static str,
    counts: &mut Vec<f64>,
    prediction: &Tensor,
    weights: Option<&Tensor>,
    figures: impl FnOnce() -> Result<Tensor>,
) -> Result<()> {
    check(op, prediction, weights)?;
    let figures = figures()?;
    let counts = slots(op, counts, 2)?;
    for (sample, figure) in figures.as_slice().iter().enumerate() {
        let weight = weight(weights, sample);
        counts[0] += weight * figure.to_f64();
        counts[1] += weight;
    }
    Ok(())
}

/// Where each label has one score: fails at the first that is no probability, for those who take it for one.
pub(super) fn probabilities(op: &'static str, prediction: &Tensor, labels: &IntTensor) -> Result<()> {
    if !checks::is_binary(prediction.shape(), labels.shape()) {
        return Ok(());
    }
    let expected = "a probability from 0 to 1 (for logits there is `threshold(0.0)`)";
    checks::values(op, prediction, expected, |x| x.is_nan() || checks::is_share(x))
}

fn check(op: &'static str, prediction: &Tensor, weights: Option<&Tensor>) -> Result<()> {
    checks::values(op, prediction, "a number as prediction", |x| !x.is_nan())?;
    let samples = prediction.shape().first().copied().unwrap_or(1);
    match weights {
        Some(weights) => checks::weights(op, "sample", &Shape::new(&[samples])?, weights),
        None => Ok(()),
    }
}

fn weight(weights: Option<&Tensor>, sample: usize) -> f64 {
    weights.map_or(1.0, |weights| weights.as_slice()[sample].to_f64())
}

/// The counts as so many numbers, zeros at the start.
pub(super) fn slots<'a>(op: &'static str, counts: &'a mut Vec<f64>, length: usize) -> Result<&'a mut [f64]> {
    if counts.is_empty() {
        counts.resize(length, 0.0);
    }
    if counts.len() != length {
        let got = format!("{} numbers instead of {length}", counts.len());
        return Err(LossError::State { metric: op.into(), got }.into());
    }
    Ok(counts)
}

/// `part / whole` of counts `[part, whole]`; NaN for anything else.
pub(super) fn share(counts: &[f64]) -> f64 {
    match counts {
        [part, whole] => part / whole,
        _ => f64::NAN,
    }
}
