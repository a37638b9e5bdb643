//! The course between two rates.

use plywood_tensor::math;
use std::f64::consts::PI;

/// How a rate goes from one number to another; see [`OneCycle::annealing`](super::OneCycle::annealing).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[doc(alias = "anneal_strategy")]
pub enum Annealing {
    /// By half a wave of a cosine: slowly, quickly, slowly.
    #[default]
    Cosine,
    /// In a straight line.
    Linear,
}

impl Annealing {
    /// Between two numbers, as `share` goes from 0 to 1; exact at both ends.
    pub(super) fn between(self, from: f64, to: f64, share: f64) -> f64 {
        let left = match self {
            Annealing::Cosine => 0.5 * (1.0 + math::cos(PI * share)),
            Annealing::Linear => 1.0 - share,
        };
        from * left + to * (1.0 - left)
    }
}

#[cfg(test)]
mod tests {
    use super::Annealing;

    #[test]
    fn both_ends_are_exact() {
        for annealing in [Annealing::Cosine, Annealing::Linear] {
            for (from, to) in [(1.0, 0.0), (0.04, 1.0), (1.0, 0.3), (1e-9, 1.0 / 3.0)] {
                assert_eq!([0.0, 1.0].map(|share| annealing.between(from, to, share)), [from, to]);
            }
        }
    }
}
