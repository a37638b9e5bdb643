//! The sigmoid in straight pieces.

use super::activation::activation;
use serde::{Deserialize, Serialize};

/// The sigmoid in straight pieces, `y = min(max(x + 3, 0), 6) / 6`.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, HardSigmoid};
/// use plywood_tensor::Tensor;
///
/// let y = HardSigmoid.forward(&Context::eval(), &Tensor::from([-4.0, 0.0, 3.0]).into())?;
/// assert_eq!(y.value().as_slice(), [0.0, 0.5, 1.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Hardsigmoid`. Howard et al., *Searching for MobileNetV3*, 2019.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[doc(alias = "Hardsigmoid")]
pub struct HardSigmoid;
activation!(HardSigmoid, |x| x.hard_sigmoid());

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("HardSigmoid", || Ok(HardSigmoid)).avoid(&[-3.0, 3.0])]
}
