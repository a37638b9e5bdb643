//! The rectifier.

use super::activation::activation;
use plywood_autograd::ops::Activation;
use serde::{Deserialize, Serialize};

/// The rectifier, `y = max(x, 0)`; behind a linear layer it costs nothing.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Relu};
/// use plywood_tensor::Tensor;
///
/// let y = Relu.forward(&Context::eval(), &Tensor::from([-1.0, 0.0, 2.0]).into())?;
/// assert_eq!(y.value().as_slice(), [0.0, 0.0, 2.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.ReLU`. Nair and Hinton, *Rectified linear units improve restricted Boltzmann machines*, 2010.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[doc(alias = "ReLU")]
pub struct Relu;
activation!(Relu, |x| x.relu(), fused Activation::Relu);

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("Relu", || Ok(Relu)).avoid(&[0.0])]
}
