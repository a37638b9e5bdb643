//! Powers.

use super::passes::{each, times};
use crate::{Keep, Var};
use plywood_tensor::{Elem, Result, Tensor, math};

impl Var {
    /// `y = aᵇ` elementwise, with broadcasting; NaN for a negative base and a fractional exponent.
    ///
    /// Gradient: `∂a = g b aᵇ⁻¹`, `∂b = g y ln a`, each summed back to its input's shape. Where `a = 0`, they are what
    /// the limits say: `∂a = 0` for `b = 0`, though `aᵇ⁻¹` is infinite there, and `∂b = 0` for `b ≥ 0`, though `ln a` is;
    /// `∂a` is infinite for `b < 1` but 0. Where `a < 0` the power is defined for whole exponents alone: `∂a` is as
    /// above, `∂b` is NaN.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([[2.0], [-3.0]])).pow(&Tensor::from([0.0, 2.0]).into())?;
    /// assert_eq!(y.value().as_slice(), [1.0, 4.0, 1.0, 9.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if the shapes do not broadcast.
    /// # References
    /// PyTorch gives the same; TensorFlow has `∂b = 0` for a negative base.
    pub fn pow(&self, exponent: &Var) -> Result<Var> {
        let y = self.value().pow(exponent.value())?;
        Ok(Var::record("pow", Keep::Both, [self, exponent], y, |[a, b], y, g| {
            [
                a.wants(|| slope_by_base(a, b)?.mul(&g)?.sum_to(a.shape())),
                b.wants(|| y.mul(&log_of_base(a, b)?)?.mul(&g)?.sum_to(b.shape())),
            ]
        }))
    }

    /// `y = xᵉ` for a number `e`; NaN for a negative `x` and a fractional exponent.
    ///
    /// Gradient: `∂x = g e xᵉ⁻¹`, 0 for the exponent 0; infinite at 0 for other exponents below 1.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([2.0, -1.0])).pow_scalar(3.0).value().as_slice(), [8.0, -1.0]);
    /// ```
    pub fn pow_scalar(&self, exponent: Elem) -> Var {
        let e = exponent;
        if e == 2.0 {
            return self.square();
        }
        let slope_var = move |x: &Var| {
            if e == 0.0 { Var::constant(x.value().zeros_like()) } else { x.pow_scalar(e - 1.0).mul_scalar(e) }
        };
        let y = self.value().map_pieces(&|out, x| powers(out, x, e));
        self.by_input_pieces("pow_scalar", y, move |g, x| times_slope(g, x, e), slope_var)
    }
}

each!(powers, |x, e| math::pow(x, e));
times!(times_slope, |x, e| if e == 0.0 { 0.0 } else { e * math::pow(x, e - 1.0) });

/// `b aᵇ⁻¹`.
fn slope_by_base(a: &Var, b: &Var) -> Result<Var> {
    // 0 · 0⁻¹ would be NaN: the slope of a⁰ is 0 there too. Elsewhere the mask must not reach, for the sake of the
    // derivative by b, which is not 0.
    let lost = a.value().zip("pow", b.value(), |a, b| mask(b == 0.0 && !(1.0 / a).is_finite()))?;
    Var::select_where(&lost, &one(), a)?.pow(&b.add_scalar(-1.0))?.mul(b)
}

/// `ln a`, which a power multiplies.
fn log_of_base(a: &Var, b: &Var) -> Result<Var> {
    // 0ᵇ ln 0 would be NaN, its limit is 0.
    let lost = a.value().zip("pow", b.value(), |a, b| mask(a == 0.0 && b >= 0.0))?;
    Ok(Var::select_where(&lost, &one(), a)?.ln())
}

fn mask(holds: bool) -> Elem {
    if holds { 1.0 } else { 0.0 }
}

fn one() -> Var {
    Var::constant(Tensor::from(1.0))
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::Row;
    &[
        Row::binary("pow", |x| x[0].pow(&x[1]), math::pow)
            .domain(&[(0.5, 2.0), (-2.0, 2.0)])
            .errors(&[(&[&[2, 3], &[4]], "pow: cannot broadcast [2, 3] with [4]")]),
        Row::unary("pow_scalar", |x| Ok(x[0].pow_scalar(3.0)), |x| x * x * x).kinks(&[(0.0, 0.0)]),
        Row::unary("pow_scalar", |x| Ok(x[0].pow_scalar(2.0)), |x| x * x),
        Row::unary("pow_scalar", |x| Ok(x[0].pow_scalar(1.0)), |x| x).kinks(&[(0.0, 1.0)]),
        Row::unary("pow_scalar", |x| Ok(x[0].pow_scalar(0.0)), |_| 1.0)
            .nan(super::table::Nan::Vanishes)
            .kinks(&[(0.0, 0.0)]),
        Row::unary("pow_scalar", |x| Ok(x[0].pow_scalar(-1.5)), |x| 1.0 / (x * x.sqrt()))
            .domain(&[(0.5, 2.0)]),
        Row::unary("pow_scalar", |x| Ok(x[0].pow_scalar(0.5)), f64::sqrt)
            .domain(&[(0.5, 2.0)])
            .kinks(&[(0.0, f64::INFINITY)]),
    ]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::Tensor;

    /// At the base 0 first and second derivatives are finite wherever the function is smooth.
    #[test]
    fn derivatives_at_the_base_zero() {
        let a = Var::variable(Tensor::from([0.0, 0.0, 0.0, 0.0]));
        let b = Var::variable(Tensor::from([0.0, 1.0, 2.0, 3.0]));
        let y = a.pow(&b).unwrap();
        assert_eq!(y.value().as_slice(), [1.0, 0.0, 0.0, 0.0]);
        let slopes = grad(&y.sum(), &[&a, &b], true).unwrap();
        assert_eq!(slopes[0].value().as_slice(), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(slopes[1].value().as_slice(), [0.0; 4]);
        let second = grad(&slopes[0].sum(), &[&a], false).unwrap();
        assert_eq!(second[0].value().as_slice(), [0.0, 0.0, 2.0, 0.0]);
    }

    /// The mask for the base 0 does not swallow `∂²y/∂a∂b = 1/a` at the exponent 0.
    #[test]
    fn mixed_derivative_at_the_exponent_zero() {
        let (a, b) = (Var::variable(Tensor::from(4.0)), Var::variable(Tensor::from(0.0)));
        let by_a = grad(&a.pow(&b).unwrap(), &[&a], true).unwrap().remove(0);
        assert_eq!(grad(&by_a, &[&b], false).unwrap()[0].value().item().unwrap(), 0.25);
    }

    #[test]
    fn a_negative_base_has_a_slope_by_the_base_only() {
        let (a, b) = (Var::variable(Tensor::from(-2.0)), Var::variable(Tensor::from(3.0)));
        let slopes = grad(&a.pow(&b).unwrap(), &[&a, &b], false).unwrap();
        assert_eq!(slopes[0].value().item().unwrap(), 12.0);
        assert!(slopes[1].value().item().unwrap().is_nan());
    }
}
