//! The rectifier with a ceiling.

use crate::Var;

impl Var {
    /// `y = min(max(x, 0), 6)`; NaN stays NaN.
    ///
    /// Gradient: `∂x = g` where `0 < x < 6`, 0 elsewhere, at both kinks too (as PyTorch).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-1.0, 2.0, 9.0])).relu6();
    /// assert_eq!(y.value().as_slice(), [0.0, 2.0, 6.0]);
    /// ```
    /// # References
    /// Krizhevsky, "Convolutional Deep Belief Networks on CIFAR-10", 2010.
    pub fn relu6(&self) -> Var {
        self.clamp_as("relu6", 0.0, 6.0)
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("relu6", |x| Ok(x[0].relu6()), |x| x.clamp(0.0, 6.0))
        .domain(&[(-2.0, 8.0)])
        .avoid(&[0.0, 6.0])
        .kinks(&[(0.0, 0.0), (6.0, 0.0)])];
