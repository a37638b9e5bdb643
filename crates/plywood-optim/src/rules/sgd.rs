//! Gradient descent.

use super::settle::settle;
use crate::error::expect;
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, simd};

/// Gradient descent, plain or with momentum.
///
/// With the gradient `g`, the momentum `μ`, the dampening `d` and the learning rate `η`:
/// ```text
/// b ← μ b + (1 − d) g        in the first step b ← g
/// p ← p − η b                with Nesterov p ← p − η (g + μ b), without momentum p ← p − η g
/// ```
/// The slot is `momentum` (PyTorch: `momentum_buffer`); there is none without momentum. What has all but vanished in it
/// becomes 0, as with [`Adam`](crate::Adam).
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Optimizer, Sgd};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0, 2.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([0.5, -0.5]));
/// let mut optimizer = Optimizer::new(Sgd::new(0.5).momentum(0.5));
/// optimizer.step(&mut model, &gradients)?;
/// assert_eq!(model[0].value().as_slice(), [0.75, 2.25]);
/// optimizer.step(&mut model, &gradients)?;
/// assert_eq!(model[0].value().as_slice(), [0.375, 2.625]); // half as fast again
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Polyak, "Some methods of speeding up the convergence of iteration methods", 1964; Sutskever and others, "On the
/// importance of initialization and momentum in deep learning", 2013. The formula is that of `torch.optim.SGD`, dampening
/// and first step included. Keras's `SGD` keeps `v ← μ v − η g` instead, so that a change of the learning rate reaches its
/// steps late.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "SGD")]
#[doc(alias = "gradient descent")]
pub struct Sgd {
    learning_rate: f64,
    momentum: f64,
    dampening: f64,
    nesterov: bool,
    weight_decay: WeightDecay,
}

impl Sgd {
    /// Plain gradient descent.
    pub fn new(learning_rate: f64) -> Sgd {
        let weight_decay = WeightDecay::Coupled(0.0);
        Sgd { learning_rate, momentum: 0.0, dampening: 0.0, nesterov: false, weight_decay }
    }

    /// How much of the last step goes into the next; 0 unless set.
    #[must_use]
    pub fn momentum(self, momentum: f64) -> Sgd {
        Sgd { momentum, ..self }
    }

    /// How much of the gradient stays out of the momentum; 0 unless set.
    #[must_use]
    pub fn dampening(self, dampening: f64) -> Sgd {
        Sgd { dampening, ..self }
    }

    /// Looks ahead along the momentum; needs one, and no dampening.
    #[must_use]
    pub fn nesterov(self) -> Sgd {
        Sgd { nesterov: true, ..self }
    }

    /// The pull towards 0; none unless set, coupled if a number alone is given.
    #[must_use]
    pub fn weight_decay(self, decay: impl Into<WeightDecay>) -> Sgd {
        Sgd { weight_decay: decay.into(), ..self }
    }
}

impl Default for Sgd {
    /// Plain gradient descent with PyTorch's learning rate, 0.001.
    fn default() -> Sgd {
        Sgd::new(1e-3)
    }
}

impl Rule for Sgd {
    fn name(&self) -> &'static str {
        "Sgd"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        self.weight_decay
    }

    fn check(&self) -> Result<()> {
        let (momentum, dampening) = (self.momentum, self.dampening);
        expect("Sgd", "a momentum of at least 0", momentum, momentum >= 0.0)?;
        expect("Sgd", "a finite dampening", dampening, dampening.is_finite())?;
        let (ahead, undamped) = (momentum > 0.0, dampening == 0.0);
        expect("Sgd", "a momentum above 0 with Nesterov", momentum, ahead || !self.nesterov)?;
        expect("Sgd", "a dampening of 0 with Nesterov", dampening, undamped || !self.nesterov)
    }

    fn slots(&self) -> &'static [&'static str] {
        if self.momentum == 0.0 { &[] } else { &["momentum"] }
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let rate = Elem::of(step.learning_rate);
        let [buffer] = slots else {
            return simd::dispatch(move || {
                for (p, &g) in parameter.iter_mut().zip(gradient) {
                    *p -= rate * g;
                }
            });
        };
        let momentum = Elem::of(self.momentum);
        // The buffer is 0 before the first step, which leaves the whole gradient in it.
        let fresh = if step.count == 1 { 1.0 } else { Elem::of(1.0 - self.dampening) };
        let ahead = if self.nesterov { 1.0 } else { 0.0 };
        let along = if self.nesterov { momentum } else { 1.0 };
        simd::dispatch(move || {
            for ((p, &g), b) in parameter.iter_mut().zip(gradient).zip(&mut **buffer) {
                *b = momentum * *b + fresh * g;
                *p -= rate * (ahead * g + along * *b);
            }
        });
        settle(step, slots);
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Sgd",
    cases: &[
        ("sgd", || Sgd::new(0.005).into()),
        ("sgd_weight_decay", || Sgd::new(0.005).weight_decay(0.1).into()),
        ("sgd_momentum", || Sgd::new(0.001).momentum(0.9).into()),
        ("sgd_dampening", || Sgd::new(0.005).momentum(0.9).dampening(0.5).into()),
        ("sgd_nesterov", || Sgd::new(0.001).momentum(0.9).nesterov().weight_decay(0.01).into()),
        ("sgd_clip_value", || crate::Optimizer::new(Sgd::new(0.01)).clip_value(0.5)),
        ("sgd_clip_norm", || crate::Optimizer::new(Sgd::new(0.01)).clip_global_norm(1.5)),
        ("sgd_clip_each", || {
            crate::Optimizer::new(Sgd::new(0.01).momentum(0.5)).clip_value(3.0).clip_parameter_norm(1.0)
        }),
        ("sgd_clip_adaptive", || crate::Optimizer::new(Sgd::new(0.05).momentum(0.5)).clip_adaptive(0.05)),
        ("sgd_groups", || {
            let bias = crate::ParamGroup::new("bias").learning_rate(0.002).weight_decay(0.0);
            crate::Optimizer::new(Sgd::new(0.005).weight_decay(0.1)).group(bias)
        }),
    ],
    minimum: || Sgd::new(0.001).momentum(0.9).into(),
    steps: 4000,
    errors: &[
        (|| Sgd::new(-1.0).into(), "Sgd: expected a learning rate of at least 0, got -1"),
        (|| Sgd::new(0.1).momentum(-0.5).into(), "Sgd: expected a momentum of at least 0, got -0.5"),
        (|| Sgd::new(0.1).dampening(f64::INFINITY).into(), "Sgd: expected a finite dampening, got inf"),
        (|| Sgd::new(0.1).nesterov().into(), "Sgd: expected a momentum above 0 with Nesterov, got 0"),
        (
            || Sgd::new(0.1).momentum(0.9).dampening(0.5).nesterov().into(),
            "Sgd: expected a dampening of 0 with Nesterov, got 0.5",
        ),
        (|| Sgd::new(0.1).weight_decay(-0.1).into(), "Sgd: expected a weight decay of at least 0, got -0.1"),
    ],
};
