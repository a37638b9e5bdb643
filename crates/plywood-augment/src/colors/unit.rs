//! Whether numbers lie from 0 to 1, where changes of colours keep them: others would be cut off without a sign.

use crate::image::Pixels;
use crate::{AugmentError, Span};
use plywood_tensor::{Elem, Float, Result, simd};

/// How far beyond 0 and 1 the numbers of a picture may lie.
///
/// Reading between pixels by cubic weights takes black and white no farther than 0.45 beyond: the sizes of the weights sum to at
/// most 1.375 along an axis. What lies there is cut off as Pillow does it; what is normalised or on a scale to 255 lies
/// farther out.
pub(crate) const SLACK: Elem = 0.5;

/// From where to where numbers lie that are as a change of colours needs them.
pub(crate) const UNIT: Span = Span { low: 0.0, high: 1.0 };

/// Fails unless the numbers of a picture lie from 0 to 1, but for [`SLACK`]; bytes stand for such numbers.
pub(crate) fn check(transform: &'static str, pixels: &Pixels) -> Result<()> {
    let Pixels::Floats(floats) = pixels else { return Ok(()) };
    let numbers = floats.as_slice();
    if simd::run(Within { numbers }) {
        return Ok(());
    }
    let (low, high) = numbers.iter().fold((Elem::INFINITY, Elem::NEG_INFINITY), |(low, high), &x| {
        // Unlike `min` and `max`, this keeps a NaN.
        (if low < x { low } else { x }, if high > x { high } else { x })
    });
    let nan = numbers.iter().any(|x| x.is_nan());
    let [low, high] = [low, high].map(|x| if nan { f64::NAN } else { x.to_f64() });
    Err(AugmentError::Levels { transform, low, high }.into())
}

/// Fails unless `levels` lie from 0 to 1; behind a change of colours numbers do.
///
/// Without [`SLACK`], since this is no overshoot but what transforms make of numbers from 0 to 1.
pub(crate) fn check_span(transform: &'static str, levels: Span) -> Result<Span> {
    // Scales and shifts round.
    let rounding = 1e-3;
    if levels.low >= -rounding && levels.high <= 1.0 + rounding {
        return Ok(UNIT);
    }
    let (low, high) = (levels.low, levels.high);
    Err(AugmentError::Levels { transform, low, high }.into())
}

/// Whether all numbers lie within; none that is no number does.
struct Within<'a> {
    numbers: &'a [Elem],
}

impl simd::Kernel for Within<'_> {
    type Output = bool;
    #[inline(always)]
    fn run(self) -> bool {
        // No early end within a block: that would keep vectors out.
        let fits =
            |block: &[Elem]| block.iter().fold(true, |all, x| all & (-SLACK..=1.0 + SLACK).contains(x));
        self.numbers.chunks(1024).all(fits)
    }
}
