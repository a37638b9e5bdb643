//! What applies a rule to the parameters of a model.

mod accumulate;
mod adaptive;
mod apply;
pub(crate) mod attach;
mod clip;
pub(crate) mod group;
pub(crate) mod look;
mod measure;
mod noise;
pub(crate) mod non_finite;
mod policy;
mod prepare;
mod rate;
pub(crate) mod report;
pub(crate) mod state;
mod take;

use crate::{NonFinite, OptimizerState, ParamGroup, Rule};
use attach::Entry;
use clip::Clip;
use noise::Noise;
use plywood_autograd::ParamId;
use std::collections::BTreeMap;

/// Moves the parameters of a model by a [`Rule`], and keeps what the rule remembers of them.
///
/// It holds no reference to the model: parameters are recognised at the first step, by id, and named by path. Settings are
/// checked then too.
///
/// # Example
/// ```
/// use plywood_autograd::Gradients;
/// use plywood_nn::{Linear, Parameters};
/// use plywood_optim::{AdamW, Optimizer, ParamGroup};
/// use plywood_tensor::{Seed, Tensor};
///
/// let mut model = Linear::new(3, 2, &Seed(0).stream())?;
/// let mut optimizer = Optimizer::new(AdamW::new(1e-3))
///     .group(ParamGroup::new("*bias").weight_decay(0.0))
///     .clip_global_norm(1.0);
///
/// let mut gradients = Gradients::default();
/// gradients.set(&model.weight, Tensor::ones([2, 3])?);
/// let error = optimizer.step(&mut model, &gradients).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "bias: expected a gradient, got none; freeze the parameter if the loss shall not depend on it"
/// );
///
/// model.freeze("bias")?;
/// let report = optimizer.step(&mut model, &gradients)?;
/// assert_eq!(report.norm, Some(6.0_f64.sqrt()));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug)]
pub struct Optimizer {
    rule: Box<dyn Rule>,
    groups: Vec<ParamGroup>,
    clip: Clip,
    /// Whether the norm over all gradients is found where no limit needs it.
    measures_norm: bool,
    noise: Option<Noise>,
    non_finite: NonFinite,
    /// How many calls make a step, and how many wait for theirs.
    accumulate: u64,
    accumulated: u64,
    learning_rate: f64,
    /// What a schedule multiplies learning rates with, for groups without a factor of their own.
    rate_factor: f64,
    steps: u64,
    entries: BTreeMap<ParamId, Entry>,
    /// A state that waits for the parameters it belongs to.
    pending: Option<OptimizerState>,
    /// How often gradients were looked at; tells whether a parameter was seen twice in one look.
    looks: u64,
}

impl Optimizer {
    /// An optimizer that applies one rule to all parameters.
    pub fn new(rule: impl Rule + 'static) -> Optimizer {
        Optimizer::from(Box::new(rule) as Box<dyn Rule>)
    }

    /// Gives the parameters whose paths fit a pattern settings of their own; the first group that fits counts.
    #[must_use]
    #[doc(alias = "param_groups")]
    pub fn group(mut self, group: ParamGroup) -> Optimizer {
        self.groups.push(group);
        self
    }

    /// Cuts off every element of every gradient at `±limit`, before anything else is done with it.
    ///
    /// The gradients themselves stay as they are. PyTorch: `clip_grad_value_`. Keras: `clipvalue`.
    #[must_use]
    pub fn clip_value(mut self, limit: f64) -> Optimizer {
        self.clip.value = Some(limit);
        self
    }

    /// Shortens the gradient of each parameter whose norm is above `limit` to that norm. Keras: `clipnorm`.
    #[must_use]
    pub fn clip_parameter_norm(mut self, limit: f64) -> Optimizer {
        self.clip.parameter_norm = Some(limit);
        self
    }

    /// Shortens all gradients together where the norm over all of them is above `limit`, the last of the limits to act.
    ///
    /// Norms are sums in double precision, in a fixed order. As in PyTorch's `clip_grad_norm_`, the factor is
    /// `limit / (norm + 1e-6)`. Keras: `global_clipnorm`.
    #[must_use]
    pub fn clip_global_norm(mut self, limit: f64) -> Optimizer {
        self.clip.global_norm = Some(limit);
        self
    }

    /// What happens when a gradient is infinite or NaN; an error unless set.
    #[must_use]
    pub fn non_finite(mut self, policy: NonFinite) -> Optimizer {
        self.non_finite = policy;
        self
    }

    /// The rule that it applies.
    pub fn rule(&self) -> &dyn Rule {
        &*self.rule
    }

    /// How many steps were taken; skipped ones do not count, nor calls that [accumulate](Optimizer::accumulate).
    pub fn steps(&self) -> u64 {
        self.steps
    }
}

impl From<Box<dyn Rule>> for Optimizer {
    fn from(rule: Box<dyn Rule>) -> Optimizer {
        Optimizer {
            learning_rate: rule.learning_rate(),
            rate_factor: 1.0,
            rule,
            groups: Vec::new(),
            clip: Clip::default(),
            measures_norm: false,
            noise: None,
            accumulate: 1,
            accumulated: 0,
            non_finite: NonFinite::Error,
            steps: 0,
            entries: BTreeMap::new(),
            pending: None,
            looks: 0,
        }
    }
}

impl<R: Rule + 'static> From<R> for Optimizer {
    fn from(rule: R) -> Optimizer {
        Optimizer::new(rule)
    }
}
