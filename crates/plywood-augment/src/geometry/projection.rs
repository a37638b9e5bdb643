//! Maps of the plane.

use crate::AugmentError;
use plywood_tensor::{Result, math};

/// A map of the plane that keeps lines straight: a matrix of 3 by 3.
///
/// Places are measured from the upper left corner of a picture, x to the right and y down; a pixel is a square of side 1,
/// the first one's centre at (0.5, 0.5).
///
/// # Example
/// ```
/// use plywood_augment::Projection;
///
/// let turn = Projection::rotation(90.0).about([2.0, 1.0]); // counter-clockwise, as one sees it
/// assert_eq!(turn.map([3.0, 1.0]), [2.0, 0.0]);
/// assert_eq!(turn.inverse()?.map([2.0, 0.0]), [3.0, 1.0]);
///
/// let stretch = Projection::scale(2.0, 3.0).then(&Projection::translation(1.0, 0.0));
/// assert_eq!(stretch.map([1.0, 1.0]), [3.0, 3.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Projection {
    /// Row by row: `x' = (a x + b y + c) / (g x + h y + i)`, `y' = (d x + e y + f) / (g x + h y + i)`.
    pub matrix: [[f64; 3]; 3],
}

impl Projection {
    /// Leaves every place where it is.
    pub const IDENTITY: Projection =
        Projection { matrix: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]] };

    /// `x' = a x + b y + c`, `y' = d x + e y + f`.
    pub const fn affine([a, b, c]: [f64; 3], [d, e, f]: [f64; 3]) -> Projection {
        Projection { matrix: [[a, b, c], [d, e, f], [0.0, 0.0, 1.0]] }
    }

    /// Moves by so many pixels to the right and down.
    pub const fn translation(x: f64, y: f64) -> Projection {
        Projection::affine([1.0, 0.0, x], [0.0, 1.0, y])
    }

    /// Stretches from the corner.
    pub const fn scale(x: f64, y: f64) -> Projection {
        Projection::affine([x, 0.0, 0.0], [0.0, y, 0.0])
    }

    /// Turns counter-clockwise about the corner. Quarters of a turn are exact.
    pub fn rotation(degrees: f64) -> Projection {
        let (sine, cosine) = sine_and_cosine(degrees);
        // The y axis points down, so that the sign of the sine is the other one.
        Projection::affine([cosine, sine, 0.0], [-sine, cosine, 0.0])
    }

    /// Slants: rows move to the left by `tan x` of their height below the corner, columns up by `tan y`.
    pub fn shear(x_degrees: f64, y_degrees: f64) -> Projection {
        let tangent = |degrees| {
            let (sine, cosine) = sine_and_cosine(degrees);
            sine / cosine
        };
        let (x, y) = (tangent(x_degrees), tangent(y_degrees));
        Projection::affine([1.0, -x, 0.0], [-y, 1.0 + x * y, 0.0])
    }

    /// The map that takes four places to four others.
    ///
    /// # Errors
    /// [`AugmentError::Singular`] if three of either lie on a line.
    pub fn between(from: [[f64; 2]; 4], to: [[f64; 2]; 4]) -> Result<Projection> {
        Ok(square_to(from)?.inverse()?.then(&square_to(to)?))
    }

    /// The same map about another place than the corner.
    #[must_use]
    pub fn about(&self, [x, y]: [f64; 2]) -> Projection {
        Projection::translation(-x, -y).then(self).then(&Projection::translation(x, y))
    }

    /// This map, then another.
    #[must_use]
    pub fn then(&self, next: &Projection) -> Projection {
        let (a, b) = (&next.matrix, &self.matrix);
        let entry = |i: usize, j: usize| a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
        Projection { matrix: [0, 1, 2].map(|i| [0, 1, 2].map(|j| entry(i, j))) }
    }

    /// The map back.
    ///
    /// # Errors
    /// [`AugmentError::Singular`] if there is none.
    pub fn inverse(&self) -> Result<Projection> {
        let m = &self.matrix;
        // Cofactors of the transpose.
        let cofactor = |i: usize, j: usize| {
            let ([r, s], [t, u]) = ([(j + 1) % 3, (j + 2) % 3], [(i + 1) % 3, (i + 2) % 3]);
            m[r][t] * m[s][u] - m[r][u] * m[s][t]
        };
        let adjoint = [0, 1, 2].map(|i| [0, 1, 2].map(|j| cofactor(i, j)));
        let determinant = m[0][0] * adjoint[0][0] + m[0][1] * adjoint[1][0] + m[0][2] * adjoint[2][0];
        let scale = m.iter().flatten().fold(0.0_f64, |most, x| most.max(x.abs()));
        // Far below what rounding leaves of a determinant that should be 0 for pictures of any size.
        if !determinant.is_finite() || determinant.abs() <= 1e-15 * scale {
            return Err(AugmentError::Singular { got: format!("{m:?}") }.into());
        }
        let matrix = adjoint.map(|row| row.map(|x| x / determinant));
        Ok(if self.is_affine() {
            // Dividing may have left something else than 0 and 1.
            Projection::affine(matrix[0], matrix[1])
        } else {
            Projection { matrix }
        })
    }

    /// Where a place goes.
    #[inline]
    pub fn map(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.matrix;
        if self.is_affine() {
            return [a * x + b * y + c, d * x + e * y + f];
        }
        let divisor = g * x + h * y + i;
        [(a * x + b * y + c) / divisor, (d * x + e * y + f) / divisor]
    }

    /// Whether parallel lines stay parallel.
    #[inline]
    pub fn is_affine(&self) -> bool {
        self.matrix[2] == [0.0, 0.0, 1.0]
    }

    /// Whether pixels go to whole pixels: mirrors, quarters of a turn, moves by whole pixels.
    pub(crate) fn is_exact(&self) -> bool {
        let [[a, b, c], [d, e, f], _] = self.matrix;
        let unit = |x: f64| x == 1.0 || x == -1.0;
        let straight = unit(a) && unit(e) && b == 0.0 && d == 0.0;
        let across = unit(b) && unit(d) && a == 0.0 && e == 0.0;
        self.is_affine() && (straight || across) && c == c.round() && f == f.round()
    }

    /// Whether sides of a rectangle stay parallel to the axes.
    pub(crate) fn keeps_rectangles(&self) -> bool {
        let [[a, b, _], [d, e, _], _] = self.matrix;
        self.is_affine() && ((b == 0.0 && d == 0.0) || (a == 0.0 && e == 0.0))
    }

    /// The smallest rectangle `[left, top, right, bottom]` around what becomes of one.
    pub(crate) fn hull(&self, [left, top, right, bottom]: [f64; 4]) -> [f64; 4] {
        let corners = [[left, top], [right, top], [right, bottom], [left, bottom]].map(|at| self.map(at));
        let least = |i: usize| corners.iter().fold(f64::INFINITY, |least, at| least.min(at[i]));
        let most = |i: usize| corners.iter().fold(f64::NEG_INFINITY, |most, at| most.max(at[i]));
        [least(0), least(1), most(0), most(1)]
    }
}

