//! RMSprop.

use super::floor::least_divisor;
use super::settle::settle;
use crate::error::expect;
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, math, simd};

/// Gradient descent divided by the root of a running mean of squared gradients.
///
/// With the gradient `g`, the smoothing `α`, the momentum `μ` and the learning rate `η`:
/// ```text
/// s ← α s + (1 − α) g²
/// d = g / (√s + ε)           centered: d = g / (√(s − a²) + ε) with a ← α a + (1 − α) g
/// p ← p − η d                with momentum b ← μ b + d, p ← p − η b
/// ```
/// Slots are `square_average`, when centered `gradient_average`, and with momentum `momentum` (PyTorch: `square_avg`,
/// `grad_avg`, `momentum_buffer`). What has all but vanished in them becomes 0, as with [`Adam`](crate::Adam).
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Optimizer, RmsProp};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0, 2.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([100.0, -0.01]));
/// Optimizer::new(RmsProp::new(0.125).alpha(0.75)).step(&mut model, &gradients)?;
/// assert_eq!(format!("{:.4}", model[0].value()), "[0.7500, 2.2500]"); // η / √(1 − α)
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Hinton, "Neural networks for machine learning", lecture 6e, 2012; centered: Graves, "Generating sequences with recurrent
/// neural networks", 2013. In the form of `torch.optim.RMSprop`, with its defaults, except that `s − a²` is not let below 0
/// by rounding, where PyTorch's root becomes NaN. Keras's `RMSprop` adds `ε = 1e-7` under the root, smooths with 0.9, and
/// puts the learning rate into the momentum.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "RMSprop")]
pub struct RmsProp {
    learning_rate: f64,
    alpha: f64,
    epsilon: f64,
    momentum: f64,
    centered: bool,
    weight_decay: WeightDecay,
}

impl RmsProp {
    /// With PyTorch's settings otherwise: `α = 0.99`, `ε = 1e-8`, not centered, no momentum, no weight decay.
    pub fn new(learning_rate: f64) -> RmsProp {
        let weight_decay = WeightDecay::Coupled(0.0);
        RmsProp { learning_rate, alpha: 0.99, epsilon: 1e-8, momentum: 0.0, centered: false, weight_decay }
    }

    /// How slowly the running means forget.
    #[must_use]
    #[doc(alias = "rho")]
    pub fn alpha(self, alpha: f64) -> RmsProp {
        RmsProp { alpha, ..self }
    }

    /// What keeps the division from exploding where gradients vanish; less than 10⁻³⁰ counts as 10⁻³⁰.
    #[must_use]
    #[doc(alias = "eps")]
    pub fn epsilon(self, epsilon: f64) -> RmsProp {
        RmsProp { epsilon, ..self }
    }

    /// How much of the last step goes into the next; 0 unless set.
    #[must_use]
    pub fn momentum(self, momentum: f64) -> RmsProp {
        RmsProp { momentum, ..self }
    }

    /// Divides by the estimated deviation of the gradient instead of its size.
    #[must_use]
    pub fn centered(self) -> RmsProp {
        RmsProp { centered: true, ..self }
    }

    /// The pull towards 0; none unless set, coupled if a number alone is given.
    #[must_use]
    pub fn weight_decay(self, decay: impl Into<WeightDecay>) -> RmsProp {
        RmsProp { weight_decay: decay.into(), ..self }
    }
}

impl Default for RmsProp {
    /// With PyTorch's learning rate, 0.01.
    fn default() -> RmsProp {
        RmsProp::new(1e-2)
    }
}

