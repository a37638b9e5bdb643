//! Saturation.

use super::levels::{blend, gray, map_colors};
use crate::image::Pixels;
use plywood_tensor::{Elem, Float, Result};

/// `y = g + factor (x − g)`, kept between 0 and 1, where `g` is the brightness of the pixel.
pub(crate) fn saturation(
    transform: &'static str,
    pixels: &mut Pixels,
    channels: usize,
    factor: f64,
) -> Result<()> {
    let factor = Elem::of(factor);
    map_colors(transform, pixels, channels, |color| {
        let gray = gray(color);
        color.map(|x| blend(x, gray, factor))
    })
}
