//! The smooth maximum.

use super::lanes::{BUFFER, each_rows, group, largest, logarithms, rest, sum_of_exponentials, total, width};
use crate::{Keep, Saved, Var};
use plywood_tensor::simd::{self, Kernel};
use plywood_tensor::{Elem, Result, Tensor, math};

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
    let mut y = Tensor::full(x.shape().with(last, 1)?, -Elem::INFINITY)?;
    if width > 0 {
        each_rows(&mut y, width, &|first, y| {
            let x = &x.as_slice()[first * width..][..y.len() * width];
            simd::run(Forward { y, x, width });
        });
    }
    Ok(y)
}

struct Forward<'a> {
    y: &'a mut [Elem],
    x: &'a [Elem],
    width: usize,
}

impl Kernel for Forward<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let width = self.width;
        let (mut buffer, mut sums) = ([0.0; BUFFER], [0.0; BUFFER]);
        let size = group(width);
        for (y, x) in self.y.chunks_mut(size / width).zip(self.x.chunks(size)) {
            for (y, row) in y.iter_mut().zip(x.chunks_exact(width)) {
                *y = largest(row);
            }
            // An infinite shift would make NaN of an equal element; such a row is its largest element.
            let shift = |largest: Elem| if largest.abs() == Elem::INFINITY { 0.0 } else { largest };
            if y.len() == 1 {
                sums[0] = rest(sum_of_exponentials(x, shift(y[0]), &mut buffer));
            } else {
                let terms = &mut buffer[..x.len()];
                for ((terms, row), &y) in terms.chunks_exact_mut(width).zip(x.chunks_exact(width)).zip(&*y) {
                    let shift = shift(y);
                    for (term, &x) in terms.iter_mut().zip(row) {
                        *term = x - shift;
                    }
                }
                // Several rows in one loop, so that short ones fill the vectors too.
                for term in terms.iter_mut() {
                    *term = math::exp(*term);
                }
                for (sum, terms) in sums.iter_mut().zip(terms.chunks_exact(width)) {
                    *sum = rest(total(terms));
                }
            }
            logarithms(&mut sums[..y.len()]);
            for (y, &logarithm) in y.iter_mut().zip(&sums) {
                *y = if y.abs() == Elem::INFINITY { *y } else { *y + logarithm };
            }
        }
    }
}

fn backward(x: &Saved, y: &Var, g: Var) -> Result<Var> {
    if x.is_recorded() || g.is_recorded() {
        return x.softmax(-1)?.mul(&g);
    }
    let g = g.into_value();
    let mut d = x.value().clone();
    let width = width(&d);
    each_rows(&mut d, width, &|first, d| {
        let rows = first..first + d.len() / width;
        let (g, y) = (&g.as_slice()[rows.clone()], &y.value().as_slice()[rows]);
        simd::run(Backward { d, g, y, width });
    });
    Ok(d.into())
}

struct Backward<'a> {
    d: &'a mut [Elem],
    g: &'a [Elem],
    y: &'a [Elem],
    width: usize,
}

impl Kernel for Backward<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for (d, &y) in self.d.chunks_exact_mut(self.width).zip(self.y) {
            // A row of −∞ alone has no shares.
            let shift = if y == -Elem::INFINITY { 0.0 } else { y };
            for d in d {
                *d -= shift;
            }
        }
        for d in self.d.iter_mut() {
            *d = math::exp(*d);
        }
        for ((d, &g), &y) in self.d.chunks_exact_mut(self.width).zip(self.g).zip(self.y) {
            let g = if y == -Elem::INFINITY { 0.0 } else { g };
            for d in d {
                *d *= g;
            }
        }
    }
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
