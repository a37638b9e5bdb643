//! Whether a prediction and its target belong together. Nothing broadcasts here.

use crate::LossError;
use plywood_tensor::{Elem, Float, IntTensor, Result, Shape, Tensor};

/// Fails unless the target has exactly the prediction's shape.
pub(crate) fn same_shape(op: &'static str, prediction: &Shape, target: &Tensor) -> Result<()> {
    if prediction != target.shape() {
        return Err(LossError::TargetShape { op, prediction: *prediction, target: *target.shape() }.into());
    }
    Ok(())
}

/// The number of classes of a prediction `[.., C]`, if it has one label a row and each of them is a class or ignored.
pub(crate) fn classes(
    op: &'static str,
    prediction: &Shape,
    labels: &IntTensor,
    ignored: Option<i64>,
) -> Result<usize> {
    let Some((&classes, rows)) = prediction.split_last() else {
        return Err(LossError::Prediction { op, expected: "[.., classes]", got: *prediction }.into());
    };
    if rows != &**labels.shape() {
        let (expected, got) = (Shape::new(rows)?, *labels.shape());
        return Err(LossError::LabelShape { op, prediction: *prediction, expected, got }.into());
    }
    if classes == 1 {
        return Err(LossError::OneClass { op, got: *prediction }.into());
    }
    in_range(op, labels, classes, ignored)?;
    Ok(classes)
}

/// How many classes a prediction has scores for: 2 where each label has one score.
pub(crate) fn scored(prediction: &Shape) -> usize {
    match prediction.split_last() {
        Some((&classes, [_, ..])) if classes != 1 => classes,
        _ => 2,
    }
}

/// Labels 0 and 1 as real numbers in the shape of the prediction, which may have one column more than they.
pub(crate) fn binary(op: &'static str, prediction: &Shape, labels: &IntTensor) -> Result<Tensor> {
    if !is_binary(prediction, labels.shape()) {
        let (expected, got) = (one_column(prediction)?, *labels.shape());
        return Err(LossError::LabelShape { op, prediction: *prediction, expected, got }.into());
    }
    in_range(op, labels, 2, None)?;
    labels.map(|label| if label == 1 { 1.0 } else { 0.0 }).reshape(prediction)
}

/// Whether each label has one score: the shapes are the same, or the prediction has one column more.
pub(crate) fn is_binary(prediction: &Shape, labels: &Shape) -> bool {
    prediction == labels
        || prediction.split_last().is_some_and(|(&last, rows)| last == 1 && rows == &**labels)
}

/// The shape of labels for a prediction of one score each.
fn one_column(prediction: &Shape) -> Result<Shape> {
    match prediction.split_last() {
        Some((1, rows)) => Shape::new(rows),
        _ => Ok(*prediction),
    }
}

/// Fails at the first label that is neither in `0..classes` nor ignored.
pub(crate) fn in_range(
    op: &'static str,
    labels: &IntTensor,
    classes: usize,
    ignored: Option<i64>,
) -> Result<()> {
    let known = |&label: &i64| usize::try_from(label).is_ok_and(|label| label < classes);
    let unknown = |label: &i64| !known(label) && ignored != Some(*label);
    match labels.as_slice().iter().position(unknown) {
        Some(row) => Err(LossError::Label { op, row, classes, label: labels.as_slice()[row] }.into()),
        None => Ok(()),
    }
}

/// Fails at the first element that is not `allowed`, naming its row.
pub(crate) fn values(
    op: &'static str,
    x: &Tensor,
    expected: &'static str,
    allowed: impl Fn(Elem) -> bool,
) -> Result<()> {
    match x.as_slice().iter().position(|&x| !allowed(x)) {
        Some(index) => {
            let row = index / per_sample(x.shape());
            Err(LossError::Value { op, row, expected, got: x.as_slice()[index].to_f64() }.into())
        }
        None => Ok(()),
    }
}

/// Whether a number lies between 0 and 1, but for the rounding of a sum.
pub(crate) fn is_share(x: Elem) -> bool {
    (-1e-3..=1.0 + 1e-3).contains(&x.to_f64())
}

/// Fails unless there is one weight for each of `expected`, finite and not negative.
pub(crate) fn weights(op: &'static str, of: &'static str, expected: &Shape, weights: &Tensor) -> Result<()> {
    if weights.shape() != expected {
        return Err(LossError::WeightShape { op, of, expected: *expected, got: *weights.shape() }.into());
    }
    // Written so that a NaN is refused.
    match weights.as_slice().iter().position(|&w| !(w >= 0.0 && w.is_finite())) {
        Some(index) => {
            Err(LossError::Weight { op, of, index, got: weights.as_slice()[index].to_f64() }.into())
        }
        None => Ok(()),
    }
}

/// How many elements each sample has, at least 1.
pub(crate) fn per_sample(shape: &Shape) -> usize {
    shape.iter().skip(1).product::<usize>().max(1)
}
