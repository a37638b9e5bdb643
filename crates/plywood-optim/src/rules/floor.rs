//! What is added to divisors so that they stay above 0.

use plywood_tensor::{Elem, Float};

/// A summand that is above 0 in double precision, and stays so as an element: the smallest number of full precision at least.
pub(super) fn floor(epsilon: f64) -> Elem {
    Elem::of(epsilon).max(Elem::MIN_POSITIVE)
}

/// The same for sums that [`math::quotient`](plywood_tensor::math::quotient) divides by: at least 10⁻³⁰.
pub(super) fn least_divisor(epsilon: f64) -> Elem {
    Elem::of(epsilon).max(1e-30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_vanish_is_raised() {
        for epsilon in [1e-160_f64 * 1e-160, 1e-310, 1e-320] {
            assert_eq!(floor(epsilon), Elem::MIN_POSITIVE);
        }
        assert_eq!(floor(1e-8), Elem::of(1e-8));
        for (epsilon, least) in [(0.0, 1e-30), (1e-40, 1e-30), (1e-8, 1e-8)] {
            assert_eq!(least_divisor(epsilon), Elem::of(least));
        }
    }
}
