//! Weights of classes as weights of samples.

use crate::TrainError;
use plywood_data::{Batch, Samples};
use plywood_tensor::{Elem, Float, Result, Tensor};

/// Refuses weights that are negative or not finite.
pub(super) fn check(weights: &[f64]) -> Result<()> {
    match weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        Some(class) => Err(TrainError::ClassWeight { class, got: weights[class] }.into()),
        None => Ok(()),
    }
}

/// Multiplies the weight of each sample by that of its class.
pub(super) fn apply<X, Y: Samples>(batch: &mut Batch<X, Y>, weights: &[f64]) -> Result<()> {
    let Some(labels) = batch.y.classes() else { return Err(TrainError::ClassWeightTargets.into()) };
    let mut of_samples = Vec::with_capacity(labels.len());
    for (&label, &sample) in labels.iter().zip(&batch.indices) {
        match usize::try_from(label).ok().and_then(|label| weights.get(label)) {
            Some(&weight) => of_samples.push(Elem::of(weight)),
            None => {
                return Err(TrainError::ClassWeightLabel { sample, classes: weights.len(), label }.into());
            }
        }
    }
    let of_classes = Tensor::from_vec(of_samples, [labels.len()])?;
    batch.weight = Some(match batch.weight.take() {
        Some(weights) => weights.mul(&of_classes)?,
        None => of_classes,
    });
    Ok(())
}
