//! Products of many elements.

use super::lanes::{each_rows, width};
use super::reduced::Reduced;
use crate::{Keep, Saved, Var};
use plywood_tensor::{Elem, Float, Result, Tensor};

impl Var {
    /// `y = Π x` over some axes (all if the list is empty); `keep` leaves them in the shape with size 1.
    ///
    /// Gradient: `∂xᵢ = g Πⱼ xⱼ` over all `j ≠ i`, computed without a division, so that it is right with one zero, with
    /// several and with none. PyTorch: `x.prod(axis)`, of one axis.
    ///
    /// ```
    /// # use plywood_autograd::{Var, grad};
    /// # use plywood_tensor::Tensor;
    /// let x = Var::variable(Tensor::from([[2.0, 3.0, 4.0], [2.0, 0.0, 4.0]]));
    /// let y = x.prod_axes(&[1], false)?;
    /// assert_eq!(y.value().as_slice(), [24.0, 0.0]);
    /// assert_eq!(grad(&y.sum(), &[&x], false)?[0].value().as_slice(), [12.0, 8.0, 6.0, 0.0, 8.0, 0.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) or
    /// [`TensorError::AxisTwice`](plywood_tensor::TensorError::AxisTwice) for axes that do not exist or repeat.
    pub fn prod_axes(&self, axes: &[isize], keep: bool) -> Result<Var> {
        let y = self.value().prod_axes(axes, keep)?;
        let reduced = Reduced::new("prod", self.shape(), axes)?;
        let (order, size, shape) = (reduced.order(), reduced.count, *y.shape());
        let definition = {
            let order = order.clone();
            move |[x]: [&Var; 1]| {
                let rows = x.permute(&order)?.reshape([shape.numel(), size])?;
                halve(rows)?.reshape(shape)
            }
        };
        Ok(Var::record_fused(
            "prod",
            Keep::Inputs,
            [self],
            y,
            move |[x], _, g| [x.wants(|| backward(x, &g, &order, size))],
            definition,
        ))
    }
}

/// The product of each row, by products of its halves: nothing is divided, so nothing goes wrong at 0.
fn halve(mut rows: Var) -> Result<Var> {
    let (count, mut size) = (rows.shape()[0], rows.shape()[1]);
    if size == 0 {
        return Ok(rows.sum_axes(&[1], false)?.add_scalar(1.0));
    }
    while size > 1 {
        let half = size / 2;
        let product = rows.narrow(1, 0, half)?.mul(&rows.narrow(1, half, 2 * half)?)?;
        rows = match size % 2 {
            0 => product,
            _ => Var::concat(&[&product, &rows.narrow(1, size - 1, size)?], 1)?,
        };
        size -= half;
    }
    rows.reshape([count])
}

/// What `x` is multiplied by, element by element: the products of all before and of all behind.
fn backward(x: &Saved, g: &Var, order: &[isize], size: usize) -> Result<Var> {
    let g = g.value().as_slice();
    let moved = x.value().permute(order)?;
    let shape = *moved.shape();
    let mut d = moved.reshape([g.len(), size])?;
    let width = width(&d);
    each_rows(&mut d, width, &|first, rows| {
        for (row, &g) in rows.chunks_exact_mut(width).zip(&g[first..]) {
            times_others(row, g);
        }
    });
    let mut back = vec![0; order.len()];
    for (to, &from) in order.iter().enumerate() {
        back[from as usize] = to as isize;
    }
    let d: Tensor = d.reshape(shape)?.permute(&back)?;
    Ok(d.into())
}

/// Replaces each element by the product of the others and of `factor`.
fn times_others(row: &mut [Elem], factor: Elem) {
    // In double precision, so that no product on the way overflows where the result does not.
    let mut behind: Vec<f64> = Vec::with_capacity(row.len());
    let mut product = 1.0;
    for &x in row.iter().rev() {
        behind.push(product);
        product *= x.to_f64();
    }
    let mut before = factor.to_f64();
    for (d, behind) in row.iter_mut().zip(behind.into_iter().rev()) {
        let x = d.to_f64();
        *d = Elem::of(before * behind);
        before *= x;
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole(
            "prod_axes",
            |x| x[0].prod_axes(&[-1, 0], true),
            |x| naive::fold(&x[0], &[0, x[0].shape().rank() - 1], true, 1.0, |a, b| a * b),
        )
        .shapes(&[&[&[2, 3, 2]], &[&[3, 1]], &[&[2, 3, 0]], &[&[1, 0, 2]], &[&[1, 7]]])
        .large(&[&[10, 2000, 8]])
        .errors(&[
            (&[&[]], "prod: axis -1 is out of range for []"),
            (&[&[3]], "prod: axis 0 is named twice"),
        ]),
        Row::whole(
            "prod_axes",
            |x| x[0].prod_axes(&[], false),
            |x| naive::fold(&x[0], &[], false, 1.0, |a, b| a * b),
        )
        .shapes(&[&[&[2, 3]], &[&[]], &[&[1]], &[&[0]], &[&[5]]]),
    ]
};

#[cfg(test)]
mod tests {
    use crate::{Var, gradcheck, gradgradcheck};
    use plywood_tensor::Tensor;

    #[test]
    fn derivatives_are_right_with_zeros() {
        for x in [
            [[2.0, 0.0, 1.5], [0.5, -1.0, 3.0]],
            [[0.0, 2.0, 0.0], [0.0, 0.0, 0.0]],
            [[-0.0, 1.0, 2.0], [1.0, 1.0, 0.0]],
        ] {
            let x = [Tensor::from(x)];
            for axes in [&[0][..], &[1], &[]] {
                gradcheck(|x| x[0].prod_axes(axes, false), &x).unwrap();
                gradgradcheck(|x| x[0].prod_axes(axes, true), &x).unwrap();
            }
        }
    }

    #[test]
    fn the_gradient_does_not_overflow_on_the_way() {
        let x = Var::variable(Tensor::from([1e30, 1e30, 1e-30, 1e-30]));
        let y = x.prod_axes(&[], false).unwrap();
        let slope = crate::grad(&y, &[&x], false).unwrap().remove(0);
        assert!(slope.value().all_close(&Tensor::from([1e-30, 1e-30, 1e30, 1e30]), 1e-5, 0.0), "{slope:?}");
    }
}
