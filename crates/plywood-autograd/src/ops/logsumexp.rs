//! The smooth maximum.

use super::lanes::{each_row, each_row_from, largest, row, total};
use crate::{Keep, Saved, Var};
use plywood_tensor::{Elem, Float, Result, Tensor, math};

impl Var {
    /// `y = ln Σᵢ exp xᵢ` along an axis; never overflows. `keep` leaves the axis in the shape with size 1.
    ///
    /// −∞ where all elements are −∞, or where there are none; the gradient there is 0.
    ///
    /// Gradient: `∂x = g softmax(x)`, one pass along the last axis.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::{Elem, Tensor};
    /// let x = Var::from(Tensor::from([[1000.0, 0.0], [-Elem::INFINITY, 3.0]]));
    /// assert_eq!(x.logsumexp(1, false)?.value().as_slice(), [1000.0, 3.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    #[doc(alias = "log_sum_exp")]
    pub fn logsumexp(&self, axis: isize, keep: bool) -> Result<Var> {
        let axis = self.shape().axis("logsumexp", axis)?;
        let x = self.move_axis(axis as isize, -1)?;
        let y = forward(x.value())?;
        let y = Var::record("logsumexp", Keep::Both, [&x], y, |[x], y, g| [x.wants(|| backward(x, y, g))]);
        // The axes that stay keep their order, so the elements need not move back.
        if keep {
            return y.reshape(self.shape().with(axis, 1)?);
        }
        let mut dims = self.shape().to_vec();
        dims.remove(axis);
        y.reshape(dims)
    }
}

/// Along the last axis, which stays with size 1.
fn forward(x: &Tensor) -> Result<Tensor> {
    let (last, width) = (x.shape().rank() - 1, x.shape()[x.shape().rank() - 1]);
    let mut y = Tensor::zeros(x.shape().with(last, 1)?)?;
    each_row_from(&mut y, width, |i, y| {
        let x = row(x, i, width);
        let largest = largest(x);
        if largest.abs() == Elem::INFINITY {
            y[0] = largest;
            return;
        }
        let mut sum = 0.0;
        let mut buffer = [0.0; 256];
        for x in x.chunks(buffer.len()) {
            for (term, &x) in buffer.iter_mut().zip(x) {
                *term = math::exp(x - largest);
            }
            sum += total(&buffer[..x.len()]);
        }
        y[0] = Elem::of(math::ln(sum)) + largest;
    });
    Ok(y)
}

fn backward(x: &Saved, y: &Var, g: Var) -> Result<Var> {
    if x.is_recorded() || g.is_recorded() {
        return x.softmax(-1)?.mul(&g);
    }
    let g = g.into_value();
    let mut d = x.value().clone();
    each_row(&mut d, |i, d| {
        let (g, y) = (row(&g, i, 1)[0], row(y.value(), i, 1)[0]);
        for d in d {
            *d = if y == -Elem::INFINITY { 0.0 } else { g * math::exp(*d - y) };
        }
    });
    Ok(d.into())
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::Array;
    fn reference(x: &Array<f64>, axis: usize, keep: bool) -> Array<f64> {
        naive::fold(&x.map(math::exp), &[axis], keep, 0.0, |a, b| a + b).map(math::ln)
    }
    &[
        Row::whole(
            "logsumexp",
            |x| x[0].logsumexp(-1, false),
            |x| reference(&x[0], x[0].shape().rank() - 1, false),
        )
        .shapes(&[&[&[2, 3]], &[&[1]], &[&[3, 1]], &[&[0, 3]], &[&[16]], &[&[2, 17]], &[&[33]]])
        .errors(&[(&[&[]], "logsumexp: axis -1 is out of range for []")]),
        Row::whole("logsumexp", |x| x[0].logsumexp(1, true), |x| reference(&x[0], 1, true))
            .shapes(&[&[&[2, 3, 2]], &[&[2, 1, 2]], &[&[2, 3]]])
            .large(&[&[30, 50, 60]])
            .errors(&[(&[&[3]], "logsumexp: axis 1 is out of range for [3]")]),
        Row::whole("logsumexp", |x| x[0].logsumexp(0, false), |x| reference(&x[0], 0, false)),
    ]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::{Elem, Tensor};

    const NEVER: Elem = -Elem::INFINITY;

    #[test]
    fn minus_infinity_is_the_neutral_element() {
        let x = Var::variable(Tensor::from([[NEVER, NEVER], [NEVER, 5.0]]));
        let y = x.logsumexp(1, false).unwrap();
        assert_eq!(y.value().as_slice(), [NEVER, 5.0]);
        for create_graph in [false, true] {
            let slope = grad(&x.logsumexp(1, false).unwrap().sum(), &[&x], create_graph).unwrap().remove(0);
            assert_eq!(slope.value().as_slice(), [0.0, 0.0, 0.0, 1.0]);
        }
        let nothing = Var::from(Tensor::zeros([2, 0]).unwrap());
        assert_eq!(nothing.logsumexp(1, true).unwrap().value().as_slice(), [NEVER, NEVER]);
        let infinite = Var::from(Tensor::from([Elem::INFINITY, 1.0]));
        assert_eq!(infinite.logsumexp(0, false).unwrap().value().item().unwrap(), Elem::INFINITY);
    }
}
