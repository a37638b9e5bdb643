//! Logarithms of shares that sum to 1.

use super::lanes::{each_row, row, total};
use super::softmax::{along_last, shift};
use crate::{Keep, Var};
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
            Var::record("log_softmax", Keep::Output, [x], y, |[x], y, g| [x.wants(|| backward(y, g))])
        })
    }
}

fn forward(x: &Tensor) -> Tensor {
    let mut y = x.clone();
    each_row(&mut y, |_, y| {
        let shift = shift(y);
        let mut sum = 0.0;
        let mut buffer = [0.0; 256];
        for y in y.chunks(buffer.len()) {
            for (term, &y) in buffer.iter_mut().zip(y) {
                *term = math::exp(y - shift);
            }
            sum += total(&buffer[..y.len()]);
        }
        // The largest adds 1, so the sum is 0 only where all are −∞, and they stay so.
        let logarithm = if sum == 0.0 { 0.0 } else { Elem::of(math::ln(sum)) };
        for y in y {
            *y = *y - shift - logarithm;
        }
    });
    y
}

fn backward(y: &Var, g: Var) -> Result<Var> {
    if y.is_recorded() || g.is_recorded() {
        // A common shift does not change a softmax: that of y is that of x.
        return g.sub(&y.softmax(-1)?.mul(&g.sum_axes(&[-1], true)?)?);
    }
    let mut d = g.into_value();
    each_row(&mut d, |i, d| {
        let y = row(y.value(), i, d.len());
        let sum = Elem::of(total(d));
        for (d, &y) in d.iter_mut().zip(y) {
            *d -= math::exp(y) * sum;
        }
    });
    Ok(d.into())
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
