//! The hyperbolic tangent.

use super::activation::activation;
use plywood_autograd::ops::Activation;
use serde::{Deserialize, Serialize};

/// The hyperbolic tangent, `y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)`; behind a linear layer it costs little.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Tanh};
/// use plywood_tensor::Tensor;
///
/// let y = Tanh.forward(&Context::eval(), &Tensor::from([-1.0, 0.0, 100.0]).into())?;
/// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-0.7616, 0.0000, 1.0000]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Tanh`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tanh;
activation!(Tanh, |x| x.tanh(), fused Activation::Tanh);

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("Tanh", || Ok(Tanh))]
}
