//! What happens to gradient and parameter before the rule sees them.

use crate::WeightDecay;
use crate::norm::cut;
use plywood_tensor::{Elem, Float, Tensor, simd};

/// Clipping and weight decay of one parameter in one step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prepare {
    /// Elements of the gradient are cut off at `±limit`, then multiplied with `scale`.
    limit: Elem,
    scale: Elem,
    /// Coupled decay: `g + l2 · p`.
    l2: Elem,
    /// Decoupled decay: `keep · p`. In double precision until it is used: a rule may do it.
    keep: f64,
}

impl Prepare {
    pub(super) fn new(limit: f64, scale: f64, decay: WeightDecay, learning_rate: f64) -> Prepare {
        let (l2, keep) = match decay {
            WeightDecay::Coupled(strength) => (strength, 1.0),
            WeightDecay::Decoupled(strength) => (0.0, 1.0 - learning_rate * strength),
        };
        let [limit, scale, l2] = [limit, scale, l2].map(Elem::of);
        Prepare { limit, scale, l2, keep }
    }

    /// Whether the rule shall see another gradient than the one that was given.
    #[inline]
    pub(super) fn changes_gradient(&self) -> bool {
        self.limit < Elem::INFINITY || self.scale != 1.0 || self.l2 != 0.0
    }

    /// Writes the gradient that the rule shall see to `out`.
    pub(super) fn gradient(&self, parameter: &[Elem], gradient: &[Elem], out: &mut [Elem]) {
        let Prepare { limit, scale, l2, .. } = *self;
        simd::dispatch(move || {
            for ((out, &g), &p) in out.iter_mut().zip(gradient).zip(parameter) {
                *out = cut(g, limit) * scale + l2 * p;
            }
        });
    }

    /// The gradient that the rule shall see, as a whole.
    pub(super) fn whole(&self, parameter: &Tensor, gradient: &Tensor) -> Tensor {
        let Prepare { limit, scale, l2, .. } = *self;
        let prepared = gradient.zip("gradient", parameter, move |g, p| cut(g, limit) * scale + l2 * p);
        prepared.expect("a gradient has the shape of its parameter")
    }

    /// Whether the parameter decays before the rule sees it.
    #[inline]
    pub(super) fn decays(&self) -> bool {
        self.keep != 1.0
    }

    /// Leaves the decoupled decay to the rule: what it shall multiply the parameter with.
    #[inline]
    pub(super) fn take_decay(&mut self) -> f64 {
        std::mem::replace(&mut self.keep, 1.0)
    }

    /// Decays the parameter, if it is to.
    #[inline]
    pub(super) fn decay(&self, parameter: &mut [Elem]) {
        let keep = Elem::of(self.keep);
        if self.decays() {
            simd::dispatch(move || parameter.iter_mut().for_each(|p| *p *= keep));
        }
    }
}
