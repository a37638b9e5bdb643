//! Logarithms of shares that sum to 1.

use super::lanes::{
    BUFFER, beside, each_rows, group, logarithms, rest, shift, sum_of_exponentials, total, width,
};
use super::softmax::along_last;
use crate::{Keep, Var};
use plywood_tensor::simd::{self, Kernel};
use plywood_tensor::{Elem, Float, Result, Tensor, math};

impl Var {
    /// `yᵢ = xᵢ − ln Σⱼ exp xⱼ` along an axis: the logarithm of [`Var::softmax`], exact where a share rounds to 0.
    ///
    /// An element of −∞ stays −∞, in a row of nothing else too.
    ///
    /// Gradient: `∂x = g − softmax(x) Σ g`, one pass along the last axis.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([1000.0, 0.0]));
    /// assert_eq!(x.log_softmax(0)?.value().as_slice(), [0.0, -1000.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    ///
    /// # References
    /// PyTorch gives NaN for a row of −∞.
    pub fn log_softmax(&self, axis: isize) -> Result<Var> {
        along_last("log_softmax", self, axis, |x| {
            let y = forward(x.value());
            Ok(Var::record("log_softmax", Keep::Output, [x], y, |[x], y, g| [x.wants(|| backward(y, g))]))
        })
    }
}

fn forward(x: &Tensor) -> Tensor {
    let mut y = x.clone();
    let width = width(x);
    each_rows(&mut y, width, &|_, y| simd::run(Forward { y, width }));
    y
}

struct Forward<'a> {
    y: &'a mut [Elem],
    width: usize,
}

impl Kernel for Forward<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let width = self.width;
        let (mut buffer, mut sums) = ([0.0; BUFFER], [0.0; BUFFER]);
        for group in self.y.chunks_mut(group(width)) {
            for row in group.chunks_exact_mut(width) {
                let shift = shift(row);
                for y in row {
                    *y -= shift;
                }
            }
            let rows = group.len() / width;
            if rows == 1 {
                sums[0] = rest(sum_of_exponentials(group, 0.0, &mut buffer));
            } else {
                // Several rows in one loop, so that short ones fill the vectors too.
                for (term, &y) in buffer.iter_mut().zip(&*group) {
                    *term = math::exp(y);
                }
                for (sum, terms) in sums.iter_mut().zip(buffer[..group.len()].chunks_exact(width)) {
                    *sum = rest(total(terms));
                }
            }
            logarithms(&mut sums[..rows]);
            for (row, &logarithm) in group.chunks_exact_mut(width).zip(&sums) {
                for y in row {
                    *y -= logarithm;
                }
            }
        }
    }
}

fn backward(y: &Var, g: Var) -> Result<Var> {
    if y.is_recorded() || g.is_recorded() {
        // A common shift does not change a softmax: that of y is that of x.
        return g.sub(&y.softmax(-1)?.mul(&g.sum_axes(&[-1], true)?)?);
    }
    let mut d = g.into_value();
    let width = width(&d);
    each_rows(&mut d, width, &|first, d| {
        let y = beside(y.value(), first, width, d);
        simd::run(Backward { d, y, width });
    });
    Ok(d.into())
}

struct Backward<'a> {
    d: &'a mut [Elem],
    y: &'a [Elem],
    width: usize,
}

impl Kernel for Backward<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let size = group(self.width).min(BUFFER);
        let mut buffer = [0.0; BUFFER];
        for (d, y) in self.d.chunks_mut(group(self.width)).zip(self.y.chunks(group(self.width))) {
            if d.len() <= size {
                // Several rows in one loop, so that short ones fill the vectors too.
                for (share, &y) in buffer.iter_mut().zip(y) {
                    *share = math::exp(y);
                }
                for (d, shares) in d.chunks_exact_mut(self.width).zip(buffer.chunks_exact(self.width)) {
                    let sum = Elem::of(total(d));
                    for (d, &share) in d.iter_mut().zip(shares) {
                        *d -= share * sum;
                    }
                }
            } else {
                let sum = Elem::of(total(d));
                for (d, &y) in d.iter_mut().zip(y) {
                    *d -= math::exp(y) * sum;
                }
            }
        }
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::Array;
    fn reference(x: &Array<f64>, axis: usize) -> Array<f64> {
        naive::softmax(x, axis).map(math::ln)
    }
    &[
        Row::whole("log_softmax", |x| x[0].log_softmax(-1), |x| reference(&x[0], x[0].shape().rank() - 1))
            .shapes(&[
                &[&[2, 3]],
                &[&[1]],
                &[&[3, 1]],
                &[&[2, 0]],
                &[&[0, 3]],
                &[&[15]],
                &[&[16]],
                &[&[2, 17]],
                &[&[33]],
            ])
            .errors(&[(&[&[]], "log_softmax: axis -1 is out of range for []")]),
        Row::whole("log_softmax", |x| x[0].log_softmax(1), |x| reference(&x[0], 1))
            .shapes(&[&[&[2, 3, 2]], &[&[2, 1, 2]], &[&[2, 3]]])
            .large(&[&[30, 50, 60]])
            .errors(&[(&[&[3]], "log_softmax: axis 1 is out of range for [3]")]),
    ]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::{Elem, Tensor};

    const NEVER: Elem = -Elem::INFINITY;

    #[test]
    fn minus_infinity_stays_and_makes_no_nan() {
        let x = Var::variable(Tensor::from([[NEVER, NEVER], [NEVER, 5.0]]));
        let y = x.log_softmax(1).unwrap();
        assert_eq!(y.value().as_slice(), [NEVER, NEVER, NEVER, 0.0]);
        let slope = grad(&y.sum(), &[&x], true).unwrap().remove(0);
        assert_eq!(slope.value().as_slice(), [1.0, 1.0, 1.0, -1.0]);
        assert!(grad(&slope.norm(), &[&x], false).unwrap()[0].value().is_finite());
    }

    #[test]
    fn the_kernel_and_the_operations_agree() {
        let x = Var::variable(Tensor::from([[0.3, -1.0, 0.7], [0.1, 0.0, 200.0]]));
        let weights = Var::from(Tensor::from([1.0, -2.0, 0.5]));
        let y = || x.log_softmax(1).unwrap().mul(&weights).unwrap().sum();
        let (kernel, operations) =
            (grad(&y(), &[&x], false).unwrap().remove(0), grad(&y(), &[&x], true).unwrap().remove(0));
        assert!(kernel.value().all_close(operations.value(), 1e-5, 1e-6));
    }
}
