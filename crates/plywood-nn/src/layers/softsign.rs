//! The slow sigmoid.

use super::activation::activation;
use serde::{Deserialize, Serialize};

/// A sigmoid that saturates slowly, `y = x / (1 + |x|)`.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Softsign};
/// use plywood_tensor::Tensor;
///
/// let y = Softsign.forward(&Context::eval(), &Tensor::from([-1.0, 0.0, 3.0]).into())?;
/// assert_eq!(y.value().as_slice(), [-0.5, 0.0, 0.75]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Softsign`. Bergstra et al., *Quadratic polynomials learn better image features*, 2009.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Softsign;
activation!(Softsign, |x| x.softsign());

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("Softsign", || Ok(Softsign))]
}
