//! The sigmoid linear unit in straight pieces.

use super::activation::activation;
use serde::{Deserialize, Serialize};

/// The sigmoid linear unit in straight pieces, `y = x min(max(x + 3, 0), 6) / 6`.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, HardSwish};
/// use plywood_tensor::Tensor;
///
/// let y = HardSwish.forward(&Context::eval(), &Tensor::from([-4.0, 0.0, 3.0]).into())?;
/// assert_eq!(y.value().as_slice(), [0.0, 0.0, 3.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Hardswish`. Howard et al., *Searching for MobileNetV3*, 2019.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[doc(alias = "Hardswish")]
pub struct HardSwish;
activation!(HardSwish, |x| x.hard_swish());

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("HardSwish", || Ok(HardSwish)).avoid(&[-3.0, 3.0])]
}
