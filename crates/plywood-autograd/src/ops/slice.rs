//! Parts of a value along one axis.

use crate::{Keep, Saved, Var};
use plywood_tensor::{IntTensor, Result, Tensor};

impl Var {
    /// The part `start..end` along an axis; along axis 0 it moves nothing.
    ///
    /// Gradient: `∂x = g` in its place, 0 elsewhere.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
    /// assert_eq!(x.narrow(1, 1, 3)?.value().as_slice(), [2.0, 3.0, 5.0, 6.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Range`](plywood_tensor::TensorError::Range) if the range is reversed or reaches beyond the axis,
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    ///
    /// # References
    /// PyTorch's `narrow` takes a start and a length.
    pub fn narrow(&self, axis: isize, start: usize, end: usize) -> Result<Var> {
        let y = self.value().narrow(axis, start, end)?;
        self.part("narrow", axis, start, y)
    }

    /// Rows `start..end` along axis 0, such as the samples of a batch; moves nothing.
    ///
    /// Gradient: `∂x = g` in its place, 0 elsewhere.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]));
    /// assert_eq!(x.rows(0, 2)?.value().as_slice(), [1.0, 2.0, 3.0, 4.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Var::narrow`].
    pub fn rows(&self, start: usize, end: usize) -> Result<Var> {
        let y = self.value().rows(start, end)?;
        self.part("rows", 0, start, y)
    }

    /// The elements `start, start + step, …` before `end` along an axis.
    ///
    /// Gradient: `∂x = g` in its places, 0 elsewhere. PyTorch: `x[start:end:step]`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([0.0, 1.0, 2.0, 3.0, 4.0, 5.0]));
    /// assert_eq!(x.slice(0, 1, 6, 2)?.value().as_slice(), [1.0, 3.0, 5.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Argument`](plywood_tensor::TensorError::Argument) for a step of 0, otherwise as [`Var::narrow`].
    pub fn slice(&self, axis: isize, start: usize, end: usize, step: usize) -> Result<Var> {
        let y = self.value().slice(axis, start, end, step)?;
        if step == 1 {
            return self.part("slice", axis, start, y);
        }
        let indices: Vec<i64> = (start..end).step_by(step).map(|index| index as i64).collect();
        let indices = IntTensor::from_slice(&indices, [indices.len()])?;
        Ok(Var::record("slice", Keep::Nothing, [self], y, move |[x], _, g| {
            [x.wants(|| Var::constant(Tensor::zeros(x.shape())?).index_add(axis, &indices, &g))]
        }))
    }

    /// Records `y`, the part of `self` that begins at `start` along an axis.
    pub(super) fn part(&self, op: &'static str, axis: isize, start: usize, y: Tensor) -> Result<Var> {
        if y.shape() == self.shape() {
            return Ok(self.clone());
        }
        let axis = self.shape().axis(op, axis)?;
        Ok(Var::record(op, Keep::Nothing, [self], y, move |[x], _, g| {
            [x.wants(|| put_back(x, axis, start, &g))]
        }))
    }
}

/// The gradient of a part among zeros.
fn put_back(x: &Saved, axis: usize, start: usize, g: &Var) -> Result<Var> {
    let mut padding = vec![(0, 0); x.shape().rank()];
    padding[axis] = (start, x.shape()[axis] - start - g.shape()[axis]);
    g.pad(&padding, 0.0)
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole(
            "narrow",
            |x| x[0].narrow(-1, 1, 3),
            |x| naive::from_fn(&[x[0].shape()[0], 2], |i| x[0].at(&[i[0], i[1] + 1]).unwrap()),
        )
        .shapes(&[&[&[2, 4]], &[&[1, 3]], &[&[0, 3]]])
        .large(&[&[30_000, 5]])
        .nan(super::table::Nan::Vanishes)
        .errors(&[
            (&[&[4, 2]], "narrow: range 1..3 is not in 0..2 (axis 1 of [4, 2])"),
            (&[&[]], "narrow: axis -1 is out of range for []"),
        ]),
        Row::whole("narrow", |x| x[0].narrow(0, 0, 2), |x| x[0].rows(0, 2).unwrap())
            .shapes(&[&[&[2]], &[&[3, 2]], &[&[2, 0]]])
            .large(&[&[3, 50_000]]),
        Row::whole("narrow", |x| x[0].narrow(0, 1, 1), |x| x[0].rows(1, 1).unwrap())
            .shapes(&[&[&[2]], &[&[1, 3]]])
            .large(&[&[70_000]])
            .nan(super::table::Nan::Vanishes),
        Row::whole("rows", |x| x[0].rows(0, 2), |x| x[0].narrow(0, 0, 2).unwrap())
            .shapes(&[&[&[3]], &[&[3, 2]], &[&[2, 0]]])
            .large(&[&[3, 50_000]])
            .errors(&[
                (&[&[1, 2]], "rows: range 0..2 is not in 0..1 (axis 0 of [1, 2])"),
                (&[&[]], "rows: axis 0 is out of range for []"),
            ]),
        Row::whole(
            "slice",
            |x| x[0].slice(1, 0, 6, 4),
            |x| {
                let d = x[0].shape();
                naive::from_fn(&[d[0], 2, d[2]], |i| x[0].at(&[i[0], 4 * i[1], i[2]]).unwrap())
            },
        )
        .shapes(&[&[&[2, 7, 2]], &[&[1, 6, 1]], &[&[0, 6, 1]]])
        .large(&[&[100, 7, 200]])
        .errors(&[
            (&[&[2, 5, 1]], "slice: range 0..6 is not in 0..5 (axis 1 of [2, 5, 1])"),
            (&[&[9]], "slice: axis 1 is out of range for [9]"),
        ]),
        Row::whole("slice", |x| x[0].slice(0, 0, 3, 1), |x| x[0].rows(0, 3).unwrap())
            .shapes(&[&[&[3]], &[&[4, 2]]]),
    ]
};

#[cfg(test)]
mod tests {
    use crate::Var;
    use plywood_tensor::Tensor;

    #[test]
    fn a_step_of_zero_is_refused() {
        let x = Var::from(Tensor::from([1.0, 2.0]));
        let error = x.slice(0, 0, 2, 0).unwrap_err();
        assert_eq!(error.to_string(), "slice: expected a step of at least 1, got 0");
    }
}
