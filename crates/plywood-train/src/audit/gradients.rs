//! Gradients that vanish, explode, or are not there.

use super::Finding;
use plywood_autograd::{Gradients, Param};
use plywood_nn::Parameters;
use plywood_tensor::{Float, Tensor};

/// A gradient that is smaller than the largest by this factor has nothing to say in the same step.
const VANISHING: f64 = 1e-5;
/// How many times as long as its weight a gradient may be.
const EXPLODING: f64 = 1e3;

pub(super) fn check(parameters: &[(String, &Param)], gradients: &Gradients, findings: &mut Vec<Finding>) {
    let trained = || parameters.iter().filter(|(_, param)| param.is_trainable());
    let lost: Vec<String> =
        trained().filter(|(_, param)| gradients.get(param).is_none()).map(|(path, _)| path.clone()).collect();
    if !lost.is_empty() {
        findings.push(Finding::NoGradient { parameters: lost });
    }
    // Biases are left out: one in front of a normalisation has no influence, and its gradient is what rounding left.
    let weights = trained().filter(|(_, param)| param.shape().rank() >= 2);
    let mut relative: Vec<(f64, &str)> = Vec::new();
    let mut flat = Vec::new();
    for (path, param) in weights {
        let Some(gradient) = gradients.get(param) else { continue };
        match (norm(gradient), norm(param.value())) {
            (0.0, _) => flat.push(path.clone()),
            // One that starts at 0 has no size to compare with.
            (_, 0.0) => {}
            (gradient, weight) => relative.push((gradient / weight, path)),
        }
    }
    if !flat.is_empty() {
        findings.push(Finding::NoSlope { parameters: flat });
    }
    relative.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let (Some(&smallest), Some(&largest)) = (relative.first(), relative.last()) else { return };
    let count = relative.iter().filter(|(relative, _)| *relative < VANISHING * largest.0).count();
    if count > 0 {
        findings.push(Finding::Vanishing {
            parameter: smallest.1.to_owned(),
            relative: smallest.0,
            largest: largest.1.to_owned(),
            largest_relative: largest.0,
            count,
        });
    }
    let count = relative.iter().filter(|(relative, _)| *relative > EXPLODING).count();
    if count > 0 {
        findings.push(Finding::Exploding { parameter: largest.1.to_owned(), relative: largest.0, count });
    }
}

pub(super) fn check_frozen(model: &impl Parameters, findings: &mut Vec<Finding>) {
    let all = model.named_parameters();
    let frozen = all.iter().filter(|(_, param)| !param.is_trainable());
    let parameters: Vec<String> = frozen.map(|(path, _)| path.clone()).collect();
    if !parameters.is_empty() {
        findings.push(Finding::Frozen { parameters, of: all.len() });
    }
}

fn norm(x: &Tensor) -> f64 {
    x.as_slice().iter().map(|x| x.to_f64() * x.to_f64()).sum::<f64>().sqrt()
}
