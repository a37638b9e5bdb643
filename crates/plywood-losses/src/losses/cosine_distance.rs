//! The angle between prediction and target.

use crate::{Loss, LossError, Losses, checks};
use plywood_autograd::Var;
use plywood_tensor::{Elem, Result, Tensor};

const OP: &str = "cosine_distance";

/// Lengths below this count as this long, as in PyTorch.
const SHORTEST: Elem = 1e-8;

/// `ℓ = 1 − ⟨x, t⟩ / (‖x‖ ‖t‖)` over the last axis, averaged over those between: 0 for the same direction, 2 for opposite ones.
///
/// A vector of zeros has a distance of 1 from every other.
///
/// # Shapes
/// prediction `[N, .., D]`, target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{CosineDistance, Loss};
/// # use plywood_tensor::Tensor;
/// let prediction = Tensor::from([[2.0, 0.0], [0.0, -3.0]]).into();
/// let losses = CosineDistance.losses(&prediction, &Tensor::from([[0.0, 1.0], [0.0, 1.0]]))?;
/// assert_eq!(losses.values().value().as_slice(), [1.0, 2.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::TargetShape`] if the shapes differ, [`LossError::Prediction`] unless there are two axes.
///
/// # References
/// PyTorch: `1 − torch.nn.functional.cosine_similarity`, and `CosineEmbeddingLoss` for pairs that belong together. Keras:
/// `CosineSimilarity`, which is this less 1.
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "CosineEmbeddingLoss")]
#[doc(alias = "CosineSimilarity")]
pub struct CosineDistance;

/// [`CosineDistance`] as a function.
///
/// # Errors
/// As [`CosineDistance`].
#[doc(alias = "cosine_embedding_loss")]
pub fn cosine_distance(prediction: &Var, target: &Tensor) -> Result<Losses> {
    CosineDistance.losses(prediction, target)
}

impl Loss<Tensor> for CosineDistance {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, target: &Tensor) -> Result<Losses> {
        let shape = *prediction.shape();
        if shape.rank() < 2 {
            return Err(LossError::Prediction { op: OP, expected: "[.., D]", got: shape }.into());
        }
        checks::same_shape(OP, &shape, target)?;
        let target = Var::constant(target.clone());
        let cosine = prediction
            .mul(&target)?
            .sum_axes(&[-1], false)?
            .div(&length(prediction)?.mul(&length(&target)?)?)?;
        Losses::new(&cosine.neg().add_scalar(1.0))
    }
}

/// The length of each vector along the last axis, at least [`SHORTEST`].
fn length(x: &Var) -> Result<Var> {
    Ok(x.square().sum_axes(&[-1], false)?.clamp(SHORTEST * SHORTEST, Elem::INFINITY).sqrt())
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] =
    &[crate::table::Row::real("cosine_distance", cosine_distance).extremes(&[-1e4, 0.0, 1e4])];
