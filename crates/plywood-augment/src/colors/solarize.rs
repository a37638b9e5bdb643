//! Bright parts turned dark.

use super::levels::map_levels;
use crate::image::Pixels;
use plywood_tensor::{Elem, Float};

/// `y = 1 − x` where `x` is at least the threshold, else `x`.
pub(crate) fn solarize(pixels: &mut Pixels, threshold: f64) {
    let threshold = Elem::of(threshold);
    map_levels(pixels, |x| if x >= threshold { 1.0 - x } else { x });
}
