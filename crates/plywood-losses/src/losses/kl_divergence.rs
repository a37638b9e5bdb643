//! The divergence of one distribution from another.

use crate::{Loss, LossError, Losses, checks};
use plywood_autograd::Var;
use plywood_tensor::{Result, Tensor, math};

const OP: &str = "kl_div";

/// `ℓ = Σ_c t_c (ln t_c − x_c)`: how far the target distribution `t` is from `eˣ`; the prediction is logarithms of probabilities.
///
/// Summed over the last axis and averaged over those between, so that the mean is that of divergences. Where `t` is
/// 0 nothing is added, even at `x = −∞`.
///
/// # Shapes
/// prediction `[N, .., C]`, target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{KlDivergence, Loss};
/// # use plywood_tensor::{Tensor, math};
/// let log_probabilities = Tensor::from([[math::ln(0.5), math::ln(0.5)]]).into();
/// let losses = KlDivergence.losses(&log_probabilities, &Tensor::from([[1.0, 0.0]]))?;
/// assert_eq!(losses.mean().value().item()?, math::ln(2.0));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Value`] for a target that is negative or NaN; errors of shapes.
///
/// # References
/// PyTorch: `torch.nn.KLDivLoss(reduction="batchmean")`, as its documentation advises; its default divides by the number of
/// classes too.
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "KLDivLoss")]
pub struct KlDivergence;

/// [`KlDivergence`] as a function.
///
/// # Errors
/// As [`KlDivergence`].
pub fn kl_div(log_probabilities: &Var, target: &Tensor) -> Result<Losses> {
    KlDivergence.losses(log_probabilities, target)
}

impl Loss<Tensor> for KlDivergence {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, target: &Tensor) -> Result<Losses> {
        let shape = *prediction.shape();
        if shape.rank() < 2 {
            return Err(LossError::Prediction { op: OP, expected: "[.., classes]", got: shape }.into());
        }
        checks::same_shape(OP, &shape, target)?;
        checks::values(OP, target, "a target of at least 0", |t| t >= 0.0)?;
        let terms = prediction.against(
            OP,
            target,
            // Nothing times infinity is nothing here, but a NaN stays.
            |x, t| if t == 0.0 && !x.is_nan() { 0.0 } else { t * (math::ln(t) - x) },
            |_, t| -t,
            |_, t| Ok(t.neg()),
        )?;
        Losses::new(&terms.sum_axes(&[-1], false)?)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] =
    &[crate::table::Row::real("kl_div", kl_div).extremes(&[-1e4, 0.0])];
