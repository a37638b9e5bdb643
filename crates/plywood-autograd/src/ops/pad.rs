//! A border around a value.

use crate::{Keep, Var};
use plywood_tensor::{Elem, Result};

impl Var {
    /// The value with a border: `padding` says for each axis how many elements to put before and behind.
    ///
    /// Gradient: `∂x = g` without the border. PyTorch: `torch.nn.functional.pad`, which names the last axis first.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[1.0, 2.0]]));
    /// let y = x.pad(&[(0, 1), (1, 0)], 9.0)?;
    /// assert_eq!(y.value().as_slice(), [9.0, 1.0, 2.0, 9.0, 9.0, 9.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) if there is not one pair for each axis,
    /// [`TensorError::Overflow`](plywood_tensor::TensorError::Overflow) if the border is too wide.
    pub fn pad(&self, padding: &[(usize, usize)], value: Elem) -> Result<Var> {
        let y = self.value().pad(padding, value)?;
        if y.shape() == self.shape() {
            return Ok(self.clone());
        }
        let before: Vec<usize> = padding.iter().map(|&(before, _)| before).collect();
        Ok(Var::record("pad", Keep::Nothing, [self], y, move |[x], _, g| {
            let inside = || {
                let mut inside = g;
                for (axis, &start) in before.iter().enumerate() {
                    inside = inside.narrow(axis as isize, start, start + x.shape()[axis])?;
                }
                Ok(inside)
            };
            [x.wants(inside)]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole(
            "pad",
            |x| x[0].pad(&[(1, 0), (0, 0), (2, 1)], 0.5),
            |x| {
                let d = x[0].shape();
                naive::from_fn(&[d[0] + 1, d[1], d[2] + 3], |i| {
                    let inside = i[0] >= 1 && (2..2 + d[2]).contains(&i[2]);
                    if inside { x[0].at(&[i[0] - 1, i[1], i[2] - 2]).unwrap() } else { 0.5 }
                })
            },
        )
        .shapes(&[&[&[2, 2, 3]], &[&[1, 1, 1]], &[&[0, 2, 1]], &[&[2, 0, 1]]])
        .large(&[&[30, 50, 60]])
        .errors(&[(&[&[2, 3]], "pad: expected a tensor of 3 axes, got [2, 3]")]),
        Row::whole("pad", |x| x[0].pad(&[(0, 0), (0, 0)], 7.0), |x| x[0].clone()),
        Row::whole("pad", |x| x[0].pad(&[], 7.0), |x| x[0].clone()).shapes(&[&[&[]]]).large(&[&[]]),
    ]
};
