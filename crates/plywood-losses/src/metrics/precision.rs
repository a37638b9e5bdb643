//! How far a positive answer can be trusted.

use super::average::{Figure, figure, ratio};

/// `hits / (hits + false alarms)`: the share of right answers among those that name the class.
///
/// Where each label has one score, a probability, the class is 1 and its edge one half; where there are several
/// classes, the figure is the mean over them; [`Average`](crate::Average) has other ways. 0 where the class is never named.
///
/// # Shapes
/// As of [`Accuracy`](crate::Accuracy).
///
/// # Example
/// ```
/// # use plywood_losses::{Meter, Precision};
/// # use plywood_tensor::{IntTensor, Tensor};
/// let mut meter = Meter::new(Precision);
/// meter.update(&Tensor::from([0.9, 0.8, 0.7, 0.1]), &IntTensor::from([1, 1, 0, 1]), None)?;
/// assert_eq!(meter.value(), 2.0 / 3.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// scikit-learn: `precision_score(zero_division=0)`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Precision;

figure!(Precision);

impl Figure for Precision {
    fn op(&self) -> &'static str {
        "precision"
    }

    fn name(&self) -> String {
        "precision".into()
    }

    fn of(&self, hits: f64, alarms: f64, _: f64) -> f64 {
        ratio(hits, hits + alarms)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] = {
    use crate::{Average, table::MetricRow};
    &[
        MetricRow::labels("precision", || Box::new(Precision)),
        MetricRow::labels("precision: logits", || Box::new(Precision.threshold(0.0))),
        MetricRow::labels("precision: macro", || Box::new(Precision)),
        MetricRow::labels("precision: micro", || Box::new(Precision.average(Average::Micro))),
        MetricRow::labels("precision: weighted", || Box::new(Precision.average(Average::Weighted))),
    ]
};
