//! Limits for gradients, and the norms they need.

use crate::error::expect;
use crate::norm::{LANES, blocks};
use plywood_tensor::{Elem, Result, par, simd};

/// The limits that are set.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clip {
    pub(super) value: Option<f64>,
    pub(super) adaptive: Option<f64>,
    pub(super) parameter_norm: Option<f64>,
    pub(super) global_norm: Option<f64>,
}

impl Clip {
    pub(super) fn check(&self) -> Result<()> {
        let limits = [
            ("clip_value", self.value),
            ("clip_adaptive", self.adaptive),
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
        self.adaptive.is_some() || self.parameter_norm.is_some() || self.global_norm.is_some()
    }
}

/// What a gradient is multiplied with so that its norm is at most `limit`, but for PyTorch's small summand.
pub(super) fn factor(limit: Option<f64>, norm: f64) -> f64 {
    limit.map_or(1.0, |limit| (limit / (norm + 1e-6)).min(1.0))
}

/// A search for numbers that are not finite is cut into at most this many pieces.
const PIECES: usize = 32;

/// Whether no element is infinite or NaN.
pub(super) fn is_finite(x: &[Elem]) -> bool {
    if x.len() <= par::CHUNK {
        return all_finite(x);
    }
    let piece = x.len().div_ceil(PIECES).next_multiple_of(LANES).max(par::CHUNK);
    blocks(x, piece, all_finite).all(|finite| finite)
}

/// Four runs side by side: a processor that fetches ahead along each one has more on the way, up to twice as much where the
/// gradients are in no near cache.
#[inline]
fn all_finite(x: &[Elem]) -> bool {
    // Numbers that are not finite have all bits of the exponent set: adding one to it carries into the sign.
    let (sign, one) = ((-0.0 as Elem).to_bits(), Elem::MIN_POSITIVE.to_bits());
    let carry = move |x: &Elem| (x.to_bits() & !sign) + one;
    let (four, rest) = x.split_at(x.len() / 4 * 4);
    let (front, back) = four.split_at(four.len() / 2);
    let ((a, b), (c, d)) = (front.split_at(front.len() / 2), back.split_at(back.len() / 2));
    let carries = simd::dispatch(move || {
        let rows = a.iter().zip(b).zip(c).zip(d);
        rows.fold(0, |all, (((a, b), c), d)| all | (carry(a) | carry(b)) | (carry(c) | carry(d)))
    });
    rest.iter().fold(carries, |all, x| all | carry(x)) & sign == 0
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
}
