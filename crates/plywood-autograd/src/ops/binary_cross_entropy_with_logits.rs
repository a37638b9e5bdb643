//! Binary cross entropy of logits.

use super::against::value_and_slope;
use crate::Var;
use plywood_tensor::{Elem, Result, Tensor, math};

/// `ℓ = max(x, 0) − x t + ln(1 + e^−|x|)` for each logit `x` and its target `t`, a constant.
///
/// The cross entropy of `σ(x)`, without ever computing a probability that could round to 0 or 1.
/// Gradient: `∂x = g (σ(x) − t)`.
///
/// # Shapes
/// `logits [..]`, `target` exactly the same → the same
///
/// # Example
/// ```
/// # use plywood_autograd::{Var, ops::binary_cross_entropy_with_logits};
/// # use plywood_tensor::{Tensor, math};
/// let logits = Var::from(Tensor::from([0.0, 1000.0, -1000.0]));
/// let loss = binary_cross_entropy_with_logits(&logits, &Tensor::from([1.0, 1.0, 1.0]))?;
/// assert_eq!(loss.value().as_slice(), [math::ln(2.0), 0.0, 1000.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) if the shapes differ.
///
/// # References
/// PyTorch: `torch.nn.functional.binary_cross_entropy_with_logits(reduction="none")`. TensorFlow:
/// `tf.nn.sigmoid_cross_entropy_with_logits`.
#[doc(alias = "sigmoid_cross_entropy_with_logits")]
pub fn binary_cross_entropy_with_logits(logits: &Var, target: &Tensor) -> Result<Var> {
    let slope_var = |x: &Var, t: &Var| x.sigmoid().sub(t);
    logits.against_pieces("binary_cross_entropy_with_logits", target, values, both, slope_var)
}

value_and_slope!(value_and_slope);

/// Both from one exponential.
#[inline(always)]
fn value_and_slope(x: Elem, t: Elem) -> (Elem, Elem) {
    let (tail, share) = math::logistic(x);
    // A target of 0 must not meet an infinite logit: 0 · ∞ is NaN.
    let agreed = if t == 0.0 { 0.0 } else { x * t };
    let base = math::maximum(x, 0.0);
    let linear = if base == agreed { 0.0 } else { base - agreed };
    (linear + tail, share - t)
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::binary_cross_entropy::targets;
    use super::table::Row;
    fn reference(x: &[plywood_tensor::Array<f64>]) -> plywood_tensor::Array<f64> {
        let t = targets::<f64>(x[0].shape());
        x[0].zip("reference", &t, |x, t| math::log1p(math::exp(x)) - x * t).unwrap()
    }
    &[Row::whole(
        "binary_cross_entropy_with_logits",
        |x| binary_cross_entropy_with_logits(&x[0], &targets(x[0].shape())),
        reference,
    )
    .shapes(&[&[&[2, 3]], &[&[1]], &[&[0]], &[&[17]], &[&[4, 1]]])]
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grad;

    #[test]
    fn extreme_logits_have_the_values_of_the_limit() {
        const INFINITY: Elem = Elem::INFINITY;
        let rows: [(Elem, Elem, Elem, Elem); 7] = [
            (1e4, 1.0, 0.0, 0.0),
            (1e4, 0.0, 1e4, 1.0),
            (-1e4, 1.0, 1e4, -1.0),
            (-1e4, 0.0, 0.0, 0.0),
            (INFINITY, 1.0, 0.0, 0.0),
            (-INFINITY, 0.0, 0.0, 0.0),
            (-INFINITY, 1.0, INFINITY, -1.0),
        ];
        for (x, t, value, slope) in rows {
            let x = Var::variable(Tensor::from([x]));
            let loss = binary_cross_entropy_with_logits(&x, &Tensor::from([t])).unwrap();
            assert_eq!(loss.value().as_slice(), [value], "{x:?} against {t}");
            let got = grad(&loss.sum(), &[&x], false).unwrap().remove(0);
            assert_eq!(got.value().as_slice(), [slope], "{x:?} against {t}");
        }
    }
}
