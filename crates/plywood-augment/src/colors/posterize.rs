//! Fewer levels.

use super::levels::{map_bytes, map_levels};
use crate::image::Pixels;
use plywood_tensor::{Elem, Float};

/// Keeps the first `bits` bits of a byte; of a real number, `⌊2ᵇ x⌋ / 2ᵇ` below 1.
pub(crate) fn posterize(pixels: &mut Pixels, bits: u32) {
    match pixels {
        Pixels::Bytes(bytes) => {
            let mask = (0xFF00_u32 >> bits) as u8;
            let mut table = [0; 256];
            for (byte, out) in (0..=255_u8).zip(&mut table) {
                *out = byte & mask;
            }
            map_bytes(bytes, &table);
        }
        floats @ Pixels::Floats(_) => {
            let levels = Elem::of(f64::from(1_u32 << bits));
            map_levels(floats, |x| (x * levels).floor().clamp(0.0, levels - 1.0) / levels);
        }
    }
}
