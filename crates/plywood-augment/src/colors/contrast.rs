//! Contrast.

use super::levels::{blend, colored, gray, map_levels};
use crate::image::{Pixels, each};
use crate::pixel::Pixel;
use plywood_tensor::{Elem, Float, Result};

/// `y = m + factor (x − m)`, kept between 0 and 1, where `m` is the mean brightness.
pub(crate) fn contrast(
    transform: &'static str,
    pixels: &mut Pixels,
    channels: usize,
    factor: f64,
) -> Result<()> {
    let colored = colored(transform, channels)?;
    let mean = each!(&*pixels, x => mean(x.as_slice(), colored));
    let factor = Elem::of(factor);
    map_levels(pixels, |x| blend(x, mean, factor));
    Ok(())
}

/// The mean brightness, from 0 to 1.
fn mean<T: Pixel>(pixels: &[T], colored: bool) -> Elem {
    let channels = if colored { 3 } else { 1 };
    let (mut sum, count) = (0.0, pixels.len() / channels);
    for pixel in pixels.chunks_exact(channels) {
        let level = if let &[red, green, blue] = pixel {
            gray([red, green, blue].map(T::to_elem))
        } else {
            pixel[0].to_elem()
        };
        sum += level.to_f64();
    }
    Elem::of(sum / count as f64) / T::WHITE
}
