//! Axes that come, go and move.

use crate::{Keep, Var};
use plywood_tensor::Result;

impl Var {
    /// The value without an axis of size 1; moves nothing.
    ///
    /// Gradient: `∂x = g` under the input's shape.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(*Var::from(Tensor::zeros([2, 1, 3])?).squeeze(1)?.shape(), [2, 3]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) if the axis has another size (PyTorch leaves it
    /// alone), [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    pub fn squeeze(&self, axis: isize) -> Result<Var> {
        self.reshape(self.value().squeeze(axis)?.shape())
    }

    /// The value with a new axis of size 1 before axis `axis`, or at the end (−1); moves nothing.
    ///
    /// Gradient: `∂x = g` under the input's shape.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(*Var::from(Tensor::zeros([2, 3])?).unsqueeze(1)?.shape(), [2, 1, 3]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) if the result would have no such axis.
    #[doc(alias = "expand_dims")]
    pub fn unsqueeze(&self, axis: isize) -> Result<Var> {
        self.reshape(self.value().unsqueeze(axis)?.shape())
    }

    /// The value with the axes from `axis` to the last joined into one; moves nothing.
    ///
    /// Gradient: `∂x = g` under the input's shape. PyTorch: `x.flatten(axis)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(*Var::from(Tensor::zeros([2, 3, 4])?).flatten_from(1)?.shape(), [2, 12]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    #[doc(alias = "flatten")]
    pub fn flatten_from(&self, axis: isize) -> Result<Var> {
        self.reshape(self.value().flatten_from(axis)?.shape())
    }

    /// The value with axis `from` moved to place `to`, the others in their order.
    ///
    /// Gradient: `∂x = g` with the axis moved back.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(*Var::from(Tensor::zeros([2, 3, 4])?).move_axis(-1, 0)?.shape(), [4, 2, 3]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for axes that do not exist.
    #[doc(alias = "movedim")]
    pub fn move_axis(&self, from: isize, to: isize) -> Result<Var> {
        let op = "move_axis";
        if self.shape().axis(op, from)? == self.shape().axis(op, to)? {
            return Ok(self.clone());
        }
        let y = self.value().move_axis(from, to)?;
        Ok(Var::record(op, Keep::Nothing, [self], y, move |[x], _, g| [x.wants(|| g.move_axis(to, from))]))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole("squeeze", |x| x[0].squeeze(1), |x| x[0].reshape([2, 3]).unwrap())
            .shapes(&[&[&[2, 1, 3]]])
            .large(&[&[2, 1, 3]])
            .errors(&[
                (&[&[2, 3]], "squeeze: expected size 1 along axis 1, got [2, 3]"),
                (&[&[2]], "squeeze: axis 1 is out of range for [2]"),
            ]),
        Row::whole("unsqueeze", |x| x[0].unsqueeze(-2), |x| x[0].reshape([2, 1, 3]).unwrap())
            .shapes(&[&[&[2, 3]]])
            .large(&[&[2, 3]])
            .errors(&[(&[&[]], "unsqueeze: axis -2 is out of range for []")]),
        Row::whole("flatten_from", |x| x[0].flatten_from(1), |x| x[0].reshape([2, 6]).unwrap())
            .shapes(&[&[&[2, 3, 2]], &[&[2, 6]], &[&[2, 1, 6, 1]]])
            .large(&[&[2, 3, 2]])
            .errors(&[(&[&[2]], "flatten_from: axis 1 is out of range for [2]")]),
        Row::whole(
            "move_axis",
            |x| x[0].move_axis(0, -1),
            |x| {
                let d = x[0].shape();
                naive::from_fn(&[d[1], d[2], d[0]], |i| x[0].at(&[i[2], i[0], i[1]]).unwrap())
            },
        )
        .shapes(&[&[&[2, 3, 4]], &[&[1, 2, 0]]])
        .large(&[&[30, 50, 60]])
        .errors(&[(&[&[]], "move_axis: axis 0 is out of range for []")]),
        Row::whole("move_axis", |x| x[0].move_axis(1, -1), |x| x[0].clone()),
    ]
};
