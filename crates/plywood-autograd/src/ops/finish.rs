//! What follows an operation in its own pass.

use crate::Var;
use plywood_tensor::Activation;

/// What follows a normalisation in the same pass: `f(y + residual)`.
///
/// ```
/// # use plywood_autograd::{Var, ops::{Activation, Finish, batch_norm}};
/// # use plywood_tensor::Tensor;
/// let x = Var::from(Tensor::from([[1.0, 0.0], [3.0, 8.0]]));
/// let (weight, bias) = (Tensor::from([1.0, 2.0]).into(), Tensor::from([0.0, 0.5]).into());
/// // The end of a residual block: relu(batch_norm(x) + x).
/// let finish = Finish { residual: Some(&x), activation: Activation::Relu };
/// let y = batch_norm(&x, &weight, &bias, 0.0, finish)?.y;
/// assert_eq!(y.value().as_slice(), [0.0, 0.0, 4.0, 10.5]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Finish<'a> {
    /// What is added, of the same shape: the way round a residual block.
    pub residual: Option<&'a Var>,
    /// What is done at last.
    pub activation: Activation,
}

impl From<Activation> for Finish<'_> {
    fn from(activation: Activation) -> Self {
        Finish { residual: None, activation }
    }
}
