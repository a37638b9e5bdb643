//! Pictures of shapes, made up.

use plywood::prelude::*;
use plywood::tensor::Stream;

/// What there is to see.
pub const SHAPES: [&str; 4] = ["circle", "cross", "square", "triangle"];

/// A picture `[side, side, 3]` of shapes of these kinds on a darker, uneven ground, and what is in each pixel `[side, side]`: 0 for the
/// ground, else 1 and the number of the shape. Place, size, turn and colour come from the stream.
///
/// # Errors
/// For a side of 0.
pub fn scene(side: usize, kinds: &[usize], stream: &Stream) -> Result<(Tensor, IntTensor)> {
    let between = |index, low: f64, high: f64| low + (high - low) * stream.uniform(index);
    let ground = [0, 1, 2].map(|c| between(c, 0.1, 0.4) as Elem);
    let slope = [3, 4].map(|i| between(i, -0.3, 0.3) as Elem / side as Elem);
    let mut image = Tensor::normal([side, side, 3], 0.0, 0.05, &stream.at(0))?;
    let mut mask = IntTensor::zeros([side, side])?;
    let placed: Vec<Placed> =
        (0..kinds.len()).map(|i| Placed::draw(side, &stream.at(1 + i as u64))).collect();
    for (y, x) in (0..side * side).map(|i| (i / side, i % side)) {
        let mut color = ground.map(|c| c + slope[0] * x as Elem + slope[1] * y as Elem);
        // The last one lies on top.
        for (placed, &kind) in placed.iter().zip(kinds) {
            if placed.covers(kind, [x, y]) {
                color = placed.color;
                mask.as_mut_slice()[y * side + x] = 1 + kind as i64;
            }
        }
        for (pixel, color) in image.as_mut_slice()[(y * side + x) * 3..][..3].iter_mut().zip(color) {
            *pixel = (*pixel + color).clamp(0.0, 1.0);
        }
    }
    Ok((image, mask))
}

/// Where a shape is.
struct Placed {
    centre: [Elem; 2],
    radius: Elem,
    /// Cosine and sine of its turn.
    turn: [Elem; 2],
    color: [Elem; 3],
}

impl Placed {
    fn draw(side: usize, stream: &Stream) -> Placed {
        let between = |index, low: f64, high: f64| (low + (high - low) * stream.uniform(index)) as Elem;
        let side = side as Elem;
        let angle = between(0, -0.4, 0.4);
        let mut color = [4, 5, 6].map(|i| between(i, 0.2, 1.0));
        color[stream.below(7, 3)] = 1.0; // brighter than any ground
        Placed {
            centre: [1, 2].map(|i| side * between(i, 0.3, 0.7)),
            radius: side * between(3, 0.18, 0.3),
            turn: [math::cos(angle), math::sin(angle)],
            color,
        }
    }

    fn covers(&self, kind: usize, at: [usize; 2]) -> bool {
        let [x, y] = [0, 1].map(|i| (at[i] as Elem - self.centre[i]) / self.radius);
        let [cosine, sine] = self.turn;
        let (x, y) = (cosine * x + sine * y, cosine * y - sine * x);
        match kind {
            0 => x * x + y * y < 1.0,
            1 => x.abs().min(y.abs()) < 0.3 && x.abs().max(y.abs()) < 1.0,
            2 => x.abs().max(y.abs()) < 0.8,
            _ => y < 0.5 && y > 1.75 * x.abs() - 1.1,
        }
    }
}
