//! The rectifier that stops at 6.

use super::activation::activation;
use serde::{Deserialize, Serialize};

/// The rectifier that stops at 6, `y = min(max(x, 0), 6)`.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Relu6};
/// use plywood_tensor::Tensor;
///
/// let y = Relu6.forward(&Context::eval(), &Tensor::from([-1.0, 2.0, 7.0]).into())?;
/// assert_eq!(y.value().as_slice(), [0.0, 2.0, 6.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.ReLU6`. Krizhevsky, *Convolutional deep belief networks on CIFAR-10*, 2010.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[doc(alias = "ReLU6")]
pub struct Relu6;
activation!(Relu6, |x| x.relu6());

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("Relu6", || Ok(Relu6)).avoid(&[0.0, 6.0])]
}
