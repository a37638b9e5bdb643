//! The layer that does nothing.

use super::activation::activation;
use serde::{Deserialize, Serialize};

/// `y = x`: a place for a layer that is not there.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Identity, Module};
/// use plywood_tensor::Tensor;
///
/// let y = Identity.forward(&Context::eval(), &Tensor::from([1.0, 2.0]).into())?;
/// assert_eq!(y.value().as_slice(), [1.0, 2.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Identity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Identity;
activation!(Identity, |x| x.clone());

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("Identity", || Ok(Identity))]
}
