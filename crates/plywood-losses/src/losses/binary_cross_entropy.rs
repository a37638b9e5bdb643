//! Binary cross entropy of probabilities.

use crate::{Loss, Losses, checks};
use plywood_autograd::{Var, ops};
use plywood_tensor::{Elem, IntTensor, Result, Shape, Tensor};

const OP: &str = "binary_cross_entropy";

/// `ℓ = −(t ln p + (1 − t) ln(1 − p))`, averaged within each sample; the prediction is a probability, after a sigmoid.
///
/// Labels are 0 and 1. A target of real numbers is a probability too, and of exactly the prediction's shape. A wrong
/// prediction of 0 or 1 costs 100. [`BinaryCrossEntropyWithLogits`](crate::BinaryCrossEntropyWithLogits) is more
/// exact where the model can leave out its sigmoid.
///
/// # Shapes
/// prediction `[N]` or `[N, 1]` with labels `[N]`; prediction `[N, ..]` with labels or a target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{BinaryCrossEntropy, Loss};
/// # use plywood_tensor::{IntTensor, Tensor, math};
/// let probabilities = Tensor::from([[0.5], [1.0]]).into();
/// let losses = BinaryCrossEntropy.losses(&probabilities, &IntTensor::from([1, 1]))?;
/// assert_eq!(losses.values().value().as_slice(), [math::ln(2.0), 0.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Value`](crate::LossError::Value) for a prediction or a target outside 0 to 1, as logits are;
/// a NaN passes, so that training can name where it arose.
///
/// # References
/// PyTorch: `torch.nn.BCELoss`, which takes no labels; Keras: `BinaryCrossentropy`, which moves predictions off 0 and 1.
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "BCELoss")]
pub struct BinaryCrossEntropy;

/// [`BinaryCrossEntropy`] as a function.
///
/// # Errors
/// As [`BinaryCrossEntropy`]; [`LossError::Label`](crate::LossError::Label) for a label that is not 0 or 1.
pub fn binary_cross_entropy<Y>(probabilities: &Var, target: &Y) -> Result<Losses>
where
    BinaryCrossEntropy: Loss<Y>,
{
    BinaryCrossEntropy.losses(probabilities, target)
}

impl Loss<IntTensor> for BinaryCrossEntropy {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, labels: &IntTensor) -> Result<Losses> {
        let target = checks::binary(OP, prediction.shape(), labels)?;
        of(prediction, &target)
    }

    fn classes(&self, _: &Shape) -> Option<usize> {
        Some(2)
    }
}

impl Loss<Tensor> for BinaryCrossEntropy {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, target: &Tensor) -> Result<Losses> {
        checks::same_shape(OP, prediction.shape(), target)?;
        checks::values(OP, target, "a target between 0 and 1", is_probability)?;
        of(prediction, target)
    }
}

fn of(prediction: &Var, target: &Tensor) -> Result<Losses> {
    let expected = "a probability between 0 and 1 (of logits, take binary_cross_entropy_with_logits)";
    checks::values(OP, prediction.value(), expected, |p| is_probability(p) || p.is_nan())?;
    Losses::new(&ops::binary_cross_entropy(prediction, target)?)
}

pub(super) fn is_probability(p: Elem) -> bool {
    (0.0..=1.0).contains(&p)
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = &[
    crate::table::Row::labels("binary_cross_entropy", binary_cross_entropy).extremes(&[0.0, 1.0]),
    crate::table::Row::real("binary_cross_entropy: probabilities", binary_cross_entropy)
        .extremes(&[0.0, 1.0]),
];
