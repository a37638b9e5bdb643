//! Several values joined along an axis.

use crate::{Keep, Var};
use plywood_tensor::{Result, Tensor};

impl Var {
    /// The parts joined along an axis that they have; their other sizes must agree.
    ///
    /// Gradient: for each part its part of `g`. PyTorch: `torch.cat`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let (a, b) = (Var::from(Tensor::from([[1.0], [2.0]])), Var::from(Tensor::from([[3.0, 4.0], [5.0, 6.0]])));
    /// assert_eq!(Var::concat(&[&a, &b], 1)?.value().as_slice(), [1.0, 3.0, 4.0, 2.0, 5.0, 6.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::NoParts`](plywood_tensor::TensorError::NoParts) for an empty list,
    /// [`TensorError::Part`](plywood_tensor::TensorError::Part) if the other sizes differ,
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    #[doc(alias = "cat")]
    pub fn concat(parts: &[&Var], axis: isize) -> Result<Var> {
        let values: Vec<&Tensor> = parts.iter().map(|part| part.value()).collect();
        let y = Tensor::concat(&values, axis)?;
        if let [only] = parts {
            return Ok((*only).clone());
        }
        let axis = y.shape().axis("concat", axis)?;
        Ok(Var::record_many("concat", Keep::Nothing, parts, y, move |parts, _, g| {
            let mut end = 0;
            let mut piece = |size: usize| {
                end += size;
                (end - size, end)
            };
            let ranges = parts.iter().map(|part| (part, piece(part.shape()[axis])));
            ranges.map(|(part, (start, end))| part.wants(|| g.narrow(axis as isize, start, end))).collect()
        }))
    }

    /// The parts, all of one shape, along a new axis before axis `axis` of theirs, or at the end (−1).
    ///
    /// Gradient: for each part its part of `g`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let (a, b) = (Var::from(Tensor::from([1.0, 2.0])), Var::from(Tensor::from([3.0, 4.0])));
    /// assert_eq!(Var::stack(&[&a, &b], 0)?.value().as_slice(), [1.0, 2.0, 3.0, 4.0]);
    /// assert_eq!(Var::stack(&[&a, &b], -1)?.value().as_slice(), [1.0, 3.0, 2.0, 4.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::NoParts`](plywood_tensor::TensorError::NoParts) for an empty list,
    /// [`TensorError::Part`](plywood_tensor::TensorError::Part) if the shapes differ,
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) if the result would have no such axis.
    pub fn stack(parts: &[&Var], axis: isize) -> Result<Var> {
        let values: Vec<&Tensor> = parts.iter().map(|part| part.value()).collect();
        let y = Tensor::stack(&values, axis)?;
        Ok(Var::record_many("stack", Keep::Nothing, parts, y, move |parts, _, g| {
            parts.iter().enumerate().map(|(i, part)| part.wants(|| g.select(axis, i))).collect()
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::Array;
    /// Three parts along axis 1.
    fn joined(x: &[Array<f64>]) -> Array<f64> {
        let (d, sizes) = (x[0].shape(), [x[0].shape()[1], x[1].shape()[1], x[2].shape()[1]]);
        naive::from_fn(&[d[0], sizes.iter().sum()], |i| {
            let (mut part, mut at) = (0, i[1]);
            while at >= sizes[part] {
                at -= sizes[part];
                part += 1;
            }
            x[part].at(&[i[0], at]).unwrap()
        })
    }
    fn refs(x: &[crate::Var]) -> Vec<&crate::Var> {
        x.iter().collect()
    }
    &[
        Row::whole("concat", |x| crate::Var::concat(&refs(x), -1), joined)
            .shapes(&[
                &[&[2, 3], &[2, 1], &[2, 2]],
                &[&[1, 1], &[1, 0], &[1, 1]],
                &[&[0, 3], &[0, 1], &[0, 2]],
            ])
            .large(&[&[300, 100], &[300, 200], &[300, 1]])
            .errors(&[
                (&[], "concat: expected at least one tensor, got none"),
                (
                    &[&[2, 3], &[2, 1], &[3, 1]],
                    "concat: part 2: expected [2, 3] apart from axis 1, got [3, 1]",
                ),
                (&[&[], &[]], "concat: axis -1 is out of range for []"),
            ]),
        Row::whole(
            "concat",
            |x| crate::Var::concat(&refs(x), 0),
            |x| {
                let parts: Vec<f64> = x.iter().flat_map(|x| x.to_vec()).collect();
                Array::from_slice(&parts, [parts.len()]).unwrap()
            },
        )
        .shapes(&[&[&[2], &[3]], &[&[4]], &[&[0], &[1]]])
        .large(&[&[50_000], &[40_000]]),
        // The same value twice: both places count.
        Row::whole(
            "concat",
            |x| crate::Var::concat(&[&x[0], &x[1], &x[0]], 1),
            |x| joined(&[x[0].clone(), x[1].clone(), x[0].clone()]),
        )
        .shapes(&[&[&[2, 3], &[2, 1]]])
        .large(&[&[300, 100], &[300, 200]]),
        Row::whole(
            "stack",
            |x| crate::Var::stack(&refs(x), -1),
            |x| {
                let d = x[0].shape();
                naive::from_fn(&[d[0], d[1], x.len()], |i| x[i[2]].at(&i[..2]).unwrap())
            },
        )
        .shapes(&[&[&[2, 3], &[2, 3], &[2, 3]], &[&[1, 1]], &[&[0, 2], &[0, 2]]])
        .large(&[&[200, 201], &[200, 201]])
        .errors(&[
            (&[], "stack: expected at least one tensor, got none"),
            (&[&[2], &[2], &[3]], "stack: part 2: expected [2], got [3]"),
        ]),
        Row::whole(
            "stack",
            |x| crate::Var::stack(&refs(x), 1),
            |x| naive::from_fn(&[x[0].shape()[0], x.len()], |i| x[i[1]].at(&i[..1]).unwrap()),
        )
        .shapes(&[&[&[3], &[3]]])
        .large(&[&[40_000], &[40_000]])
        .errors(&[(&[&[], &[]], "stack: axis 1 is out of range for []")]),
    ]
};
