//! Derivatives of a function in two ways: by its gradient rule, and by differences of its values.

use super::gradcheck::is_without_influence;
use crate::graph::grad::grad;
use crate::{AutogradError, Var};
use plywood_tensor::{Elem, Result, Seed, Tensor};

/// Width of the differences. Four points leave an error of the order `h⁴`, besides the rounding error over `h`.
const STEP: f64 = if size_of::<Elem>() == 8 { 1e-3 } else { 2e-2 };
/// Differences agree with the rule to this share of the largest derivative, or of 1 if that is smaller. In double
/// precision it is strict. Single precision leaves about six digits of the values and loses two to the division
/// by the step.
const TOLERANCE: f64 = if size_of::<Elem>() == 8 { 1e-8 } else { 2e-3 };

/// The derivative of `⟨f(inputs), weights⟩` by each element of each input.
pub(crate) struct Derivatives {
    pub(crate) analytic: Vec<Vec<f64>>,
    pub(crate) numeric: Vec<Vec<f64>>,
}

/// Fixed weights with which the outputs of `f` are summed: each output counts, and none like another.
pub(crate) fn weights(y: &Tensor) -> Result<Tensor> {
    Tensor::uniform(y.shape(), 0.5, 1.5, &Seed(0x5eed).stream())
}

pub(crate) fn derivatives(f: &dyn Fn(&[Var]) -> Result<Var>, inputs: &[Tensor]) -> Result<Derivatives> {
    let variables: Vec<Var> = inputs.iter().cloned().map(Var::variable).collect();
    let y = f(&variables)?;
    let weights = weights(y.value())?;
    let mut analytic = Vec::new();
    for (input, variable) in inputs.iter().zip(&variables) {
        // Each input alone, so that what one rule computes only for another is seen too.
        let total = f(&variables)?.mul(&weights.clone().into())?.sum();
        analytic.push(match grad(&total, &[variable], false) {
            Ok(mut gradients) => to_f64(gradients.remove(0).value()),
            Err(error) if is_without_influence(&error) => vec![0.0; input.numel()],
            Err(error) => return Err(error),
        });
    }
    let weights = to_f64(&weights);
    let mut numeric = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        let mut derivatives = Vec::new();
        for element in 0..input.numel() {
            let value = |steps: f64| -> Result<(f64, f64)> {
                let mut moved: Vec<Tensor> = inputs.to_vec();
                let x = &mut moved[index].as_mut_slice()[element];
                #[allow(clippy::unnecessary_cast)] // needed for the other width
                let target = (*x as f64 + steps * STEP) as Elem;
                *x = target;
                let constants: Vec<Var> = moved.into_iter().map(Var::constant).collect();
                let y = to_f64(f(&constants)?.value());
                // The step that was really taken, after rounding.
                Ok((y.iter().zip(&weights).map(|(y, w)| y * w).sum(), to_f64(&Tensor::from(target))[0]))
            };
            let ((far_left, _), (left, x_left), (right, x_right), (far_right, _)) =
                (value(-2.0)?, value(-1.0)?, value(1.0)?, value(2.0)?);
            let step = (x_right - x_left) / 2.0;
            derivatives.push((far_left - far_right + 8.0 * (right - left)) / (12.0 * step));
        }
        numeric.push(derivatives);
    }
    Ok(Derivatives { analytic, numeric })
}

#[allow(clippy::unnecessary_cast)] // needed for the other width
pub(crate) fn to_f64(x: &Tensor) -> Vec<f64> {
    x.as_slice().iter().map(|&x| x as f64).collect()
}

impl Derivatives {
    /// Fails at the first element where the two differ.
    pub(crate) fn compare(&self, check: &'static str) -> Result<()> {
        for (input, (analytic, numeric)) in self.analytic.iter().zip(&self.numeric).enumerate() {
            let largest = numeric.iter().fold(1.0_f64, |largest, d| largest.max(d.abs()));
            for (element, (&analytic, &numeric)) in analytic.iter().zip(numeric).enumerate() {
                // Written so that a NaN on either side fails.
                let agrees = (analytic - numeric).abs() <= TOLERANCE * largest;
                if !agrees {
                    return Err(AutogradError::Mismatch { check, input, element, analytic, numeric }.into());
                }
            }
        }
        Ok(())
    }
}
