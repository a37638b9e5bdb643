//! Sums of products by Einstein's convention.

mod contract;
mod parse;
mod plan;

pub use plan::Einsum;

use crate::{Array, Float, Result, Shape};

/// The sum of products that `spec` describes: one list of letters for each operand, `->`, the letters of the result.
///
/// Every operand is indexed by its letters; what the result does not name is summed over. A letter twice in one operand
/// takes the diagonal. `...` stands for any axes, the same in all operands that have it. Spaces do not matter.
///
/// | | |
/// |---|---|
/// | `ij,jk->ik` | matrix product |
/// | `bij,bjk->bik` | one for each `b` |
/// | `...ij,...jk->...ik` | one for each of any axes before |
/// | `i,j->ij` | outer product |
/// | `ii->` | trace |
/// | `ij->ji` | transpose |
///
/// Operands are contracted from left to right, each pair by one batched matrix product; name first what makes
/// small results.
///
/// ```
/// use plywood_tensor::{Tensor, einsum};
///
/// let (a, b) = (Tensor::from([[1.0, 2.0], [3.0, 4.0]]), Tensor::from([10.0, 100.0]));
/// assert_eq!(einsum("ij,j->i", &[&a, &b])?.as_slice(), [210.0, 430.0]);
/// assert_eq!(einsum("ii->", &[&a])?.item()?, 5.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Einsum`](crate::TensorError::Einsum) if the description cannot be read or does not fit the operands,
/// with the reason.
///
/// # References
/// NumPy's and PyTorch's `einsum`, which also guess the result where `->` is missing; here it must be written. Sizes of 1
/// do not broadcast.
pub fn einsum<T: Float>(spec: &str, operands: &[&Array<T>]) -> Result<Array<T>> {
    let shapes: Vec<&Shape> = operands.iter().map(|operand| operand.shape()).collect();
    Einsum::new(spec, &shapes)?.apply(operands)
}
