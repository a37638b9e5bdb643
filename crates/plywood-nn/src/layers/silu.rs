//! The sigmoid linear unit.

use super::activation::activation;
use serde::{Deserialize, Serialize};

/// The sigmoid linear unit, `y = x / (1 + e⁻ˣ)`.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Silu};
/// use plywood_tensor::Tensor;
///
/// let y = Silu.forward(&Context::eval(), &Tensor::from([-1.0, 0.0, 1.0]).into())?;
/// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-0.2689, 0.0000, 0.7311]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.SiLU`. Keras: `silu`, `swish`. Ramachandran, Zoph and Le, *Searching for activation functions*, 2017.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[doc(alias = "SiLU")]
#[doc(alias = "Swish")]
pub struct Silu;
activation!(Silu, |x| x.silu());

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("Silu", || Ok(Silu))]
}
