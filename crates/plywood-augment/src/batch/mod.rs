//! Samples of a batch mixed with each other.

pub(crate) mod beta;
pub(crate) mod cut_mix;
pub(crate) mod mix_up;

use crate::AugmentError;
use plywood_tensor::{Elem, Float, IntTensor, Result, Shape, Tensor};

/// How many samples a batch has.
fn count(transform: &'static str, x: &Tensor) -> Result<usize> {
    x.shape().first().copied().ok_or_else(|| {
        let (expected, got) = ("a batch [N, ..]".into(), *x.shape());
        AugmentError::Shape { what: transform, expected, got }.into()
    })
}

/// Fails unless there is a row of `classes` probabilities for each sample.
fn check_targets(transform: &'static str, x: &Tensor, targets: &Tensor, classes: usize) -> Result<()> {
    let shape = Shape::new(&[count(transform, x)?, classes])?;
    if *targets.shape() != shape {
        let expected = format!("probabilities of shape {shape} for a batch of shape {}", x.shape());
        return Err(AugmentError::Shape { what: transform, expected, got: *targets.shape() }.into());
    }
    Ok(())
}

/// A probability of 1 for the label of each sample.
fn one_hot(transform: &'static str, x: &Tensor, labels: &IntTensor, classes: usize) -> Result<Tensor> {
    let count = count(transform, x)?;
    if **labels.shape() != [count] {
        let expected = format!("labels of shape [{count}] for a batch of shape {}", x.shape());
        return Err(AugmentError::Shape { what: transform, expected, got: *labels.shape() }.into());
    }
    let known = |label: i64| usize::try_from(label).is_ok_and(|label| label < classes);
    if let Some(row) = labels.as_slice().iter().position(|&label| !known(label)) {
        return Err(AugmentError::Label { transform, row, classes, label: labels.as_slice()[row] }.into());
    }
    labels.one_hot(classes)
}

/// `own` of each row and `1 − own` of its partner.
fn blend(x: &Tensor, partners: &[usize], own: f64) -> Tensor {
    let (own, other) = (Elem::of(own), Elem::of(1.0 - own));
    let mut blended = x.clone();
    let length = x.numel() / partners.len().max(1);
    let rows = blended.as_mut_slice().chunks_exact_mut(length.max(1));
    for (row, &partner) in rows.zip(partners) {
        let partner = &x.as_slice()[partner * length..][..length];
        for (x, &y) in row.iter_mut().zip(partner) {
            *x = own * *x + other * y;
        }
    }
    blended
}
