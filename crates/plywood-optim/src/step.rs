//! What a rule is told besides the numbers.

use plywood_tensor::{Elem, Float};

/// One step of one parameter: everything that the group, the schedule and the clipping make of it.
///
/// ```
/// use plywood_optim::Step;
///
/// let mut step = Step::new(1, 0.1);
/// step.l2 = 0.5;
/// assert_eq!(step.gradient(2.0, 3.0), 4.0); // 3 + 0.5 · 2
/// step.limit = 1.0;
/// assert_eq!(step.gradient(2.0, 3.0), 2.0); // 1 + 0.5 · 2
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// How many steps this parameter has taken with this one, from 1; less than the optimizer's where it was frozen.
    pub count: u64,
    /// The learning rate after group and schedule.
    pub learning_rate: f64,
    /// The strength of weight decay that enters with the gradient: `g + l2 · p`.
    pub l2: f64,
    /// The strength of weight decay that passes the gradient by: `p − learning_rate · decay · p`.
    pub decay: f64,
    /// Elements of the gradient are cut off at `±limit`.
    pub limit: f64,
    /// What clipping by norm multiplies the gradient with, after the limit.
    pub scale: f64,
}

impl Step {
    /// A step without decay and clipping.
    pub fn new(count: u64, learning_rate: f64) -> Step {
        Step { count, learning_rate, l2: 0.0, decay: 0.0, limit: f64::INFINITY, scale: 1.0 }
    }

    /// The gradient that a rule shall use: clipped, and with coupled weight decay.
    ///
    /// Call it within the loop on a copy of the step: the compiler takes what is constant out of it.
    #[inline(always)]
    pub fn gradient(&self, parameter: Elem, gradient: Elem) -> Elem {
        cut(gradient, Elem::of(self.limit)) * Elem::of(self.scale) + Elem::of(self.l2) * parameter
    }

    /// The parameter that a rule shall move from: after decoupled weight decay.
    #[inline(always)]
    pub fn decayed(&self, parameter: Elem) -> Elem {
        parameter * Elem::of(1.0 - self.learning_rate * self.decay)
    }
}

/// The number, moved to `±limit` if it lies beyond; NaN stays NaN.
#[inline(always)]
pub(crate) fn cut(x: Elem, limit: Elem) -> Elem {
    if x > limit {
        limit
    } else if x < -limit {
        -limit
    } else {
        x
    }
}
