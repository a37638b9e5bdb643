//! Binary cross entropy of logits.

use super::binary_cross_entropy::is_probability;
use crate::{Loss, Losses, checks};
use plywood_autograd::{Var, ops};
use plywood_tensor::{IntTensor, Result, Shape, Tensor};

const OP: &str = "binary_cross_entropy_with_logits";

/// `ℓ = max(x, 0) − x t + ln(1 + e^−|x|)`, averaged within each sample: the binary cross entropy of `σ(x)`, exact for
/// logits of any size.
///
/// Labels are 0 and 1. A target of real numbers is a probability, and of exactly the prediction's shape. Where the label 1
/// is rare, [`BinaryCrossEntropyWithLogits::positive_weight`] lets it count for more.
///
/// Metrics are given the logits too, and part the classes at 0: `Accuracy.threshold(0.0)`.
///
/// # Shapes
/// prediction `[N]` or `[N, 1]` with labels `[N]`; prediction `[N, ..]` with labels or a target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{BinaryCrossEntropyWithLogits, Loss};
/// # use plywood_tensor::{IntTensor, Tensor, math};
/// let logits = Tensor::from([[0.0], [-1000.0]]).into();
/// let losses = BinaryCrossEntropyWithLogits.losses(&logits, &IntTensor::from([1, 1]))?;
/// assert_eq!(losses.values().value().as_slice(), [math::ln(2.0), 1000.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `torch.nn.BCEWithLogitsLoss`, which takes no labels.
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "BCEWithLogitsLoss")]
pub struct BinaryCrossEntropyWithLogits;

/// [`BinaryCrossEntropyWithLogits`] as a function.
///
/// # Errors
/// [`LossError::Label`](crate::LossError::Label) for a label that is not 0 or 1,
/// [`LossError::Value`](crate::LossError::Value) for a target outside 0 to 1; errors of shapes.
pub fn binary_cross_entropy_with_logits<Y>(logits: &Var, target: &Y) -> Result<Losses>
where
    BinaryCrossEntropyWithLogits: Loss<Y>,
{
    BinaryCrossEntropyWithLogits.losses(logits, target)
}

/// `ℓ = −w t ln σ(x) − (1 − t) ln(1 − σ(x))`: [`BinaryCrossEntropyWithLogits`] with a weight for the label 1, from
/// [`BinaryCrossEntropyWithLogits::positive_weight`].
#[derive(Debug, Clone)]
pub struct PositiveWeighted {
    weights: Tensor,
}

impl BinaryCrossEntropyWithLogits {
    /// Lets the label 1 count by this weight, such as the number of labels 0 over that of labels 1; a single one, or one for
    /// each number along the last axis.
    ///
    /// The mean is still over all samples, as in PyTorch.
    ///
    /// ```
    /// # use plywood_losses::{BinaryCrossEntropyWithLogits, Loss};
    /// # use plywood_tensor::{IntTensor, Tensor, math};
    /// let loss = BinaryCrossEntropyWithLogits.positive_weight(3.0);
    /// let losses = loss.losses(&Tensor::from([0.0, 0.0]).into(), &IntTensor::from([1, 0]))?;
    /// assert_eq!(losses.values().value().as_slice(), [3.0 * math::ln(2.0), math::ln(2.0)]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// The loss refuses weights that are negative or not finite ([`LossError::Weight`](crate::LossError::Weight)) and
    /// those of another number ([`LossError::WeightShape`](crate::LossError::WeightShape)).
    #[doc(alias = "pos_weight")]
    #[must_use]
    pub fn positive_weight(self, weights: impl Into<Tensor>) -> PositiveWeighted {
        PositiveWeighted { weights: weights.into() }
    }
}

impl PositiveWeighted {
    /// The losses against probabilities of the prediction's shape.
    ///
    /// `w t s(−x) + (1 − t) s(x)`, where `s` is softplus, is the cross entropy against `w t / (w t + 1 − t)`, times the
    /// divisor.
    fn weigh(&self, prediction: &Var, target: &Tensor) -> Result<Losses> {
        let mut positive = target.clone();
        if let &[weight] = self.weights.as_slice() {
            checks::weights(OP, "positive", self.weights.shape(), &self.weights)?;
            positive.map_in_place(|t| weight * t);
        } else {
            let last = prediction.shape().last().copied().unwrap_or(1);
            checks::weights(OP, "positive", &Shape::new(&[last])?, &self.weights)?;
            positive.combine_rows(OP, &self.weights, |t, weight| weight * t)?;
        }
        let divisor = positive.zip(OP, target, |positive, t| positive + (1.0 - t))?;
        let share =
            positive.zip(OP, &divisor, |positive, all| if all == 0.0 { 0.0 } else { positive / all })?;
        Losses::new(&ops::binary_cross_entropy_with_logits(prediction, &share)?.mul(&divisor.into())?)
    }
}

impl Loss<IntTensor> for PositiveWeighted {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, labels: &IntTensor) -> Result<Losses> {
        self.weigh(prediction, &checks::binary(OP, prediction.shape(), labels)?)
    }

    fn classes(&self, _: &Shape) -> Option<usize> {
        Some(2)
    }
}

impl Loss<Tensor> for PositiveWeighted {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, target: &Tensor) -> Result<Losses> {
        checks::same_shape(OP, prediction.shape(), target)?;
        checks::values(OP, target, "a target between 0 and 1", is_probability)?;
        self.weigh(prediction, target)
    }
}

impl Loss<IntTensor> for BinaryCrossEntropyWithLogits {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, labels: &IntTensor) -> Result<Losses> {
        let target = checks::binary(OP, prediction.shape(), labels)?;
        Losses::new(&ops::binary_cross_entropy_with_logits(prediction, &target)?)
    }

    fn classes(&self, _: &Shape) -> Option<usize> {
        Some(2)
    }
}

impl Loss<Tensor> for BinaryCrossEntropyWithLogits {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, target: &Tensor) -> Result<Losses> {
        checks::same_shape(OP, prediction.shape(), target)?;
        checks::values(OP, target, "a target between 0 and 1", is_probability)?;
        Losses::new(&ops::binary_cross_entropy_with_logits(prediction, target)?)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = {
    use crate::table::Row;
    use plywood_tensor::Elem;
    const EXTREMES: &[Elem] = &[-1e4, 0.0, 1e4];
    &[
        Row::labels("binary_cross_entropy_with_logits", binary_cross_entropy_with_logits).extremes(EXTREMES),
        Row::real("binary_cross_entropy_with_logits: probabilities", binary_cross_entropy_with_logits)
            .extremes(EXTREMES),
        Row::labels("binary_cross_entropy_with_logits: positive weight", |x, t| {
            BinaryCrossEntropyWithLogits.positive_weight(2.5).losses(x, t)
        })
        .extremes(EXTREMES),
        Row::real("binary_cross_entropy_with_logits: positive weights of probabilities", |x, t| {
            let weights = Tensor::from([0.0, 2.0, 0.5]);
            BinaryCrossEntropyWithLogits.positive_weight(weights).losses(x, t)
        })
        .extremes(EXTREMES),
    ]
};
