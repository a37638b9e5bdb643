//! Sums, products and extremes over axes.
//!
//! Every reduction is cut by shape alone and combined in a fixed order, so the bits do not depend on threads.

use crate::{Array, Float, MAX_RANK, Result, Shape, TensorError, math, par, simd};

/// Elements of a run that are combined lane by lane: short chains keep rounding small.
const BLOCK: usize = 1024;
/// Rows that are combined one by one before their result is combined with others.
const ROWS: usize = 128;
/// Independent chains within a block: they fill the vectors.
const LANES: usize = 32;

impl<T: Float> Array<T> {
    /// The sum of all elements; 0 if there are none.
    #[must_use]
    pub fn sum(&self) -> Self {
        Array::from(self.fold_all(T::ZERO, |a, b| a + b))
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
        self.fold_axes("sum", axes, keep, T::ZERO, |a, b| a + b)
    }

    /// The mean over some axes (all if the list is empty); NaN where nothing is averaged.
    ///
    /// # Errors
    /// [`TensorError::Axis`] or [`TensorError::AxisTwice`] for axes that do not exist or repeat.
    pub fn mean_axes(&self, axes: &[isize], keep: bool) -> Result<Self> {
        let mut mean = self.fold_axes("mean", axes, keep, T::ZERO, |a, b| a + b)?;
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
        self.fold_axes("prod", axes, keep, T::ONE, |a, b| a * b)
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
        self.fold_axes("max", axes, keep, -T::INFINITY, math::maximum)
    }

    /// The smallest element over some axes (all if the list is empty); NaN if one of them is.
    ///
    /// # Errors
    /// [`TensorError::Empty`] if there is nothing to choose from; otherwise as [`Array::sum_axes`].
    pub fn min_axes(&self, axes: &[isize], keep: bool) -> Result<Self> {
        self.not_empty("min", axes)?;
        self.fold_axes("min", axes, keep, T::INFINITY, math::minimum)
    }

    fn not_empty(&self, op: &'static str, axes: &[isize]) -> Result<()> {
        let shape = *self.shape();
        let mask = shape.axes(op, axes)?;
        if (0..shape.rank()).any(|i| mask[i] && shape[i] == 0) {
            return Err(TensorError::Empty { op, shape }.into());
        }
        Ok(())
    }

    fn fold_all(&self, start: T, combine: impl Fn(T, T) -> T + Sync) -> T {
        let x = self.as_slice();
        let blocks = x.len().div_ceil(par::CHUNK);
        if blocks <= 1 {
            return fold_run(x, start, &combine);
        }
        let partial = par::map(blocks, x.len(), |i| {
            fold_run(&x[i * par::CHUNK..x.len().min((i + 1) * par::CHUNK)], start, &combine)
        });
        fold_run(&partial, start, &combine)
    }

    fn fold_axes(
        &self,
        op: &'static str,
        axes: &[isize],
        keep: bool,
        start: T,
        combine: impl Fn(T, T) -> T + Sync,
    ) -> Result<Self> {
        let shape = *self.shape();
        let mask = shape.axes(op, axes)?;
        let mut result = self.clone();
        // Neighbouring axes are folded as one, the last ones first: that leaves the least for the others to do.
        let mut end = shape.rank();
        while end > 0 {
            if !mask[end - 1] {
                end -= 1;
                continue;
            }
            let begin = (0..end).rev().take_while(|&i| mask[i]).last().unwrap_or(end);
            let outer: usize = result.shape()[..begin].iter().product();
            let inner: usize = result.shape()[end..].iter().product();
            let size: usize = result.shape()[begin..end].iter().product();
            let mut dims = [1; MAX_RANK];
            dims[..shape.rank()].copy_from_slice(result.shape());
            dims[begin..end].fill(1);
            let folded = Shape::from_checked(&dims[..shape.rank()]);
            result = if outer == 1 && inner == 1 && begin == 0 {
                Array::build(folded, |out| out[0] = result.fold_all(start, &combine))
            } else if inner == 1 {
                result.fold_runs(folded, size, start, &combine)
            } else {
                result.fold_rows(folded, size, inner, start, &combine)
            };
            end = begin;
        }
        if keep {
            return Ok(result);
        }
        let mut dims = [0; MAX_RANK];
        let mut rank = 0;
        for axis in (0..shape.rank()).filter(|&axis| !mask[axis]) {
            dims[rank] = shape[axis];
            rank += 1;
        }
        result.reshape(Shape::from_checked(&dims[..rank]))
    }

    /// Folds each run of `size` neighbouring elements to one.
    fn fold_runs(&self, shape: Shape, size: usize, start: T, combine: &(impl Fn(T, T) -> T + Sync)) -> Self {
        let x = self.as_slice();
        Array::build(shape, |out| {
            par::chunks(out, (par::CHUNK / size.max(1)).max(1), x.len(), |first, out| {
                let x = &x[first * size..(first + out.len()) * size];
                if size == 0 {
                    out.fill(start);
                } else if size < LANES {
                    // Too short to fill the lanes: the processor works on several runs at once instead.
                    simd::dispatch(|| {
                        for (out, run) in out.iter_mut().zip(x.chunks_exact(size)) {
                            *out = run.iter().fold(start, |sum, &x| combine(sum, x));
                        }
                    });
                } else {
                    for (out, run) in out.iter_mut().zip(x.chunks_exact(size)) {
                        *out = fold_run(run, start, combine);
                    }
                }
            });
        })
    }

