//! The loss of margins.

use crate::{Loss, Losses, checks};
use plywood_autograd::Var;
use plywood_tensor::{Elem, Float, IntTensor, Result, Shape, Tensor, math};

const OP: &str = "hinge_loss";

/// `ℓ = max(0, 1 − s x)` for a score `x` and its side `s` of −1 or 1; for several classes, `Σ_{c ≠ y} max(0, 1 − x_y + x_c) / C`.
///
/// Labels 0 and 1 stand for the sides −1 and 1; a target of real numbers is the sides themselves. Averaged within each
/// sample. The slope at the edge of the margin is 0.
///
/// # Shapes
/// prediction `[N]` or `[N, 1]` with labels `[N]`; prediction `[N, ..]` with labels or a target exactly the same;
/// prediction `[N, .., C]` with labels `[N, ..]`
///
/// # Example
/// ```
/// # use plywood_losses::{Hinge, Loss};
/// # use plywood_tensor::{IntTensor, Tensor};
/// let losses = Hinge.losses(&Tensor::from([0.5, 0.5, 3.0]).into(), &IntTensor::from([1, 0, 1]))?;
/// assert_eq!(losses.values().value().as_slice(), [0.5, 1.5, 0.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Label`](crate::LossError::Label) names the row of a label out of range,
/// [`LossError::Value`](crate::LossError::Value) that of a target that is no side.
///
/// # References
/// Cortes and Vapnik, *Support-Vector Networks*, 1995. Keras: `Hinge`. PyTorch: `torch.nn.MultiMarginLoss` for several classes;
/// its `HingeEmbeddingLoss` is another.
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "MultiMarginLoss")]
pub struct Hinge;

/// [`Hinge`] as a function.
///
/// # Errors
/// As [`Hinge`]; errors of shapes.
pub fn hinge_loss<Y>(scores: &Var, target: &Y) -> Result<Losses>
where
    Hinge: Loss<Y>,
{
    Hinge.losses(scores, target)
}

impl Loss<IntTensor> for Hinge {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, labels: &IntTensor) -> Result<Losses> {
        let shape = *prediction.shape();
        if !checks::is_binary(&shape, labels.shape()) {
            return several(prediction, labels);
        }
        of(prediction, &checks::binary(OP, &shape, labels)?.map(|label| 2.0 * label - 1.0))
    }

    fn classes(&self, prediction: &Shape) -> Option<usize> {
        Some(checks::scored(prediction))
    }
}

impl Loss<Tensor> for Hinge {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, sides: &Tensor) -> Result<Losses> {
        checks::same_shape(OP, prediction.shape(), sides)?;
        checks::values(OP, sides, "a side of -1 or 1", |s| s.abs() == 1.0)?;
        of(prediction, sides)
    }
}

fn of(prediction: &Var, sides: &Tensor) -> Result<Losses> {
    // Flat or straight almost everywhere: a constant says how steep.
    let slope = |x: Elem, s: Elem| if 1.0 - s * x > 0.0 { -s } else { 0.0 };
    Losses::new(&prediction.against(
        OP,
        sides,
        |x, s| math::maximum(1.0 - s * x, 0.0),
        slope,
        move |x, s| Ok(Var::constant(x.value().zip(OP, s.value(), slope)?)),
    )?)
}

fn several(prediction: &Var, labels: &IntTensor) -> Result<Losses> {
    let classes = checks::classes(OP, prediction.shape(), labels, None)?;
    let column = prediction.shape().with(prediction.shape().rank() - 1, 1)?;
    let own = prediction.gather(-1, &labels.reshape(column)?)?;
    let margins = prediction.sub(&own)?.add_scalar(1.0).relu().sum_axes(&[-1], false)?;
    // The class of the label itself is in the sum, with the margin of 1 that every score has to itself.
    Losses::new(&margins.add_scalar(-1.0).mul_scalar(Elem::of(1.0 / classes.max(1) as f64)))
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = {
    use crate::table::Row;
    &[
        Row::labels("hinge_loss", hinge_loss).extremes(&[-1e4, 0.0, 1e4]),
        Row::real("hinge_loss: sides", hinge_loss),
        Row::labels("hinge_loss: several classes", hinge_loss).extremes(&[-1e4, 0.0, 1e4]),
    ]
};
