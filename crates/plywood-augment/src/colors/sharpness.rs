//! Sharpness.

use super::levels::unit;
use crate::image::{Pixels, each};
use crate::pixel::Pixel;
use plywood_tensor::{Array, Elem, Float};

/// `y = b + factor (x − b)`, kept between 0 and 1, where `b` is the picture blurred by `[1 1 1; 1 5 1; 1 1 1] / 13`.
///
/// The outermost pixels stay as they are.
pub(crate) fn sharpness(pixels: &mut Pixels, factor: f64) {
    each!(pixels, x => sharpen(x, Elem::of(factor)));
}

fn sharpen<T: Pixel>(array: &mut Array<T>, factor: Elem) {
    let &[height, width, channels] = &**array.shape() else { unreachable!("a picture has three axes") };
    if height < 3 || width < 3 {
        return;
    }
    let before = array.clone();
    let (from, step) = (before.as_slice(), width * channels);
    let to = array.as_mut_slice();
    for y in 1..height - 1 {
        let row = y * step;
        for i in row + channels..row + step - channels {
            let line = |at: usize| {
                from[at - channels].to_elem() + from[at].to_elem() + from[at + channels].to_elem()
            };
            let x = from[i].to_elem();
            let blurred = (line(i - step) + line(i) + line(i + step) + 4.0 * x) / 13.0;
            to[i] = T::of_elem(unit((blurred + factor * (x - blurred)) / T::WHITE) * T::WHITE);
        }
    }
}
