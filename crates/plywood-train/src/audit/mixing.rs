//! Samples that influence each other.

use super::Finding;
use crate::Input;
use plywood_data::Batch;
use plywood_nn::{Context, Module};
use plywood_tensor::{Float, Result, Tensor};

/// In evaluation, puts another sample in the place of the first, and looks whether the answers to all others stay.
pub(super) fn check<M: Module<X::Leaf>, X: Input, Y>(
    model: &M,
    batch: &Batch<X, Y>,
    findings: &mut Vec<Finding>,
) {
    let cx = Context::eval();
    let answer = |x: &X| -> Result<Tensor> { Ok(model.forward(&cx, &x.enter(&cx))?.into_value()) };
    let mut indices: Vec<usize> = (0..batch.len()).collect();
    if batch.len() < 2 {
        return;
    }
    indices[0] = batch.len() - 1;
    // A model that refuses a batch says so elsewhere.
    let answers = batch.x.take(&indices).and_then(|other| Ok((answer(&batch.x)?, answer(&other)?)));
    let Ok((expected, got)) = answers else { return };
    if expected.shape() != got.shape() || expected.shape().first() != Some(&batch.len()) {
        return;
    }
    let others = expected.numel() / batch.len();
    let pairs = expected.as_slice()[others..].iter().zip(&got.as_slice()[others..]);
    let differences = pairs.map(|(a, b)| (a.to_f64(), (a - b).abs().to_f64()));
    // More than another order of additions could do.
    let real = differences.filter(|(value, difference)| *difference > 1e-4 * (1.0 + value.abs()));
    if let Some(difference) = real.map(|(_, difference)| difference).reduce(f64::max) {
        findings.push(Finding::MixesSamples { difference });
    }
}
