//! Binary cross entropy of logits.

use super::binary_cross_entropy::is_probability;
use crate::{Loss, Losses, checks};
use plywood_autograd::{Var, ops};
use plywood_tensor::{IntTensor, Result, Tensor};

const OP: &str = "binary_cross_entropy_with_logits";

/// `ℓ = max(x, 0) − x t + ln(1 + e^−|x|)`, averaged within each sample: the binary cross entropy of `σ(x)`, exact for
/// logits of any size.
///
/// Labels are 0 and 1. A target of real numbers is a probability, and of exactly the prediction's shape.
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

impl Loss<IntTensor> for BinaryCrossEntropyWithLogits {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, labels: &IntTensor) -> Result<Losses> {
        let target = checks::binary(OP, prediction.shape(), labels)?;
        Losses::new(&ops::binary_cross_entropy_with_logits(prediction, &target)?)
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
pub(crate) const ROWS: &[crate::table::Row] = &[
    crate::table::Row::labels("binary_cross_entropy_with_logits", binary_cross_entropy_with_logits)
        .extremes(&[-1e4, 0.0, 1e4]),
    crate::table::Row::real(
        "binary_cross_entropy_with_logits: probabilities",
        binary_cross_entropy_with_logits,
    )
    .extremes(&[-1e4, 0.0, 1e4]),
];
