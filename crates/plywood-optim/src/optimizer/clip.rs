//! Limits for gradients, and the norms they need.

use crate::error::expect;
use plywood_tensor::{Elem, Float, Result, par, simd};

/// The limits that are set.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clip {
    pub(super) value: Option<f64>,
    pub(super) parameter_norm: Option<f64>,
    pub(super) global_norm: Option<f64>,
}

impl Clip {
    pub(super) fn check(&self) -> Result<()> {
        let limits = [
            ("clip_value", self.value),
            ("clip_parameter_norm", self.parameter_norm),
            ("clip_global_norm", self.global_norm),
        ];
        limits
            .into_iter()
            .filter_map(|(owner, limit)| Some((owner, limit?)))
            .try_for_each(|(owner, limit)| expect(owner, "a limit above 0", limit, limit > 0.0))
    }

    /// Where elements are cut off.
    pub(super) fn limit(&self) -> f64 {
        self.value.unwrap_or(f64::INFINITY)
    }

    pub(super) fn needs_norms(&self) -> bool {
        self.parameter_norm.is_some() || self.global_norm.is_some()
    }
}

/// What a gradient is multiplied with so that its norm is at most `limit`, but for PyTorch's small summand.
pub(super) fn factor(limit: Option<f64>, norm: f64) -> f64 {
    limit.map_or(1.0, |limit| (limit / (norm + 1e-6)).min(1.0))
}

/// The number, moved to `±limit` if it lies beyond; NaN stays NaN.
#[inline(always)]
pub(super) fn cut(x: Elem, limit: Elem) -> Elem {
    if x > limit {
        limit
    } else if x < -limit {
        -limit
    } else {
        x
    }
}

/// Independent chains of additions: they fill the vectors.
const LANES: usize = 128;
/// A search for numbers that are not finite is cut into at most this many pieces.
const PIECES: usize = 32;

/// The sum of the squares after elements are cut off at `±limit`, in double precision and a fixed order.
pub(super) fn squares(x: &[Elem], limit: f64) -> f64 {
    let limit = Elem::of(limit);
    blocks(x, par::CHUNK, |x| {
        let mut lanes = [0.0_f64; LANES];
        simd::dispatch(|| {
            for piece in x.chunks(LANES) {
                for (lane, &x) in lanes.iter_mut().zip(piece) {
                    let x = cut(x, limit).to_f64();
                    *lane += x * x;
                }
            }
        });
        let mut half = LANES / 2;
        while half > 0 {
            for i in 0..half {
                lanes[i] += lanes[i + half];
            }
            half /= 2;
        }
        lanes[0]
    })
    .sum()
}

/// Whether no element is infinite or NaN.
pub(super) fn is_finite(x: &[Elem]) -> bool {
    if x.len() <= par::CHUNK {
        return all_finite(x);
    }
    let piece = x.len().div_ceil(PIECES).next_multiple_of(LANES).max(par::CHUNK);
    blocks(x, piece, all_finite).all(|finite| finite)
}

#[inline]
fn all_finite(x: &[Elem]) -> bool {
    // Numbers that are not finite have all bits of the exponent set: adding one to it carries into the sign.
    let (sign, one) = ((-0.0 as Elem).to_bits(), Elem::MIN_POSITIVE.to_bits());
    let carries = simd::dispatch(move || x.iter().fold(0, |all, x| all | ((x.to_bits() & !sign) + one)));
    carries & sign == 0
}

/// `work` of each piece of `size` elements, in order; a single piece costs no allocation.
fn blocks<R: Send>(x: &[Elem], size: usize, work: impl Fn(&[Elem]) -> R + Sync) -> impl Iterator<Item = R> {
    let (mut one, mut many) = (None, Vec::new());
    if x.len() <= size {
        one = Some(work(x));
    } else {
        let piece = |i: usize| &x[i * size..x.len().min((i + 1) * size)];
        many = par::map(x.len().div_ceil(size), x.len(), |i| work(piece(i)));
    }
    one.into_iter().chain(many)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_element_is_found_anywhere() {
        for len in [1, 15, 33, 1000, 70_000] {
            let mut x = vec![Elem::MAX; len];
            assert!(is_finite(&x));
            for bad in [Elem::NAN, Elem::INFINITY, -Elem::INFINITY] {
                for i in [0, len / 2, len - 1] {
                    let good = std::mem::replace(&mut x[i], bad);
                    assert!(!is_finite(&x), "{bad} at {i} of {len}");
                    x[i] = good;
                }
            }
        }
    }

    #[test]
    fn squares_are_summed_in_double_precision() {
        // In single precision the sum would stop growing at 2²⁴.
        let x = vec![1.0; 20_000_001];
        assert_eq!(squares(&x, f64::INFINITY), 20_000_001.0);
        assert_eq!(squares(&[-3.0, 2.0, 0.5], 1.0), 2.25);
        assert!(squares(&[0.0, Elem::NAN], 1.0).is_nan());
    }
}
