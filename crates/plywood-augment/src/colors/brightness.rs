//! Brightness.

use super::levels::{map_levels, unit};
use crate::image::Pixels;
use plywood_tensor::{Elem, Float};

/// `y = factor x`, kept between 0 and 1.
pub(crate) fn brightness(pixels: &mut Pixels, factor: f64) {
    let factor = Elem::of(factor);
    map_levels(pixels, |x| unit(factor * x));
}
