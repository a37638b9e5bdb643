//! What earlier steps say about the curvature.

use super::vector::{add_to, dot};
use plywood_tensor::{Elem, Float};
use std::sync::Arc;

/// Differences of the gradient and of the place, for each of the last steps, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct History {
    /// Shared with the memory that a call goes back to if it fails.
    pub(super) pairs: Vec<Arc<Pair>>,
    /// The inverse curvature that directions without differences are given.
    pub(super) scale: f64,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    /// By how much the gradient changed.
    pub(super) gradient: Vec<Elem>,
    /// By how much the parameters did.
    pub(super) place: Vec<Elem>,
    /// One over their product.
    pub(super) rho: f64,
}

impl Default for History {
    fn default() -> History {
        History { pairs: Vec::new(), scale: 1.0 }
    }
}

impl History {
    /// Takes in a step of this length along a direction, and forgets the oldest if there are more than `size`.
    pub(super) fn learn(
        &mut self,
        now: &[Elem],
        before: &[Elem],
        direction: &[Elem],
        length: f64,
        size: usize,
    ) {
        let gradient: Vec<Elem> = now.iter().zip(before).map(|(now, before)| now - before).collect();
        let length = Elem::of(length);
        let place: Vec<Elem> = direction.iter().map(|d| d * length).collect();
        let product = dot(&gradient, &place);
        // Otherwise the function curves downwards there, and the estimate would not stay positive.
        if product > 1e-10 {
            let excess = (self.pairs.len() + 1).saturating_sub(size);
            self.pairs.drain(..excess);
            self.scale = product / dot(&gradient, &gradient);
            self.pairs.push(Arc::new(Pair { gradient, place, rho: 1.0 / product }));
        }
    }

    /// The direction of the next step: the estimate of the inverse Hessian matrix times `−gradient`, by the two loops of
    /// Nocedal.
    pub(super) fn direction(&self, gradient: &[Elem]) -> Vec<Elem> {
        let mut d: Vec<Elem> = gradient.iter().map(|g| -g).collect();
        let mut along = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs.iter().rev() {
            let alpha = dot(&pair.place, &d) * pair.rho;
            add_to(&mut d, -alpha, &pair.gradient);
            along.push(alpha);
        }
        let scale = Elem::of(self.scale);
        d.iter_mut().for_each(|d| *d *= scale);
        for (pair, alpha) in self.pairs.iter().zip(along.into_iter().rev()) {
            let beta = dot(&pair.gradient, &d) * pair.rho;
            add_to(&mut d, alpha - beta, &pair.place);
        }
        d
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_shares_all_differences() {
        let mut history = History::default();
        for length in [1.0, 2.0, 3.0] {
            history.learn(&[2.0, 1.0], &[0.0, 0.0], &[1.0, 1.0], length, 2);
        }
        let mut copy = history.clone();
        copy.learn(&[2.0, 1.0], &[0.0, 0.0], &[1.0, 1.0], 4.0, 2);
        assert_eq!((history.pairs.len(), copy.pairs.len()), (2, 2));
        assert!(Arc::ptr_eq(&history.pairs[1], &copy.pairs[0]));
        assert_eq!(copy.pairs[1].place, [4.0, 4.0]);
    }
}
