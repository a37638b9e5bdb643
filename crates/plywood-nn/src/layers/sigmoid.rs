//! The logistic function.

use super::activation::activation;
use plywood_autograd::ops::Activation;
use serde::{Deserialize, Serialize};

/// The logistic function, `y = 1 / (1 + e⁻ˣ)`: a probability; behind a linear layer it costs little.
///
/// A network for classification trains better without it and with a loss on logits.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Sigmoid};
/// use plywood_tensor::Tensor;
///
/// let y = Sigmoid.forward(&Context::eval(), &Tensor::from([-1000.0, 0.0, 1.0]).into())?;
/// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[0.0000, 0.5000, 0.7311]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Sigmoid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sigmoid;
activation!(Sigmoid, |x| x.sigmoid(), fused Activation::Sigmoid);

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("Sigmoid", || Ok(Sigmoid))]
}
