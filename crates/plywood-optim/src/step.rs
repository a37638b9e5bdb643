//! What a rule is told besides the numbers.

use crate::Rule;
use plywood_tensor::Shape;

/// One step of one parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// How many steps this parameter has taken with this one, from 1; less than the optimizer's where it was frozen.
    pub count: u64,
    /// The learning rate after group and schedule.
    pub learning_rate: f64,
    /// What [`Rule::constants`] says of this count and learning rate, if it was asked before.
    pub constants: Option<[f64; 2]>,
    /// What a decoupled weight decay leaves of the parameter, for rules that [decay it themselves](Rule::decays); 1 for all
    /// others.
    pub keep: f64,
    /// The strength of that decay, 0 for all others: `keep` is one less this times the learning rate.
    pub weight_decay: f64,
    /// The shape of the parameter, for rules that [see it as a whole](Rule::is_whole).
    pub shape: Shape,
}

impl Step {
    /// The step of this count, from 1.
    pub fn new(count: u64, learning_rate: f64) -> Step {
        let (keep, weight_decay, shape) = (1.0, 0.0, Shape::SCALAR);
        Step { count, learning_rate, constants: None, keep, weight_decay, shape }
    }

    /// What a running mean `m ← β m + (1 − β) x` that began with 0 lacks after this step: it is divided by `1 − βᵗ`.
    ///
    /// ```
    /// use plywood_optim::Step;
    ///
    /// assert_eq!(Step::new(1, 0.1).correction(0.75), 0.25);
    /// assert_eq!(Step::new(2, 0.1).correction(0.75), 0.4375);
    /// assert_eq!(Step::new(u64::MAX, 0.1).correction(0.75), 1.0);
    /// ```
    #[inline]
    pub fn correction(&self, beta: f64) -> f64 {
        1.0 - self.power(beta)
    }

    /// `βᵗ`
    #[inline]
    pub(crate) fn power(&self, beta: f64) -> f64 {
        // Powers reach 0 long before the count reaches the end of its type.
        beta.powi(i32::try_from(self.count).unwrap_or(i32::MAX))
    }

    /// The step of this count for a rule, which is asked for its constants unless `last` was the same step.
    #[inline]
    pub(crate) fn of(rule: &dyn Rule, last: Option<Step>, count: u64, learning_rate: f64) -> Step {
        match last {
            Some(last) if last.count == count && last.learning_rate == learning_rate => last,
            _ => {
                let step = Step::new(count, learning_rate);
                Step { constants: rule.constants(&step), ..step }
            }
        }
    }
}
