//! The part at one index.

use crate::{Keep, Var};
use plywood_tensor::Result;

impl Var {
    /// The part at one index of an axis, without the axis; along axis 0 it moves nothing.
    ///
    /// Gradient: `∂x = g` in its place, 0 elsewhere.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    /// assert_eq!(x.select(1, 0)?.value().as_slice(), [1.0, 3.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Index`](plywood_tensor::TensorError::Index) for an index outside the axis,
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    pub fn select(&self, axis: isize, index: usize) -> Result<Var> {
        let y = self.value().select(axis, index)?;
        let axis = self.shape().axis("select", axis)?;
        Ok(Var::record("select", Keep::Nothing, [self], y, move |[x], _, g| {
            let put_back = || {
                let mut padding = vec![(0, 0); x.shape().rank()];
                padding[axis] = (index, x.shape()[axis] - index - 1);
                g.reshape(x.shape().with(axis, 1)?)?.pad(&padding, 0.0)
            };
            [x.wants(put_back)]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Nan, Row, naive};
    &[
        Row::whole(
            "select",
            |x| x[0].select(-2, 0),
            |x| {
                let d = x[0].shape();
                naive::from_fn(&[d[0], d[2]], |i| x[0].at(&[i[0], 0, i[1]]).unwrap())
            },
        )
        .shapes(&[&[&[2, 3, 2]], &[&[1, 1, 1]], &[&[0, 2, 1]]])
        .large(&[&[200, 3, 400]])
        .errors(&[
            (&[&[2, 0, 2]], "select: index 0 is not in 0..0 (axis 1 of [2, 0, 2])"),
            (&[&[3]], "select: axis -2 is out of range for [3]"),
        ]),
        Row::whole("select", |x| x[0].select(0, 2), |x| naive::from_fn(&[], |_| x[0].as_slice()[2]))
            .shapes(&[&[&[3]], &[&[4]]])
            .large(&[&[70_000]])
            .nan(Nan::Vanishes)
            .errors(&[(&[&[2]], "select: index 2 is not in 0..2 (axis 0 of [2])")]),
    ]
};
