//! Samples of a batch mixed with each other.

pub(crate) mod beta;
pub(crate) mod cut_mix;
pub(crate) mod mix_up;

use crate::AugmentError;
use plywood_tensor::{Elem, Float, IntTensor, Result, Tensor};

/// Checks a batch and its labels.
fn check(transform: &'static str, x: &Tensor, labels: &IntTensor, classes: usize) -> Result<usize> {
    let Some(&count) = x.shape().first() else {
        let (expected, got) = ("a batch [N, ..]".into(), *x.shape());
        return Err(AugmentError::Shape { what: transform, expected, got }.into());
    };
    if **labels.shape() != [count] {
        let expected = format!("labels of shape [{count}] for a batch of shape {}", x.shape());
        return Err(AugmentError::Shape { what: transform, expected, got: *labels.shape() }.into());
    }
    for (row, &label) in labels.as_slice().iter().enumerate() {
        if usize::try_from(label).is_ok_and(|label| label < classes) {
            continue;
        }
        return Err(AugmentError::Label { transform, row, classes, label }.into());
    }
    Ok(count)
}

/// `λ` for the own class, `1 − λ` for the partner's.
fn targets(labels: &IntTensor, partners: &[usize], own: f64, classes: usize) -> Result<Tensor> {
    let labels = labels.as_slice();
    let mut targets = Tensor::zeros([labels.len(), classes])?;
    let rows = targets.as_mut_slice().chunks_exact_mut(classes.max(1));
    for ((row, &label), &partner) in rows.zip(labels).zip(partners) {
        // Checked before to lie in `0..classes`.
        row[label as usize] += Elem::of(own);
        row[labels[partner] as usize] += Elem::of(1.0 - own);
    }
    Ok(targets)
}
