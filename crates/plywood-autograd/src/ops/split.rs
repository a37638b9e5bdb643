//! All of a value in pieces along one axis.

use crate::Var;
use plywood_tensor::{Result, Tensor};

impl Var {
    /// The pieces of these sizes along an axis, one after the other.
    ///
    /// Gradient: that of each piece in its place. PyTorch: `x.split(sizes, axis)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let parts = Var::from(Tensor::from([1.0, 2.0, 3.0])).split(0, &[1, 2])?;
    /// assert_eq!(parts[1].value().as_slice(), [2.0, 3.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Sizes`](plywood_tensor::TensorError::Sizes) if the sizes do not add up to that of the axis,
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    pub fn split(&self, axis: isize, sizes: &[usize]) -> Result<Vec<Var>> {
        self.pieces("split", axis, self.value().split(axis, sizes)?)
    }

    /// An axis in `count` pieces as equal as may be: the first ones are longer by 1 if it does not divide.
    ///
    /// Gradient: that of each piece in its place.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let halves = Var::from(Tensor::from([1.0, 2.0, 3.0])).chunk(0, 2)?;
    /// assert_eq!(halves[0].value().as_slice(), [1.0, 2.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Argument`](plywood_tensor::TensorError::Argument) for 0 pieces,
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    ///
    /// # References
    /// NumPy's `array_split`; PyTorch's `chunk` makes the last piece shorter, and sometimes fewer pieces.
    #[doc(alias = "array_split")]
    pub fn chunk(&self, axis: isize, count: usize) -> Result<Vec<Var>> {
        self.pieces("chunk", axis, self.value().chunk(axis, count)?)
    }

    fn pieces(&self, op: &'static str, axis: isize, values: Vec<Tensor>) -> Result<Vec<Var>> {
        let index = self.shape().axis(op, axis)?;
        let mut start = 0;
        let record = |y: Tensor| {
            let size = y.shape()[index];
            start += size;
            self.part(op, axis, start - size, y)
        };
        values.into_iter().map(record).collect()
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use crate::Var;
    use plywood_tensor::Array;
    /// The pieces in reversed order, so that each has to find its own place.
    fn reversed(parts: Vec<Var>) -> plywood_tensor::Result<Var> {
        Var::concat(&parts.iter().rev().collect::<Vec<_>>(), 1)
    }
    /// Columns of `x` in this order.
    fn columns(x: &Array<f64>, order: &[usize]) -> Array<f64> {
        naive::from_fn(&[x.shape()[0], order.len()], |i| x.at(&[i[0], order[i[1]]]).unwrap())
    }
    &[
        Row::whole(
            "split",
            |x| reversed(x[0].split(-1, &[2, 0, 1, 2])?),
            |x| columns(&x[0], &[3, 4, 2, 0, 1]),
        )
        .shapes(&[&[&[2, 5]], &[&[1, 5]], &[&[0, 5]]])
        .large(&[&[20_000, 5]])
        .errors(&[
            (&[&[2, 4]], "split: sizes [2, 0, 1, 2] do not add up to 4 (axis 1 of [2, 4])"),
            (&[&[]], "split: axis -1 is out of range for []"),
        ]),
        Row::whole("chunk", |x| reversed(x[0].chunk(1, 3)?), |x| columns(&x[0], &[4, 2, 3, 0, 1]))
            .shapes(&[&[&[2, 5]], &[&[1, 5]], &[&[0, 5]]])
            .large(&[&[20_000, 5]])
            .errors(&[(&[&[5]], "chunk: axis 1 is out of range for [5]")]),
        Row::whole("chunk", |x| reversed(x[0].chunk(1, 1)?), |x| x[0].clone()),
    ]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::Tensor;

    #[test]
    fn pieces_that_nobody_uses_have_no_gradient() {
        let x = Var::variable(Tensor::from([1.0, 2.0, 3.0]));
        let parts = x.split(0, &[1, 1, 1]).unwrap();
        assert_eq!(grad(&parts[1].sum(), &[&x], false).unwrap()[0].value().as_slice(), [0.0, 1.0, 0.0]);
        assert!(x.split(0, &[usize::MAX, 4]).is_err());
        let error = x.chunk(0, 0).unwrap_err();
        assert_eq!(error.to_string(), "chunk: expected at least 1 piece, got 0");
    }
}
