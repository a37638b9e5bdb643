//! Elements chosen by index, and elements added by index.

use super::index::check;
use crate::{Array, Element, Float, IntTensor, Result, Shape, TensorError, par};

impl<T: Element> Array<T> {
    /// For each index the element of `self` there: `y[.., i, ..] = x[.., indices[.., i, ..], ..]`.
    ///
    /// ```
    /// # use plywood_tensor::{IntTensor, Tensor};
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.gather(1, &IntTensor::from([[2], [0]]))?.as_slice(), [3.0, 4.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Shapes
    /// The indices have the shape of `self`, but for the size along the axis, which is free; so has the result.
    ///
    /// # Errors
    /// [`TensorError::Shape`] for indices of another shape, [`TensorError::Index`] for a negative or too large one,
    /// [`TensorError::Axis`] if there is no such axis.
    ///
    /// # References
    /// PyTorch's `gather`, which also takes fewer indices along the other axes.
    #[doc(alias = "take_along_axis")]
    pub fn gather(&self, axis: isize, indices: &IntTensor) -> Result<Self> {
        let (op, shape) = ("gather", *self.shape());
        let axis = shape.axis(op, axis)?;
        alike(op, axis, indices.shape(), &shape)?;
        check(op, indices, axis, &shape)?;
        let [_, size, inner] = shape.around(axis);
        let count = indices.shape()[axis];
        let (x, indices, shape) = (self.as_slice(), indices.as_slice(), *indices.shape());
        Ok(Array::build(shape, |out| {
            if out.is_empty() {
                return;
            }
            par::chunks(out, (par::CHUNK / inner).max(1) * inner, indices.len(), |start, out| {
                let indices = &indices[start..start + out.len()];
                let first = start / inner;
                let (mut outer, mut along) = (first / count, first % count);
                for (out, indices) in out.chunks_mut(inner).zip(indices.chunks(inner)) {
                    let base = outer * size * inner;
                    for (i, (out, &index)) in out.iter_mut().zip(indices).enumerate() {
                        *out = x[base + index as usize * inner + i];
                    }
                    along += 1;
                    if along == count {
                        (outer, along) = (outer + 1, 0);
                    }
                }
            });
        }))
    }
}

impl<T: Float> Array<T> {
    /// `self` with each element of `source` added at its index: `y[.., indices[.., i, ..], ..] += source[.., i, ..]`.
    ///
    /// Repeated indices add up, accumulated in `f64` for both widths, in order. On zeros this is the gradient of [`Array::gather`].
    ///
    /// ```
    /// # use plywood_tensor::{IntTensor, Tensor};
    /// let source = Tensor::from([[1.0, 2.0], [4.0, 8.0]]);
    /// let y = Tensor::zeros([2, 3])?.scatter_add(1, &IntTensor::from([[2, 0], [1, 1]]), &source)?;
    /// assert_eq!(y, Tensor::from([[2.0, 0.0, 1.0], [0.0, 12.0, 0.0]]));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Shapes
    /// The indices have the shape of `source`, and that of `self` but for the size along the axis.
    ///
    /// # Errors
    /// As [`Array::gather`]; [`TensorError::Shape`] also if `source` does not have the shape of the indices.
    pub fn scatter_add(&self, axis: isize, indices: &IntTensor, source: &Self) -> Result<Self> {
        let (op, shape) = ("scatter_add", *self.shape());
        let axis = shape.axis(op, axis)?;
        alike(op, axis, indices.shape(), &shape)?;
        if source.shape() != indices.shape() {
            let expected = format!("a source of shape {}", indices.shape());
            return Err(TensorError::Shape { op, expected, got: *source.shape() }.into());
        }
        check(op, indices, axis, &shape)?;
        let mut result = self.clone();
        if source.numel() == 0 {
            return Ok(result);
        }
        let [_, size, inner] = shape.around(axis);
        let (slab, part) = (size * inner, indices.shape()[axis] * inner);
        let (indices, source) = (indices.as_slice(), source.as_slice());
        par::chunks(result.as_mut_slice(), (par::CHUNK / slab).max(1) * slab, source.len(), |start, out| {
            let first = start / slab * part;
            let pieces = indices[first..].chunks(part).zip(source[first..].chunks(part));
            // Where indices can repeat, a frequent one adds up thousands of elements: in `f64`, or the last of them
            // would lose their digits.
            let mut sums = vec![0.0; if part == inner { 0 } else { slab }];
            for (out, (indices, source)) in out.chunks_mut(slab).zip(pieces) {
                let rows = indices.chunks(inner).zip(source.chunks(inner));
                let added = rows.flat_map(|(indices, source)| indices.iter().zip(source).enumerate());
                let added = added.map(|(i, (&index, &x))| (index as usize * inner + i, x));
                if sums.is_empty() {
                    added.for_each(|(to, x)| out[to] += x);
                    continue;
                }
                for (sum, &x) in sums.iter_mut().zip(&*out) {
                    *sum = x.to_f64();
                }
                added.for_each(|(to, x)| sums[to] += x.to_f64());
                for (out, &sum) in out.iter_mut().zip(&sums) {
                    *out = T::of(sum);
                }
            }
        });
        Ok(result)
    }
}

/// Whether the indices have the shape of the array but for the size along the axis.
fn alike(op: &'static str, axis: usize, indices: &Shape, shape: &Shape) -> Result<()> {
    if indices.rank() != shape.rank() || (0..shape.rank()).any(|k| k != axis && indices[k] != shape[k]) {
        let expected = format!("indices of shape {shape} apart from axis {axis}");
        return Err(TensorError::Shape { op, expected, got: *indices }.into());
    }
    Ok(())
}
