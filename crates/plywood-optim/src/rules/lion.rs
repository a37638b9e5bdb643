//! Lion.

use super::check_betas;
use super::settle::settle;
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, simd};

/// Steps of one length, by the sign of a running mean of the gradient: one slot where Adam has two.
///
/// With the gradient `g`, the decay rates `β₁, β₂`, the weight decay `λ` and the learning rate `η`:
/// ```text
/// p ← p − η (sign(β₁ m + (1 − β₁) g) + λ p)
/// m ← β₂ m + (1 − β₂) g
/// ```
/// The slot is `m`. Every step has the length of the learning rate in every element, so it should be 3 to 10 times smaller
/// than Adam's, and the weight decay as many times larger. What has all but vanished in `m` becomes 0, as with
/// [`Adam`](crate::Adam).
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Lion, Optimizer};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0, 2.0, 3.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([100.0, -0.01, 0.0]));
/// Optimizer::new(Lion::new(0.25)).step(&mut model, &gradients)?;
/// assert_eq!(model[0].value().as_slice(), [0.75, 2.25, 3.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Chen and others, "Symbolic discovery of optimization algorithms", 2023 (arXiv 2302.06675), algorithm 2, with the learning
/// rate and the decay rates given there. PyTorch does not have it; Keras's `Lion` is the same with a learning rate of 0.001.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lion {
    learning_rate: f64,
    betas: (f64, f64),
    weight_decay: f64,
}

impl Lion {
    /// With the paper's settings otherwise: `β = (0.9, 0.99)`; no weight decay.
    pub fn new(learning_rate: f64) -> Lion {
        Lion { learning_rate, betas: (0.9, 0.99), weight_decay: 0.0 }
    }

    /// How much of the mean decides the sign, and how slowly it forgets.
    #[must_use]
    pub fn betas(self, beta1: f64, beta2: f64) -> Lion {
        Lion { betas: (beta1, beta2), ..self }
    }

    /// The strength of the decoupled pull towards 0; none unless set.
    #[must_use]
    pub fn weight_decay(self, strength: f64) -> Lion {
        Lion { weight_decay: strength, ..self }
    }
}

impl Default for Lion {
    /// With the paper's learning rate, 0.0001.
    fn default() -> Lion {
        Lion::new(1e-4)
    }
}

impl Rule for Lion {
    fn name(&self) -> &'static str {
        "Lion"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        WeightDecay::Decoupled(self.weight_decay)
    }

    fn check(&self) -> Result<()> {
        check_betas("Lion", self.betas)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["m"]
    }

    fn decays(&self) -> bool {
        true
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let [m] = slots else { unreachable!("Lion has one slot") };
        let (rate, keep) = (Elem::of(step.learning_rate), Elem::of(step.keep));
        let (beta1, beta2) = self.betas;
        let (new1, new2) = (Elem::of(1.0 - beta1), Elem::of(1.0 - beta2));
        simd::dispatch(move || {
            for ((p, &g), m) in parameter.iter_mut().zip(gradient).zip(&mut **m) {
                let mean = *m + (g - *m) * new1;
                *p = *p * keep - rate * sign(mean);
                *m += (g - *m) * new2;
            }
        });
        settle(step, slots);
    }
}

/// −1, 0 or 1; NaN stays one.
#[inline(always)]
pub(super) fn sign(x: Elem) -> Elem {
    if x == 0.0 { 0.0 } else { x.signum() }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Lion",
    cases: &[
        ("lion", || Lion::new(0.01).into()),
        ("lion_default", || Lion::default().into()),
        ("lion_settings", || Lion::new(0.005).betas(0.8, 0.95).weight_decay(0.3).into()),
    ],
    minimum: || Lion::new(2e-4).into(),
    steps: 40_000,
    errors: &[
        (|| Lion::new(-1.0).into(), "Lion: expected a learning rate of at least 0, got -1"),
        (
            || Lion::default().betas(1.0, 0.9).into(),
            "Lion: expected a beta1 of at least 0 and below 1, got 1",
        ),
        (
            || Lion::default().betas(0.9, -0.5).into(),
            "Lion: expected a beta2 of at least 0 and below 1, got -0.5",
        ),
        (|| Lion::default().weight_decay(-1.0).into(), "Lion: expected a weight decay of at least 0, got -1"),
    ],
};