/// The map that takes the corners of the unit square, clockwise from the upper left one, to these places (Heckbert, 1989).
fn square_to([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]: [[f64; 2]; 4]) -> Result<Projection> {
    let (dx1, dx2, sx) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
    let (dy1, dy2, sy) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
    let determinant = dx1 * dy2 - dx2 * dy1;
    if determinant == 0.0 || !determinant.is_finite() {
        let got = format!("{:?}", [[x0, y0], [x1, y1], [x2, y2], [x3, y3]]);
        return Err(AugmentError::Singular { got }.into());
    }
    let (g, h) = ((sx * dy2 - dx2 * sy) / determinant, (dx1 * sy - sx * dy1) / determinant);
    Ok(Projection {
        matrix: [
            [x1 - x0 + g * x1, x3 - x0 + h * x3, x0],
            [y1 - y0 + g * y1, y3 - y0 + h * y3, y0],
            [g, h, 1.0],
        ],
    })
}

/// Exact for quarters of a turn.
pub(crate) fn sine_and_cosine(degrees: f64) -> (f64, f64) {
    let turn = degrees.rem_euclid(360.0);
    match turn {
        0.0 => (0.0, 1.0),
        90.0 => (1.0, 0.0),
        180.0 => (0.0, -1.0),
        270.0 => (-1.0, 0.0),
        _ => (math::sin(turn.to_radians()), math::cos(turn.to_radians())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_places_go_to_four_others() {
        let from = [[0.0, 0.0], [8.0, 0.0], [8.0, 6.0], [0.0, 6.0]];
        let to = [[1.0, 0.5], [7.0, 1.0], [8.0, 5.0], [0.0, 6.0]];
        let map = Projection::between(from, to).unwrap();
        let back = map.inverse().unwrap();
        for (from, to) in from.into_iter().zip(to) {
            for i in 0..2 {
                assert!((map.map(from)[i] - to[i]).abs() < 1e-12);
                assert!((back.map(to)[i] - from[i]).abs() < 1e-12);
            }
        }
        let line = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]];
        let error = Projection::between(from, line).unwrap_err();
        assert!(error.to_string().starts_with("projection: expected one that can be inverted, got [["));
    }

    #[test]
    fn quarters_of_a_turn_are_exact() {
        for quarter in -8..8 {
            let turn = Projection::rotation(f64::from(quarter) * 90.0).about([3.5, 2.0]);
            assert_eq!(turn.is_exact(), quarter % 2 == 0, "{turn:?}");
            assert!(Projection::rotation(f64::from(quarter) * 90.0).about([3.0, 2.0]).is_exact());
        }
        assert!(!Projection::rotation(1.0).is_exact());
    }
}
