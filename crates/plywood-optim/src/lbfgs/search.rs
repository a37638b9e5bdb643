//! The search for the length of a step.

use plywood_tensor::{Elem, Result};

/// A place along a direction.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) length: f64,
    pub(super) loss: f64,
    /// The derivative along the direction.
    pub(super) slope: f64,
    pub(super) gradient: Vec<Elem>,
}

/// Where a search ended.
pub(super) struct Found {
    pub(super) point: Point,
    pub(super) evaluations: u64,
}

/// How far the loss must fall, of what the slope promises.
const FALL: f64 = 1e-4;
/// How much of the slope may be left.
const LEFT: f64 = 0.9;

/// Looks for a length that satisfies the strong Wolfe conditions: first for an interval that holds one, then within it.
///
/// Follows `_strong_wolfe` of PyTorch's `lbfgs.py`, where both ends of the interval keep their places, 0 and 1. Numbers that
/// are not finite count as too high, so that the search turns back, where PyTorch's takes every comparison with NaN as false.
pub(super) fn strong_wolfe(
    here: Point,
    start: f64,
    reach: f64,
    tolerance: f64,
    most: u64,
    at: &mut dyn FnMut(f64) -> Result<Point>,
) -> Result<Found> {
    let (loss, slope) = (here.loss, here.slope);
    let mut evaluate = |length: f64| -> Result<Point> {
        let mut point = at(length)?;
        if !(point.loss.is_finite() && point.slope.is_finite()) {
            point.loss = f64::INFINITY;
        }
        Ok(point)
    };
    let high = |point: &Point| point.loss > loss + FALL * point.length * slope;
    let flat = |point: &Point| point.slope.abs() <= -LEFT * slope;

    let (mut new, mut evaluations, mut looks) = (evaluate(start)?, 1, 0);
    let mut before = here.clone();
    let mut ends = loop {
        if looks >= most {
            break [here, new];
        }
        if high(&new) || (looks > 1 && new.loss >= before.loss) {
            break [before, new];
        }
        if flat(&new) {
            return Ok(Found { point: new, evaluations });
        }
        if new.slope >= 0.0 {
            break [before, new];
        }
        let (near, far) = (new.length + 0.01 * (new.length - before.length), new.length * 10.0);
        let length = cubic(&before, &new, near, far);
        before = std::mem::replace(&mut new, evaluate(length)?);
        evaluations += 1;
        looks += 1;
    };

    let lower = |ends: &[Point; 2]| usize::from(ends[0].loss > ends[1].loss);
    let (mut low, mut stuck, mut done) = (lower(&ends), false, false);
    while !done && looks < most {
        let (left, right) = (ends[0].length.min(ends[1].length), ends[0].length.max(ends[1].length));
        // Without a tolerance it ends where no number lies between the ends.
        let middle = f64::midpoint(left, right);
        if (right - left) * reach < tolerance || middle <= left || middle >= right {
            break;
        }
        let mut length = if ends.iter().all(|end| end.loss.is_finite()) {
            cubic(&ends[0], &ends[1], left, right)
        } else {
            // There is nothing to interpolate.
            middle
        };
        // Too close to an end, for the second time or beyond it: a tenth of the interval away from that end.
        let margin = 0.1 * (right - left);
        if (right - length).min(length - left) < margin {
            if stuck || length >= right || length <= left {
                let to_right = (length - right).abs() < (length - left).abs();
                length = if to_right { right - margin } else { left + margin };
                stuck = false;
            } else {
                stuck = true;
            }
        } else {
            stuck = false;
        }
        if length <= left || length >= right {
            // A tenth of a few units in the last place is lost in rounding: only a place between the ends brings them closer.
            length = middle;
        }
        let new = evaluate(length)?;
        evaluations += 1;
        looks += 1;
        if high(&new) || new.loss >= ends[low].loss {
            ends[1 - low] = new;
            low = lower(&ends);
        } else {
            done = flat(&new);
            let beyond = new.slope * (ends[1 - low].length - ends[low].length) >= 0.0;
            let old = std::mem::replace(&mut ends[low], new);
            if beyond && !done {
                ends[1 - low] = old;
            }
        }
    }
    let [first, second] = ends;
    Ok(Found { point: if low == 0 { first } else { second }, evaluations })
}

/// The minimum of the cubic through two points with these slopes, within bounds; their middle if it has none.
fn cubic(a: &Point, b: &Point, least: f64, most: f64) -> f64 {
    let (a, b) = if a.length <= b.length { (a, b) } else { (b, a) };
    let d1 = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.length - b.length);
    let square = d1 * d1 - a.slope * b.slope;
    if square >= 0.0 {
        let d2 = square.sqrt();
        let length =
            b.length - (b.length - a.length) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2));
        if !length.is_nan() {
            return length.max(least).min(most);
        }
    }
    f64::midpoint(least, most)
}
