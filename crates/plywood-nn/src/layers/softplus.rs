//! The smooth rectifier.

use super::activation::activation;
use serde::{Deserialize, Serialize};

/// The smooth rectifier, `y = ln(1 + eˣ)`; never overflows.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Softplus};
/// use plywood_tensor::Tensor;
///
/// let y = Softplus.forward(&Context::eval(), &Tensor::from([-1.0, 0.0, 1000.0]).into())?;
/// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[0.3133, 0.6931, 1000.0000]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Softplus` with its `beta` of 1; PyTorch returns `x` itself above 20. Dugas et al., *Incorporating
/// second-order functional knowledge for better option pricing*, 2001.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Softplus;
activation!(Softplus, |x| x.softplus());

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("Softplus", || Ok(Softplus))]
}
