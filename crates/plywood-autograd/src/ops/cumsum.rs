//! Running sums.

use crate::{Keep, Var};
use plywood_tensor::Result;

impl Var {
    /// `yᵢ = x₀ + … + xᵢ` along an axis.
    ///
    /// Gradient: `∂xᵢ = gᵢ + … + gₙ`, the running sum from the end.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
    /// assert_eq!(x.cumsum(1)?.value().as_slice(), [1.0, 3.0, 6.0, 4.0, 9.0, 15.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    pub fn cumsum(&self, axis: isize) -> Result<Var> {
        let y = self.value().cumsum(axis)?;
        Ok(Var::record("cumsum", Keep::Nothing, [self], y, move |[x], _, g| {
            [x.wants(|| g.flip(&[axis])?.cumsum(axis)?.flip(&[axis]))]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::Array;
    fn reference(x: &Array<f64>, axis: usize) -> Array<f64> {
        naive::from_fn(x.shape(), |index| {
            let mut index = index.to_vec();
            (0..=index[axis])
                .map(|i| {
                    index[axis] = i;
                    x.at(&index).unwrap()
                })
                .sum()
        })
    }
    &[
        Row::whole("cumsum", |x| x[0].cumsum(-1), |x| reference(&x[0], x[0].shape().rank() - 1))
            .shapes(&[&[&[2, 3]], &[&[1]], &[&[0]], &[&[17]]])
            .errors(&[(&[&[]], "cumsum: axis -1 is out of range for []")]),
        Row::whole("cumsum", |x| x[0].cumsum(1), |x| reference(&x[0], 1))
            .shapes(&[&[&[2, 3, 2]], &[&[2, 0, 2]], &[&[1, 1, 1]]])
            .large(&[&[30, 50, 60]])
            .errors(&[(&[&[3]], "cumsum: axis 1 is out of range for [3]")]),
    ]
};
