//! Rows chosen by index, and rows added by index.

use crate::{Array, Element, Float, IntTensor, Result, Shape, TensorError, par, simd};

impl<T: Element> Array<T> {
    /// The part at one index of an axis, without the axis; shares the memory along axis 0.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.select(0, 1)?.as_slice(), [3.0, 4.0]);
    /// assert_eq!(x.select(1, 1)?.as_slice(), [2.0, 4.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Index`] for an index outside the axis, [`TensorError::Axis`] if there is no such axis.
    pub fn select(&self, axis: isize, index: usize) -> Result<Self> {
        let (op, shape) = ("select", *self.shape());
        let axis = shape.axis(op, axis)?;
        let size = shape[axis];
        if index >= size {
            let index = i64::try_from(index).unwrap_or(i64::MAX);
            return Err(TensorError::Index { op, index, size, axis, shape }.into());
        }
        self.narrow(axis as isize, index, index + 1)?.squeeze(axis as isize)
    }

    /// The parts at these indices of an axis, in their order: `[.., size, ..] → [.., indices, ..]`.
    ///
    /// ```
    /// # use plywood_tensor::{IntTensor, Tensor};
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    /// assert_eq!(x.index_select(0, &IntTensor::from([2, 0, 2]))?.as_slice(), [5.0, 6.0, 1.0, 2.0, 5.0, 6.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`] if the indices are not a list, [`TensorError::Index`] for a negative or too large one,
    /// [`TensorError::Axis`] if there is no such axis.
    #[doc(alias = "take")]
    pub fn index_select(&self, axis: isize, indices: &IntTensor) -> Result<Self> {
        let (op, shape) = ("index_select", *self.shape());
        let axis = shape.axis(op, axis)?;
        list(op, indices)?;
        check(op, indices, axis, &shape)?;
        let [_, size, inner] = shape.around(axis);
        let (x, indices) = (self.as_slice(), indices.as_slice());
        Ok(Array::build(shape.with(axis, indices.len())?, |out| {
            if out.is_empty() {
                return;
            }
            let count = out.len();
            par::chunks(out, (par::CHUNK / inner).max(1) * inner, count, |start, out| {
                let first = start / inner;
                let (mut outer, mut along) = (first / indices.len(), first % indices.len());
                for row in out.chunks_mut(inner) {
                    let from = (outer * size + indices[along] as usize) * inner;
                    row.copy_from_slice(&x[from..from + inner]);
                    along += 1;
                    if along == indices.len() {
                        (outer, along) = (outer + 1, 0);
                    }
                }
            });
        }))
    }
}

impl<T: Float> Array<T> {
    /// `self` with the parts of `source` added at these indices of an axis; repeated indices add up.
    ///
    /// `result[.., indices[i], ..] = self[.., indices[i], ..] + Σ source[.., i, ..]`. On zeros this is the gradient
    /// of [`Array::index_select`]. What repeated indices add is accumulated in `f64` for both widths, in order.
    ///
    /// ```
    /// # use plywood_tensor::{IntTensor, Tensor};
    /// let (x, source) = (Tensor::zeros([3])?, Tensor::from([1.0, 2.0, 4.0]));
    /// assert_eq!(x.index_add(0, &IntTensor::from([2, 0, 2]), &source)?.as_slice(), [2.0, 0.0, 5.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`] if the indices are not a list or `source` does not have the shape of what they select,
    /// [`TensorError::Index`] for a negative or too large index, [`TensorError::Axis`] if there is no such axis.
    pub fn index_add(&self, axis: isize, indices: &IntTensor, source: &Self) -> Result<Self> {
        let (op, shape) = ("index_add", *self.shape());
        let axis = shape.axis(op, axis)?;
        list(op, indices)?;
        check(op, indices, axis, &shape)?;
        let expected = shape.with(axis, indices.numel())?;
        if *source.shape() != expected {
            let expected = format!("a source of shape {expected}");
            return Err(TensorError::Shape { op, expected, got: *source.shape() }.into());
        }
        let mut result = self.clone();
        if source.numel() == 0 {
            return Ok(result);
        }
        let [outer, size, inner] = shape.around(axis);
        let (indices, source) = (indices.as_slice(), source.as_slice());
        // Where each index stands, in order: what adds to the same place lies side by side.
        let mut order: Vec<usize> = (0..indices.len()).collect();
        order.sort_by_key(|&i| indices[i]);
        let out = result.as_mut_slice();
        if outer == 1 {
            // Each thread owns some rows of the result.
            par::chunks(out, (par::CHUNK / inner).max(1) * inner, source.len(), |start, out| {
                let first = start / inner;
                let begin = order.partition_point(|&i| (indices[i] as usize) < first);
                let end = order.partition_point(|&i| (indices[i] as usize) < first + out.len() / inner);
                add_rows(out, indices, &order[begin..end], first, source, inner);
            });
            return Ok(result);
        }
        let (slab, part) = (size * inner, indices.len() * inner);
        par::chunks(out, (par::CHUNK / slab).max(1) * slab, source.len(), |start, out| {
            for (out, source) in out.chunks_mut(slab).zip(source[start / slab * part..].chunks(part)) {
                add_rows(out, indices, &order, 0, source, inner);
            }
        });
        Ok(result)
    }
}

/// Columns that are added up side by side.
const WIDTH: usize = 256;

/// Adds the rows of `source` that `order` names to those of `out`, of which the first is that of index `first`.
fn add_rows<T: Float>(
    out: &mut [T],
    indices: &[i64],
    order: &[usize],
    first: usize,
    source: &[T],
    inner: usize,
) {
    simd::dispatch(|| {
        let mut sums = [0.0; WIDTH];
        for same in order.chunk_by(|&a, &b| indices[a] == indices[b]) {
            let row = &mut out[(indices[same[0]] as usize - first) * inner..][..inner];
            if let &[i] = same {
                for (out, &x) in row.iter_mut().zip(&source[i * inner..][..inner]) {
                    *out += x;
                }
                continue;
            }
            // A frequent index adds up thousands of rows: in `f64`, or the last of them would lose their digits.
            for left in (0..inner).step_by(WIDTH) {
                let width = WIDTH.min(inner - left);
                let (row, sums) = (&mut row[left..left + width], &mut sums[..width]);
                for (sum, &x) in sums.iter_mut().zip(&*row) {
                    *sum = x.to_f64();
                }
                for &i in same {
                    for (sum, &x) in sums.iter_mut().zip(&source[i * inner + left..][..width]) {
                        *sum += x.to_f64();
                    }
                }
                for (out, &sum) in row.iter_mut().zip(&*sums) {
                    *out = T::of(sum);
                }
            }
        }
    });
}

fn list(op: &'static str, indices: &IntTensor) -> Result<()> {
    if indices.shape().rank() != 1 {
        return Err(
            TensorError::Shape { op, expected: "a list of indices".into(), got: *indices.shape() }.into()
        );
    }
    Ok(())
}

/// Whether all indices lie in `0..shape[axis]`.
pub(super) fn check(op: &'static str, indices: &IntTensor, axis: usize, shape: &Shape) -> Result<()> {
    let size = shape[axis];
    let outside = |&&index: &&i64| usize::try_from(index).map_or(true, |index| index >= size);
    match indices.as_slice().iter().find(outside) {
        Some(&index) => Err(TensorError::Index { op, index, size, axis, shape: *shape }.into()),
        None => Ok(()),
    }
}
