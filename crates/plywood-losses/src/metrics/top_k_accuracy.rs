//! The share of samples whose class is among the likeliest.

use super::samples::{labelled, share, slots};
use crate::{ClassTarget, LossError, Metric};
use plywood_tensor::{Result, Tensor};

const OP: &str = "top_k_accuracy";

/// The share of samples whose class is among the `k` of the highest scores, where the first of equals comes first.
///
/// With `k = 1` it is [`Accuracy`](crate::Accuracy), which says what the class of a target of real numbers is.
///
/// # Shapes
/// prediction `[N, .., C]` with labels `[N, ..]` or a target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{Meter, TopKAccuracy};
/// # use plywood_tensor::{IntTensor, Tensor};
/// let mut meter = Meter::new(TopKAccuracy::new(2));
/// meter.update(&Tensor::from([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]]), &IntTensor::from([1, 2]), None)?;
/// assert_eq!(meter.value(), 0.5);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Setting`] for a `k` of 0, or of more than there are classes.
///
/// # References
/// scikit-learn: `top_k_accuracy_score`. Keras: `SparseTopKCategoricalAccuracy` and `TopKCategoricalAccuracy`.
#[derive(Debug, Clone, Copy)]
pub struct TopKAccuracy {
    k: usize,
}

impl TopKAccuracy {
    /// With the number of classes that may be named.
    pub fn new(k: usize) -> TopKAccuracy {
        TopKAccuracy { k }
    }
}

impl<Y: ClassTarget> Metric<Y> for TopKAccuracy {
    fn name(&self) -> String {
        format!("top_{}_accuracy", self.k)
    }

    fn update(
        &self,
        counts: &mut Vec<f64>,
        prediction: &Tensor,
        target: &Y,
        weights: Option<&Tensor>,
    ) -> Result<()> {
        if self.k == 0 {
            return Err(LossError::Setting { op: OP, expected: "a k of at least 1", got: "0".into() }.into());
        }
        let labels = target.classes(OP, prediction)?;
        let samples = labelled(OP, prediction, &labels, weights)?;
        let counts = slots(OP, counts, 2)?;
        for sample in samples {
            if sample.scores.len() < 2 {
                let (expected, got) = ("[.., classes]", *prediction.shape());
                return Err(LossError::Prediction { op: OP, expected, got }.into());
            }
            let classes = sample.scores.len();
            if self.k > classes {
                let got = format!("{} of {classes} classes", self.k);
                let expected = "a k of at most the number of classes";
                return Err(LossError::Setting { op: OP, expected, got }.into());
            }
            let own = sample.scores[sample.label];
            let before = |(class, &score)| score > own || (score == own && class < sample.label);
            let rank = sample.scores.iter().enumerate().filter(|&s| before(s)).count();
            counts[0] += if rank < self.k { sample.weight } else { 0.0 };
            counts[1] += sample.weight;
        }
        Ok(())
    }

    fn value(&self, counts: &[f64]) -> f64 {
        share(counts)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] = {
    use crate::table::MetricRow;
    &[
        MetricRow::labels("top_2_accuracy", || Box::new(TopKAccuracy::new(2))),
        MetricRow::real("top_2_accuracy: mixed targets", || Box::new(TopKAccuracy::new(2))),
    ]
};
