//! How much of predicted and true regions is not shared, by Jaccard's measure: intersection over union.

use super::overlap::{miss, overlap};
use crate::{Loss, Losses};
use plywood_autograd::Var;
use plywood_tensor::{IntTensor, Result};

const OP: &str = "jaccard_loss";

/// `ℓ = 1 − (Σ p t + s) / (Σ p + Σ t − Σ p t + s)`, over the places of a sample, averaged over its classes; the prediction is logits.
///
/// The intersection over the union (IoU) of regions, where `p` are probabilities. Probabilities and smoothing as of
/// [`Dice`](crate::Dice), which it never falls below: it punishes a bad overlap harder.
///
/// # Shapes
/// prediction `[N, ..]` or `[N, .., 1]` with labels `[N, ..]`; prediction `[N, .., C]` with labels `[N, ..]`
///
/// # Example
/// ```
/// # use plywood_losses::{Jaccard, Loss};
/// # use plywood_tensor::{IntTensor, Tensor};
/// // Of four pixels two are found, one of them rightly: (1 + 1) / (2 + 1 − 1 + 1).
/// let logits = Tensor::from([[99.0, 99.0, -99.0, -99.0]]).into();
/// let losses = Jaccard::default().losses(&logits, &IntTensor::from([[1, 0, 0, 0]]))?;
/// assert!((losses.mean().value().item()? - 1.0 / 3.0).abs() < 1e-6);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Setting`](crate::LossError::Setting) for a smoothing that is not above 0;
/// [`LossError::Label`](crate::LossError::Label) names the row of a label out of range.
///
/// # References
/// Rahman, Wang, *Optimizing Intersection-Over-Union in Deep Neural Networks for Image Segmentation*, 2016. MONAI:
/// `DiceLoss(jaccard=True)`, which doubles it before it subtracts. As a metric: [`Iou`](crate::Iou).
#[derive(Debug, Clone, Copy)]
#[doc(alias = "IoULoss")]
#[doc(alias = "JaccardLoss")]
pub struct Jaccard {
    smooth: f64,
}

/// [`Jaccard`] as a function, with a smoothing of 1.
///
/// # Errors
/// As [`Jaccard`]; errors of shapes.
pub fn jaccard_loss(logits: &Var, labels: &IntTensor) -> Result<Losses> {
    Jaccard::default().losses(logits, labels)
}

impl Jaccard {
    /// With another smoothing, above 0.
    pub fn new(smooth: f64) -> Jaccard {
        Jaccard { smooth }
    }
}

impl Default for Jaccard {
    /// With a smoothing of 1.
    fn default() -> Jaccard {
        Jaccard::new(1.0)
    }
}

impl Loss<IntTensor> for Jaccard {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, logits: &Var, labels: &IntTensor) -> Result<Losses> {
        let overlap = overlap(OP, logits, labels)?;
        let union = overlap.predicted.add(&overlap.actual)?.sub(&overlap.shared)?;
        miss(OP, &overlap.shared, &union, self.smooth)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = {
    use crate::table::Row;
    const EXTREMES: &[plywood_tensor::Elem] = &[-1e4, 0.0, 1e4];
    &[
        Row::labels("jaccard_loss", jaccard_loss).extremes(EXTREMES),
        Row::labels("jaccard_loss: classes", |x, t| Jaccard::new(1e-5).losses(x, t)).extremes(EXTREMES),
    ]
};
