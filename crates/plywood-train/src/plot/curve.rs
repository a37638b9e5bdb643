//! A line in a picture.

use plywood_tensor::math;

/// A line in a picture: a name for the legend, and a value for each epoch.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
}

impl Curve {
    /// A line through these points, epoch and value; those that are not finite are left out.
    pub fn new(name: impl Into<String>, points: impl IntoIterator<Item = (usize, f64)>) -> Curve {
        let finite = points.into_iter().filter(|(_, value)| value.is_finite());
        Curve { name: name.into(), points: finite.map(|(epoch, value)| (epoch as f64, value)).collect() }
    }

    /// A line over learning rates, which stand at their logarithms.
    pub(crate) fn of_rates(name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Curve {
        let logarithms =
            points.into_iter().map(|(rate, value)| (math::ln(rate) / std::f64::consts::LN_10, value));
        let finite = logarithms.filter(|(rate, value)| rate.is_finite() && value.is_finite());
        Curve { name: name.into(), points: finite.collect() }
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
}
