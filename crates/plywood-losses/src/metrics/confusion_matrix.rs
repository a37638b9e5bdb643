//! Which classes are taken for which.

use super::samples::{labelled, probabilities, slots};
use crate::Metric;
use plywood_tensor::{Array, IntTensor, Result, Tensor};

const OP: &str = "confusion_matrix";

/// How many samples of each class were predicted as each class. As a figure, it is the accuracy; [`ConfusionMatrix::of`] and
/// [`ConfusionMatrix::table`] make a [table that prints](crate::ConfusionTable), with names.
///
/// Predicted classes as of [`Accuracy`](crate::Accuracy): where each label has one score, a probability, the edge is one half;
/// [`ConfusionMatrix::threshold`] sets another, such as 0 for logits.
///
/// # Shapes
/// As of [`Accuracy`](crate::Accuracy).
///
/// # Example
/// ```
/// # use plywood_losses::{ConfusionMatrix, Meter};
/// # use plywood_tensor::{IntTensor, Tensor};
/// let mut meter = Meter::new(ConfusionMatrix);
/// meter.update(&Tensor::from([0.9, 0.8, 0.2, 0.1]), &IntTensor::from([1, 0, 0, 0]), None)?;
/// let matrix = ConfusionMatrix.matrix(&meter.state().counts);
/// assert_eq!(matrix.as_slice(), [2.0, 1.0, 0.0, 1.0]); // rows: the true class; columns: the predicted one
/// assert_eq!(meter.value(), 0.75);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// scikit-learn: `confusion_matrix`.
#[derive(Debug, Clone, Copy, Default)]
pub struct ConfusionMatrix;

/// [`ConfusionMatrix`] with a threshold of its own, from [`ConfusionMatrix::threshold`].
#[derive(Debug, Clone, Copy)]
pub struct ConfusionMatrixAbove(f64);

impl ConfusionMatrix {
    /// With another edge between the labels 0 and 1, where each has one score.
    #[must_use]
    pub fn threshold(self, threshold: f64) -> ConfusionMatrixAbove {
        ConfusionMatrixAbove(threshold)
    }

    /// The matrix `[C, C]`, true classes down and predicted ones across, from the counts of a [`Meter`](crate::Meter).
    pub fn matrix(&self, counts: &[f64]) -> Array<f64> {
        let classes = counts.len().isqrt();
        Array::from_slice(&counts[..classes * classes], [classes, classes])
            .expect("a square of a root fills it")
    }
}

impl Metric<IntTensor> for ConfusionMatrix {
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
        probabilities(OP, prediction, labels)?;
        self.threshold(0.5).update(counts, prediction, labels, weights)
    }

    fn value(&self, counts: &[f64]) -> f64 {
        self.threshold(0.5).value(counts)
    }
}

impl Metric<IntTensor> for ConfusionMatrixAbove {
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
        for sample in labelled(OP, prediction, labels, weights)? {
            let classes = sample.classes();
            let counts = slots(OP, counts, classes * classes)?;
            counts[sample.label * classes + sample.predicted(self.0)] += sample.weight;
        }
        Ok(())
    }

    fn value(&self, counts: &[f64]) -> f64 {
        let right: f64 = counts.iter().step_by(counts.len().isqrt() + 1).sum();
        right / counts.iter().sum::<f64>()
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] = {
    use crate::table::MetricRow;
    &[
        MetricRow::labels("confusion_matrix", || Box::new(ConfusionMatrix)),
        MetricRow::labels("confusion_matrix: logits", || Box::new(ConfusionMatrix.threshold(0.0))),
        MetricRow::labels("confusion_matrix: classes", || Box::new(ConfusionMatrix)),
    ]
};
