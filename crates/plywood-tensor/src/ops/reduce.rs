//! Sums, products and extremes over axes.
//!
//! Every reduction is cut by shape alone and combined in a fixed order, so the bits do not depend on threads.

use super::fold::{Fold, ROWS};
use crate::{Array, Float, MAX_RANK, Result, Shape, TensorError, math, par};

impl<T: Float> Array<T> {
    /// The sum of all elements; 0 if there are none.
    #[must_use]
    pub fn sum(&self) -> Self {
        Array::from(sum().all(self.as_slice()))
    }

    /// The mean of all elements; NaN if there are none.
    #[must_use]
    pub fn mean(&self) -> Self {
        let count = T::of(self.numel() as f64);
        self.sum().map(|sum| sum / count)
    }

    /// The sum over some axes (all if the list is empty); `keep` leaves them in the shape with size 1.
    ///
    /// # Errors
    /// [`TensorError::Axis`] or [`TensorError::AxisTwice`] for axes that do not exist or repeat.
    pub fn sum_axes(&self, axes: &[isize], keep: bool) -> Result<Self> {
        self.fold_axes("sum", axes, keep, &sum())
    }

    /// The mean over some axes (all if the list is empty); NaN where nothing is averaged.
    ///
    /// # Errors
    /// [`TensorError::Axis`] or [`TensorError::AxisTwice`] for axes that do not exist or repeat.
    pub fn mean_axes(&self, axes: &[isize], keep: bool) -> Result<Self> {
        let mut mean = self.fold_axes("mean", axes, keep, &sum())?;
        let mask = self.shape().axes("mean", axes)?;
        let count: usize = (0..self.shape().rank()).filter(|&i| mask[i]).map(|i| self.shape()[i]).product();
        // Divided, not multiplied by the reciprocal: one rounding instead of two.
        let count = T::of(count as f64);
        mean.map_in_place(|sum| sum / count);
        Ok(mean)
    }

    /// The product over some axes (all if the list is empty).
    ///
    /// # Errors
    /// [`TensorError::Axis`] or [`TensorError::AxisTwice`] for axes that do not exist or repeat.
    pub fn prod_axes(&self, axes: &[isize], keep: bool) -> Result<Self> {
        self.fold_axes("prod", axes, keep, &fold(T::ONE, |a, b| a * b))
    }

