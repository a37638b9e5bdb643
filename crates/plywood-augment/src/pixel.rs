//! The numbers that pictures are made of.

use plywood_tensor::{Elem, Element, Float};

/// From here on numbers lie one apart.
const WHOLE: Elem = 1.0 / Elem::EPSILON;

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
        // Where numbers lie one apart, the last bits of one are its whole part, rounded. A cast would do the same but is
        // not made of vector instructions.
        (x.clamp(0.0, 255.0) + WHOLE).bits() as u8
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_the_nearest() {
        for (x, byte) in [(0.0, 0), (0.4, 0), (0.6, 1), (254.4, 254), (254.6, 255), (300.0, 255), (-7.0, 0)] {
            assert_eq!(u8::of_elem(x), byte, "{x}");
        }
        assert!((0..=255).all(|byte| u8::of_elem(Elem::from(byte)) == byte));
        let odd = [Elem::INFINITY, Elem::NEG_INFINITY, Elem::NAN].map(u8::of_elem);
        assert_eq!(odd, [255, 0, 0]);
    }
}
