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
        if self.shape() != target.shape() {
            let expected = format!("a target of shape {}", self.shape());
            return Err(TensorError::Shape { op, expected, got: *target.shape() }.into());
        }
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
}

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
