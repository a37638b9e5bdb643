//! NAdam.

use super::check_betas;
use super::floor::least_divisor;
use super::settle::settle;
use crate::error::expect;
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, math, simd};

/// [`Adam`](crate::Adam) with Nesterov's look ahead: the new gradient counts twice, the momentum as it will be next.
///
/// With the gradient `g`, the decay rates `β₁, β₂`, the decay `ψ` of the momentum and the learning rate `η`, in step `t`:
/// ```text
/// m ← β₁ m + (1 − β₁) g
/// v ← β₂ v + (1 − β₂) g²
/// d = (1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜ₊₁) · m       μₜ = β₁ (1 − ½ · 0.96^(t ψ)),  Πₜ = μ₁ μ₂ … μₜ
/// p ← p − η d / (√(v / (1 − β₂ᵗ)) + ε)
/// ```
/// Slots are `m` and `v` (PyTorch: `exp_avg`, `exp_avg_sq`; its `mu_product` `Πₜ` follows from the number of steps). What has
/// all but vanished in them becomes 0, as with [`Adam`](crate::Adam).
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{NAdam, Optimizer};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0, 2.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([100.0, -0.01]));
/// Optimizer::new(NAdam::new(0.25)).step(&mut model, &gradients)?;
/// // A little longer than the step of Adam, for it looks ahead.
/// assert_eq!(format!("{:.3}", model[0].value()), "[0.736, 2.264]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Dozat, "Incorporating Nesterov momentum into Adam", 2016, in the form of `torch.optim.NAdam`, with its defaults;
/// `decoupled_weight_decay` is [`WeightDecay::Decoupled`]. Keras's `Nadam` has `ψ = 1` built in, with `ε = 1e-7` and
/// a learning rate of 0.001.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "Nadam")]
pub struct NAdam {
    learning_rate: f64,
    betas: (f64, f64),
    epsilon: f64,
    momentum_decay: f64,
    weight_decay: WeightDecay,
}

impl NAdam {
    /// With PyTorch's settings otherwise: `β = (0.9, 0.999)`, `ε = 1e-8`, `ψ = 0.004`, no weight decay.
    pub fn new(learning_rate: f64) -> NAdam {
        let weight_decay = WeightDecay::Coupled(0.0);
        NAdam { learning_rate, betas: (0.9, 0.999), epsilon: 1e-8, momentum_decay: 4e-3, weight_decay }
    }

    /// How slowly the running means of the gradient and of its square forget.
    #[must_use]
    pub fn betas(self, beta1: f64, beta2: f64) -> NAdam {
        NAdam { betas: (beta1, beta2), ..self }
    }

    /// What keeps the division from exploding where gradients vanish; less than 10⁻³⁰ counts as 10⁻³⁰.
    #[must_use]
    #[doc(alias = "eps")]
    pub fn epsilon(self, epsilon: f64) -> NAdam {
        NAdam { epsilon, ..self }
    }

    /// How fast the momentum grows from a half of `β₁` to all of it.
    #[must_use]
    pub fn momentum_decay(self, decay: f64) -> NAdam {
        NAdam { momentum_decay: decay, ..self }
    }

    /// The pull towards 0; none unless set, coupled if a number alone is given.
    #[must_use]
    pub fn weight_decay(self, decay: impl Into<WeightDecay>) -> NAdam {
        NAdam { weight_decay: decay.into(), ..self }
    }

    /// `(μₜ, μₜ₊₁, Πₜ)`.
    fn momentum(&self, count: u64) -> (f64, f64, f64) {
        let (beta1, _) = self.betas;
        let mu = |step: f64| beta1 * (1.0 - 0.5 * math::pow(0.96, step * self.momentum_decay));
        let ratio = math::pow(0.96, self.momentum_decay);
        let (mut product, mut power) = (1.0, 1.0);
        for _ in 0..count {
            power *= ratio;
            product *= beta1 * (1.0 - 0.5 * power);
            // From here on `1 − Π` is 1, whatever else is multiplied: after 50 steps with the default settings, and 372 at
            // most with a `β₁` of 0.9.
            if product < 1e-17 {
                break;
            }
        }
        (mu(count as f64), mu(count as f64 + 1.0), product)
    }
}