    /// The largest element of all; NaN if one of them is.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([[3.0, -1.0], [7.0, 2.0]]);
    /// assert_eq!((x.max()?.item()?, x.min()?.item()?), (7.0, -1.0));
    /// assert_eq!(x.max_axes(&[1], false)?.as_slice(), [3.0, 7.0]); // of each row
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Empty`] if there are none.
    #[doc(alias = "amax")]
    pub fn max(&self) -> Result<Self> {
        self.max_axes(&[], false)
    }

    /// The smallest element of all; NaN if one of them is.
    ///
    /// # Errors
    /// [`TensorError::Empty`] if there are none.
    #[doc(alias = "amin")]
    pub fn min(&self) -> Result<Self> {
        self.min_axes(&[], false)
    }

    /// The largest element over some axes (all if the list is empty); NaN if one of them is.
    ///
    /// # Errors
    /// [`TensorError::Empty`] if there is nothing to choose from; otherwise as [`Array::sum_axes`].
    pub fn max_axes(&self, axes: &[isize], keep: bool) -> Result<Self> {
        self.not_empty("max", axes)?;
        self.fold_axes("max", axes, keep, &fold(-T::INFINITY, math::maximum))
    }

    /// The smallest element over some axes (all if the list is empty); NaN if one of them is.
    ///
    /// # Errors
    /// [`TensorError::Empty`] if there is nothing to choose from; otherwise as [`Array::sum_axes`].
    pub fn min_axes(&self, axes: &[isize], keep: bool) -> Result<Self> {
        self.not_empty("min", axes)?;
        self.fold_axes("min", axes, keep, &fold(T::INFINITY, math::minimum))
    }

    fn not_empty(&self, op: &'static str, axes: &[isize]) -> Result<()> {
        let shape = *self.shape();
        let mask = shape.axes(op, axes)?;
        if (0..shape.rank()).any(|i| mask[i] && shape[i] == 0) {
            return Err(TensorError::Empty { op, shape }.into());
        }
        Ok(())
    }

    /// The fold of what `each` makes of the elements over some axes.
    pub(super) fn fold_axes(
        &self,
        op: &'static str,
        axes: &[isize],
        keep: bool,
        fold: &Fold<T, impl Fn(T) -> T + Sync, impl Fn(T, T) -> T + Sync>,
    ) -> Result<Self> {
        let shape = *self.shape();
        let mask = shape.axes(op, axes)?;
        // Neighbouring axes are folded as one, the last ones first: that leaves the least for the others to do.
        let (mut folded, mut end) = (None, shape.rank());
        while end > 0 {
            if !mask[end - 1] {
                end -= 1;
                continue;
            }
            let begin = (0..end).rev().take_while(|&i| mask[i]).last().unwrap_or(end);
            folded = Some(match &folded {
                None => self.fold_group(begin, end, fold),
                Some(folded) => Array::fold_group(folded, begin, end, &fold.again()),
            });
            end = begin;
        }
        let Some(folded) = folded else { return Ok(self.map(&fold.each)) };
        folded.reshape(remaining(&shape, &mask, keep))
    }

    /// The axes `begin..end` as one of size 1.
    fn fold_group(
        &self,
        begin: usize,
        end: usize,
        fold: &Fold<T, impl Fn(T) -> T + Sync, impl Fn(T, T) -> T + Sync>,
    ) -> Self {
        let shape = self.shape();
        let outer: usize = shape[..begin].iter().product();
        let inner: usize = shape[end..].iter().product();
        let size: usize = shape[begin..end].iter().product();
        let mut dims = [1; MAX_RANK];
        dims[..begin].copy_from_slice(&shape[..begin]);
        dims[end..shape.rank()].copy_from_slice(&shape[end..]);
        let folded = Shape::from_checked(&dims[..shape.rank()]);
        let x = self.as_slice();
        if outer == 1 && inner == 1 && begin == 0 {
            return Array::build(folded, |out| out[0] = fold.all(x));
        }
        if inner == 1 {
            return Array::build(folded, |out| {
                par::chunks(out, (par::CHUNK / size.max(1)).max(1), x.len(), |first, out| {
                    fold.runs(out, &x[first * size..(first + out.len()) * size], size);
                });
            });
        }
        // At most `ROWS` rows at once; what comes out is folded again, so that rounding grows with the logarithm.
        let (mut partial, mut size) = (None, size);
        while size > ROWS && inner > 0 {
            let blocks = size.div_ceil(ROWS);
            let rows = Shape::from_checked(&[outer * blocks * inner]);
            partial = Some(Array::build(rows, |out| match &partial {
                None => fold.blocks(out, x, size, inner),
                Some(partial) => fold.again().blocks(out, Array::as_slice(partial), size, inner),
            }));
            size = blocks;
        }
        Array::build(folded, |out| match &partial {
            None => fold.blocks(out, x, size, inner),
            Some(partial) => fold.again().blocks(out, Array::as_slice(partial), size, inner),
        })
    }
}

/// Elements as they are, combined from `start` on.
#[inline(always)]
fn fold<T: Float, C: Fn(T, T) -> T + Sync>(start: T, combine: C) -> Fold<T, impl Fn(T) -> T + Sync, C> {
    Fold { start, each: |x| x, combine }
}

#[inline(always)]
pub(super) fn sum<T: Float>() -> Fold<T, impl Fn(T) -> T + Sync, impl Fn(T, T) -> T + Sync> {
    fold(T::ZERO, |a, b| a + b)
}

/// The shape without the axes of a mask, or with 1 in their places if they are to be kept.
pub(super) fn remaining(shape: &Shape, mask: &[bool; MAX_RANK], keep: bool) -> Shape {
    let mut dims = [1; MAX_RANK];
    let mut rank = 0;
    for axis in (0..shape.rank()).filter(|&axis| keep || !mask[axis]) {
        dims[rank] = if mask[axis] { 1 } else { shape[axis] };
        rank += 1;
    }
    Shape::from_checked(&dims[..rank])
}

#[cfg(test)]
mod tests {
    use crate::{Array, Tensor};

    #[test]
    fn sums_over_any_axes_agree_with_loops() {
        let x = Tensor::arange(0.0, 2.0 * 3.0 * 4.0 * 5.0, 1.0).unwrap().reshape([2, 3, 4, 5]).unwrap();
        for mask in 0..16_usize {
            let axes: Vec<isize> = (0..4).filter(|i| mask >> i & 1 == 1).collect();
            let got = x.sum_axes(&axes, true).unwrap();
            let all = axes.is_empty();
            let mut expected = vec![0.0; got.numel()];
            let strides = got.shape().strides();
            for (i, &v) in x.as_slice().iter().enumerate() {
                let index = [i / 60, i / 20 % 3, i / 5 % 4, i % 5];
                let kept = |a: usize| if all || mask >> a & 1 == 1 { 0 } else { index[a] };
                expected[(0..4).map(|a| kept(a) * strides[a]).sum::<usize>()] += v;
            }
            assert_eq!(got.as_slice(), expected, "{axes:?}");
        }
    }

    #[test]
    fn long_sums_stay_accurate() {
        let x = Array::<f32>::full([1_000_003], 0.1).unwrap();
        let expected = 0.1_f32 as f64 * 1_000_003.0;
        assert!((f64::from(x.sum().item().unwrap()) / expected - 1.0).abs() < 1e-6, "{}", x.sum());
        let rows = Array::<f32>::full([100_000, 3], 0.1).unwrap().sum_axes(&[0], false).unwrap();
        assert!((f64::from(rows.as_slice()[2]) / (0.1_f32 as f64 * 100_000.0) - 1.0).abs() < 1e-6, "{rows}");
    }

    #[test]
    fn extremes_keep_nan_and_refuse_nothing() {
        let x = Tensor::from([[1.0, crate::Elem::NAN], [3.0, 2.0]]);
        assert_eq!(x.max_axes(&[1], false).unwrap().as_slice()[1], 3.0);
        assert!(x.max_axes(&[1], false).unwrap().as_slice()[0].is_nan());
        let empty = Tensor::zeros([2, 0]).unwrap();
        assert_eq!(
            empty.max_axes(&[1], false).unwrap_err().to_string(),
            "max: no elements to reduce in [2, 0]"
        );
        assert_eq!(empty.sum_axes(&[1], false).unwrap().as_slice(), [0.0, 0.0]);
    }
}
