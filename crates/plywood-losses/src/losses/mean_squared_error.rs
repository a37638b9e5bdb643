//! Squared error.

use crate::{Loss, Losses, checks};
use plywood_autograd::Var;
use plywood_tensor::{Result, Tensor};

/// `ℓ = (x − t)²`, averaged within each sample. Also a [`Metric`](crate::Metric).
///
/// # Shapes
/// prediction `[N, ..]`, target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{Loss, MeanSquaredError};
/// # use plywood_tensor::Tensor;
/// let losses = MeanSquaredError.losses(&Tensor::from([1.0, 5.0]).into(), &Tensor::from([2.0, 2.0]))?;
/// assert_eq!(losses.values().value().as_slice(), [1.0, 9.0]);
/// assert_eq!(losses.mean().value().item()?, 5.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `torch.nn.MSELoss`.
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "MSELoss")]
pub struct MeanSquaredError;

/// [`MeanSquaredError`] as a function.
///
/// # Errors
/// [`LossError::TargetShape`](crate::LossError::TargetShape) if the shapes differ.
pub fn mse_loss(prediction: &Var, target: &Tensor) -> Result<Losses> {
    MeanSquaredError.losses(prediction, target)
}

impl Loss<Tensor> for MeanSquaredError {
    fn name(&self) -> &str {
        "mse_loss"
    }

    fn losses(&self, prediction: &Var, target: &Tensor) -> Result<Losses> {
        checks::same_shape("mse_loss", prediction.shape(), target)?;
        Losses::new(&prediction.against(
            "mse_loss",
            target,
            |x, t| (x - t) * (x - t),
            |x, t| 2.0 * (x - t),
            |x, t| Ok(x.sub(t)?.mul_scalar(2.0)),
        )?)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = &[
    crate::table::Row::real("mse_loss", mse_loss).extremes(&[-1e4, 0.0, 1e4]),
    crate::table::Row::real("mse_loss: three axes", |x, t| MeanSquaredError.losses(x, t)),
];
