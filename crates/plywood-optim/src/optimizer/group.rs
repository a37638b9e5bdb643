//! Parameters that are treated differently.

use crate::error::expect;
use crate::{MAX_SLOTS, Rule};
use plywood_nn::Pattern;
use plywood_tensor::Result;
use std::sync::Arc;

/// Settings for the parameters whose paths fit a pattern, in place of those of the rule.
///
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Optimizer, ParamGroup, Sgd};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0])), Param::new(Tensor::from([1.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([1.0]));
/// gradients.set(&model[1], Tensor::from([1.0]));
/// let slow = ParamGroup::new("0").learning_rate(0.125);
/// Optimizer::new(Sgd::new(0.5)).group(slow).step(&mut model, &gradients)?;
/// assert_eq!(model[0].value().as_slice(), [0.875]);
/// assert_eq!(model[1].value().as_slice(), [0.5]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ParamGroup {
    pub(super) pattern: Pattern,
    pub(super) rule: Option<Arc<dyn Rule>>,
    pub(super) learning_rate: Option<f64>,
    pub(super) weight_decay: Option<f64>,
    /// What a schedule of their own says.
    pub(super) rate_factor: Option<f64>,
    /// Whether the adaptive limit holds for them.
    pub(super) clips_adaptively: bool,
}

impl ParamGroup {
    /// The parameters whose paths fit a pattern such as `*.bias`; a pattern that fits none is an error at the first step.
    pub fn new(pattern: impl Into<String>) -> ParamGroup {
        ParamGroup {
            pattern: Pattern::new(pattern),
            rule: None,
            learning_rate: None,
            weight_decay: None,
            rate_factor: None,
            clips_adaptively: true,
        }
    }

    /// A rule of their own, with its learning rate and its weight decay.
    ///
    /// It takes one gradient for a step; when the optimizer's rule looks around before it moves, as [`Sam`](crate::Sam) does,
    /// that holds for all parameters.
    ///
    /// ```
    /// use plywood_autograd::{Gradients, Param};
    /// use plywood_optim::{AdamW, Muon, Optimizer, ParamGroup};
    /// use plywood_tensor::Tensor;
    ///
    /// let mut model = vec![Param::new(Tensor::eye(2)?), Param::new(Tensor::from([1.0, 1.0]))];
    /// let mut gradients = Gradients::default();
    /// gradients.set(&model[0], Tensor::from([[1.0, 0.0], [0.0, 1.0]]));
    /// gradients.set(&model[1], Tensor::from([5.0, -5.0]));
    /// let vector = ParamGroup::new("1").rule(AdamW::new(0.25).weight_decay(0.0));
    /// Optimizer::new(Muon::new(0.02)).group(vector).step(&mut model, &gradients)?;
    /// assert_eq!(format!("{:.2}", model[1].value()), "[0.75, 1.25]");
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[must_use]
    pub fn rule(self, rule: impl Rule + 'static) -> ParamGroup {
        ParamGroup { rule: Some(Arc::new(rule)), ..self }
    }

    /// A learning rate of their own; when the optimizer's is set to another or follows a schedule, it changes in proportion.
    #[must_use]
    pub fn learning_rate(self, learning_rate: f64) -> ParamGroup {
        ParamGroup { learning_rate: Some(learning_rate), ..self }
    }

    /// A strength of weight decay of their own; it acts in the way the rule's does, coupled or decoupled.
    #[must_use]
    pub fn weight_decay(self, strength: f64) -> ParamGroup {
        ParamGroup { weight_decay: Some(strength), ..self }
    }

    /// Leaves them out of [`Optimizer::clip_adaptive`](crate::Optimizer::clip_adaptive), as should be done with the last layer.
    #[must_use]
    pub fn without_clip_adaptive(self) -> ParamGroup {
        ParamGroup { clips_adaptively: false, ..self }
    }

    pub(super) fn check(&self) -> Result<()> {
        let owner = format!("group {:?}", self.pattern.as_str());
        check_learning_rate(&owner, self.learning_rate.unwrap_or(0.0))?;
        check_weight_decay(&owner, self.weight_decay.unwrap_or(0.0))?;
        let Some(rule) = &self.rule else { return Ok(()) };
        check_rule(&**rule)?;
        let evaluations = rule.evaluations();
        expect(&owner, "a rule of 1 gradient for a step", evaluations as f64, evaluations == 1)
    }
}

/// Refuses a rule whose settings make no sense.
pub(crate) fn check_rule(rule: &dyn Rule) -> Result<()> {
    check_learning_rate(rule.name(), rule.learning_rate())?;
    check_weight_decay(rule.name(), rule.weight_decay().strength())?;
    rule.check()?;
    check_slots(rule)
}

/// Refuses a rule with more slots than there is room for.
pub(super) fn check_slots(rule: &dyn Rule) -> Result<()> {
    let slots = rule.slots().len();
    expect(rule.name(), "at most 8 slots", slots as f64, slots <= MAX_SLOTS)
}

#[inline]
pub(super) fn check_learning_rate(owner: &str, got: f64) -> Result<()> {
    expect(owner, "a learning rate of at least 0", got, got >= 0.0 && got.is_finite())
}

pub(super) fn check_weight_decay(owner: &str, got: f64) -> Result<()> {
    expect(owner, "a weight decay of at least 0", got, got >= 0.0 && got.is_finite())
}
