//! From where to where a number is drawn.

use crate::error::setting;
use plywood_tensor::Result;
use std::fmt;
use std::ops::RangeInclusive;

/// From where to where a number is drawn: `low..=high`, or a single number `x` for `-x..=x`.
///
/// For settings that can be negative, such as angles; others take an [`Amount`](crate::Amount).
///
/// ```
/// use plywood_augment::Span;
///
/// assert_eq!(Span::from(15.0), Span { low: -15.0, high: 15.0 });
/// assert_eq!(Span::from(10.0..=20.0), Span { low: 10.0, high: 20.0 });
/// assert_eq!(Span::exactly(90.0), Span { low: 90.0, high: 90.0 });
/// assert_eq!(Span::from(15.0).to_string(), "-15..=15");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
}

impl Span {
    /// One number alone.
    pub fn exactly(value: f64) -> Span {
        Span { low: value, high: value }
    }

    /// The smallest span around both.
    pub(crate) fn joined(self, other: Span) -> Span {
        Span { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// The span itself if both ends lie in `[least, greatest]` and are in order.
    pub(crate) fn checked(
        self,
        transform: &'static str,
        expected: &'static str,
        least: f64,
        greatest: f64,
    ) -> Result<Span> {
        let fits = least <= self.low && self.low <= self.high && self.high <= greatest;
        if fits && self.low.is_finite() && self.high.is_finite() {
            return Ok(self);
        }
        Err(setting(transform, expected, self))
    }
}

/// `low..=high`, or one number if both are the same.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // By bits, since no NaN equals another.
        let one = self.low.to_bits() == self.high.to_bits();
        if one { write!(f, "{}", self.low) } else { write!(f, "{}..={}", self.low, self.high) }
    }
}

impl From<f64> for Span {
    fn from(x: f64) -> Span {
        Span { low: -x, high: x }
    }
}

impl From<RangeInclusive<f64>> for Span {
    fn from(range: RangeInclusive<f64>) -> Span {
        Span { low: *range.start(), high: *range.end() }
    }
}
