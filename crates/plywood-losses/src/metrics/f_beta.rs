//! Precision and recall in one figure.

use super::average::{Figure, figure, ratio};

/// `(1 + β²) P R / (β² P + R)` of precision `P` and recall `R`: their harmonic mean, in which recall counts `β` times as much.
///
/// Classes and averages as of [`Precision`](crate::Precision). 0 where both are.
///
/// # Shapes
/// As of [`Accuracy`](crate::Accuracy).
///
/// # Example
/// ```
/// # use plywood_losses::{FBeta, Meter};
/// # use plywood_tensor::{IntTensor, Tensor};
/// let mut meter = Meter::new(FBeta::new(1.0));
/// meter.update(&Tensor::from([0.9, 0.8, 0.7, 0.1]), &IntTensor::from([1, 1, 0, 0]), None)?;
/// assert_eq!(meter.value(), 0.8); // precision 2/3, recall 1
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// scikit-learn: `fbeta_score(zero_division=0)`, `f1_score`.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "F1Score")]
pub struct FBeta {
    beta: f64,
}

impl FBeta {
    /// With the importance of recall.
    pub fn new(beta: f64) -> FBeta {
        FBeta { beta }
    }
}

impl Default for FBeta {
    /// With `β = 1`.
    fn default() -> FBeta {
        FBeta::new(1.0)
    }
}

figure!(FBeta);

impl Figure for FBeta {
    fn op(&self) -> &'static str {
        "f_beta"
    }

    fn name(&self) -> String {
        format!("f{}", self.beta)
    }

    fn of(&self, hits: f64, alarms: f64, misses: f64) -> f64 {
        let square = self.beta * self.beta;
        ratio((1.0 + square) * hits, (1.0 + square) * hits + square * misses + alarms)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] = {
    use crate::table::MetricRow;
    &[
        MetricRow::labels("f1", || Box::new(FBeta::default())),
        MetricRow::labels("f2: macro", || Box::new(FBeta::new(2.0))),
    ]
};
