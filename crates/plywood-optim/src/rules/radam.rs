//! RAdam.

use super::check_betas;
use super::floor::least_divisor;
use super::settle::settle;
use crate::error::expect;
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, math, simd};

/// [`Adam`](crate::Adam) that waits with dividing until it has seen enough gradients to know their size.
///
/// With the gradient `g`, the decay rates `β₁, β₂` and the learning rate `η`, in step `t`:
/// ```text
/// m ← β₁ m + (1 − β₁) g      m̂ = m / (1 − β₁ᵗ)
/// v ← β₂ v + (1 − β₂) g²     ρₜ = ρ − 2 t β₂ᵗ / (1 − β₂ᵗ),  ρ = 2 / (1 − β₂) − 1
/// p ← p − η r m̂ √(1 − β₂ᵗ) / (√v + ε)       r² = (ρₜ − 4) (ρₜ − 2) ρ / ((ρ − 4) (ρ − 2) ρₜ),  if ρₜ > 5
/// p ← p − η m̂                               otherwise
/// ```
/// With the default settings the first five steps are plain momentum, and later ones grow from short to full length: a
/// warm-up of its own. Slots are `m` and `v` (PyTorch: `exp_avg`, `exp_avg_sq`). What has all but vanished in them becomes
/// 0, as with [`Adam`](crate::Adam).
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Optimizer, RAdam};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0, 2.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([0.5, -0.25]));
/// Optimizer::new(RAdam::new(0.5)).step(&mut model, &gradients)?;
/// // The first step is that of gradient descent.
/// assert_eq!(format!("{:.4}", model[0].value()), "[0.7500, 2.1250]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Liu and others, "On the variance of the adaptive learning rate and beyond", 2020, in the form of `torch.optim.RAdam`, with
/// its defaults; `decoupled_weight_decay` is [`WeightDecay::Decoupled`]. The paper divides from `ρₜ > 4` on. Keras does not
/// have it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "RectifiedAdam")]
pub struct RAdam {
    learning_rate: f64,
    betas: (f64, f64),
    epsilon: f64,
    weight_decay: WeightDecay,
}

impl RAdam {
    /// With PyTorch's settings otherwise: `β = (0.9, 0.999)`, `ε = 1e-8`, no weight decay.
    pub fn new(learning_rate: f64) -> RAdam {
        let weight_decay = WeightDecay::Coupled(0.0);
        RAdam { learning_rate, betas: (0.9, 0.999), epsilon: 1e-8, weight_decay }
    }

    /// How slowly the running means of the gradient and of its square forget.
    #[must_use]
    pub fn betas(self, beta1: f64, beta2: f64) -> RAdam {
        RAdam { betas: (beta1, beta2), ..self }
    }

    /// What keeps the division from exploding where gradients vanish; less than 10⁻³⁰ counts as 10⁻³⁰.
    #[must_use]
    #[doc(alias = "eps")]
    pub fn epsilon(self, epsilon: f64) -> RAdam {
        RAdam { epsilon, ..self }
    }

    /// The pull towards 0; none unless set, coupled if a number alone is given.
    #[must_use]
    pub fn weight_decay(self, decay: impl Into<WeightDecay>) -> RAdam {
        RAdam { weight_decay: decay.into(), ..self }
    }
}

impl Default for RAdam {
    /// With PyTorch's learning rate, 0.001.
    fn default() -> RAdam {
        RAdam::new(1e-3)
    }
}

impl Rule for RAdam {
    fn name(&self) -> &'static str {
        "RAdam"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        self.weight_decay
    }

    fn check(&self) -> Result<()> {
        check_betas("RAdam", self.betas)?;
        expect("RAdam", "an epsilon of at least 0", self.epsilon, self.epsilon >= 0.0)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["m", "v"]
    }

    fn decays(&self) -> bool {
        true
    }

    /// What the momentum is multiplied with, and 1 if it is divided, 0 if not.
    fn constants(&self, step: &Step) -> Option<[f64; 2]> {
        let (beta1, beta2) = self.betas;
        let size = step.learning_rate / step.correction(beta1);
        let power = step.power(beta2);
        let limit = 2.0 / (1.0 - beta2) - 1.0;
        let length = limit - 2.0 * step.count as f64 * power / step.correction(beta2);
        if length <= 5.0 {
            return Some([size, 0.0]);
        }
        let rectified = (length - 4.0) * (length - 2.0) * limit / ((limit - 4.0) * (limit - 2.0) * length);
        Some([size * rectified.sqrt() * step.correction(beta2).sqrt(), 1.0])
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let [m, v] = slots else { unreachable!("RAdam has two slots") };
        let constants = step.constants.or_else(|| self.constants(step));
        let [size, divides] = constants.expect("RAdam has constants");
        let (size, divides) = (Elem::of(size), divides != 0.0);
        let (beta1, beta2) = self.betas;
        let (epsilon, keep) = (least_divisor(self.epsilon), Elem::of(step.keep));
        let (new1, old2, new2) = (Elem::of(1.0 - beta1), Elem::of(beta2), Elem::of(1.0 - beta2));
        let moments = move |m: &mut Elem, v: &mut Elem, g: Elem| {
            *m = (g - *m).mul_add(new1, *m);
            *v = (g * g).mul_add(new2, *v * old2);
        };
        let numbers = parameter.iter_mut().zip(gradient).zip(&mut **m).zip(&mut **v);
        if divides {
            simd::dispatch(move || {
                for (((p, &g), m), v) in numbers {
                    moments(m, v, g);
                    *p = p.mul_add(keep, -math::quotient(size * *m, v.sqrt() + epsilon));
                }
            });
        } else {
            simd::dispatch(move || {
                for (((p, &g), m), v) in numbers {
                    moments(m, v, g);
                    *p = p.mul_add(keep, -(size * *m));
                }
            });
        }
        settle(step, slots);
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "RAdam",
    cases: &[
        ("radam", || RAdam::new(0.05).into()),
        ("radam_default", || RAdam::default().into()),
        ("radam_settings", || RAdam::new(0.02).betas(0.8, 0.95).epsilon(1e-3).weight_decay(0.1).into()),
        ("radam_decoupled", || RAdam::new(0.02).weight_decay(WeightDecay::Decoupled(0.1)).into()),
    ],
    // The first steps are undivided, and a slope of Rosenbrock's is 200.
    minimum: || RAdam::new(3e-3).into(),
    steps: 16_000,
    errors: &[
        (|| RAdam::new(-1.0).into(), "RAdam: expected a learning rate of at least 0, got -1"),
        (
            || RAdam::default().betas(1.0, 0.9).into(),
            "RAdam: expected a beta1 of at least 0 and below 1, got 1",
        ),
        (
            || RAdam::default().betas(0.9, -0.5).into(),
            "RAdam: expected a beta2 of at least 0 and below 1, got -0.5",
        ),
        (|| RAdam::default().epsilon(-1.0).into(), "RAdam: expected an epsilon of at least 0, got -1"),
        (
            || RAdam::default().weight_decay(-1.0).into(),
            "RAdam: expected a weight decay of at least 0, got -1",
        ),
    ],
};
