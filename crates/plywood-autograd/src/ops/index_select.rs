//! Rows chosen by index, and rows added by index.

use crate::{Keep, Var};
use plywood_tensor::{IntTensor, Result, Tensor};

impl Var {
    /// The parts at these indices of an axis, in their order: `[.., size, ..] → [.., indices, ..]`.
    ///
    /// Gradient: `∂x` is `g` added at the indices ([`Var::index_add`]); repeated ones add up.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::{IntTensor, Tensor};
    /// let x = Var::from(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    /// assert_eq!(x.index_select(0, &IntTensor::from([1, 1]))?.value().as_slice(), [3.0, 4.0, 3.0, 4.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) if the indices are not a list,
    /// [`TensorError::Index`](plywood_tensor::TensorError::Index) for a negative or too large one,
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    #[doc(alias = "take")]
    pub fn index_select(&self, axis: isize, indices: &IntTensor) -> Result<Var> {
        let y = self.value().index_select(axis, indices)?;
        let indices = indices.clone();
        Ok(Var::record("index_select", Keep::Nothing, [self], y, move |[x], _, g| {
            [x.wants(|| Var::constant(Tensor::zeros(x.shape())?).index_add(axis, &indices, &g))]
        }))
    }

    /// The value with the parts of `source` added at these indices of an axis; repeated indices add up.
    ///
    /// Gradient: `∂x = g`, `∂source` is `g` at the indices ([`Var::index_select`]).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::{IntTensor, Tensor};
    /// let (x, source) = (Var::from(Tensor::zeros([3])?), Var::from(Tensor::from([1.0, 2.0, 4.0])));
    /// let y = x.index_add(0, &IntTensor::from([2, 0, 2]), &source)?;
    /// assert_eq!(y.value().as_slice(), [2.0, 0.0, 5.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Var::index_select`]; [`TensorError::Shape`](plywood_tensor::TensorError::Shape) also if `source` does not
    /// have the shape of what the indices select.
    pub fn index_add(&self, axis: isize, indices: &IntTensor, source: &Var) -> Result<Var> {
        let y = self.value().index_add(axis, indices, source.value())?;
        let indices = indices.clone();
        Ok(Var::record("index_add", Keep::Nothing, [self, source], y, move |[x, source], _, g| {
            [x.wants(|| Ok(g.clone())), source.wants(|| g.index_select(axis, &indices))]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    // Index 1 three times, index 0 once.
    fn indices() -> IntTensor {
        IntTensor::from([1, 0, 1, 1])
    }
    fn none() -> IntTensor {
        IntTensor::zeros([0]).unwrap()
    }
    &[
        Row::whole(
            "index_select",
            |x| x[0].index_select(1, &indices()),
            |x| {
                let d = x[0].shape();
                naive::from_fn(&[d[0], 4, d[2]], |i| x[0].at(&[i[0], [1, 0, 1, 1][i[1]], i[2]]).unwrap())
            },
        )
        .shapes(&[&[&[2, 3, 2]], &[&[1, 2, 1]], &[&[2, 2, 0]]])
        .large(&[&[60, 40, 300]])
        .errors(&[
            (&[&[2, 1, 1]], "index_select: index 1 is not in 0..1 (axis 1 of [2, 1, 1])"),
            (&[&[3]], "index_select: axis 1 is out of range for [3]"),
        ]),
        Row::whole(
            "index_select",
            |x| x[0].index_select(0, &indices()),
            |x| naive::from_fn(&[4], |i| x[0].as_slice()[[1, 0, 1, 1][i[0]]]),
        )
        .shapes(&[&[&[2]], &[&[5]]])
        .large(&[&[70_000]]),
        Row::whole("index_select", |x| x[0].index_select(0, &none()), |x| x[0].rows(0, 0).unwrap())
            .shapes(&[&[&[2]], &[&[1, 3]]])
            .large(&[&[70_000]])
            .nan(super::table::Nan::Vanishes),
        Row::whole(
            "index_add",
            |x| x[0].index_add(-1, &indices(), &x[1]),
            |x| {
                naive::from_fn(x[0].shape(), |i| {
                    let s = |k: usize| x[1].at(&[i[0], k]).unwrap();
                    x[0].at(i).unwrap()
                        + match i[1] {
                            0 => s(1),
                            1 => s(0) + s(2) + s(3),
                            _ => 0.0,
                        }
                })
            },
        )
        .shapes(&[&[&[2, 3], &[2, 4]], &[&[1, 2], &[1, 4]], &[&[0, 2], &[0, 4]]])
        .large(&[&[1000, 80], &[1000, 4]])
        .errors(&[
            (&[&[2, 3], &[2, 3]], "index_add: expected a source of shape [2, 4], got [2, 3]"),
            (&[&[], &[]], "index_add: axis -1 is out of range for []"),
            (&[&[2, 1], &[2, 4]], "index_add: index 1 is not in 0..1 (axis 1 of [2, 1])"),
        ]),
    ]
};

#[cfg(test)]
mod tests {
    use crate::Var;
    use plywood_tensor::{IntTensor, Tensor};

    #[test]
    fn indices_are_a_list_of_places() {
        let x = Var::from(Tensor::from([1.0, 2.0]));
        let error = x.index_select(0, &IntTensor::from([[0]])).unwrap_err();
        assert_eq!(error.to_string(), "index_select: expected a list of indices, got [1, 1]");
        let error = x.index_select(0, &IntTensor::from([0, -1])).unwrap_err();
        assert_eq!(error.to_string(), "index_select: index -1 is not in 0..2 (axis 0 of [2])");
    }
}
