//! Parameters that are treated differently.

use crate::error::expect;
use plywood_nn::Pattern;
use plywood_tensor::Result;

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
#[derive(Debug, Clone, PartialEq)]
pub struct ParamGroup {
    pub(super) pattern: Pattern,
    pub(super) learning_rate: Option<f64>,
    pub(super) weight_decay: Option<f64>,
    /// What a schedule of their own says.
    pub(super) rate_factor: Option<f64>,
}

impl ParamGroup {
    /// The parameters whose paths fit a pattern such as `*.bias`; a pattern that fits none is an error at the first step.
    pub fn new(pattern: impl Into<String>) -> ParamGroup {
        ParamGroup {
            pattern: Pattern::new(pattern),
            learning_rate: None,
            weight_decay: None,
            rate_factor: None,
        }
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

    pub(super) fn check(&self) -> Result<()> {
        let owner = format!("group {:?}", self.pattern.as_str());
        check_learning_rate(&owner, self.learning_rate.unwrap_or(0.0))?;
        check_weight_decay(&owner, self.weight_decay.unwrap_or(0.0))
    }
}

#[inline]
pub(super) fn check_learning_rate(owner: &str, got: f64) -> Result<()> {
    expect(owner, "a learning rate of at least 0", got, got >= 0.0 && got.is_finite())
}

pub(super) fn check_weight_decay(owner: &str, got: f64) -> Result<()> {
    expect(owner, "a weight decay of at least 0", got, got >= 0.0 && got.is_finite())
}