impl Rule for RmsProp {
    fn name(&self) -> &'static str {
        "RmsProp"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        self.weight_decay
    }

    fn check(&self) -> Result<()> {
        let (alpha, momentum) = (self.alpha, self.momentum);
        expect("RmsProp", "an alpha of at least 0 and below 1", alpha, (0.0..1.0).contains(&alpha))?;
        expect("RmsProp", "an epsilon of at least 0", self.epsilon, self.epsilon >= 0.0)?;
        expect("RmsProp", "a momentum of at least 0", momentum, momentum >= 0.0)
    }

    fn slots(&self) -> &'static [&'static str] {
        match (self.centered, self.momentum > 0.0) {
            (false, false) => &["square_average"],
            (true, false) => &["square_average", "gradient_average"],
            (false, true) => &["square_average", "momentum"],
            (true, true) => &["square_average", "gradient_average", "momentum"],
        }
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let (rate, epsilon) = (Elem::of(step.learning_rate), least_divisor(self.epsilon));
        let (old, new, momentum) =
            (Elem::of(self.alpha), Elem::of(1.0 - self.alpha), Elem::of(self.momentum));
        let square = move |s: &mut Elem, g: Elem| *s = (g * g).mul_add(new, *s * old);
        let deviation = move |s: Elem, a: &mut Elem, g: Elem| {
            *a = (g - *a).mul_add(new, *a);
            let variance = s - *a * *a;
            // Rounding may take it below 0; a NaN stays one.
            if variance < 0.0 { 0.0 } else { variance.sqrt() }
        };
        let carry = move |b: &mut Elem, direction: Elem| *b = b.mul_add(momentum, direction);
        let pairs = parameter.iter_mut().zip(gradient);
        match slots {
            [s] => simd::dispatch(move || {
                for ((p, &g), s) in pairs.zip(&mut **s) {
                    square(s, g);
                    *p -= math::quotient(rate * g, s.sqrt() + epsilon);
                }
            }),
            [s, a] if self.centered => simd::dispatch(move || {
                for (((p, &g), s), a) in pairs.zip(&mut **s).zip(&mut **a) {
                    square(s, g);
                    *p -= math::quotient(rate * g, deviation(*s, a, g) + epsilon);
                }
            }),
            [s, b] => simd::dispatch(move || {
                for (((p, &g), s), b) in pairs.zip(&mut **s).zip(&mut **b) {
                    square(s, g);
                    carry(b, math::quotient(g, s.sqrt() + epsilon));
                    *p = b.mul_add(-rate, *p);
                }
            }),
            [s, a, b] => simd::dispatch(move || {
                for ((((p, &g), s), a), b) in pairs.zip(&mut **s).zip(&mut **a).zip(&mut **b) {
                    square(s, g);
                    carry(b, math::quotient(g, deviation(*s, a, g) + epsilon));
                    *p = b.mul_add(-rate, *p);
                }
            }),
            _ => unreachable!("RmsProp has one to three slots"),
        }
        settle(step, slots);
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "RmsProp",
    cases: &[
        ("rmsprop", || RmsProp::default().into()),
        ("rmsprop_settings", || RmsProp::new(0.003).alpha(0.9).epsilon(0.1).weight_decay(0.1).into()),
        ("rmsprop_momentum", || RmsProp::new(0.003).momentum(0.9).into()),
        ("rmsprop_centered", || RmsProp::new(0.01).epsilon(1e-2).centered().into()),
        ("rmsprop_centered_momentum", || {
            RmsProp::new(0.002).epsilon(1e-2).centered().momentum(0.8).weight_decay(0.1).into()
        }),
    ],
    minimum: || RmsProp::new(0.002).into(),
    steps: 8000,
    errors: &[
        (|| RmsProp::new(-1.0).into(), "RmsProp: expected a learning rate of at least 0, got -1"),
        (
            || RmsProp::default().alpha(1.0).into(),
            "RmsProp: expected an alpha of at least 0 and below 1, got 1",
        ),
        (|| RmsProp::default().epsilon(-1.0).into(), "RmsProp: expected an epsilon of at least 0, got -1"),
        (|| RmsProp::default().momentum(-1.0).into(), "RmsProp: expected a momentum of at least 0, got -1"),
        (
            || RmsProp::default().weight_decay(-1.0).into(),
            "RmsProp: expected a weight decay of at least 0, got -1",
        ),
    ],
};
