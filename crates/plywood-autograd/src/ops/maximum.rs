//! The larger of two tensors, element by element.

use crate::{Keep, Var};
use plywood_tensor::{Elem, Result};

impl Var {
    /// `y = max(a, b)` elementwise, with broadcasting; NaN if either is.
    ///
    /// Gradient: the larger input receives `g`, the other 0; of equal ones each receives `g / 2` (as PyTorch), then each
    /// gradient is summed back to its input's shape.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([1.0, 5.0])).maximum(&Tensor::from(3.0).into())?;
    /// assert_eq!(y.value().as_slice(), [3.0, 5.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn maximum(&self, other: &Var) -> Result<Var> {
        let y = self.value().maximum(other.value())?;
        Ok(Var::record("maximum", Keep::Inputs, [self, other], y, |[a, b], _, g| {
            [
                a.wants(|| route(&g, a, b, |own, other| own < other)),
                b.wants(|| route(&g, b, a, |own, other| own < other)),
            ]
        }))
    }
}

/// The part of the gradient that `own` receives: all if it wins against `other`, half if they are equal.
pub(super) fn route(
    g: &Var,
    own: &Var,
    other: &Var,
    loses: impl Fn(Elem, Elem) -> bool + Sync,
) -> Result<Var> {
    let share = own.value().zip("route", other.value(), |own, other| {
        if own == other {
            0.5
        } else if loses(own, other) {
            0.0
        } else {
            1.0 // also where either is NaN: it wins
        }
    })?;
    g.mul(&share.into())?.sum_to(own.shape())
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::Row;
    &[
        Row::binary("maximum", |x| x[0].maximum(&x[1]), f64::max)
            .domain(&[(-2.0, -0.1), (0.1, 2.0)])
            .errors(&[(&[&[2, 3], &[4]], "maximum: cannot broadcast [2, 3] with [4]")]),
        Row::binary("maximum", |x| x[0].maximum(&x[1]), f64::max).domain(&[(0.1, 2.0), (-2.0, -0.1)]),
    ]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::{Elem, Result, Tensor};

    #[test]
    fn ties_are_split_and_nan_wins() {
        let both: [fn(&Var, &Var) -> Result<Var>; 2] = [Var::maximum, Var::minimum];
        for f in both {
            let a = Var::variable(Tensor::from([1.0, Elem::NAN, 0.0]));
            let b = Var::variable(Tensor::from([1.0, 2.0, Elem::NAN]));
            let y = f(&a, &b).unwrap();
            assert!(y.value().as_slice()[1..].iter().all(|y| y.is_nan()));
            let gradients = grad(&y.sum(), &[&a, &b], false).unwrap();
            assert_eq!(gradients[0].value().as_slice(), [0.5, 1.0, 1.0]);
            assert_eq!(gradients[1].value().as_slice(), [0.5, 1.0, 1.0]);
        }
    }
}
