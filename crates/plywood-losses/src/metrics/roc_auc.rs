//! How well scores separate classes.

use super::samples::labelled;
use crate::{LossError, Metric};
use plywood_tensor::{Float, IntTensor, Result, Tensor, math};

const OP: &str = "roc_auc";

/// The area under the receiver operating characteristic: how probable it is that a sample of class 1 scores higher than one of class
/// 0, ties counting one half.
///
/// Exact: every score is kept. NaN where only one class occurs. Where each label has one score any will do, for only
/// their order counts.
///
/// Where there are several classes, each has the area that its column separates it from all others with, and the figure is
/// the mean over the classes that occur. The scores are probabilities then, which compare from sample to sample, and others are an error;
/// [`RocAuc::of_logits`] makes them of logits.
///
/// # Shapes
/// As of [`Accuracy`](crate::Accuracy).
///
/// # Example
/// ```
/// # use plywood_losses::{Meter, RocAuc};
/// # use plywood_tensor::{IntTensor, Tensor};
/// let mut meter = Meter::new(RocAuc);
/// meter.update(&Tensor::from([0.1, 0.4, 0.4, 0.8]), &IntTensor::from([0, 0, 1, 1]), None)?;
/// assert_eq!(meter.value(), 3.5 / 4.0);
///
/// let mut several = Meter::new(RocAuc);
/// let scores = Tensor::from([[0.6, 0.3, 0.1], [0.5, 0.4, 0.1], [0.1, 0.2, 0.7]]);
/// several.update(&scores, &IntTensor::from([0, 1, 2]), None)?;
/// assert_eq!(several.value(), 1.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Hanley and McNeil, *The Meaning and Use of the Area under a Receiver Operating Characteristic Curve*, 1982.
/// scikit-learn: `roc_auc_score(multi_class="ovr", average="macro")`, which refuses scores that do not add up to 1.
/// Keras' `AUC` is an approximation by 200 thresholds.
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "AUC")]
pub struct RocAuc;

/// [`RocAuc`] of the softmax of several logits, from [`RocAuc::of_logits`].
#[derive(Debug, Clone, Copy)]
pub struct RocAucOfLogits;

impl RocAuc {
    /// Of the softmax where there are several scores; the logits of a single one are as good as probabilities.
    #[must_use]
    pub fn of_logits(self) -> RocAucOfLogits {
        RocAucOfLogits
    }
}

impl Metric<IntTensor> for RocAuc {
    fn name(&self) -> String {
        OP.into()
    }

    fn update(
        &self,
        counts: &mut Vec<f64>,
        prediction: &Tensor,
        labels: &IntTensor,
        weights: Option<&Tensor>,
    ) -> Result<()> {
        sums_to_one(prediction, labels)?;
        update(counts, prediction, labels, weights, |_| {})
    }

    fn value(&self, counts: &[f64]) -> f64 {
        value(counts)
    }
}

impl Metric<IntTensor> for RocAucOfLogits {
    fn name(&self) -> String {
        OP.into()
    }

    fn update(
        &self,
        counts: &mut Vec<f64>,
        prediction: &Tensor,
        labels: &IntTensor,
        weights: Option<&Tensor>,
    ) -> Result<()> {
        update(counts, prediction, labels, weights, log_softmax)
    }

    fn value(&self, counts: &[f64]) -> f64 {
        value(counts)
    }
}

/// Where labels have a score for each class: those of samples can be compared if they are probabilities.
fn sums_to_one(prediction: &Tensor, labels: &IntTensor) -> Result<()> {
    for (row, sample) in labelled(OP, prediction, labels, None)?.enumerate() {
        let got: f64 = sample.scores.iter().map(|score| score.to_f64()).sum();
        // A sum of numbers that were rounded, of thousands of classes too, is nearer.
        if sample.scores.len() > 1 && (got - 1.0).abs() > 1e-3 {
            let expected = "probabilities that sum to 1 (for logits there is `of_logits()`)";
            return Err(LossError::Value { op: OP, row, expected, got }.into());
        }
    }
    Ok(())
}

