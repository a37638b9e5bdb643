//! A choice between two tensors, element by element.

use crate::{Keep, Var};
use plywood_tensor::{Result, Tensor, par, simd};

impl Var {
    /// `y` is `a` where the condition is not 0, `b` where it is, with broadcasting of all three.
    ///
    /// Gradient: `∂a = g` where `a` was chosen, exactly 0 elsewhere, and the other way round for `∂b`, each summed back
    /// to its input's shape. Nothing passes from what was not chosen, not even NaN. But where the function that made
    /// the branch has an infinite slope, that 0 times its slope is NaN: choose a harmless *argument* instead, so that no
    /// bad number comes into being. PyTorch: `where`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let (a, b) = (Var::from(Tensor::from([1.0, 2.0])), Var::from(Tensor::from(-1.0)));
    /// assert_eq!(Var::select_where(&Tensor::from([0.0, 1.0]), &a, &b)?.value().as_slice(), [-1.0, 2.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if the shapes do not broadcast.
    #[doc(alias = "where")]
    pub fn select_where(condition: &Tensor, a: &Var, b: &Var) -> Result<Var> {
        let y = choose(condition, a.value(), b.value())?;
        let condition = condition.clone();
        Ok(Var::record("select_where", Keep::Nothing, [a, b], y, move |[a, b], _, g| {
            let zero = Var::constant(Tensor::from(0.0));
            [
                a.wants(|| Var::select_where(&condition, &g, &zero)?.sum_to(a.shape())),
                b.wants(|| Var::select_where(&condition, &zero, &g)?.sum_to(b.shape())),
            ]
        }))
    }
}

fn choose(condition: &Tensor, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let op = "select_where";
    let shape = a.shape().broadcast(op, b.shape())?.broadcast(op, condition.shape())?;
    let (condition, b) = (condition.broadcast_to(shape)?, b.broadcast_to(shape)?);
    let mut y = a.broadcast_to(shape)?;
    let steps = y.numel();
    par::chunks(y.as_mut_slice(), par::CHUNK, steps, |start, y| {
        let (condition, b) =
            (&condition.as_slice()[start..start + y.len()], &b.as_slice()[start..start + y.len()]);
        simd::dispatch(|| {
            for ((y, &condition), &b) in y.iter_mut().zip(condition).zip(b) {
                *y = if condition == 0.0 { b } else { *y };
            }
        });
    });
    Ok(y)
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Nan, Row};
    &[Row::binary(
        "select_where",
        |x| Var::select_where(&x[0].value().map(|x| if x > 0.0 { 1.0 } else { 0.0 }), &x[0], &x[1]),
        |a, b| if a > 0.0 { a } else { b },
    )
    .avoid(&[0.0])
    .nan(Nan::Vanishes)
    .errors(&[(&[&[2, 3], &[4]], "select_where: cannot broadcast [2, 3] with [4]")])]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::{Elem, Tensor};

    #[test]
    fn all_three_broadcast() {
        let condition = Tensor::from([[0.0], [1.0]]);
        let (a, b) = (Var::variable(Tensor::from([1.0, 2.0, 3.0])), Var::variable(Tensor::from(-1.0)));
        let y = Var::select_where(&condition, &a, &b).unwrap();
        assert_eq!(y.value().as_slice(), [-1.0, -1.0, -1.0, 1.0, 2.0, 3.0]);
        let gradients = grad(&y.sum(), &[&a, &b], false).unwrap();
        assert_eq!(gradients[0].value().as_slice(), [1.0, 1.0, 1.0]);
        assert_eq!(gradients[1].value().item().unwrap(), 3.0);
    }

    #[test]
    fn what_is_not_chosen_does_not_leak() {
        let a = Var::variable(Tensor::from([Elem::NAN, 1.0]));
        let b = Var::variable(Tensor::from([2.0, Elem::INFINITY]));
        let upstream = Tensor::from([Elem::INFINITY, 1.0]);
        let y = Var::select_where(&Tensor::from([0.0, 1.0]), &a, &b).unwrap();
        assert_eq!(y.value().as_slice(), [2.0, 1.0]);
        let gradients = grad(&y.mul(&upstream.into()).unwrap().sum(), &[&a, &b], false).unwrap();
        assert_eq!(gradients[0].value().as_slice(), [0.0, 1.0]);
        assert_eq!(gradients[1].value().as_slice(), [Elem::INFINITY, 0.0]);
    }
}
