//! Binary cross entropy of probabilities.

use super::against::value_and_slope;
use crate::Var;
use plywood_tensor::{Elem, Result, Tensor, math};

/// `ℓ = −(t ln p + (1 − t) ln(1 − p))` for each probability `p` and its target `t`, a constant.
///
/// Both logarithms are at least −100, so that a certain but wrong prediction costs 100 and not infinity.
/// Gradient: `∂p = g (p − t) / max(p (1 − p), 1e−12)`.
///
/// # Shapes
/// `probabilities [..]`, `target` exactly the same → the same
///
/// # Example
/// ```
/// # use plywood_autograd::{Var, ops::binary_cross_entropy};
/// # use plywood_tensor::{Tensor, math};
/// let p = Var::from(Tensor::from([0.5, 0.0, 1.0]));
/// let loss = binary_cross_entropy(&p, &Tensor::from([1.0, 1.0, 1.0]))?;
/// assert_eq!(loss.value().as_slice(), [math::ln(2.0), 100.0, 0.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) if the shapes differ.
///
/// # References
/// PyTorch: `torch.nn.functional.binary_cross_entropy(reduction="none")`, with the same two bounds. Keras instead moves
/// the probabilities off 0 and 1 by 1e−7.
pub fn binary_cross_entropy(probabilities: &Var, target: &Tensor) -> Result<Var> {
    let slope_var = |p: &Var, t: &Var| p.sub(t)?.div(&p.mul(&(-p).add_scalar(1.0))?.clamp(1e-12, 1.0));
    probabilities.against_pieces("binary_cross_entropy", target, values, both, slope_var)
}

value_and_slope!(value_and_slope);

#[inline(always)]
fn value_and_slope(p: Elem, t: Elem) -> (Elem, Elem) {
    let (yes, no) = (math::maximum(math::ln(p), -100.0), math::maximum(math::log1p(-p), -100.0));
    (-(t * yes + (1.0 - t) * no), (p - t) / math::maximum(p * (1.0 - p), 1e-12))
}

/// Targets of a shape, certain and uncertain ones.
#[cfg(test)]
pub(super) fn targets<T: plywood_tensor::Float>(shape: &plywood_tensor::Shape) -> plywood_tensor::Array<T> {
    let targets = (0..shape.numel()).map(|i| T::of((i % 3) as f64 / 2.0)).collect();
    plywood_tensor::Array::from_vec(targets, shape).unwrap()
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::Row;
    fn reference(x: &[plywood_tensor::Array<f64>]) -> plywood_tensor::Array<f64> {
        let t = targets::<f64>(x[0].shape());
        x[0].zip("reference", &t, |p, t| -(t * math::ln(p) + (1.0 - t) * math::log1p(-p))).unwrap()
    }
    &[Row::whole("binary_cross_entropy", |x| binary_cross_entropy(&x[0], &targets(x[0].shape())), reference)
        .shapes(&[&[&[2, 3]], &[&[1]], &[&[0]], &[&[17]], &[&[4, 1]]])
        .domain(&[(0.2, 0.8)])]
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grad;

    #[test]
    fn certainty_is_finite_in_every_derivative() {
        for (p, t, value, slope) in
            [(0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 0.0, 0.0), (0.0, 1.0, 100.0, -1e12), (1.0, 0.0, 100.0, 1e12)]
        {
            let p = Var::variable(Tensor::from([p]));
            let loss = binary_cross_entropy(&p, &Tensor::from([t])).unwrap();
            assert_eq!(loss.value().as_slice(), [value]);
            for again in [true, false] {
                let got = grad(&loss.sum(), &[&p], again).unwrap().remove(0).value().item().unwrap();
                let close = (got - slope).abs() <= 1e-6 * Elem::abs(slope);
                assert!(close, "{got} instead of {slope}");
            }
        }
    }
}
