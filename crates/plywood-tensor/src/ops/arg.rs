//! Where the extremes are.

use crate::{Array, Element, IntTensor, Result, TensorError, par};

impl<T: Element> Array<T> {
    /// The index of the largest element along an axis; `keep` leaves the axis in the shape with size 1.
    ///
    /// The first of equals; the first NaN, if there is one, as [`Array::max_axes`] gives NaN.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([[1.0, 5.0, 5.0], [4.0, 2.0, 3.0]]);
    /// assert_eq!(x.argmax(-1, false)?.as_slice(), [1, 0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Empty`] if there is nothing to choose from, [`TensorError::Axis`] if there is no such axis.
    pub fn argmax(&self, axis: isize, keep: bool) -> Result<IntTensor> {
        self.arg("argmax", axis, keep, |x, best| x > best)
    }

    /// The index of the smallest element along an axis; `keep` leaves the axis in the shape with size 1.
    ///
    /// The first of equals; the first NaN, if there is one, as [`Array::min_axes`] gives NaN.
    ///
    /// # Errors
    /// [`TensorError::Empty`] if there is nothing to choose from, [`TensorError::Axis`] if there is no such axis.
    pub fn argmin(&self, axis: isize, keep: bool) -> Result<IntTensor> {
        self.arg("argmin", axis, keep, |x, best| x < best)
    }

    fn arg(
        &self,
        op: &'static str,
        axis: isize,
        keep: bool,
        better: impl Fn(T, T) -> bool + Sync,
    ) -> Result<IntTensor> {
        let shape = *self.shape();
        let axis = shape.axis(op, axis)?;
        let [_, size, inner] = shape.around(axis);
        if size == 0 {
            return Err(TensorError::Empty { op, shape }.into());
        }
        let wins = |x: T, best: T| better(x, best) || (x.is_nan() && !best.is_nan());
        let x = self.as_slice();
        let slab = (size * inner).max(1);
        let result = IntTensor::build(shape.with(axis, 1)?, |out| {
            par::chunks(out, (par::CHUNK / slab).max(1) * inner, x.len(), |start, out| {
                for (k, out) in out.chunks_mut(inner).enumerate() {
                    let x = &x[(start / inner + k) * slab..][..slab];
                    if let [out] = out {
                        *out = scan(x, &wins) as i64;
                        continue;
                    }
                    out.fill(0);
                    for (along, row) in x.chunks(inner).enumerate().skip(1) {
                        for (i, (out, &new)) in out.iter_mut().zip(row).enumerate() {
                            if wins(new, x[*out as usize * inner + i]) {
                                *out = along as i64;
                            }
                        }
                    }
                }
            });
        });
        if keep { Ok(result) } else { result.squeeze(axis as isize) }
    }
}

fn scan<T: Element>(x: &[T], wins: &impl Fn(T, T) -> bool) -> usize {
    let mut best = (0, x[0]);
    for (i, &x) in x.iter().enumerate().skip(1) {
        if wins(x, best.1) {
            best = (i, x);
        }
    }
    best.0
}
