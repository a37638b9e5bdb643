//! Hue.

use super::levels::map_colors;
use crate::image::Pixels;
use plywood_tensor::{Elem, Float, Result, math};

/// Turns the circle of colours by a share of a whole turn: red becomes green at 1/3.
///
/// Each channel of a colour of hue `h`, saturation `s` and value `v` is `v − v s max(0, min(k, 4 − k, 1))` with
/// `k = (n + 6 h) mod 6`, where `n` is 5 for red, 3 for green and 1 for blue (Smith, 1978).
pub(crate) fn hue(transform: &'static str, pixels: &mut Pixels, channels: usize, turn: f64) -> Result<()> {
    let turn = Elem::of(turn * 6.0);
    map_colors(transform, pixels, channels, |[red, green, blue]| {
        let most = math::maximum(red, math::maximum(green, blue));
        let least = math::minimum(red, math::minimum(green, blue));
        let range = most - least;
        // A gray has no hue, and any one leaves it gray.
        let by = if range > 0.0 { range } else { 1.0 };
        let sixth = if most == red {
            (green - blue) / by
        } else if most == green {
            2.0 + (blue - red) / by
        } else {
            4.0 + (red - green) / by
        };
        [5.0, 3.0, 1.0].map(|n: Elem| {
            let k = n + sixth + turn;
            let k = k - 6.0 * (k / 6.0).floor();
            most - range * math::maximum(0.0, math::minimum(math::minimum(k, 4.0 - k), 1.0))
        })
    })
}
