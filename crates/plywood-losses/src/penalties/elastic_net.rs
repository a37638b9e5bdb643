//! Both penalties at once.

use crate::{L1, L2, On, Penalty};
use plywood_autograd::Var;
use plywood_tensor::Result;

/// `λ₁ Σ |w| + λ₂ Σ w²`: [`L1`] and [`L2`] together.
///
/// # Example
/// ```
/// # use plywood_losses::{ElasticNet, Penalty};
/// # use plywood_tensor::Tensor;
/// let penalty = ElasticNet { l1: 0.5, l2: 0.25 };
/// assert_eq!(penalty.of(&Tensor::from([1.0, -3.0]).into())?.value().item()?, 4.5);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Zou and Hastie, *Regularization and Variable Selection via the Elastic Net*, 2005. Keras: `regularizers.L1L2`.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "L1L2")]
pub struct ElasticNet {
    /// Strength of the absolute part.
    pub l1: f64,
    /// Strength of the square part.
    pub l2: f64,
}

impl ElasticNet {
    /// On the parameters whose path fits a pattern, such as `*.weight`.
    #[must_use]
    pub fn on(self, pattern: impl Into<String>) -> On<ElasticNet> {
        On::new(self, pattern)
    }
}

impl Penalty for ElasticNet {
    fn of(&self, parameter: &Var) -> Result<Var> {
        L1(self.l1).of(parameter)?.add(&L2(self.l2).of(parameter)?)
    }
}
