//! A border around an array.

use crate::{Array, Element, MAX_RANK, Result, Shape, TensorError, par};

impl<T: Element> Array<T> {
    /// The array with a border of one value: `padding` says for each axis how many to put before and behind.
    ///
    /// [`Array::narrow`] takes the border off again.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.pad(&[(0, 0), (1, 0)], 9.0)?.as_slice(), [9.0, 1.0, 2.0, 9.0, 3.0, 4.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`] if there is not one pair for each axis, [`TensorError::Overflow`] if the border is too
    /// wide.
    ///
    /// # References
    /// NumPy's order of axes; PyTorch's `pad` names the last axis first.
    pub fn pad(&self, padding: &[(usize, usize)], value: T) -> Result<Self> {
        let own = *self.shape();
        if padding.len() != own.rank() {
            let expected = format!("a tensor of {} axes", padding.len());
            return Err(TensorError::Shape { op: "pad", expected, got: own }.into());
        }
        if padding.iter().all(|&pair| pair == (0, 0)) {
            return Ok(self.clone());
        }
        let mut dims = [0; MAX_RANK];
        for (axis, &(before, behind)) in padding.iter().enumerate() {
            dims[axis] = own[axis].saturating_add(before).saturating_add(behind);
        }
        let shape = Shape::new(&dims[..own.rank()])?;
        if self.numel() == 0 {
            return Array::full(shape, value);
        }
        let (x, rank, strides) = (self.as_slice(), own.rank(), own.strides());
        let (row, before) = (own[rank - 1], padding[rank - 1].0);
        let run = shape[rank - 1];
        // Where row `row` of the result lies in `self`, if not in the border.
        let source = |mut row: usize| {
            let mut position = 0;
            for axis in (0..rank - 1).rev() {
                let index =
                    (row % shape[axis]).checked_sub(padding[axis].0).filter(|&index| index < own[axis])?;
                position += index * strides[axis];
                row /= shape[axis];
            }
            Some(position)
        };
        Ok(Array::build(shape, |out| {
            let count = out.len();
            par::chunks(out, (par::CHUNK / run).max(1) * run, count, |start, out| {
                for (i, out) in out.chunks_mut(run).enumerate() {
                    let Some(position) = source(start / run + i) else {
                        out.fill(value);
                        continue;
                    };
                    let (left, rest) = out.split_at_mut(before);
                    let (middle, right) = rest.split_at_mut(row);
                    left.fill(value);
                    middle.copy_from_slice(&x[position..position + row]);
                    right.fill(value);
                }
            });
        }))
    }
}
