//! A function of each element and of a constant beside it: what losses are made of.

use crate::{Keep, Var};
use plywood_tensor::{Elem, Result, Tensor, TensorError};

impl Var {
    /// `f(x, t)` of each element `x` and the element `t` of a constant of exactly the same shape.
    ///
    /// `slope(x, t) = ∂f/∂x` serves the first derivative, in one pass; the same said in `Var`s serves the higher ones.
    /// Nothing broadcasts: a target of another shape is a mistake far more often than a wish.
    ///
    /// ```
    /// # use plywood_autograd::{Var, grad};
    /// # use plywood_tensor::Tensor;
    /// let x = Var::variable(Tensor::from([1.0, 5.0]));
    /// let target = Tensor::from([2.0, 2.0]);
    /// let y = x.against("square_error", &target, |x, t| (x - t) * (x - t), |x, t| 2.0 * (x - t), |x, t| {
    ///     Ok(x.sub(t)?.mul_scalar(2.0))
    /// })?;
    /// assert_eq!(y.value().as_slice(), [1.0, 9.0]);
    /// assert_eq!(grad(&y.sum(), &[&x], false)?[0].value().as_slice(), [-2.0, 6.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`] if the shapes differ.
    pub fn against(
        &self,
        op: &'static str,
        target: &Tensor,
        f: impl Fn(Elem, Elem) -> Elem + Sync,
        slope: impl Fn(Elem, Elem) -> Elem + Send + Sync + 'static,
        slope_var: impl Fn(&Var, &Var) -> Result<Var> + Send + Sync + 'static,
    ) -> Result<Var> {
        self.same_shape(op, target)?;
        let y = self.value().zip(op, target, f)?;
        let target = target.clone();
        Ok(Var::record(op, Keep::Inputs, [self], y, move |[x], _, g| {
            let pull = || {
                if x.is_recorded() || g.is_recorded() {
                    return slope_var(x, &Var::constant(target.clone()))?.mul(&g);
                }
                let mut d = x.value().zip(op, &target, &slope)?;
                d.combine(op, g.value(), |d, g| d * g)?;
                Ok(Var::constant(d))
            };
            [x.wants(pull)]
        }))
    }

    /// As [`Var::against`], where one visit of a piece gives values and slopes: `both(values, slopes, x, t)`.
    ///
    /// Where no gradient will be asked for, `values(values, x, t)` does without the slopes.
    pub(super) fn against_pieces(
        &self,
        op: &'static str,
        target: &Tensor,
        values: fn(&mut [Elem], &[Elem], &[Elem]),
        both: fn(&mut [Elem], &mut [Elem], &[Elem], &[Elem]),
        slope_var: impl Fn(&Var, &Var) -> Result<Var> + Send + Sync + 'static,
    ) -> Result<Var> {
        self.same_shape(op, target)?;
        if !self.is_recorded() {
            return Ok(Var::constant(self.value().zip_pieces(op, target, &values)?));
        }
        let (y, slopes) = self.value().zip_to_two(op, target, &both)?;
        let target = target.clone();
        Ok(Var::record(op, Keep::Inputs, [self], y, move |[x], _, g| {
            let pull = || {
                if x.is_recorded() || g.is_recorded() {
                    return slope_var(x, &Var::constant(target.clone()))?.mul(&g);
                }
                let mut d = g.into_value();
                d.combine(op, &slopes, |g, slope| g * slope)?;
                Ok(Var::constant(d))
            };
            [x.wants(pull)]
        }))
    }

    fn same_shape(&self, op: &'static str, target: &Tensor) -> Result<()> {
        if self.shape() == target.shape() {
            return Ok(());
        }
        let expected = format!("a target of shape {}", self.shape());
        Err(TensorError::Shape { op, expected, got: *target.shape() }.into())
    }
}

/// `fn values(y, x, t)` and `fn both(y, slope, x, t)` from a function of `x` and `t` that gives value and slope.
macro_rules! value_and_slope {
    ($value_and_slope:ident) => {
        fn values(y: &mut [Elem], x: &[Elem], t: &[Elem]) {
            struct Pass<'a>(&'a mut [Elem], &'a [Elem], &'a [Elem]);
            impl plywood_tensor::simd::Kernel for Pass<'_> {
                type Output = ();
                #[inline(always)]
                fn run(self) {
                    for ((y, &x), &t) in self.0.iter_mut().zip(self.1).zip(self.2) {
                        *y = $value_and_slope(x, t).0;
                    }
                }
            }
            plywood_tensor::simd::run(Pass(y, x, t))
        }

        fn both(y: &mut [Elem], slope: &mut [Elem], x: &[Elem], t: &[Elem]) {
            struct Pass<'a>(&'a mut [Elem], &'a mut [Elem], &'a [Elem], &'a [Elem]);
            impl plywood_tensor::simd::Kernel for Pass<'_> {
                type Output = ();
                #[inline(always)]
                fn run(self) {
                    for (((y, slope), &x), &t) in self.0.iter_mut().zip(self.1).zip(self.2).zip(self.3) {
                        (*y, *slope) = $value_and_slope(x, t);
                    }
                }
            }
            plywood_tensor::simd::run(Pass(y, slope, x, t))
        }
    };
}
pub(super) use value_and_slope;

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::Row;
    // x³ + t x
    fn call(x: &[Var]) -> Result<Var> {
        let target = Tensor::full([3], 0.5)?;
        let slope_var = |x: &Var, t: &Var| x.mul(x)?.mul_scalar(3.0).add(t);
        x[0].against("against", &target, |x, t| x * x * x + t * x, |x, t| 3.0 * x * x + t, slope_var)
    }
    &[Row::whole("against", call, |x| x[0].map(|x| x * x * x + 0.5 * x))
        .shapes(&[&[&[3]]])
        .large(&[&[3]])
        .errors(&[(&[&[3, 1]], "against: expected a target of shape [3, 1], got [3]")])]
};
