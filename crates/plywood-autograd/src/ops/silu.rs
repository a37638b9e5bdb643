//! The sigmoid linear unit.

use super::passes::{each, times};
use crate::Var;
use plywood_tensor::{Elem, math};

impl Var {
    /// `y = x σ(x)`; TensorFlow and Keras: `swish`.
    ///
    /// Gradient: `∂x = g σ(x) (1 + x (1 − σ(x)))`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-1e4, 0.0, 1.0])).silu();
    /// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-0.0000, 0.0000, 0.7311]");
    /// ```
    /// # References
    /// Elfwing et al., "Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement
    /// Learning", 2017; Ramachandran et al., "Searching for Activation Functions", 2017.
    #[doc(alias = "swish")]
    pub fn silu(&self) -> Var {
        let y = self.value().map_pieces(&values);
        self.by_input_pieces("silu", y, times_slope, |x| {
            let share = x.sigmoid();
            &share * &(x * &share.neg().add_scalar(1.0)).add_scalar(1.0)
        })
    }
}

each!(values, |x| x * math::sigmoid(x));
times!(times_slope, |x| slope(x));

#[inline(always)]
fn slope(x: Elem) -> Elem {
    let share = math::sigmoid(x);
    share * (1.0 + x * (1.0 - share))
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("silu", |x| Ok(x[0].silu()), |x| x / (1.0 + math::exp(-x)))];
