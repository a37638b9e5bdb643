//! The exponential linear unit.

use super::passes::{each, times};
use super::relu::step;
use crate::Var;
use plywood_tensor::{Elem, math};

impl Var {
    /// `y = x` where `x > 0`, `α (eˣ − 1)` elsewhere.
    ///
    /// Gradient: `∂x = g` where `x > 0`, `g α eˣ` elsewhere, at 0 too (as PyTorch).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-1e4, 0.0, 3.0])).elu(0.5);
    /// assert_eq!(y.value().as_slice(), [-0.5, 0.0, 3.0]);
    /// ```
    /// # References
    /// Clevert et al., "Fast and Accurate Deep Network Learning by Exponential Linear Units", 2015.
    pub fn elu(&self, alpha: Elem) -> Var {
        scaled_elu(self, "elu", 1.0, alpha)
    }
}

/// `s x` where `x > 0`, `s α (eˣ − 1)` elsewhere.
pub(super) fn scaled_elu(x: &Var, op: &'static str, scale: Elem, alpha: Elem) -> Var {
    let low = scale * alpha;
    let y = x.value().map_pieces(&|out, x| values(out, x, scale, low));
    x.by_input_pieces(
        op,
        y,
        move |g, x| times_slope(g, x, scale, low),
        move |x| {
            // The slope is a constant step, and below it an exponential that is its own derivative.
            let high = Var::constant(x.value().map(|x| scale * step(x)));
            let decay = x.value().map_pieces(&|out, x| decays(out, x, low));
            &high + &x.by_output_pieces(op, decay, times_output, Var::clone)
        },
    )
}

each!(values, |x, scale, low| if x > 0.0 { scale * x } else { low * math::expm1(x) });
times!(times_slope, |x, scale, low| if x > 0.0 { scale } else { low * math::exp(x) });
each!(decays, |x, low| if x > 0.0 { 0.0 } else { low * math::exp(x) });
times!(times_output, |y| y);

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "elu",
    |x| Ok(x[0].elu(0.5)),
    |x| if x > 0.0 { x } else { 0.5 * math::expm1(x) },
)
.avoid(&[0.0])
.kinks(&[(0.0, 0.5)])];
