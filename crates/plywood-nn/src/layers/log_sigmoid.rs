//! The logarithm of the logistic function.

use super::activation::activation;
use serde::{Deserialize, Serialize};

/// The logarithm of the logistic function, `y = −ln(1 + e⁻ˣ)`; never overflows.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, LogSigmoid};
/// use plywood_tensor::Tensor;
///
/// let y = LogSigmoid.forward(&Context::eval(), &Tensor::from([-1000.0, 0.0, 1.0]).into())?;
/// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-1000.0000, -0.6931, -0.3133]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.LogSigmoid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogSigmoid;
activation!(LogSigmoid, |x| x.log_sigmoid());

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![Row::layer("LogSigmoid", || Ok(LogSigmoid))]
}
