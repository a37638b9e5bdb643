//! A line in a picture.

use plywood_tensor::math;

/// A line in a picture: a name for the legend, and a value for each epoch, or for each of other numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
    /// Whether the points stand alone, and no line runs through them.
    pub(super) dots: bool,
}

/// The distance of two points, and a margin around them, are to be finite too.
const LARGEST: f64 = 1e300;

impl Curve {
    /// A line through these points, epoch and value; those that are not finite, or larger than 1e300, are left out.
    pub fn new(name: impl Into<String>, points: impl IntoIterator<Item = (usize, f64)>) -> Curve {
        Curve::of_drawable(name.into(), points.into_iter().map(|(epoch, value)| (epoch as f64, value)))
    }

    /// A line over learning rates, which stand at their logarithms.
    pub(crate) fn of_rates(name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Curve {
        let logarithms =
            points.into_iter().map(|(rate, value)| (math::ln(rate) / std::f64::consts::LN_10, value));
        Curve::of_drawable(name.into(), logarithms)
    }

    /// A line through points of any two quantities, for a panel whose lower axis is [named](crate::Plot::across); as
    /// [`Curve::new`] otherwise.
    pub fn over(name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Curve {
        Curve::of_drawable(name.into(), points.into_iter())
    }

    fn of_drawable(name: String, points: impl Iterator<Item = (f64, f64)>) -> Curve {
        // Neither is NaN.
        let drawable = |x: f64| x.abs() <= LARGEST;
        Curve { name, points: points.filter(|&(x, y)| drawable(x) && drawable(y)).collect(), dots: false }
    }

    /// The same points, without the line.
    pub(crate) fn dots(self) -> Curve {
        Curve { dots: true, ..self }
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
}
