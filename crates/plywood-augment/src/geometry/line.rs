//! A row of a new picture in the old one, in whole numbers.

use crate::Projection;

/// How many bits of a place lie behind the point.
pub(crate) const BITS: u32 = 32;

/// One pixel.
pub(crate) const ONE: i64 = 1 << BITS;

/// The places that a row reads: `x + i dx`, `y + i dy`, in units of 2⁻³² pixels.
///
/// Whole numbers, so that every pixel is found the same way wherever a row is cut.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) dx: i64,
    pub(crate) dy: i64,
}

/// The lines of all rows of a picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lines {
    back: Projection,
    shift: f64,
    dx: i64,
    dy: i64,
}

impl Lines {
    /// Those of a picture of this height and width; `None` for maps that reach too far or are not affine.
    ///
    /// `shift` is added to both coordinates: −½ where places are measured from the centres of pixels.
    pub(crate) fn new(back: &Projection, size: [usize; 2], shift: f64) -> Option<Lines> {
        let [[a, ..], [d, ..], _] = back.matrix;
        let hull = back.hull(super::warp::canvas(size));
        // Also false if one is NaN.
        let near = hull.iter().all(|x| x.abs() < f64::from(1_u32 << 28));
        let fixed = |x: f64| (x * ONE as f64).round() as i64;
        (near && back.is_affine()).then(|| Lines { back: *back, shift, dx: fixed(a), dy: fixed(d) })
    }

    /// That of row `row`.
    pub(crate) fn row(&self, row: usize) -> Line {
        let [x, y] = self.back.map([0.5, row as f64 + 0.5]).map(|x| ((x + self.shift) * ONE as f64) as i64);
        Line { x, y, dx: self.dx, dy: self.dy }
    }
}

impl Line {
    /// The place of pixel `i`.
    #[inline(always)]
    pub(crate) fn at(&self, i: usize) -> (i64, i64) {
        // Pixels that are asked for are far from the end of the numbers; those that fill up a vector may lie anywhere.
        let along = |start: i64, step: i64| start.wrapping_add(step.wrapping_mul(i as i64));
        (along(self.x, self.dx), along(self.y, self.dy))
    }

    /// The pixels of `[start, end)` with `x` in `[x.0, x.1)` and `y` in `[y.0, y.1)`, in units of 2⁻³² pixels.
    pub(crate) fn between(&self, [start, end]: [usize; 2], x: (i64, i64), y: (i64, i64)) -> [usize; 2] {
        let [x0, x1] = steps(self.x, self.dx, x);
        let [y0, y1] = steps(self.y, self.dy, y);
        let (first, last) = (x0.max(y0).max(start as i64), x1.min(y1).min(end as i64));
        if first < last { [first as usize, last as usize] } else { [start, start] }
    }
}

/// The `i` of which `start + i step` lies in `[least, most)`, as `[first, last)`.
fn steps(start: i64, step: i64, (least, most): (i64, i64)) -> [i64; 2] {
    match step {
        0 if (least..most).contains(&start) => [i64::MIN, i64::MAX],
        0 => [0, 0],
        // The mirror image.
        _ if step < 0 => steps(-start, -step, (1 - most, 1 - least)),
        _ => [up(least - start, step), up(most - start, step)],
    }
}

/// The quotient, rounded up; the divisor is above 0.
fn up(x: i64, by: i64) -> i64 {
    x.div_euclid(by) + i64::from(x.rem_euclid(by) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_exactly_what_fits() {
        for start in -9..9 {
            for step in -4..5 {
                for (least, most) in [(0, 7), (-3, 2), (2, 2), (0, 1)] {
                    let line = Line { x: start, y: 0, dx: step, dy: 0 };
                    let [first, last] = line.between([2, 12], (least, most), (0, 1));
                    let fits: Vec<usize> =
                        (2..12).filter(|&i| (least..most).contains(&(start + i as i64 * step))).collect();
                    assert_eq!((first..last).collect::<Vec<_>>(), fits, "{start} {step} {least} {most}");
                }
            }
        }
    }
}
