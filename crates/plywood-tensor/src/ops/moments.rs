//! Variance and length.

use super::fold::{BLOCK, Fold};
use super::normalize::groups::Groups;
use super::reduce::{remaining, sum};
use crate::simd::{self, Kernel};
use crate::{Array, Float, Result, Shape, math, par};

/// Groups of fewer rows are not worth what it takes to begin with one.
const FEW: usize = 64;

impl<T: Float> Array<T> {
    /// The variance over some axes (all if the list is empty): `Σ (x − mean)² / (n − correction)`.
    ///
    /// Two passes, so that a large mean does not swallow it. A correction of 1 gives the unbiased estimate of a sample,
    /// 0 that of a whole population. NaN or infinite where `n` is not above the correction.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([1.0, 2.0, 3.0, 6.0]);
    /// assert_eq!(x.variance_axes(&[], 0, false)?.item()?, 3.5);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](crate::TensorError::Axis) or [`TensorError::AxisTwice`](crate::TensorError::AxisTwice)
    /// for axes that do not exist or repeat.
    ///
    /// # References
    /// PyTorch's `var`, which corrects by 1 unless told; NumPy's and TensorFlow's by 0.
    #[doc(alias = "var")]
    pub fn variance_axes(&self, axes: &[isize], correction: usize, keep: bool) -> Result<Self> {
        let shape = *self.shape();
        let mask = shape.axes("variance", axes)?;
        let reduced = |axis: &usize| mask[*axis];
        let count: usize = (0..shape.rank()).filter(reduced).map(|axis| shape[axis]).product();
        let divisor = T::of(count.saturating_sub(correction) as f64);
        let begin = (0..shape.rank()).find(reduced).unwrap_or(shape.rank());
        let end = (begin..shape.rank()).find(|&axis| !mask[axis]).unwrap_or(shape.rank());
        let [outer, inner] = [&shape[..begin], &shape[end..]].map(|sizes| sizes.iter().product::<usize>());
        let apart = (end..shape.rank()).any(|axis| mask[axis]);
        if apart || self.numel() == 0 || inner != 1 && outer > 1 && count < FEW {
            let distance = self.sub(&self.mean_axes(axes, true)?)?;
            let sum = distance.fold_axes("variance", axes, keep, &squares(T::ZERO))?;
            return Ok(sum.map(|sum| sum / divisor));
        }
        let variance = if inner == 1 {
            self.run_variances(count, divisor)
        } else {
            let cut = Shape::from_checked(&[outer, count, inner]);
            let [_, variance] = Groups::of_samples("variance", &cut, inner)?.moments(&self.reshape(cut)?)?;
            let factor = T::of(count as f64) / divisor;
            variance.map(|variance| variance * factor)
        };
        variance.reshape(remaining(&shape, &mask, keep))
    }

    /// The squared distances of each run of so many elements from their mean, added up and divided.
    fn run_variances(&self, size: usize, divisor: T) -> Self {
        let (x, count) = (self.as_slice(), T::of(size as f64));
        Array::build(Shape::from_checked(&[x.len() / size]), |out| {
            if let [out] = out {
                *out = squares(sum().all(x) / count).all(x) / divisor;
                return;
            }
            par::chunks(out, (par::CHUNK / size).max(1), 2 * x.len(), |first, out| {
                let x = &x[first * size..(first + out.len()) * size];
                if size <= BLOCK {
                    return simd::run(Variances { out, x, size, divisor });
                }
                for (out, run) in out.iter_mut().zip(x.chunks_exact(size)) {
                    *out = squares(sum().run(run) / count).run(run) / divisor;
                }
            });
        })
    }

    /// The Euclidean length over some axes (all if the list is empty): `√Σ x²`.
    ///
    /// Never overflows or vanishes on the way to a length that can be represented.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([[3.0, 4.0], [3e30, 4e30]]);
    /// assert!(x.norm_axes(&[1], false)?.all_close(&Tensor::from([5.0, 5e30]), 1e-6, 0.0));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](crate::TensorError::Axis) or [`TensorError::AxisTwice`](crate::TensorError::AxisTwice)
    /// for axes that do not exist or repeat.
    pub fn norm_axes(&self, axes: &[isize], keep: bool) -> Result<Self> {
        let squares = self.fold_axes("norm", axes, keep, &squares(T::ZERO))?;
        // Outside these bounds squares overflow, or lose bits because they are too small; 0 and NaN are looked at too.
        let (low, high) = (math::sqrt(T::EPSILON) * T::of(1e-16), T::INFINITY);
        let rough = |sum: T| !(sum > low && sum < high);
        if self.numel() == 0 || !squares.as_slice().iter().any(|&sum| rough(sum)) {
            return Ok(squares.sqrt());
        }
        // By a largest element of 0, infinity or NaN nothing can be divided: it is the length itself.
        let scale =
            self.abs().max_axes(axes, true)?.map(|x| if x > T::ZERO && x < high { x } else { T::ONE });
        let scaled = self.div(&scale)?.square().sum_axes(axes, true)?.sqrt().mul(&scale)?;
        let scaled = scaled.reshape(squares.shape())?;
        squares.zip("norm", &scaled, |sum, scaled| if rough(sum) { scaled } else { math::sqrt(sum) })
    }

    /// The Euclidean length of all elements: `√Σ x²`.
    #[must_use]
    pub fn norm(&self) -> Self {
        self.norm_axes(&[], false).expect("all axes exist")
    }
}

/// The variance of each run of at most [`BLOCK`] elements.
struct Variances<'a, T> {
    out: &'a mut [T],
    x: &'a [T],
    size: usize,
    divisor: T,
}

impl<T: Float> Kernel for Variances<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let count = T::of(self.size as f64);
        for (out, run) in self.out.iter_mut().zip(self.x.chunks_exact(self.size)) {
            *out = squares(sum().block(run) / count).block(run) / self.divisor;
        }
    }
}

/// The squared distances from a centre, added up.
#[inline(always)]
fn squares<T: Float>(centre: T) -> Fold<T, impl Fn(T) -> T + Sync, impl Fn(T, T) -> T + Sync> {
    let square = move |x| {
        let distance = x - centre;
        distance * distance
    };
    Fold { start: T::ZERO, each: square, combine: |a, b| a + b }
}

#[cfg(test)]
mod tests {
    use crate::{Elem, Tensor};

    /// Whole, by rows that are short and long, by columns, by columns of samples, and by axes that lie apart.
    #[test]
    fn what_is_not_finite_makes_its_variance_nan_and_no_other() {
        let rows: [(&[usize], &[isize]); 6] = [
            (&[50], &[]),
            (&[3, 50], &[1]),
            (&[3, 1500], &[1]),
            (&[50, 3], &[0]),
            (&[2, 70, 3], &[1]),
            (&[5, 3, 10], &[0, 2]),
        ];
        for (shape, axes) in rows {
            for bad in [Elem::NAN, Elem::INFINITY, -Elem::INFINITY] {
                let mut x = Tensor::arange(0.0, shape.iter().product::<usize>() as f64, 1.0).unwrap();
                x.as_mut_slice()[0] = bad;
                let variance = x.reshape(shape).unwrap().variance_axes(axes, 1, false).unwrap();
                let found: Vec<bool> = variance.as_slice().iter().map(|v| v.is_nan()).collect();
                assert!(found[0] && found[1..].iter().all(|nan| !nan), "{bad} in {shape:?}: {variance}");
            }
        }
    }
}
