//! The self-normalising exponential linear unit.

use super::activation::activation;
use serde::{Deserialize, Serialize};

/// The self-normalising exponential linear unit, `y = λ x` where `x > 0`, `λ α (eˣ − 1)` elsewhere.
///
/// With `λ ≈ 1.0507` and `α ≈ 1.6733`, mean 0 and variance 1 are kept from layer to layer, if weights start by
/// [`Initializer::lecun_normal`](crate::Initializer::lecun_normal).
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Selu};
/// use plywood_tensor::Tensor;
///
/// let y = Selu.forward(&Context::eval(), &Tensor::from([-1.0, 0.0, 1.0]).into())?;
/// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-1.1113, 0.0000, 1.0507]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.SELU`. Klambauer et al., *Self-normalizing neural networks*, 2017.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[doc(alias = "SELU")]
pub struct Selu;
activation!(Selu, |x| x.selu());

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("Selu", || Ok(Selu)).avoid(&[0.0])]
}
