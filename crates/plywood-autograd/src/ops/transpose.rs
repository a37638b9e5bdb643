//! Axes in another order.

use crate::{Keep, Var};
use plywood_tensor::Result;

impl Var {
    /// The value with its axes in the given order: axis `i` of the result is axis `order[i]` of the input.
    ///
    /// Gradient: `∂x = g` with its axes put back.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::zeros([2, 3, 4])?);
    /// assert_eq!(*x.permute(&[2, 0, 1])?.shape(), [4, 2, 3]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) or
    /// [`TensorError::AxisTwice`](plywood_tensor::TensorError::AxisTwice) if `order` does not name every axis once.
    pub fn permute(&self, order: &[isize]) -> Result<Var> {
        let y = self.value().permute(order)?;
        let rank = order.len() as isize;
        let mut back = vec![0_isize; order.len()];
        for (to, &from) in order.iter().enumerate() {
            back[from.rem_euclid(rank) as usize] = to as isize;
        }
        Ok(Var::record("permute", Keep::Nothing, [self], y, move |[x], _, g| [x.wants(|| g.permute(&back))]))
    }

    /// The value with its last two axes exchanged.
    ///
    /// Gradient: `∂x = gᵀ`. PyTorch: `x.mT`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([[1.0, 2.0], [3.0, 4.0]])).transpose()?;
    /// assert_eq!(y.value().as_slice(), [1.0, 3.0, 2.0, 4.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`](plywood_tensor::TensorError::Shape) if there are fewer than two axes.
    pub fn transpose(&self) -> Result<Var> {
        let y = self.value().transpose()?;
        Ok(Var::record("transpose", Keep::Nothing, [self], y, |[x], _, g| [x.wants(|| g.transpose())]))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::Row;
    &[
        Row::whole(
            "permute",
            |x| x[0].permute(&[2, 0, -2]),
            |x| {
                plywood_tensor::Array::from_ndarray(&x[0].view().permuted_axes(vec![2, 0, 1]).to_owned())
                    .unwrap()
            },
        )
        .shapes(&[&[&[2, 3, 4]], &[&[1, 2, 0]]])
        .large(&[&[40, 30, 50]])
        .errors(&[(&[&[3]], "permute: expected a tensor of 3 axes, got [3]")]),
        Row::whole(
            "transpose",
            |x| x[0].transpose(),
            |x| {
                let last = x[0].shape().rank() - 1;
                let mut view = x[0].view();
                view.swap_axes(last - 1, last);
                plywood_tensor::Array::from_ndarray(&view.to_owned()).unwrap()
            },
        )
        .shapes(&[&[&[2, 3]], &[&[2, 3, 4]], &[&[0, 2]]])
        .large(&[&[300, 200]])
        .errors(&[(&[&[3]], "transpose: expected [.., m, n], got [3]")]),
    ]
};
