//! Axes in another order.

use crate::{Array, Element, MAX_RANK, Result, Shape, TensorError};

impl<T: Element> Array<T> {
    /// The array with its axes in the given order: axis `i` of the result is axis `order[i]` of `self`.
    ///
    /// Shares the memory if no element has to move.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::zeros([2, 3, 4])?;
    /// assert_eq!(*x.permute(&[2, 0, 1])?.shape(), [4, 2, 3]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`] or [`TensorError::AxisTwice`] if `order` does not name every axis once.
    pub fn permute(&self, order: &[isize]) -> Result<Self> {
        let shape = *self.shape();
        if order.len() != shape.rank() {
            let expected = format!("a tensor of {} axes", order.len());
            return Err(TensorError::Shape { op: "permute", expected, got: shape }.into());
        }
        shape.axes("permute", order)?;
        let (mut dims, mut steps) = ([0; MAX_RANK], [0; MAX_RANK]);
        let strides = shape.steps();
        for (to, &from) in order.iter().enumerate() {
            let from = shape.axis("permute", from)?;
            (dims[to], steps[to]) = (shape[from], strides[from]);
        }
        let shape = Shape::from_checked(&dims[..order.len()]);
        Ok(if in_order(&shape, &steps) { self.reshape(shape)? } else { self.strided(0, shape, steps) })
    }

    /// The array with its last two axes exchanged.
    ///
    /// # Errors
    /// [`TensorError::Shape`] if there are fewer than two axes.
    pub fn transpose(&self) -> Result<Self> {
        let rank = self.shape().rank();
        if rank < 2 {
            return Err(TensorError::Shape {
                op: "transpose",
                expected: "[.., m, n]".into(),
                got: *self.shape(),
            }
            .into());
        }
        let mut order: [isize; MAX_RANK] = std::array::from_fn(|i| i as isize);
        order.swap(rank - 2, rank - 1);
        self.permute(&order[..rank])
    }
}

/// Whether walking `shape` by `steps` visits a dense array from front to back, so that nothing has to move.
fn in_order(shape: &Shape, steps: &[isize; MAX_RANK]) -> bool {
    let mut expected = 1;
    (0..shape.rank()).rev().all(|axis| {
        let fits = shape[axis] <= 1 || steps[axis] == expected;
        expected *= shape[axis].max(1) as isize;
        fits
    })
}
