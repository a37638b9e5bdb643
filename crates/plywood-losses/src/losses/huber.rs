//! Squared near the target, absolute far from it.

use crate::{Loss, LossError, Losses, checks};
use plywood_autograd::Var;
use plywood_tensor::{Elem, Float, Result, Tensor, math};

/// `ℓ = d² / 2` where `|d| ≤ δ`, `δ (|d| − δ / 2)` elsewhere, with `d = x − t`; averaged within each sample.
///
/// Outliers pull with a force of at most `δ`.
///
/// # Shapes
/// prediction `[N, ..]`, target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{Huber, Loss};
/// # use plywood_tensor::Tensor;
/// let losses = Huber::new(1.0).losses(&Tensor::from([2.5, 6.0]).into(), &Tensor::from([2.0, 2.0]))?;
/// assert_eq!(losses.values().value().as_slice(), [0.125, 3.5]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Setting`] unless `δ` is above 0.
///
/// # References
/// Huber, *Robust Estimation of a Location Parameter*, 1964. PyTorch: `torch.nn.HuberLoss`; its `SmoothL1Loss(beta)` is
/// this divided by `beta`.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "HuberLoss")]
#[doc(alias = "SmoothL1Loss")]
pub struct Huber {
    delta: f64,
}

/// [`Huber`] as a function.
///
/// # Errors
/// [`LossError::TargetShape`] if the shapes differ; as [`Huber`].
pub fn huber_loss(prediction: &Var, target: &Tensor, delta: f64) -> Result<Losses> {
    Huber::new(delta).losses(prediction, target)
}

impl Huber {
    /// With the distance at which the square ends.
    pub fn new(delta: f64) -> Huber {
        Huber { delta }
    }
}

impl Default for Huber {
    /// With `δ = 1`, as in PyTorch.
    fn default() -> Huber {
        Huber::new(1.0)
    }
}

impl Loss<Tensor> for Huber {
    fn name(&self) -> &str {
        "huber_loss"
    }

    fn losses(&self, prediction: &Var, target: &Tensor) -> Result<Losses> {
        let op = "huber_loss";
        if self.delta <= 0.0 || self.delta.is_nan() {
            let got = self.delta.to_string();
            return Err(LossError::Setting { op, expected: "a delta above 0", got }.into());
        }
        checks::same_shape(op, prediction.shape(), target)?;
        let delta = Elem::of(self.delta);
        let value = move |x: Elem, t: Elem| {
            let d = (x - t).abs();
            if d <= delta { 0.5 * d * d } else { delta * (d - 0.5 * delta) }
        };
        let slope = move |x: Elem, t: Elem| math::maximum(math::minimum(x - t, delta), -delta);
        let slope_var = move |x: &Var, t: &Var| Ok(x.sub(t)?.clamp(-delta, delta));
        Losses::new(&prediction.against(op, target, value, slope, slope_var)?)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = &[
    crate::table::Row::real("huber_loss", |x, t| huber_loss(x, t, 0.7)).extremes(&[-1e4, 0.0, 1e4]),
    crate::table::Row::real("huber_loss: delta 1", |x, t| Huber::default().losses(x, t)),
];
