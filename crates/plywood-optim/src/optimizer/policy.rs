//! The policy for gradients that are not finite, seen and changed while it is at work.

use super::Optimizer;
use crate::NonFinite;

impl Optimizer {
    /// What happens when a gradient is infinite or NaN.
    pub fn non_finite_policy(&self) -> NonFinite {
        self.non_finite
    }

    /// As [`Optimizer::non_finite`], for an optimizer that is at work.
    pub fn set_non_finite(&mut self, policy: NonFinite) {
        self.non_finite = policy;
    }
}
