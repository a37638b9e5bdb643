//! Absolute error.

use crate::{Loss, Losses, checks};
use plywood_autograd::Var;
use plywood_tensor::{Elem, Result, Tensor};

/// `ℓ = |x − t|`, averaged within each sample. Also a [`Metric`](crate::Metric).
///
/// The slope is the sign of `x − t`, 0 where they are equal.
///
/// # Shapes
/// prediction `[N, ..]`, target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{Loss, MeanAbsoluteError};
/// # use plywood_tensor::Tensor;
/// let losses = MeanAbsoluteError.losses(&Tensor::from([1.0, 5.0]).into(), &Tensor::from([2.0, 2.0]))?;
/// assert_eq!(losses.values().value().as_slice(), [1.0, 3.0]);
/// assert_eq!(losses.mean().value().item()?, 2.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `torch.nn.L1Loss`.
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "L1Loss")]
pub struct MeanAbsoluteError;

/// [`MeanAbsoluteError`] as a function.
///
/// # Errors
/// [`LossError::TargetShape`](crate::LossError::TargetShape) if the shapes differ.
pub fn l1_loss(prediction: &Var, target: &Tensor) -> Result<Losses> {
    MeanAbsoluteError.losses(prediction, target)
}

impl Loss<Tensor> for MeanAbsoluteError {
    fn name(&self) -> &str {
        "l1_loss"
    }

    fn losses(&self, prediction: &Var, target: &Tensor) -> Result<Losses> {
        checks::same_shape("l1_loss", prediction.shape(), target)?;
        Losses::new(&prediction.against(
            "l1_loss",
            target,
            |x, t| (x - t).abs(),
            |x, t| sign(x - t),
            |x, t| Ok(Var::constant(x.sub(t)?.value().map(sign))), // flat almost everywhere
        )?)
    }
}

/// −1, 0 or 1; NaN stays NaN.
fn sign(d: Elem) -> Elem {
    if d > 0.0 {
        1.0
    } else if d < 0.0 {
        -1.0
    } else {
        d
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] =
    &[crate::table::Row::real("l1_loss", l1_loss).extremes(&[-1e4, 0.0, 1e4])];
