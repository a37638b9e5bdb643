//! How far predicted and true regions overlap, for Dice and Jaccard.

use crate::{LossError, Losses, checks};
use plywood_autograd::Var;
use plywood_tensor::{Elem, Float, IntTensor, Result, Shape};

/// What is known of each sample and class, `[N, C]`.
pub(super) struct Overlap {
    /// `Σ p t`
    pub(super) shared: Var,
    /// `Σ p`
    pub(super) predicted: Var,
    /// `Σ t`
    pub(super) actual: Var,
}

/// The overlap of probabilities with labels: of a sigmoid with label 1 where each has one score, of a softmax with each class
/// otherwise.
pub(super) fn overlap(op: &'static str, logits: &Var, labels: &IntTensor) -> Result<Overlap> {
    // Counted in the labels: a label without axes is one sample, and the only axis of the prediction is its scores.
    let samples = labels.shape().first().copied().unwrap_or(1);
    let (probabilities, target, classes) = if checks::is_binary(logits.shape(), labels.shape()) {
        (logits.sigmoid(), checks::binary(op, logits.shape(), labels)?, 1)
    } else {
        let classes = checks::classes(op, logits.shape(), labels, None)?;
        (logits.softmax(-1)?, labels.one_hot(classes)?, classes)
    };
    let places = checks::per_sample(labels.shape());
    let shape = Shape::new(&[samples, places, classes])?;
    let (p, t) = (probabilities.reshape(shape)?, Var::constant(target.reshape(shape)?));
    let over_places = |x: &Var| x.sum_axes(&[1], false);
    Ok(Overlap { shared: over_places(&p.mul(&t)?)?, predicted: over_places(&p)?, actual: over_places(&t)? })
}

/// `1 − (part + s) / (whole + s)`, averaged over the classes of each sample.
pub(super) fn miss(op: &'static str, part: &Var, whole: &Var, smooth: f64) -> Result<Losses> {
    // Of the width that is computed with, in which a small one may be 0.
    let used = Elem::of(smooth);
    if !(used > 0.0 && used.is_finite()) {
        let (expected, got) = ("a finite smoothing above 0", format!("{smooth:?}"));
        return Err(LossError::Setting { op, expected, got }.into());
    }
    let smooth = used;
    let share = part.add_scalar(smooth).div(&whole.add_scalar(smooth))?;
    Losses::new(&share.neg().add_scalar(1.0))
}

#[cfg(test)]
mod tests {
    use crate::{dice_loss, jaccard_loss};
    use plywood_tensor::{Elem, Float, IntTensor, Tensor};

    /// A label without axes is one sample.
    #[test]
    fn overlap_of_one_sample_needs_no_axis() {
        for call in [dice_loss, jaccard_loss] {
            for scores in [&[0.3, -1.0, 2.0][..], &[0.7]] {
                let numbers: Vec<Elem> = scores.iter().map(|&x| Elem::of(x)).collect();
                let [one, row] = [vec![scores.len()], vec![1, scores.len()]]
                    .map(|shape| Tensor::from_slice(&numbers, shape).unwrap());
                let one = call(&one.into(), &IntTensor::from(0)).unwrap();
                let expected = call(&row.into(), &IntTensor::from([0])).unwrap();
                assert_eq!(one.values().value(), expected.values().value());
            }
        }
    }
}
