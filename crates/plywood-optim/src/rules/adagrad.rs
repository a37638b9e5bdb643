//! Adagrad.

use super::floor::least_divisor;
use crate::error::expect;
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, math, simd};

/// Gradient descent divided by the root of the sum of all squared gradients so far.
///
/// With the gradient `g`, the learning rate `η` and its decay `δ`, in step `t`:
/// ```text
/// s ← s + g²
/// p ← p − η / (1 + (t − 1) δ) · g / (√s + ε)
/// ```
/// The slot is `sum`. Steps become shorter where gradients were often large; rare features keep long ones.
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Adagrad, Optimizer};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0, 2.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([4.0, -0.5]));
/// let mut optimizer = Optimizer::new(Adagrad::new(0.25));
/// optimizer.step(&mut model, &gradients)?;
/// assert_eq!(format!("{:.4}", model[0].value()), "[0.7500, 2.2500]");
/// optimizer.step(&mut model, &gradients)?;
/// assert_eq!(format!("{:.4}", model[0].value()), "[0.5732, 2.4268]"); // shorter by √2
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011, in the form
/// of `torch.optim.Adagrad`, with its defaults. Keras's `Adagrad` starts the sum at 0.1 and adds `ε = 1e-7` under the root.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adagrad {
    learning_rate: f64,
    learning_rate_decay: f64,
    initial_sum: f64,
    epsilon: f64,
    weight_decay: WeightDecay,
}

impl Adagrad {
    /// With PyTorch's settings otherwise: `δ = 0`, `ε = 1e-10`, a sum that starts at 0, no weight decay.
    pub fn new(learning_rate: f64) -> Adagrad {
        let weight_decay = WeightDecay::Coupled(0.0);
        Adagrad { learning_rate, learning_rate_decay: 0.0, initial_sum: 0.0, epsilon: 1e-10, weight_decay }
    }

    /// How fast the learning rate falls, besides the growth of the sum; 0 unless set.
    #[must_use]
    #[doc(alias = "lr_decay")]
    pub fn learning_rate_decay(self, decay: f64) -> Adagrad {
        Adagrad { learning_rate_decay: decay, ..self }
    }

    /// Where the sum of squares starts; 0 unless set.
    #[must_use]
    #[doc(alias = "initial_accumulator_value")]
    pub fn initial_sum(self, sum: f64) -> Adagrad {
        Adagrad { initial_sum: sum, ..self }
    }

    /// What keeps the division from exploding where gradients vanish; less than 10⁻³⁰ counts as 10⁻³⁰.
    #[must_use]
    #[doc(alias = "eps")]
    pub fn epsilon(self, epsilon: f64) -> Adagrad {
        Adagrad { epsilon, ..self }
    }

    /// The pull towards 0; none unless set, coupled if a number alone is given.
    #[must_use]
    pub fn weight_decay(self, decay: impl Into<WeightDecay>) -> Adagrad {
        Adagrad { weight_decay: decay.into(), ..self }
    }
}

impl Default for Adagrad {
    /// With PyTorch's learning rate, 0.01.
    fn default() -> Adagrad {
        Adagrad::new(1e-2)
    }
}

impl Rule for Adagrad {
    fn name(&self) -> &'static str {
        "Adagrad"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        self.weight_decay
    }

    fn check(&self) -> Result<()> {
        let (decay, sum) = (self.learning_rate_decay, self.initial_sum);
        expect("Adagrad", "a learning rate decay of at least 0", decay, decay >= 0.0)?;
        expect("Adagrad", "an initial sum of at least 0", sum, sum >= 0.0)?;
        expect("Adagrad", "an epsilon of at least 0", self.epsilon, self.epsilon >= 0.0)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["sum"]
    }

    fn start(&self, _slot: usize) -> f64 {
        self.initial_sum
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let [sum] = slots else { unreachable!("Adagrad has one slot") };
        let epsilon = least_divisor(self.epsilon);
        let before = step.count.saturating_sub(1) as f64;
        let rate = Elem::of(step.learning_rate / (1.0 + before * self.learning_rate_decay));
        simd::dispatch(move || {
            for ((p, &g), sum) in parameter.iter_mut().zip(gradient).zip(&mut **sum) {
                *sum = g.mul_add(g, *sum);
                *p -= math::quotient(rate * g, sum.sqrt() + epsilon);
            }
        });
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Adagrad",
    cases: &[
        ("adagrad", || Adagrad::new(0.1).into()),
        ("adagrad_default", || Adagrad::default().into()),
        ("adagrad_settings", || {
            Adagrad::new(0.2)
                .learning_rate_decay(0.05)
                .initial_sum(0.1)
                .epsilon(1e-3)
                .weight_decay(0.1)
                .into()
        }),
    ],
    minimum: || Adagrad::new(0.5).into(),
    steps: 8000,
    errors: &[
        (|| Adagrad::new(-1.0).into(), "Adagrad: expected a learning rate of at least 0, got -1"),
        (
            || Adagrad::default().learning_rate_decay(-1.0).into(),
            "Adagrad: expected a learning rate decay of at least 0, got -1",
        ),
        (
            || Adagrad::default().initial_sum(-1.0).into(),
            "Adagrad: expected an initial sum of at least 0, got -1",
        ),
        (|| Adagrad::default().epsilon(-1.0).into(), "Adagrad: expected an epsilon of at least 0, got -1"),
        (
            || Adagrad::default().weight_decay(-1.0).into(),
            "Adagrad: expected a weight decay of at least 0, got -1",
        ),
    ],
};
