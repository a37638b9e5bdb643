//! Adam.

use super::check_betas;
use super::floor::least_divisor;
use super::settle::settle;
use crate::error::expect;
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, math, simd};

/// Steps in units of the learning rate, by running means of the gradient and of its square.
///
/// With the gradient `g`, the decay rates `β₁, β₂` and the learning rate `η`, in step `t`:
/// ```text
/// m ← β₁ m + (1 − β₁) g
/// v ← β₂ v + (1 − β₂) g²
/// p ← p − η m̂ / (√v̂ + ε)      m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
/// ```
/// Slots are `m` and `v` (PyTorch: `exp_avg`, `exp_avg_sq`), with [`Adam::amsgrad`] also `v_max`. Weight decay enters
/// with the gradient; [`AdamW`](crate::AdamW) keeps it apart.
///
/// A mean that has shrunk below the smallest number of full precision (10⁻³⁸, in double precision 10⁻³⁰⁸) becomes 0 within
/// 32 steps.
/// Rounding would stop it just above 0 for ever, as it does in PyTorch, and processors are slow with such numbers: weights
/// whose gradients have become 0 would make every later step take longer. No step of a length that matters changes, except
/// with `ε = 0` and gradients below 10⁻¹⁷.
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Adam, Optimizer};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0, 2.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([100.0, -0.01]));
/// Optimizer::new(Adam::new(0.25)).step(&mut model, &gradients)?;
/// // The first step has the length of the learning rate, whatever the gradient.
/// assert_eq!(format!("{:.4}", model[0].value()), "[0.7500, 2.2500]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Kingma and Ba, "Adam: a method for stochastic optimization", 2015, in the form of `torch.optim.Adam`: `ε` is added after
/// the bias correction. The paper's second form and Keras's `Adam` add it before, with `ε = 1e-7`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adam {
    learning_rate: f64,
    betas: (f64, f64),
    epsilon: f64,
    weight_decay: WeightDecay,
    amsgrad: bool,
}

impl Adam {
    /// Adam with PyTorch's settings otherwise: `β = (0.9, 0.999)`, `ε = 1e-8`, no weight decay.
    pub fn new(learning_rate: f64) -> Adam {
        let weight_decay = WeightDecay::Coupled(0.0);
        Adam { learning_rate, betas: (0.9, 0.999), epsilon: 1e-8, weight_decay, amsgrad: false }
    }

    /// How slowly the running means of the gradient and of its square forget.
    #[must_use]
    pub fn betas(self, beta1: f64, beta2: f64) -> Adam {
        Adam { betas: (beta1, beta2), ..self }
    }

    /// What keeps the division from exploding where gradients vanish; less than 10⁻³⁰ counts as 10⁻³⁰.
    #[must_use]
    #[doc(alias = "eps")]
    pub fn epsilon(self, epsilon: f64) -> Adam {
        Adam { epsilon, ..self }
    }

    /// The pull towards 0; none unless set, coupled if a number alone is given.
    #[must_use]
    pub fn weight_decay(self, decay: impl Into<WeightDecay>) -> Adam {
        Adam { weight_decay: decay.into(), ..self }
    }

    /// Divides by the largest running mean of squares so far: Reddi and others, "On the convergence of Adam", 2018.
    #[must_use]
    pub fn amsgrad(self) -> Adam {
        Adam { amsgrad: true, ..self }
    }

    /// The settings, checked in the name of the rule that has them.
    pub(super) fn check_as(&self, name: &str) -> Result<()> {
        check_betas(name, self.betas)?;
        expect(name, "an epsilon of at least 0", self.epsilon, self.epsilon >= 0.0)
    }
}

impl Default for Adam {
    /// Adam with PyTorch's learning rate, 0.001.
    fn default() -> Adam {
        Adam::new(1e-3)
    }
}

impl Rule for Adam {
    fn name(&self) -> &'static str {
        "Adam"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        self.weight_decay
    }

    fn check(&self) -> Result<()> {
        self.check_as("Adam")
    }

    fn slots(&self) -> &'static [&'static str] {
        if self.amsgrad { &["m", "v", "v_max"] } else { &["m", "v"] }
    }

    fn decays(&self) -> bool {
        true
    }

    /// The learning rate over the first correction, and one over the root of the second.
    fn constants(&self, step: &Step) -> Option<[f64; 2]> {
        let (beta1, beta2) = self.betas;
        Some([step.learning_rate / step.correction(beta1), 1.0 / step.correction(beta2).sqrt()])
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let constants = step.constants.or_else(|| self.constants(step));
        let [size, unbias] = constants.expect("Adam has constants").map(Elem::of);
        let (beta1, beta2) = self.betas;
        let (epsilon, keep) = (least_divisor(self.epsilon), Elem::of(step.keep));
        let (new1, old2, new2) = (Elem::of(1.0 - beta1), Elem::of(beta2), Elem::of(1.0 - beta2));
        match slots {
            [m, v] => simd::dispatch(move || {
                for (((p, &g), m), v) in parameter.iter_mut().zip(gradient).zip(&mut **m).zip(&mut **v) {
                    *m = (g - *m).mul_add(new1, *m);
                    *v = (g * g).mul_add(new2, *v * old2);
                    let length = v.sqrt().mul_add(unbias, epsilon);
                    *p = p.mul_add(keep, -math::quotient(size * *m, length));
                }
            }),
            [m, v, top] => simd::dispatch(move || {
                let moments = m.iter_mut().zip(&mut **v).zip(&mut **top);
                for ((p, &g), ((m, v), top)) in parameter.iter_mut().zip(gradient).zip(moments) {
                    *m = (g - *m).mul_add(new1, *m);
                    *v = (g * g).mul_add(new2, *v * old2);
                    *top = math::maximum(*top, *v);
                    let length = top.sqrt().mul_add(unbias, epsilon);
                    *p = p.mul_add(keep, -math::quotient(size * *m, length));
                }
            }),
            _ => unreachable!("Adam has two slots or three"),
        }
        settle(step, slots);
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Adam",
    cases: &[
        ("adam", || Adam::new(0.05).into()),
        ("adam_default", || Adam::default().into()),
        ("adam_settings", || Adam::new(0.02).betas(0.8, 0.95).epsilon(1e-3).into()),
        ("adam_weight_decay", || Adam::new(0.05).weight_decay(0.1).into()),
        ("adam_amsgrad", || Adam::new(0.05).amsgrad().into()),
        ("adam_clip_norm", || crate::Optimizer::new(Adam::new(0.05)).clip_global_norm(1.0)),
    ],
    minimum: || Adam::new(0.02).into(),
    steps: 3000,
    errors: &[
        (|| Adam::new(-1.0).into(), "Adam: expected a learning rate of at least 0, got -1"),
        (|| Adam::new(f64::NAN).into(), "Adam: expected a learning rate of at least 0, got NaN"),
        (
            || Adam::default().betas(1.0, 0.9).into(),
            "Adam: expected a beta1 of at least 0 and below 1, got 1",
        ),
        (
            || Adam::default().betas(0.9, -0.5).into(),
            "Adam: expected a beta2 of at least 0 and below 1, got -0.5",
        ),
        (
            || Adam::default().epsilon(-1e-8).into(),
            "Adam: expected an epsilon of at least 0, got -0.00000001",
        ),
        (|| Adam::default().weight_decay(-1.0).into(), "Adam: expected a weight decay of at least 0, got -1"),
    ],
};
