//! Sharpness-aware minimisation.

use crate::error::expect;
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, Shape, simd};

/// Takes the gradient a little uphill, where the loss is worst, and then steps as another rule does.
///
/// With the gradient `g` of all parameters `p`, the radius `ρ` and the rule around which it stands:
/// ```text
/// g' = ∇ loss (p + ρ g / ‖g‖)
/// p ← the rule's step from p with g'
/// ```
/// A step takes two gradients, so it is taken with [`Optimizer::step_with`](crate::Optimizer::step_with). Flat minima
/// generalise better than sharp ones. It keeps no state of its own and goes by the name of its rule: a run that began with
/// the rule alone can go on with this one.
///
/// # Example
/// ```
/// use plywood_autograd::{Param, Var};
/// use plywood_optim::{Optimizer, Sam, Sgd};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([2.0]))];
/// let mut optimizer = Optimizer::new(Sam::new(Sgd::new(0.25)).radius(0.5));
/// let (loss, _) = optimizer.step_with(&mut model, |model| {
///     let x = Var::parameter(&model[0]);
///     let loss = x.mul(&x)?.sum(); // the slope at 2 is 4, and at 2.5, half a unit uphill, 5
///     Ok((loss.value().item()?, loss.backward()?))
/// })?;
/// assert_eq!(loss, 4.0);
/// assert_eq!(model[0].value().to_string(), "[0.7500]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Foret and others, "Sharpness-aware minimization for efficiently improving generalization", 2021. PyTorch and Keras do not
/// have it as an optimizer; Keras has it as a model that wraps another.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "SharpnessAwareMinimization")]
pub struct Sam<R> {
    rule: R,
    radius: f64,
}

impl<R: Rule> Sam<R> {
    /// Around a rule, with the paper's radius of 0.05.
    pub fn new(rule: R) -> Sam<R> {
        Sam { rule, radius: 0.05 }
    }

    /// How far uphill it looks.
    #[must_use]
    #[doc(alias = "rho")]
    pub fn radius(self, radius: f64) -> Sam<R> {
        Sam { radius, ..self }
    }
}

impl<R: Rule> Rule for Sam<R> {
    fn name(&self) -> &'static str {
        self.rule.name()
    }

    fn learning_rate(&self) -> f64 {
        self.rule.learning_rate()
    }

    fn weight_decay(&self) -> WeightDecay {
        self.rule.weight_decay()
    }

    fn check(&self) -> Result<()> {
        let fits = self.radius >= 0.0 && self.radius.is_finite();
        expect("Sam", "a finite radius of at least 0", self.radius, fits)?;
        let inner = self.rule.evaluations();
        expect("Sam", "a rule of 1 gradient for a step", inner as f64, inner == 1)?;
        self.rule.check()
    }

    fn slots(&self) -> &'static [&'static str] {
        self.rule.slots()
    }

    fn slot_shape(&self, slot: usize, parameter: &Shape) -> Option<Shape> {
        self.rule.slot_shape(slot, parameter)
    }

    fn start(&self, slot: usize) -> f64 {
        self.rule.start(slot)
    }

    fn check_shape(&self, parameter: &Shape) -> Result<()> {
        self.rule.check_shape(parameter)
    }

    fn instead(&self, parameter: &Shape) -> Option<&dyn Rule> {
        self.rule.instead(parameter)
    }

    fn is_whole(&self) -> bool {
        self.rule.is_whole()
    }

    fn decays(&self) -> bool {
        self.rule.decays()
    }

    fn constants(&self, step: &Step) -> Option<[f64; 2]> {
        self.rule.constants(step)
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        self.rule.update(step, parameter, gradient, slots);
    }

    fn evaluations(&self) -> usize {
        2
    }

    fn probe(&self, _evaluation: usize, norm: f64, parameter: &mut [Elem], gradient: &[Elem]) {
        // Where the gradient is 0 there is no uphill; the summand keeps 0 / 0 away.
        let scale = Elem::of(self.radius / (norm + 1e-12));
        simd::dispatch(move || {
            for (p, &g) in parameter.iter_mut().zip(gradient) {
                *p += scale * g;
            }
        });
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Sam",
    cases: &[
        ("sam_sgd", || Sam::new(crate::Sgd::new(0.005)).into()),
        ("sam_adam", || Sam::new(crate::Adam::new(0.05)).radius(0.1).into()),
    ],
    minimum: || Sam::new(crate::Adam::new(0.02)).radius(1e-3).into(),
    steps: 3000,
    errors: &[
        (|| Sam::new(crate::Sgd::new(-1.0)).into(), "Sgd: expected a learning rate of at least 0, got -1"),
        (
            || Sam::new(crate::Sgd::new(0.1).momentum(-1.0)).into(),
            "Sgd: expected a momentum of at least 0, got -1",
        ),
        (
            || Sam::new(crate::Sgd::new(0.1)).radius(-1.0).into(),
            "Sam: expected a finite radius of at least 0, got -1",
        ),
        (
            || Sam::new(Sam::new(crate::Sgd::new(0.1))).into(),
            "Sam: expected a rule of 1 gradient for a step, got 2",
        ),
    ],
};
