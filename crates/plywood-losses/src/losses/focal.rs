//! Cross entropy that turns to the hard samples.

use crate::{Loss, LossError, Losses, checks};
use plywood_autograd::{Var, ops};
use plywood_tensor::{Elem, Float, IntTensor, Result, Shape};

const OP: &str = "focal_loss";

/// `ℓ = (1 − p)^γ (−ln p)`, where `p` is the probability of the right answer; the prediction is logits.
///
/// Samples that are right already count for little: at `γ = 2` and `p = 0.9`, a hundredth. With `γ = 0` it is the cross entropy.
/// For one score a label, `p` comes from a sigmoid, and `alpha` weighs the labels 1 by `α` and the labels 0 by `1 − α`.
/// For several classes it comes from a softmax.
///
/// # Shapes
/// prediction `[N]` or `[N, 1]` with labels `[N]`; prediction `[N, ..]` with labels exactly the same;
/// prediction `[N, .., C]` with labels `[N, ..]`
///
/// # Example
/// ```
/// # use plywood_losses::{Focal, Loss};
/// # use plywood_tensor::{IntTensor, Tensor, math};
/// let losses = Focal::new(2.0).losses(&Tensor::from([[0.0], [1000.0]]).into(), &IntTensor::from([1, 1]))?;
/// let expected = [0.25 * math::ln(2.0), 0.0];
/// assert!(losses.values().value().as_slice().iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Setting`] for a `γ` below 0, an `α` outside 0 to 1 or an `α` for several classes;
/// [`LossError::Label`] names the row of a label out of range.
///
/// # References
/// Lin et al., *Focal Loss for Dense Object Detection*, 2017. torchvision: `sigmoid_focal_loss`, whose `alpha` is 0.25
/// unless said otherwise. Keras: `BinaryFocalCrossentropy`.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "sigmoid_focal_loss")]
pub struct Focal {
    gamma: f64,
    alpha: Option<f64>,
}

/// [`Focal`] as a function, without `alpha`.
///
/// # Errors
/// As [`Focal`]; errors of shapes.
pub fn focal_loss(logits: &Var, labels: &IntTensor, gamma: f64) -> Result<Losses> {
    Focal::new(gamma).losses(logits, labels)
}

impl Focal {
    /// With the strength of the turn, at least 0; 2 in the paper.
    pub fn new(gamma: f64) -> Focal {
        Focal { gamma, alpha: None }
    }

    /// Weighs labels 1 by `alpha`, labels 0 by `1 − alpha`.
    #[must_use]
    pub fn alpha(self, alpha: f64) -> Focal {
        Focal { alpha: Some(alpha), ..self }
    }

    /// `(1 − e^−c)^γ c` of each cross entropy `c = −ln p`.
    fn focus(&self, cost: &Var) -> Result<Var> {
        if self.gamma == 0.0 {
            return Ok(cost.clone());
        }
        // Kept off 0, where powers below 1 have no slope; the cost is smaller still there.
        let wrong = cost.neg().expm1().neg().clamp(1e-12, 1.0);
        wrong.pow_scalar(Elem::of(self.gamma)).mul(cost)
    }
}

impl Loss<IntTensor> for Focal {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, logits: &Var, labels: &IntTensor) -> Result<Losses> {
        let setting =
            |expected, got: f64| Err(LossError::Setting { op: OP, expected, got: got.to_string() }.into());
        if self.gamma < 0.0 || self.gamma.is_nan() {
            return setting("a gamma of at least 0", self.gamma);
        }
        if !checks::is_binary(logits.shape(), labels.shape()) {
            checks::classes(OP, logits.shape(), labels, None)?;
            return match self.alpha {
                Some(alpha) => setting("alpha only for one score a label", alpha),
                None => Losses::new(&self.focus(&ops::softmax_cross_entropy(logits, labels)?)?),
            };
        }
        let target = checks::binary(OP, logits.shape(), labels)?;
        let losses = self.focus(&ops::binary_cross_entropy_with_logits(logits, &target)?)?;
        match self.alpha {
            Some(alpha) if !(0.0..=1.0).contains(&alpha) => setting("an alpha between 0 and 1", alpha),
            Some(alpha) => {
                let (one, zero) = (Elem::of(alpha), Elem::of(1.0 - alpha));
                let weights = target.map(|t| if t == 1.0 { one } else { zero });
                Losses::new(&losses.mul(&Var::constant(weights))?)
            }
            None => Losses::new(&losses),
        }
    }

    fn classes(&self, prediction: &Shape) -> Option<usize> {
        Some(checks::scored(prediction))
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = {
    use crate::table::Row;
    const EXTREMES: &[Elem] = &[-1e4, 0.0, 1e4];
    &[
        Row::labels("focal_loss", |x, t| focal_loss(x, t, 2.0)).extremes(EXTREMES),
        Row::labels("focal_loss: alpha", |x, t| Focal::new(1.5).alpha(0.25).losses(x, t)),
        Row::labels("focal_loss: square root", |x, t| focal_loss(x, t, 0.5)).extremes(EXTREMES),
        Row::labels("focal_loss: several classes", |x, t| focal_loss(x, t, 2.0)).extremes(EXTREMES),
    ]
};
