//! The numbers that pictures are made of.

use plywood_tensor::{Elem, Element};

/// A number of a picture: a byte or a real number.
pub(crate) trait Pixel: Element {
    /// What white is.
    const WHITE: Elem;
    /// As a real number, of the same value.
    fn to_elem(self) -> Elem;
    /// The nearest number of this kind.
    fn of_elem(x: Elem) -> Self;
}

impl Pixel for u8 {
    const WHITE: Elem = 255.0;
    #[inline(always)]
    fn to_elem(self) -> Elem {
        Elem::from(self)
    }
    #[inline(always)]
    fn of_elem(x: Elem) -> u8 {
        // A cast rounds towards 0 and stops at 0 and 255.
        (x + 0.5) as u8
    }
}

impl Pixel for Elem {
    const WHITE: Elem = 1.0;
    #[inline(always)]
    fn to_elem(self) -> Elem {
        self
    }
    #[inline(always)]
    fn of_elem(x: Elem) -> Elem {
        x
    }
}
