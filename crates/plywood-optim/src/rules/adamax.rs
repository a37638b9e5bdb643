//! Adamax.

use super::check_betas;
use super::settle::settle;
use crate::error::expect;
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, math, simd};

/// [`Adam`](crate::Adam) with the largest gradient of late in place of the root of the mean square.
///
/// With the gradient `g`, the decay rates `β₁, β₂` and the learning rate `η`, in step `t`:
/// ```text
/// m ← β₁ m + (1 − β₁) g
/// u ← max(β₂ u, |g| + ε)
/// p ← p − η / (1 − β₁ᵗ) · m / u
/// ```
/// Slots are `m` and `u` (PyTorch: `exp_avg`, `exp_inf`). No step is longer than about the learning rate, and a gradient of
/// 0 leaves the divisor nearly as it was: it suits parameters whose gradients are rare, as those of embeddings. What has all
/// but vanished in the slots becomes 0, as with [`Adam`](crate::Adam).
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Adamax, Optimizer};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0, 2.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([100.0, -0.01]));
/// let mut optimizer = Optimizer::new(Adamax::new(0.25));
/// optimizer.step(&mut model, &gradients)?;
/// // The first step has the length of the learning rate, whatever the gradient.
/// assert_eq!(format!("{:.4}", model[0].value()), "[0.7500, 2.2500]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Kingma and Ba, "Adam: a method for stochastic optimization", 2015, section 7.1, in the form of `torch.optim.Adamax`, with
/// its defaults; where gradient and `ε` have always been 0, PyTorch divides 0 by 0, and this rule stays where it is. Keras's
/// `Adamax` adds `ε = 1e-7` to `u` when it divides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adamax {
    learning_rate: f64,
    betas: (f64, f64),
    epsilon: f64,
    weight_decay: WeightDecay,
}

impl Adamax {
    /// With PyTorch's settings otherwise: `β = (0.9, 0.999)`, `ε = 1e-8`, no weight decay.
    pub fn new(learning_rate: f64) -> Adamax {
        let weight_decay = WeightDecay::Coupled(0.0);
        Adamax { learning_rate, betas: (0.9, 0.999), epsilon: 1e-8, weight_decay }
    }

    /// How slowly the mean of the gradient and its largest size are forgotten.
    #[must_use]
    pub fn betas(self, beta1: f64, beta2: f64) -> Adamax {
        Adamax { betas: (beta1, beta2), ..self }
    }

    /// What keeps the division from exploding where gradients vanish.
    #[must_use]
    #[doc(alias = "eps")]
    pub fn epsilon(self, epsilon: f64) -> Adamax {
        Adamax { epsilon, ..self }
    }

    /// The pull towards 0; none unless set, coupled if a number alone is given.
    #[must_use]
    pub fn weight_decay(self, decay: impl Into<WeightDecay>) -> Adamax {
        Adamax { weight_decay: decay.into(), ..self }
    }
}

impl Default for Adamax {
    /// With PyTorch's learning rate, 0.002.
    fn default() -> Adamax {
        Adamax::new(2e-3)
    }
}

impl Rule for Adamax {
    fn name(&self) -> &'static str {
        "Adamax"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        self.weight_decay
    }

    fn check(&self) -> Result<()> {
        check_betas("Adamax", self.betas)?;
        expect("Adamax", "an epsilon of at least 0", self.epsilon, self.epsilon >= 0.0)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["m", "u"]
    }

    fn decays(&self) -> bool {
        true
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let [m, u] = slots else { unreachable!("Adamax has two slots") };
        let (beta1, beta2) = self.betas;
        let size = Elem::of(step.learning_rate / step.correction(beta1));
        let (new, old, epsilon) = (Elem::of(1.0 - beta1), Elem::of(beta2), Elem::of(self.epsilon));
        let keep = Elem::of(step.keep);
        simd::dispatch(move || {
            for (((p, &g), m), u) in parameter.iter_mut().zip(gradient).zip(&mut **m).zip(&mut **u) {
                *m += (g - *m) * new;
                *u = math::maximum(*u * old, g.abs() + epsilon);
                // Where `u` is 0, so is `m`.
                *p = *p * keep - size * *m / math::maximum(*u, Elem::MIN_POSITIVE);
            }
        });
        settle(step, slots);
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Adamax",
    cases: &[
        ("adamax", || Adamax::new(0.05).into()),
        ("adamax_default", || Adamax::default().into()),
        ("adamax_settings", || Adamax::new(0.02).betas(0.8, 0.95).epsilon(1e-3).weight_decay(0.1).into()),
    ],
    minimum: || Adamax::new(0.02).into(),
    steps: 6000,
    errors: &[
        (|| Adamax::new(-1.0).into(), "Adamax: expected a learning rate of at least 0, got -1"),
        (
            || Adamax::default().betas(1.0, 0.9).into(),
            "Adamax: expected a beta1 of at least 0 and below 1, got 1",
        ),
        (
            || Adamax::default().betas(0.9, -0.5).into(),
            "Adamax: expected a beta2 of at least 0 and below 1, got -0.5",
        ),
        (|| Adamax::default().epsilon(-1.0).into(), "Adamax: expected an epsilon of at least 0, got -1"),
        (
            || Adamax::default().weight_decay(-1.0).into(),
            "Adamax: expected a weight decay of at least 0, got -1",
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Optimizer;
    use plywood_autograd::{Gradients, Param};
    use plywood_tensor::Tensor;

    #[test]
    fn where_nothing_ever_pulls_it_stays() {
        let mut model = vec![Param::new(Tensor::from([1.0, 2.0]))];
        let mut gradients = Gradients::default();
        gradients.set(&model[0], Tensor::from([0.0, 1.0]));
        Optimizer::new(Adamax::new(0.5).epsilon(0.0)).step(&mut model, &gradients).unwrap();
        assert_eq!(model[0].value().as_slice(), [1.0, 1.5]);
    }
}
