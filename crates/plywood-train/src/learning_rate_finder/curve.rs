//! What learning rates bring.

use crate::{Curve, Plot};
use plywood_tensor::Result;
use std::path::Path;

/// What learning rates bring: each rate that was tried, in rising order, with the smoothed loss there.
///
/// ```
/// use plywood_train::LearningRateCurve;
///
/// // A loss that falls around a rate of 1e-3, and rises from 0.1 on.
/// let rates = (0..50).map(|i| 10_f64.powf(-6.0 + i as f64 / 8.0));
/// let curve = LearningRateCurve::new(rates.map(|rate| (rate, 1.0 / (1.0 + rate / 1e-3) + 4.0 * rate * rate)));
/// let suggestion = curve.suggestion().unwrap();
/// assert!((5e-4..2e-3).contains(&suggestion));
/// assert!((0.02..0.2).contains(&curve.minimum().unwrap()));
/// assert!(curve.svg()?.contains("learning rate"));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LearningRateCurve {
    points: Vec<(f64, f64)>,
}

/// How many of the first points, where the mean is of few losses, and of the last, where it rises, are not looked at.
const SKIP: (usize, usize) = (10, 1);

impl LearningRateCurve {
    /// Of rates and losses that were found elsewhere; each rate is above the one before.
    pub fn new(points: impl IntoIterator<Item = (f64, f64)>) -> LearningRateCurve {
        LearningRateCurve { points: points.into_iter().collect() }
    }

    /// Rates and smoothed losses, in the order in which they were tried.
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }

    /// The rate at which the loss falls most steeply; none for fewer than 13 points, or where it never falls.
    ///
    /// The slope is that over the logarithm of the rate, between the neighbours of a point. The first ten points and the last one
    /// are not looked at.
    pub fn suggestion(&self) -> Option<f64> {
        let end = self.points.len().checked_sub(SKIP.1).filter(|&end| end >= SKIP.0 + 2)?;
        let losses: Vec<f64> = self.points[SKIP.0..end].iter().map(|&(_, loss)| loss).collect();
        let last = losses.len() - 1;
        let slope = |i: usize| {
            let (low, high) = (i.saturating_sub(1), (i + 1).min(last));
            (losses[high] - losses[low]) / (high - low) as f64
        };
        let falling = (0..=last).map(|i| (slope(i), i)).filter(|&(slope, _)| slope < 0.0);
        let steepest = falling.min_by(|(a, _), (b, _)| a.total_cmp(b));
        steepest.map(|(_, i)| self.points[SKIP.0 + i].0)
    }

    /// The rate of the smallest loss; a tenth of it is another rule of thumb.
    pub fn minimum(&self) -> Option<f64> {
        let smallest =
            self.points.iter().filter(|(_, loss)| !loss.is_nan()).min_by(|(_, a), (_, b)| a.total_cmp(b));
        smallest.map(|&(rate, _)| rate)
    }

    /// A picture of the curve, and of the suggestion on it.
    ///
    /// # Errors
    /// [`TrainError::EmptyPlot`](crate::TrainError::EmptyPlot) without a finite loss.
    pub fn svg(&self) -> Result<String> {
        self.picture().svg()
    }

    /// Draws the curve into an SVG file.
    ///
    /// # Errors
    /// As [`LearningRateCurve::svg`]; [`TrainError::File`](crate::TrainError::File) if the file cannot be written.
    pub fn plot(&self, path: impl AsRef<Path>) -> Result<()> {
        self.picture().save(path)
    }

    fn picture(&self) -> Plot {
        let mut curves = vec![Curve::of_rates("loss, smoothed", self.points.iter().copied())];
        if let Some(rate) = self.suggestion() {
            let there = self.points.iter().copied().filter(|&(other, _)| other == rate);
            curves.push(Curve::of_rates(format!("suggestion {rate:.1e}"), there));
        }
        Plot::new().panel_of_rates("loss", curves)
    }
}
