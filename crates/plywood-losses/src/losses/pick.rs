//! The element of each row that a label names.

use plywood_autograd::{Keep, Var};
use plywood_tensor::{IntTensor, Result, Tensor};

/// `f x_y` for each row `x`, its label `y` and its factor `f`; rows of factor 0 give 0, whatever their label.
///
/// The labels of the other rows must be known to be in range. Gradient: `∂x_y = f g`.
pub(super) fn pick(op: &'static str, x: &Var, labels: &IntTensor, factors: &Tensor) -> Result<Var> {
    let classes = x.shape().last().copied().unwrap_or(1);
    let mut y = factors.clone();
    for ((y, &label), row) in y.as_mut_slice().iter_mut().zip(labels.as_slice()).zip(x.value().as_slice().chunks(classes.max(1))) {
        *y = if *y == 0.0 { 0.0 } else { *y * row[label as usize] };
    }
    let (labels, factors) = (labels.clone(), factors.clone());
    let shape = *x.shape();
    // `f` at the label of each row, 0 elsewhere.
    let mask = move || -> Result<Tensor> {
        let mut mask = Tensor::zeros(shape)?;
        let rows = mask.as_mut_slice().chunks_mut(classes.max(1));
        for ((row, &label), &factor) in rows.zip(labels.as_slice()).zip(factors.as_slice()) {
            if factor != 0.0 {
                row[label as usize] = factor;
            }
        }
        Ok(mask)
    };
    Ok(Var::record(op, Keep::Nothing, [x], y, move |[x], _, g| {
        // The rule does not depend on x, so its own derivative is that of the product with g.
        [x.wants(|| {
            let mut column = shape.to_vec();
            if let Some(last) = column.last_mut() {
                *last = 1;
            }
            g.reshape(column)?.mul(&Var::constant(mask()?))
        })]
    }))
}
