//! The share of right answers.

use super::samples::{labelled, probabilities, share, slots};
use crate::{ClassTarget, Metric};
use plywood_tensor::{Result, Tensor};

const OP: &str = "accuracy";

/// The share of samples whose predicted class is right.
///
/// The predicted class is that of the highest score, the first of equals. Where each label has one score, a probability,
/// it is 1 above one half; [`Accuracy::threshold`] sets another edge, such as 0 for logits, which are refused without one.
///
/// A target of real numbers, in the shape of the prediction, has a share for each class, as one-hot targets and those that
/// [MixUp](https://arxiv.org/abs/1710.09412) and CutMix have mixed: the true class is that of the largest share, the first of equals, and
/// where there is one share for each prediction, 1 above one half.
///
/// # Shapes
/// prediction `[N]` or `[N, 1]` with labels `[N]`; prediction `[N, ..]` with labels exactly the same;
/// prediction `[N, .., C]` with labels `[N, ..]`; prediction `[N, .., C]`, `[N]` or `[N, 1]` with a target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{Accuracy, Meter};
/// # use plywood_tensor::{IntTensor, Tensor};
/// let mut meter = Meter::new(Accuracy);
/// meter.update(&Tensor::from([[0.1, 2.0], [3.0, 0.2], [1.0, 5.0]]), &IntTensor::from([1, 0, 0]), None)?;
/// assert_eq!(meter.value(), 2.0 / 3.0);
///
/// let mut of_logits = Meter::new(Accuracy.threshold(0.0));
/// of_logits.update(&Tensor::from([0.3, -0.3]), &IntTensor::from([1, 0]), None)?;
/// assert_eq!(of_logits.value(), 1.0);
///
/// let mut of_shares = Meter::new(Accuracy);
/// of_shares.update(&Tensor::from([[0.1, 2.0], [3.0, 0.2]]), &Tensor::from([[0.3, 0.7], [0.4, 0.6]]), None)?;
/// assert_eq!(of_shares.value(), 0.5);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// scikit-learn: `accuracy_score`. Keras: `BinaryAccuracy`, `SparseCategoricalAccuracy` and, for targets of real numbers,
/// `CategoricalAccuracy`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Accuracy;

/// [`Accuracy`] with a threshold of its own, from [`Accuracy::threshold`].
#[derive(Debug, Clone, Copy)]
pub struct AccuracyAbove(f64);

impl Accuracy {
    /// With another edge between the labels 0 and 1, where each has one score.
    #[must_use]
    pub fn threshold(self, threshold: f64) -> AccuracyAbove {
        AccuracyAbove(threshold)
    }
}

impl<Y: ClassTarget> Metric<Y> for Accuracy {
    fn name(&self) -> String {
        OP.into()
    }

    fn update(
        &self,
        counts: &mut Vec<f64>,
        prediction: &Tensor,
        target: &Y,
        weights: Option<&Tensor>,
    ) -> Result<()> {
        count(counts, prediction, target, weights, None)
    }

    fn value(&self, counts: &[f64]) -> f64 {
        share(counts)
    }
}

impl<Y: ClassTarget> Metric<Y> for AccuracyAbove {
    fn name(&self) -> String {
        OP.into()
    }

    fn update(
        &self,
        counts: &mut Vec<f64>,
        prediction: &Tensor,
        target: &Y,
        weights: Option<&Tensor>,
    ) -> Result<()> {
        count(counts, prediction, target, weights, Some(self.0))
    }

    fn value(&self, counts: &[f64]) -> f64 {
        share(counts)
    }
}

/// Counts the right answers, and all of them; without a threshold a lone score is a probability.
fn count<Y: ClassTarget>(
    counts: &mut Vec<f64>,
    prediction: &Tensor,
    target: &Y,
    weights: Option<&Tensor>,
    threshold: Option<f64>,
) -> Result<()> {
    let labels = target.classes(OP, prediction)?;
    let samples = labelled(OP, prediction, &labels, weights)?;
    if threshold.is_none() {
        probabilities(OP, prediction, &labels)?;
    }
    let counts = slots(OP, counts, 2)?;
    for sample in samples {
        let right = sample.predicted(threshold.unwrap_or(0.5)) == sample.label;
        counts[0] += if right { sample.weight } else { 0.0 };
        counts[1] += sample.weight;
    }
    Ok(())
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] = {
    use crate::table::MetricRow;
    &[
        MetricRow::labels("accuracy: probabilities", || Box::new(Accuracy)),
        MetricRow::labels("accuracy: logits", || Box::new(Accuracy.threshold(0.0))),
        MetricRow::labels("accuracy: classes", || Box::new(Accuracy)),
        MetricRow::real("accuracy: one-hot targets", || Box::new(Accuracy)),
        MetricRow::real("accuracy: mixed targets", || Box::new(Accuracy)),
        MetricRow::real("accuracy: shares of logits", || Box::new(Accuracy.threshold(0.0))),
    ]
};
