//! Elements by size.

use crate::{Array, Element, IntTensor, Result, TensorError, par};
use std::cmp::Ordering;

impl<T: Element> Array<T> {
    /// The elements along an axis in order of size, and the index that each had.
    ///
    /// Equals keep their order. NaN counts as larger than everything.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let (values, indices) = Tensor::from([3.0, 1.0, 2.0]).sort(0, true)?;
    /// assert_eq!(values.as_slice(), [3.0, 2.0, 1.0]);
    /// assert_eq!(indices.as_slice(), [0, 2, 1]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`] if there is no such axis.
    ///
    /// # References
    /// PyTorch's `sort(stable=True)`; NumPy's `argsort` gives the indices alone.
    #[doc(alias = "argsort")]
    pub fn sort(&self, axis: isize, descending: bool) -> Result<(Self, IntTensor)> {
        let size = self.shape()[self.shape().axis("sort", axis)?];
        self.ranked(axis, size, |pairs| {
            if descending {
                pairs.sort_by(|a, b| compare(b.0, a.0));
            } else {
                pairs.sort_by(|a, b| compare(a.0, b.0));
            }
        })
    }

    /// The `k` largest elements along an axis, the largest first, and their indices.
    ///
    /// Of equals the first come first. NaN counts as larger than everything.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let (values, indices) = Tensor::from([[3.0, 1.0, 2.0], [4.0, 5.0, 5.0]]).top_k(1, 2)?;
    /// assert_eq!(values.as_slice(), [3.0, 2.0, 5.0, 5.0]);
    /// assert_eq!(indices.as_slice(), [0, 2, 1, 2]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Range`] if there are fewer than `k`, [`TensorError::Axis`] if there is no such axis.
    ///
    /// # References
    /// PyTorch's `topk`, which leaves the order of equals open.
    #[doc(alias = "topk")]
    pub fn top_k(&self, axis: isize, k: usize) -> Result<(Self, IntTensor)> {
        let (op, shape) = ("top_k", *self.shape());
        let index = shape.axis(op, axis)?;
        let size = shape[index];
        if k > size {
            return Err(TensorError::Range { op, start: 0, end: k, size, axis: index, shape }.into());
        }
        // Ties are broken by the index, so that no two elements are equal and the order is one only.
        let order = |a: &(T, i64), b: &(T, i64)| compare(b.0, a.0).then(a.1.cmp(&b.1));
        self.ranked(axis, k, |pairs| {
            if k > 0 && k < pairs.len() {
                pairs.select_nth_unstable_by(k - 1, order);
            }
            pairs[..k].sort_unstable_by(order);
        })
    }

    /// The first `count` elements along an axis after `rank` has ordered them, each with its index.
    fn ranked(
        &self,
        axis: isize,
        count: usize,
        rank: impl Fn(&mut [(T, i64)]) + Sync,
    ) -> Result<(Self, IntTensor)> {
        let rows = self.move_axis(axis, -1)?;
        let last = rows.shape().rank() - 1;
        let (x, size) = (rows.as_slice(), rows.shape()[last]);
        let indices = IntTensor::build(rows.shape().with(last, count)?, |out| {
            if out.is_empty() {
                return;
            }
            let steps = x.len().saturating_mul(16);
            par::chunks(out, (par::CHUNK / (16 * size)).max(1) * count, steps, |start, out| {
                let mut pairs = Vec::with_capacity(size);
                for (k, out) in out.chunks_mut(count).enumerate() {
                    let row = &x[(start / count + k) * size..][..size];
                    pairs.clear();
                    pairs.extend(row.iter().zip(0_i64..).map(|(&x, i)| (x, i)));
                    rank(&mut pairs);
                    for (out, pair) in out.iter_mut().zip(&pairs) {
                        *out = pair.1;
                    }
                }
            });
        });
        let values = rows.gather(-1, &indices)?;
        Ok((values.move_axis(-1, axis)?, indices.move_axis(-1, axis)?))
    }
}

/// The order of size, NaN above everything and equal to itself.
fn compare<T: Element>(a: T, b: T) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}
