//! How well scores separate two classes.

use super::samples::labelled;
use crate::{LossError, Metric};
use plywood_tensor::{Float, IntTensor, Result, Tensor};

const OP: &str = "roc_auc";

/// The area under the receiver operating characteristic: how probable it is that a sample of class 1 scores higher than one of class
/// 0, ties counting one half.
///
/// Exact: every score is kept. Any scores will do, for only their order counts. NaN where only one class occurs.
///
/// # Shapes
/// prediction `[N]` or `[N, 1]` with labels `[N]`; prediction `[N, ..]` with labels exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{Meter, RocAuc};
/// # use plywood_tensor::{IntTensor, Tensor};
/// let mut meter = Meter::new(RocAuc);
/// meter.update(&Tensor::from([0.1, 0.4, 0.4, 0.8]), &IntTensor::from([0, 0, 1, 1]), None)?;
/// assert_eq!(meter.value(), 3.5 / 4.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Hanley and McNeil, *The Meaning and Use of the Area under a Receiver Operating Characteristic Curve*, 1982.
/// scikit-learn: `roc_auc_score`. Keras' `AUC` is an approximation by 200 thresholds.
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "AUC")]
pub struct RocAuc;

/// The counts are the score, the label and the weight of each sample.
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
        for sample in labelled(OP, prediction, labels, weights)? {
            let &[score] = sample.scores else {
                let (expected, got) = ("[N] or [N, 1], one score a label", *prediction.shape());
                return Err(LossError::Prediction { op: OP, expected, got }.into());
            };
            counts.extend([score.to_f64(), sample.label as f64, sample.weight]);
        }
        Ok(())
    }

    fn value(&self, counts: &[f64]) -> f64 {
        let mut samples: Vec<&[f64]> = counts.chunks_exact(3).collect();
        samples.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let (mut won, mut positive, mut negative) = (0.0, 0.0, 0.0);
        for ties in samples.chunk_by(|a, b| a[0] == b[0]) {
            let weight = |label: f64| ties.iter().filter(|s| s[1] == label).map(|s| s[2]).sum::<f64>();
            let (ones, zeros) = (weight(1.0), weight(0.0));
            won += ones * (negative + 0.5 * zeros);
            positive += ones;
            negative += zeros;
        }
        won / (positive * negative)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] =
    &[crate::table::MetricRow::labels("roc_auc", || Box::new(RocAuc))];
