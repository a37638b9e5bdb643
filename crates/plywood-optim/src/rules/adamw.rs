//! Adam with decoupled weight decay.

use crate::{Adam, Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Result};

/// [`Adam`] with weight decay that the running means do not see.
///
/// `p ← p − η λ p`, then the step of Adam; its formula, settings and slots are there.
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{AdamW, Optimizer};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0, -2.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([0.0, 0.0]));
/// Optimizer::new(AdamW::new(0.5).weight_decay(0.5)).step(&mut model, &gradients)?;
/// assert_eq!(model[0].value().as_slice(), [0.75, -1.5]); // a quarter less
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, with the learning rate as a factor of the decay, as
/// in `torch.optim.AdamW`, whose defaults these are. Keras's `AdamW` decays by 0.004 and adds `ε = 1e-7` before the bias
/// correction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamW(Adam);

impl AdamW {
    /// With PyTorch's settings otherwise: `β = (0.9, 0.999)`, `ε = 1e-8`, weight decay 0.01.
    pub fn new(learning_rate: f64) -> AdamW {
        AdamW(Adam::new(learning_rate).weight_decay(WeightDecay::Decoupled(0.01)))
    }

    /// How slowly the running means of the gradient and of its square forget.
    #[must_use]
    pub fn betas(self, beta1: f64, beta2: f64) -> AdamW {
        AdamW(self.0.betas(beta1, beta2))
    }

    /// What keeps the division from exploding where gradients vanish; less than 10⁻³⁰ counts as 10⁻³⁰.
    #[must_use]
    #[doc(alias = "eps")]
    pub fn epsilon(self, epsilon: f64) -> AdamW {
        AdamW(self.0.epsilon(epsilon))
    }

    /// The strength of the decay.
    #[must_use]
    pub fn weight_decay(self, strength: f64) -> AdamW {
        AdamW(self.0.weight_decay(WeightDecay::Decoupled(strength)))
    }

    /// As [`Adam::amsgrad`].
    #[must_use]
    pub fn amsgrad(self) -> AdamW {
        AdamW(self.0.amsgrad())
    }
}

impl Default for AdamW {
    /// With PyTorch's learning rate, 0.001.
    fn default() -> AdamW {
        AdamW::new(1e-3)
    }
}

impl Rule for AdamW {
    fn name(&self) -> &'static str {
        "AdamW"
    }

    fn learning_rate(&self) -> f64 {
        self.0.learning_rate()
    }

    fn weight_decay(&self) -> WeightDecay {
        Rule::weight_decay(&self.0)
    }

    fn check(&self) -> Result<()> {
        self.0.check_as("AdamW")
    }

    fn slots(&self) -> &'static [&'static str] {
        self.0.slots()
    }

    fn decays(&self) -> bool {
        self.0.decays()
    }

    fn constants(&self, step: &Step) -> Option<[f64; 2]> {
        self.0.constants(step)
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        self.0.update(step, parameter, gradient, slots);
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "AdamW",
    cases: &[
        ("adamw", || AdamW::new(0.05).into()),
        ("adamw_default", || AdamW::default().into()),
        ("adamw_settings", || AdamW::new(0.02).betas(0.8, 0.95).epsilon(1e-3).weight_decay(0.2).into()),
        ("adamw_amsgrad", || AdamW::new(0.05).weight_decay(0.2).amsgrad().into()),
        ("adamw_groups", || {
            let bias = crate::ParamGroup::new("b*").weight_decay(0.0);
            crate::Optimizer::new(AdamW::new(0.05).weight_decay(0.3)).group(bias)
        }),
    ],
    minimum: || AdamW::new(0.02).weight_decay(1e-5).into(),
    steps: 3000,
    errors: &[
        (|| AdamW::new(-1.0).into(), "AdamW: expected a learning rate of at least 0, got -1"),
        (
            || AdamW::default().betas(0.9, 1.5).into(),
            "AdamW: expected a beta2 of at least 0 and below 1, got 1.5",
        ),
        (
            || AdamW::default().weight_decay(-0.01).into(),
            "AdamW: expected a weight decay of at least 0, got -0.01",
        ),
    ],
};