    /// Folds each group of `size` rows of `inner` neighbouring elements to one row.
    ///
    /// At most [`ROWS`] rows at once; what comes out is folded again, so that rounding grows with the logarithm.
    fn fold_rows(
        &self,
        shape: Shape,
        size: usize,
        inner: usize,
        start: T,
        combine: &(impl Fn(T, T) -> T + Sync),
    ) -> Self {
        if size > ROWS && inner > 0 {
            let blocks = size.div_ceil(ROWS);
            let partial = Shape::from_checked(&[self.numel() / (size * inner) * blocks * inner]);
            let partial =
                Array::build(partial, |out| fold_blocks(out, self.as_slice(), size, inner, start, combine));
            return partial.fold_rows(shape, blocks, inner, start, combine);
        }
        Array::build(shape, |out| fold_blocks(out, self.as_slice(), size, inner, start, combine))
    }
}

/// Folds groups of `size` rows, block by block of [`ROWS`] rows: `out` has one row for each block of each group.
fn fold_blocks<T: Float>(
    out: &mut [T],
    x: &[T],
    size: usize,
    inner: usize,
    start: T,
    combine: &(impl Fn(T, T) -> T + Sync),
) {
    let blocks = size.div_ceil(ROWS).max(1);
    // A piece is some whole rows of the result, or a part of a long one.
    let columns = par::CHUNK / size.clamp(1, ROWS);
    let chunk = if columns > inner { columns / inner.max(1) * inner } else { columns };
    par::chunks(out, chunk, x.len(), |begin, out| {
        let mut position = begin;
        let mut rest = out;
        while !rest.is_empty() {
            let (row, column) = (position / inner, position % inner);
            let (piece, later) = rest.split_at_mut(rest.len().min(inner - column));
            let (group, block) = (row / blocks, row % blocks);
            let (first, last) = (group * size + block * ROWS, group * size + size.min((block + 1) * ROWS));
            let rows = &x[first * inner..last * inner];
            position += piece.len();
            if inner <= LANES / 2 && rows.len() >= 4 * LANES {
                fold_narrow(piece, rows, start, combine);
            } else {
                fold_columns(piece, rows, inner, column, start, combine);
            }
            rest = later;
        }
    });
}

/// Folds the columns `column..` of rows of length `inner`, as many as `out` is long.
fn fold_columns<T: Float>(
    out: &mut [T],
    rows: &[T],
    inner: usize,
    column: usize,
    start: T,
    combine: &impl Fn(T, T) -> T,
) {
    simd::dispatch(|| {
        let end = column + out.len();
        out.fill(start);
        for row in rows.chunks_exact(inner) {
            for (out, &x) in out.iter_mut().zip(&row[column..end]) {
                *out = combine(*out, x);
            }
        }
    });
}

/// Folds rows that are shorter than a vector, several side by side.
fn fold_narrow<T: Float>(out: &mut [T], rows: &[T], start: T, combine: &impl Fn(T, T) -> T) {
    let inner = out.len();
    let width = LANES / inner * inner;
    simd::dispatch(|| {
        let mut lanes = [start; LANES];
        for piece in rows.chunks(width) {
            for (lane, &x) in lanes.iter_mut().zip(piece) {
                *lane = combine(*lane, x);
            }
        }
        out.fill(start);
        for lanes in lanes[..width].chunks(inner) {
            for (out, &lane) in out.iter_mut().zip(lanes) {
                *out = combine(*out, lane);
            }
        }
    });
}

/// Folds neighbouring elements to one: halves of halves down to blocks, so that rounding grows with the logarithm.
fn fold_run<T: Float>(x: &[T], start: T, combine: &impl Fn(T, T) -> T) -> T {
    if x.len() <= BLOCK {
        return fold_block(x, start, combine);
    }
    let (left, right) = x.split_at((x.len() / 2).next_multiple_of(BLOCK));
    combine(fold_run(left, start, combine), fold_run(right, start, combine))
}

fn fold_block<T: Float>(x: &[T], start: T, combine: &impl Fn(T, T) -> T) -> T {
    simd::dispatch(|| {
        let mut lanes = [start; LANES];
        let mut pieces = x.chunks_exact(LANES);
        for piece in &mut pieces {
            for (lane, &x) in lanes.iter_mut().zip(piece) {
                *lane = combine(*lane, x);
            }
        }
        for (lane, &x) in lanes.iter_mut().zip(pieces.remainder()) {
            *lane = combine(*lane, x);
        }
        let mut half = LANES / 2;
        while half > 0 {
            for i in 0..half {
                lanes[i] = combine(lanes[i], lanes[i + half]);
            }
            half /= 2;
        }
        lanes[0]
    })
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
