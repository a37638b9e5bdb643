//! The smooth rectifier of Misra.

use super::activation::activation;
use serde::{Deserialize, Serialize};

/// `y = x tanh(ln(1 + eˣ))`.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Mish};
/// use plywood_tensor::Tensor;
///
/// let y = Mish.forward(&Context::eval(), &Tensor::from([-1.0, 0.0, 1.0]).into())?;
/// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-0.3034, 0.0000, 0.8651]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Mish`. Misra, *Mish: a self regularized non-monotonic activation function*, 2019.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mish;
activation!(Mish, |x| x.mish());

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("Mish", || Ok(Mish))]
}
