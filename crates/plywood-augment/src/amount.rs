//! An amount, or amounts to draw from.

use crate::Span;
use plywood_tensor::Result;
use std::ops::RangeInclusive;

/// An amount that cannot be negative: a number `x` is `x` itself, `low..=high` is drawn from.
///
/// Settings that can be negative, such as angles, take a [`Span`], where `x` stands for `-x..=x`.
///
/// ```
/// use plywood_augment::{Amount, Span};
///
/// assert_eq!(Amount::from(0.1), Amount(Span::exactly(0.1)));
/// assert_eq!(Amount::from(0.1..=2.0), Amount(Span { low: 0.1, high: 2.0 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount(pub Span);

impl Amount {
    /// The span if both ends lie in `[least, greatest]` and are in order.
    pub(crate) fn checked(
        self,
        transform: &'static str,
        expected: &'static str,
        least: f64,
        greatest: f64,
    ) -> Result<Span> {
        self.0.checked(transform, expected, least, greatest)
    }
}

impl From<f64> for Amount {
    fn from(x: f64) -> Amount {
        Amount(Span::exactly(x))
    }
}

impl From<Span> for Amount {
    fn from(span: Span) -> Amount {
        Amount(span)
    }
}

impl From<RangeInclusive<f64>> for Amount {
    fn from(range: RangeInclusive<f64>) -> Amount {
        Amount(range.into())
    }
}
