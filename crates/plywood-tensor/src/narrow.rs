//! Numbers of sixteen bits, as files hold them.
//!
//! Nothing computes with them: they are widened when a file is read, which loses nothing but the payload of a NaN.
//!
//! ```
//! use plywood_tensor::narrow;
//!
//! assert_eq!(narrow::half(0x3c00), 1.0); // `float16` of NumPy, `half` of PyTorch
//! assert_eq!(narrow::brain(0xc040), -3.0); // `bfloat16`
//! ```

/// IEEE half precision (`f16`): 1 bit of sign, 5 of exponent, 10 of fraction.
pub fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2.0_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2.0_f64.powi(exponent - 25),
    }
}

/// The upper half of an `f32` (`bf16`): 1 bit of sign, 8 of exponent, 7 of fraction.
pub fn brain(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_numbers_are_what_they_were() {
        for (bits, expected) in [
            (0x3C00, 1.0),
            (0xC000, -2.0),
            (0x7BFF, 65504.0),
            (0x0001, 2.0_f64.powi(-24)),
            (0x0400, 2.0_f64.powi(-14)),
            (0x3555, 0.333_251_953_125),
            (0x7C00, f64::INFINITY),
        ] {
            assert_eq!(half(bits), expected, "{bits:x}");
        }
        assert!(half(0x8000).is_sign_negative() && half(0x7E00).is_nan() && half(0x7C01).is_nan());
        assert_eq!((brain(0x3F80), brain(0xC040)), (1.0, -3.0));
    }
}
