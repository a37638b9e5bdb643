//! Adadelta.

use super::floor::floor;
use super::settle::settle;
use crate::error::expect;
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, simd};

/// Gradient descent in units of its own late steps, so that it needs no learning rate.
///
/// With the gradient `g`, the smoothing `ρ` and the learning rate `η`, which is 1:
/// ```text
/// s ← ρ s + (1 − ρ) g²
/// d = √(a + ε) / √(s + ε) · g
/// a ← ρ a + (1 − ρ) d²
/// p ← p − η d
/// ```
/// Slots are `square_average` and `delta_average` (PyTorch: `square_avg`, `acc_delta`). It begins with steps of about `√ε`
/// and takes its time to find their length. What has all but vanished in the slots becomes 0, as with
/// [`Adam`](crate::Adam).
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Adadelta, Optimizer};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0, 2.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([4.0, -400.0]));
/// Optimizer::new(Adadelta::default().rho(0.75).epsilon(0.0625)).step(&mut model, &gradients)?;
/// // √ε / √(1 − ρ), whatever the gradient.
/// assert_eq!(format!("{:.2}", model[0].value()), "[0.50, 2.50]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Zeiler, "ADADELTA: an adaptive learning rate method", 2012, in the form of `torch.optim.Adadelta`, with its defaults.
/// Keras's `Adadelta` smooths with 0.95, adds `ε = 1e-7`, and multiplies with a learning rate of 0.001.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adadelta {
    learning_rate: f64,
    rho: f64,
    epsilon: f64,
    weight_decay: WeightDecay,
}

impl Adadelta {
    /// With PyTorch's settings otherwise: `ρ = 0.9`, `ε = 1e-6`, no weight decay.
    pub fn new(learning_rate: f64) -> Adadelta {
        Adadelta { learning_rate, rho: 0.9, epsilon: 1e-6, weight_decay: WeightDecay::Coupled(0.0) }
    }

    /// How slowly the running means forget.
    #[must_use]
    pub fn rho(self, rho: f64) -> Adadelta {
        Adadelta { rho, ..self }
    }

    /// What the first steps are made of, and what keeps the division from exploding where gradients vanish.
    #[must_use]
    #[doc(alias = "eps")]
    pub fn epsilon(self, epsilon: f64) -> Adadelta {
        Adadelta { epsilon, ..self }
    }

    /// The pull towards 0; none unless set, coupled if a number alone is given.
    #[must_use]
    pub fn weight_decay(self, decay: impl Into<WeightDecay>) -> Adadelta {
        Adadelta { weight_decay: decay.into(), ..self }
    }
}

impl Default for Adadelta {
    /// With PyTorch's learning rate, 1, which is the paper's formula.
    fn default() -> Adadelta {
        Adadelta::new(1.0)
    }
}

impl Rule for Adadelta {
    fn name(&self) -> &'static str {
        "Adadelta"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        self.weight_decay
    }

    fn check(&self) -> Result<()> {
        let (rho, epsilon) = (self.rho, self.epsilon);
        expect("Adadelta", "a rho of at least 0 and at most 1", rho, (0.0..=1.0).contains(&rho))?;
        // With 0 it would never begin to move, and divide 0 by 0 where there is no gradient.
        expect("Adadelta", "an epsilon above 0", epsilon, epsilon > 0.0)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["square_average", "delta_average"]
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let [square, delta] = slots else { unreachable!("Adadelta has two slots") };
        let (rate, epsilon) = (Elem::of(step.learning_rate), floor(self.epsilon));
        let (old, new) = (Elem::of(self.rho), Elem::of(1.0 - self.rho));
        simd::dispatch(move || {
            let slots = square.iter_mut().zip(&mut **delta);
            for ((p, &g), (s, a)) in parameter.iter_mut().zip(gradient).zip(slots) {
                *s = *s * old + g * g * new;
                let d = (*a + epsilon).sqrt() / (*s + epsilon).sqrt() * g;
                *a = *a * old + d * d * new;
                *p -= rate * d;
            }
        });
        settle(step, slots);
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Adadelta",
    cases: &[
        ("adadelta", || Adadelta::default().into()),
        ("adadelta_settings", || Adadelta::new(0.5).rho(0.8).epsilon(1e-5).weight_decay(0.1).into()),
    ],
    // With a larger epsilon it keeps jumping over the floor of Rosenbrock's valley.
    minimum: || Adadelta::default().epsilon(1e-10).into(),
    steps: 60_000,
    errors: &[
        (|| Adadelta::new(-1.0).into(), "Adadelta: expected a learning rate of at least 0, got -1"),
        (
            || Adadelta::default().rho(1.5).into(),
            "Adadelta: expected a rho of at least 0 and at most 1, got 1.5",
        ),
        (|| Adadelta::default().epsilon(0.0).into(), "Adadelta: expected an epsilon above 0, got 0"),
        (
            || Adadelta::default().weight_decay(-1.0).into(),
            "Adadelta: expected a weight decay of at least 0, got -1",
        ),
    ],
};
