//! How much of a class is found.

use super::average::{Figure, figure, ratio};

/// `hits / (hits + misses)`: the share of the samples of a class that are found.
///
/// Where each label has one score, a probability, the class is 1 and its edge one half; where there are several
/// classes, the figure is the mean over them; [`Average`](crate::Average) has other ways. 0 where the class never occurs.
///
/// # Shapes
/// As of [`Accuracy`](crate::Accuracy).
///
/// # Example
/// ```
/// # use plywood_losses::{Meter, Recall};
/// # use plywood_tensor::{IntTensor, Tensor};
/// let mut meter = Meter::new(Recall);
/// meter.update(&Tensor::from([0.9, 0.8, 0.7, 0.1]), &IntTensor::from([1, 1, 0, 1]), None)?;
/// assert_eq!(meter.value(), 2.0 / 3.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// scikit-learn: `recall_score(zero_division=0)`.
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "sensitivity")]
pub struct Recall;

figure!(Recall);

impl Figure for Recall {
    fn op(&self) -> &'static str {
        "recall"
    }

    fn name(&self) -> String {
        "recall".into()
    }

    fn of(&self, hits: f64, _: f64, misses: f64) -> f64 {
        ratio(hits, hits + misses)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] = {
    use crate::{Average, table::MetricRow};
    &[
        MetricRow::labels("recall", || Box::new(Recall)),
        MetricRow::labels("recall: macro", || Box::new(Recall)),
        MetricRow::labels("recall: micro", || Box::new(Recall.average(Average::Micro))),
    ]
};
