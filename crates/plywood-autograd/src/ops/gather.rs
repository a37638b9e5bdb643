//! Elements chosen by index.

use crate::{Keep, Var};
use plywood_tensor::{IntTensor, Result, Tensor};

impl Var {
    /// For each index the element there: `y[.., i, ..] = x[.., indices[.., i, ..], ..]`.
    ///
    /// Gradient: `∂x` is `g` added at the indices ([`Var::scatter_add`]); repeated ones add up.
    ///
    /// # Shapes
    /// The indices have the shape of `x`, but for the size along the axis, which is free; so has the result.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::{IntTensor, Tensor};
    /// let x = Var::from(Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
    /// assert_eq!(x.gather(1, &IntTensor::from([[2], [0]]))?.value().as_slice(), [3.0, 4.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) for indices of another shape,
    /// [`TensorError::Index`](plywood_tensor::TensorError::Index) for a negative or too large one,
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    #[doc(alias = "take_along_axis")]
    pub fn gather(&self, axis: isize, indices: &IntTensor) -> Result<Var> {
        let y = self.value().gather(axis, indices)?;
        let indices = indices.clone();
        Ok(Var::record("gather", Keep::Nothing, [self], y, move |[x], _, g| {
            [x.wants(|| Var::constant(Tensor::zeros(x.shape())?).scatter_add(axis, &indices, &g))]
        }))
    }

    /// The value with each element of `source` added at its index: `y[.., indices[.., i, ..], ..] += source[.., i, ..]`.
    ///
    /// Repeated indices add up.
    ///
    /// Gradient: `∂x = g`, `∂source` is `g` at the indices ([`Var::gather`]).
    ///
    /// # Shapes
    /// The indices have the shape of `source`, and that of `x` but for the size along the axis.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::{IntTensor, Tensor};
    /// let (x, source) = (Var::from(Tensor::zeros([1, 3])?), Var::from(Tensor::from([[1.0, 2.0, 4.0]])));
    /// let y = x.scatter_add(1, &IntTensor::from([[2, 0, 2]]), &source)?;
    /// assert_eq!(y.value().as_slice(), [2.0, 0.0, 5.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Var::gather`]; [`TensorError::Shape`](plywood_tensor::TensorError::Shape) also if `source` does not have the
    /// shape of the indices.
    pub fn scatter_add(&self, axis: isize, indices: &IntTensor, source: &Var) -> Result<Var> {
        let y = self.value().scatter_add(axis, indices, source.value())?;
        let indices = indices.clone();
        Ok(Var::record("scatter_add", Keep::Nothing, [self, source], y, move |[x, source], _, g| {
            [x.wants(|| Ok(g.clone())), source.wants(|| g.gather(axis, &indices))]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::{Array, Shape};
    /// Indices of this shape that run through all `bound` rows and repeat some.
    fn indices(dims: &[usize], bound: usize) -> IntTensor {
        let count: usize = dims.iter().product();
        let list: Vec<i64> = (0..count).map(|i| ((i * 7 + i / 3) % bound.max(1)) as i64).collect();
        IntTensor::from_slice(&list, dims).unwrap()
    }
    /// Indices along axis 1, five of them.
    fn five(shape: &Shape) -> IntTensor {
        indices(&shape.with(1, 5).unwrap(), shape[1])
    }
    fn at(indices: &IntTensor, i: &[usize]) -> usize {
        indices.at(i).unwrap() as usize
    }
    fn scattered(x: &[Array<f64>], axis: usize) -> Array<f64> {
        let (mut y, source) = (x[0].clone(), &x[1]);
        let indices = indices(source.shape(), x[0].shape()[axis]);
        let strides: Vec<usize> =
            (0..y.shape().rank()).map(|k| y.shape()[k + 1..].iter().product()).collect();
        for i in naive::indices(source.shape()) {
            let mut to = i.clone();
            to[axis] = at(&indices, &i);
            let position: usize = to.iter().zip(&strides).map(|(i, stride)| i * stride).sum();
            y.as_mut_slice()[position] += source.at(&i).unwrap();
        }
        y
    }
    &[
        Row::whole(
            "gather",
            |x| x[0].gather(1, &five(x[0].shape())),
            |x| {
                let indices = five(x[0].shape());
                naive::from_fn(indices.shape(), |i| x[0].at(&[i[0], at(&indices, i), i[2]]).unwrap())
            },
        )
        .shapes(&[&[&[2, 3, 2]], &[&[1, 1, 1]], &[&[0, 2, 3]], &[&[1, 7, 1]]])
        .large(&[&[60, 40, 300]])
        .errors(&[(&[&[2, 0, 2]], "gather: index 0 is not in 0..0 (axis 1 of [2, 0, 2])")]),
        Row::whole(
            "gather",
            |x| x[0].gather(-1, &IntTensor::from([0, 2, 0])),
            |x| naive::from_fn(&[3], |i| x[0].at(&[[0, 2, 0][i[0]]]).unwrap()),
        )
        .shapes(&[&[&[3]], &[&[4]]])
        .large(&[&[70_000]])
        .errors(&[
            (&[&[2]], "gather: index 2 is not in 0..2 (axis 0 of [2])"),
            (&[&[2, 3]], "gather: expected indices of shape [2, 3] apart from axis 1, got [3]"),
            (&[&[]], "gather: axis -1 is out of range for []"),
        ]),
        Row::whole(
            "scatter_add",
            |x| x[0].scatter_add(1, &indices(x[1].shape(), x[0].shape()[1]), &x[1]),
            |x| scattered(x, 1),
        )
        .shapes(&[
            &[&[2, 3, 2], &[2, 5, 2]],
            &[&[1, 1, 1], &[1, 4, 1]],
            &[&[2, 3, 1], &[2, 0, 1]],
            &[&[0, 3, 1], &[0, 2, 1]],
        ])
        .large(&[&[60, 40, 50], &[60, 70, 50]]),
        Row::whole(
            "scatter_add",
            |x| x[0].scatter_add(0, &IntTensor::from([2, 0, 2]), &x[1]),
            |x| {
                naive::from_fn(x[0].shape(), |i| {
                    let s = x[1].as_slice();
                    x[0].at(i).unwrap()
                        + match i[0] {
                            0 => s[1],
                            2 => s[0] + s[2],
                            _ => 0.0,
                        }
                })
            },
        )
        .shapes(&[&[&[3], &[3]], &[&[5], &[3]]])
        .large(&[&[70_000], &[3]])
        .errors(&[
            (&[&[3], &[2]], "scatter_add: expected a source of shape [3], got [2]"),
            (&[&[2], &[3]], "scatter_add: index 2 is not in 0..2 (axis 0 of [2])"),
        ]),
    ]
};