/// In place; a single score stays as it is. In its order the logarithm is the softmax, without what rounds to 0 or 1.
fn log_softmax(scores: &mut [f64]) {
    if scores.len() < 2 {
        return;
    }
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // The largest may be infinite.
    scores.iter_mut().for_each(|score| *score = if *score == largest { 0.0 } else { *score - largest });
    let log_sum = math::ln(scores.iter().map(|&score| math::exp(score)).sum::<f64>());
    scores.iter_mut().for_each(|score| *score -= log_sum);
}

/// The counts are how many scores a label has, then the scores, the label and the weight of each sample.
fn update(
    counts: &mut Vec<f64>,
    prediction: &Tensor,
    labels: &IntTensor,
    weights: Option<&Tensor>,
    change: impl Fn(&mut [f64]),
) -> Result<()> {
    for sample in labelled(OP, prediction, labels, weights)? {
        let width = sample.scores.len();
        if counts.is_empty() {
            counts.push(width as f64);
        }
        if counts[0] != width as f64 || !(counts.len() - 1).is_multiple_of(width + 2) {
            let got = format!("{} scores a label instead of {width}", counts[0]);
            return Err(LossError::State { metric: OP.into(), got }.into());
        }
        let start = counts.len();
        counts.extend(sample.scores.iter().map(|score| score.to_f64()));
        change(&mut counts[start..]);
        counts.extend([sample.label as f64, sample.weight]);
    }
    Ok(())
}

fn value(counts: &[f64]) -> f64 {
    let Some((&width, samples)) = counts.split_first() else {
        return f64::NAN;
    };
    let width = width as usize;
    let samples: Vec<&[f64]> = samples.chunks_exact(width.saturating_add(2)).collect();
    if samples.is_empty() {
        return f64::NAN;
    }
    let against_others = |column: usize, class: usize| {
        area(samples.iter().map(|s| (s[column], s[width] == class as f64, s[width + 1])).collect())
    };
    if width == 1 {
        return against_others(0, 1);
    }
    let areas = (0..width).map(|class| against_others(class, class)).filter(|area| !area.is_nan());
    let (sum, count) = areas.fold((0.0, 0.0), |(sum, count), area| (sum + area, count + 1.0));
    sum / count
}

/// The area for the score of each sample, whether it belongs to the class, and its weight; NaN if all do or none.
fn area(mut samples: Vec<(f64, bool, f64)>) -> f64 {
    samples.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut won, mut positive, mut negative) = (0.0, 0.0, 0.0);
    for ties in samples.chunk_by(|a, b| a.0 == b.0) {
        let weight = |belongs: bool| ties.iter().filter(|s| s.1 == belongs).map(|s| s.2).sum::<f64>();
        let (ones, zeros) = (weight(true), weight(false));
        won += ones * (negative + 0.5 * zeros);
        positive += ones;
        negative += zeros;
    }
    won / (positive * negative)
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] = {
    use crate::table::MetricRow;
    &[
        MetricRow::labels("roc_auc", || Box::new(RocAuc)),
        MetricRow::labels("roc_auc: classes", || Box::new(RocAuc)),
        MetricRow::labels("roc_auc: logits of classes", || Box::new(RocAuc.of_logits())),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logits_of_any_size_are_in_the_order_of_their_softmax() {
        let infinity = f64::INFINITY;
        let rows = [
            (vec![0.0, 0.0], vec![-math::ln(2.0), -math::ln(2.0)]),
            (vec![1e4, 0.0, -1e4], vec![0.0, -1e4, -2e4]),
            (vec![infinity, 0.0], vec![0.0, -infinity]),
            (vec![3.0], vec![3.0]),
        ];
        for (mut scores, expected) in rows {
            log_softmax(&mut scores);
            assert_eq!(scores, expected);
        }
    }
}