impl Default for NAdam {
    /// With PyTorch's learning rate, 0.002.
    fn default() -> NAdam {
        NAdam::new(2e-3)
    }
}

impl Rule for NAdam {
    fn name(&self) -> &'static str {
        "NAdam"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        self.weight_decay
    }

    fn check(&self) -> Result<()> {
        check_betas("NAdam", self.betas)?;
        expect("NAdam", "an epsilon of at least 0", self.epsilon, self.epsilon >= 0.0)?;
        let decay = self.momentum_decay;
        expect("NAdam", "a momentum decay of at least 0", decay, decay >= 0.0)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["m", "v"]
    }

    fn decays(&self) -> bool {
        true
    }

    /// What gradient and momentum are multiplied with.
    fn constants(&self, step: &Step) -> Option<[f64; 2]> {
        let (now, next, product) = self.momentum(step.count);
        let rate = step.learning_rate;
        Some([rate * (1.0 - now) / (1.0 - product), rate * next / (1.0 - product * next)])
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let [m, v] = slots else { unreachable!("NAdam has two slots") };
        let constants = step.constants.or_else(|| self.constants(step));
        let [of_gradient, of_momentum] = constants.expect("NAdam has constants").map(Elem::of);
        let (beta1, beta2) = self.betas;
        let unbias = Elem::of(1.0 / step.correction(beta2).sqrt());
        let (epsilon, keep) = (least_divisor(self.epsilon), Elem::of(step.keep));
        let (new1, old2, new2) = (Elem::of(1.0 - beta1), Elem::of(beta2), Elem::of(1.0 - beta2));
        simd::dispatch(move || {
            for (((p, &g), m), v) in parameter.iter_mut().zip(gradient).zip(&mut **m).zip(&mut **v) {
                *m = (g - *m).mul_add(new1, *m);
                *v = (g * g).mul_add(new2, *v * old2);
                let step = of_gradient.mul_add(g, of_momentum * *m);
                let length = v.sqrt().mul_add(unbias, epsilon);
                *p = p.mul_add(keep, -math::quotient(step, length));
            }
        });
        settle(step, slots);
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "NAdam",
    cases: &[
        ("nadam", || NAdam::new(0.02).into()),
        ("nadam_default", || NAdam::default().into()),
        ("nadam_settings", || {
            NAdam::new(0.02).betas(0.8, 0.95).epsilon(1e-3).momentum_decay(0.1).weight_decay(0.1).into()
        }),
        ("nadam_decoupled", || NAdam::new(0.02).weight_decay(WeightDecay::Decoupled(0.1)).into()),
    ],
    minimum: || NAdam::new(0.02).into(),
    steps: 6000,
    errors: &[
        (|| NAdam::new(-1.0).into(), "NAdam: expected a learning rate of at least 0, got -1"),
        (
            || NAdam::default().betas(1.0, 0.9).into(),
            "NAdam: expected a beta1 of at least 0 and below 1, got 1",
        ),
        (
            || NAdam::default().betas(0.9, -0.5).into(),
            "NAdam: expected a beta2 of at least 0 and below 1, got -0.5",
        ),
        (|| NAdam::default().epsilon(-1.0).into(), "NAdam: expected an epsilon of at least 0, got -1"),
        (
            || NAdam::default().momentum_decay(-1.0).into(),
            "NAdam: expected a momentum decay of at least 0, got -1",
        ),
        (
            || NAdam::default().weight_decay(-1.0).into(),
            "NAdam: expected a weight decay of at least 0, got -1",
        ),
    ],
};
