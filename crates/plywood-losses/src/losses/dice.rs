//! How much of predicted and true regions is not shared, by Dice's measure.

use super::overlap::{miss, overlap};
use crate::{Loss, Losses};
use plywood_autograd::Var;
use plywood_tensor::{IntTensor, Result};

const OP: &str = "dice_loss";

/// `ℓ = 1 − (2 Σ p t + s) / (Σ p + Σ t + s)`, over the places of a sample, averaged over its classes; the prediction is logits.
///
/// `p` comes from a sigmoid where each label has one score, and `t` is the label; from a softmax where there are several
/// classes, and `t` is 1 for the label's class. A small region counts as much as a large one, which is what it is for. The
/// smoothing `s` is 1, so that a class that an image does not have pulls gently; the smaller it is, the harder.
///
/// # Shapes
/// prediction `[N, ..]` or `[N, .., 1]` with labels `[N, ..]`; prediction `[N, .., C]` with labels `[N, ..]`
///
/// # Example
/// ```
/// # use plywood_losses::{Dice, Loss};
/// # use plywood_tensor::{IntTensor, Tensor};
/// // Of four pixels two are found, one of them rightly: (2 · 1 + 1) / (2 + 1 + 1).
/// let logits = Tensor::from([[99.0, 99.0, -99.0, -99.0]]).into();
/// let losses = Dice::default().losses(&logits, &IntTensor::from([[1, 0, 0, 0]]))?;
/// assert_eq!(losses.mean().value().item()?, 0.25);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Setting`](crate::LossError::Setting) for a smoothing that is not above 0;
/// [`LossError::Label`](crate::LossError::Label) names the row of a label out of range.
///
/// # References
/// Milletari, Navab, Ahmadi, *V-Net*, 2016, with squares in the denominator. MONAI: `DiceLoss(sigmoid=True)` or
/// `(softmax=True)`, whose smoothing is 1e-5. Keras: `Dice`, of probabilities and the whole batch at once. PyTorch has none.
/// As a metric it is [`FBeta`](crate::FBeta) with `β = 1`.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "DiceLoss")]
pub struct Dice {
    smooth: f64,
}

/// [`Dice`] as a function, with a smoothing of 1.
///
/// # Errors
/// As [`Dice`]; errors of shapes.
pub fn dice_loss(logits: &Var, labels: &IntTensor) -> Result<Losses> {
    Dice::default().losses(logits, labels)
}

impl Dice {
    /// With another smoothing, above 0.
    pub fn new(smooth: f64) -> Dice {
        Dice { smooth }
    }
}

impl Default for Dice {
    /// With a smoothing of 1.
    fn default() -> Dice {
        Dice::new(1.0)
    }
}

impl Loss<IntTensor> for Dice {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, logits: &Var, labels: &IntTensor) -> Result<Losses> {
        let overlap = overlap(OP, logits, labels)?;
        miss(OP, &overlap.shared.mul_scalar(2.0), &overlap.predicted.add(&overlap.actual)?, self.smooth)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = {
    use crate::table::Row;
    const EXTREMES: &[plywood_tensor::Elem] = &[-1e4, 0.0, 1e4];
    &[
        Row::labels("dice_loss", dice_loss).extremes(EXTREMES),
        Row::labels("dice_loss: classes", |x, t| Dice::new(1e-5).losses(x, t)).extremes(EXTREMES),
    ]
};
