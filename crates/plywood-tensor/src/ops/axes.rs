//! Axes that come, go, join and move.

use crate::{Array, Element, MAX_RANK, Result, Shape, TensorError};

impl<T: Element> Array<T> {
    /// The array without an axis of size 1; shares the memory.
    ///
    /// # Errors
    /// [`TensorError::Shape`] if the axis has another size, [`TensorError::Axis`] if there is no such axis.
    ///
    /// # References
    /// PyTorch's `squeeze` leaves an axis of another size alone; here that is an error.
    pub fn squeeze(&self, axis: isize) -> Result<Self> {
        let shape = *self.shape();
        let axis = shape.axis("squeeze", axis)?;
        if shape[axis] != 1 {
            let expected = format!("size 1 along axis {axis}");
            return Err(TensorError::Shape { op: "squeeze", expected, got: shape }.into());
        }
        let mut dims = shape.to_vec();
        dims.remove(axis);
        self.reshape(dims)
    }

    /// The array with a new axis of size 1 before axis `axis` of `self`, or at the end; shares the memory.
    ///
    /// A negative axis counts from the end of the result: −1 appends.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::zeros([2, 3])?;
    /// assert_eq!(*x.unsqueeze(0)?.shape(), [1, 2, 3]);
    /// assert_eq!(*x.unsqueeze(-1)?.shape(), [2, 3, 1]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`] if the result would have no such axis, [`TensorError::Rank`] if it has too many.
    #[doc(alias = "expand_dims")]
    pub fn unsqueeze(&self, axis: isize) -> Result<Self> {
        let shape = *self.shape();
        let last = shape.rank() as isize;
        let index = if axis < 0 { axis + last + 1 } else { axis };
        if !(0..=last).contains(&index) {
            return Err(TensorError::Axis { op: "unsqueeze", axis, shape }.into());
        }
        let mut dims = shape.to_vec();
        dims.insert(index as usize, 1);
        self.reshape(dims)
    }

    /// The array with the axes from `axis` to the last joined into one; shares the memory.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(*Tensor::zeros([2, 3, 4])?.flatten_from(1)?.shape(), [2, 12]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`] if there is no such axis.
    #[doc(alias = "flatten")]
    pub fn flatten_from(&self, axis: isize) -> Result<Self> {
        let shape = *self.shape();
        let axis = shape.axis("flatten_from", axis)?;
        let mut dims = shape;
        if axis + 1 < shape.rank() {
            let joined: usize = shape[axis..].iter().product();
            dims = Shape::from_checked(&shape[..=axis]).with(axis, joined)?;
        }
        self.reshape(dims)
    }

    /// The array with axis `from` moved to place `to`, the others in their order.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(*Tensor::zeros([2, 3, 4])?.move_axis(-1, 0)?.shape(), [4, 2, 3]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`] if there are no such axes.
    #[doc(alias = "movedim")]
    pub fn move_axis(&self, from: isize, to: isize) -> Result<Self> {
        let shape = *self.shape();
        let (from, to) = (shape.axis("move_axis", from)?, shape.axis("move_axis", to)?);
        let mut order: [isize; MAX_RANK] = std::array::from_fn(|i| i as isize);
        if from < to {
            order[from..=to].rotate_left(1);
        } else {
            order[to..=from].rotate_right(1);
        }
        self.permute(&order[..shape.rank()])
    }
}
