//! Parts of an array: a range along one axis, every so many-th element of it, or all of it in pieces.

use crate::{Array, Element, Result, TensorError};

impl<T: Element> Array<T> {
    /// The part `start..end` along an axis; shares the memory along axis 0.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.narrow(1, 1, 3)?.as_slice(), [2.0, 3.0, 5.0, 6.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Range`] if the range is reversed or reaches beyond the axis, [`TensorError::Axis`] if there is
    /// no such axis.
    ///
    /// # References
    /// PyTorch's `narrow` takes a start and a length.
    pub fn narrow(&self, axis: isize, start: usize, end: usize) -> Result<Self> {
        self.part("narrow", axis, start, end, 1)
    }

    /// The elements `start, start + step, …` before `end` along an axis.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Tensor::arange(0.0, 10.0, 1.0)?.slice(0, 1, 9, 3)?.as_slice(), [1.0, 4.0, 7.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Argument`] for a step of 0, otherwise as [`Array::narrow`].
    ///
    /// # References
    /// `x[start:end:step]` in Python, which cuts off a range that reaches beyond the axis instead of refusing it.
    pub fn slice(&self, axis: isize, start: usize, end: usize, step: usize) -> Result<Self> {
        self.part("slice", axis, start, end, step)
    }

    /// The pieces of these sizes along an axis, one after the other.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let parts = Tensor::from([1.0, 2.0, 3.0]).split(0, &[1, 2])?;
    /// assert_eq!(parts[1].as_slice(), [2.0, 3.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Sizes`] if the sizes do not add up to that of the axis, [`TensorError::Axis`] if there is no
    /// such axis.
    pub fn split(&self, axis: isize, sizes: &[usize]) -> Result<Vec<Self>> {
        let shape = *self.shape();
        let index = shape.axis("split", axis)?;
        let sum = sizes.iter().try_fold(0_usize, |sum, &size| sum.checked_add(size));
        if sum != Some(shape[index]) {
            let (sizes, size) = (sizes.to_vec(), shape[index]);
            return Err(TensorError::Sizes { op: "split", sizes, size, axis: index, shape }.into());
        }
        let mut start = 0;
        sizes
            .iter()
            .map(|&size| {
                start += size;
                self.part("split", axis, start - size, start, 1)
            })
            .collect()
    }

    /// An axis in `count` pieces as equal as may be: the first ones are longer by 1 if it does not divide.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let sizes: Vec<usize> = Tensor::zeros([7])?.chunk(0, 3)?.iter().map(|part| part.numel()).collect();
    /// assert_eq!(sizes, [3, 2, 2]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Argument`] for 0 pieces, [`TensorError::Axis`] if there is no such axis.
    ///
    /// # References
    /// NumPy's `array_split`; PyTorch's `chunk` makes the last piece shorter, and sometimes fewer pieces.
    #[doc(alias = "array_split")]
    pub fn chunk(&self, axis: isize, count: usize) -> Result<Vec<Self>> {
        let size = self.shape()[self.shape().axis("chunk", axis)?];
        if count == 0 {
            return Err(TensorError::Argument { op: "chunk", expected: "at least 1 piece", got: 0.0 }.into());
        }
        let sizes: Vec<usize> = (0..count).map(|i| size / count + usize::from(i < size % count)).collect();
        self.split(axis, &sizes)
    }

    fn part(&self, op: &'static str, axis: isize, start: usize, end: usize, step: usize) -> Result<Self> {
        let shape = *self.shape();
        let axis = shape.axis(op, axis)?;
        let size = shape[axis];
        if step == 0 {
            return Err(TensorError::Argument { op, expected: "a step of at least 1", got: 0.0 }.into());
        }
        if start > end || end > size {
            return Err(TensorError::Range { op, start, end, size, axis, shape }.into());
        }
        if end - start == size && step == 1 {
            return Ok(self.clone());
        }
        if axis == 0 && step == 1 {
            return self.rows(start, end);
        }
        let mut steps = shape.steps();
        let base = start * steps[axis] as usize;
        let part = shape.with(axis, (end - start).div_ceil(step))?;
        // With a single element left the step is never taken, however large it is.
        steps[axis] = if part[axis] > 1 { steps[axis] * step as isize } else { 0 };
        Ok(self.strided(base, part, steps))
    }
}
