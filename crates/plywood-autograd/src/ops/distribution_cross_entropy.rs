//! Softmax and cross entropy against distributions, in one operation.

use super::cross_entropy_rows::{Target, definition, rows, scale_rows};
use crate::{Keep, Var};
use plywood_tensor::{Result, Shape, Tensor, TensorError};

const OP: &str = "distribution_cross_entropy";

/// `ℓ = −Σ_c t_c ln softmax(x)_c` for each row `x` of logits and its target distribution `t`, a constant.
///
/// One visit of each row gives the loss and its slope; gradient: `∂x = g (softmax(x) Σ t − t)`. The targets need not add
/// up to 1: weights of classes may have been multiplied in. A class of target 0 costs nothing, even at a logit of −∞.
///
/// # Shapes
/// `logits [.., C]`, `target [.., C]` → `[..]`
///
/// # Example
/// ```
/// # use plywood_autograd::{Var, ops::distribution_cross_entropy};
/// # use plywood_tensor::{Tensor, math};
/// let logits = Var::from(Tensor::from([[0.0, 0.0], [0.0, 1000.0]]));
/// let loss = distribution_cross_entropy(&logits, &Tensor::from([[0.5, 0.5], [0.25, 0.75]]))?;
/// assert_eq!(loss.value().as_slice(), [math::ln(2.0), 250.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Shape`] if the shapes differ.
///
/// # References
/// PyTorch: `torch.nn.functional.cross_entropy(reduction="none")` with class probabilities. TensorFlow:
/// `tf.nn.softmax_cross_entropy_with_logits`.
#[doc(alias = "softmax_cross_entropy_with_logits")]
pub fn distribution_cross_entropy(logits: &Var, target: &Tensor) -> Result<Var> {
    let shape = *logits.shape();
    let Some((&classes, row_shape)) = shape.split_last() else {
        return Err(TensorError::Shape { op: OP, expected: "logits [.., C]".into(), got: shape }.into());
    };
    if *target.shape() != shape {
        let expected = format!("a target of shape {shape}");
        return Err(TensorError::Shape { op: OP, expected, got: *target.shape() }.into());
    }
    let t = target.as_slice();
    let of_row = |row: usize| Some(Target::Each(move |class: usize| t[row * classes + class]));
    let (values, slopes) = rows(logits.value(), &Shape::new(row_shape)?, of_row)?;
    let target = target.clone();
    Ok(Var::record_fused(
        OP,
        Keep::Inputs,
        [logits],
        values,
        move |[x], _, g| [x.wants(|| scale_rows(&slopes, x.shape(), g.value()).map(Var::constant))],
        move |[x]| definition(x, target.clone()),
    ))
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::binary_cross_entropy::targets;
    use super::table::Row;
    use plywood_tensor::Array;
    type A = Array<f64>;
    fn reference(x: &[A]) -> A {
        let t = targets::<f64>(x[0].shape());
        let sums = x[0].exp().sum_axes(&[-1], true).unwrap().ln();
        (&t * &(&sums - &x[0])).sum_axes(&[-1], false).unwrap()
    }
    &[Row::whole(
        "distribution_cross_entropy",
        |x| distribution_cross_entropy(&x[0], &targets(x[0].shape())),
        reference,
    )
    .shapes(&[&[&[4, 3]], &[&[1, 1]], &[&[2, 3, 5]], &[&[0, 3]], &[&[3]], &[&[3, 17]]])
    .large(&[&[300, 301]])
    .errors(&[(&[&[]], "distribution_cross_entropy: expected logits [.., C], got []")])]
};
