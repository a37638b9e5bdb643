//! One figure from those of several classes, for precision, recall and F-beta.

use super::samples::{labelled, probabilities, slots};
use crate::Metric;
use plywood_tensor::{IntTensor, Result, Tensor};

/// How the figures of several classes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Average {
    /// The mean over the classes that occur among labels or predictions, each counting alike.
    #[default]
    Macro,
    /// The figure for all answers together.
    Micro,
    /// The mean over the classes, each counting by the weight of its samples.
    Weighted,
}

/// A figure made of a class's hits, false alarms and misses: [`Precision`](crate::Precision), [`Recall`](crate::Recall) or
/// [`FBeta`](crate::FBeta), with settings.
///
/// Where each label has one score, it is the figure of the label 1; where there are several classes, it is averaged.
#[derive(Debug, Clone, Copy)]
pub struct Averaged<F> {
    figure: F,
    average: Average,
    /// Without one, a lone score is a probability.
    threshold: Option<f64>,
}

/// What [`Averaged`] averages.
pub(super) trait Figure: Copy + Send + Sync {
    fn op(&self) -> &'static str;
    fn name(&self) -> String;
    /// The figure of a class; 0 where it would be 0 / 0.
    fn of(&self, hits: f64, alarms: f64, misses: f64) -> f64;
}

impl<F> Averaged<F> {
    pub(super) fn new(figure: F) -> Self {
        Averaged { figure, average: Average::default(), threshold: None }
    }

    /// With another way to average over several classes.
    #[must_use]
    pub fn average(self, average: Average) -> Self {
        Averaged { average, ..self }
    }

    /// With another edge between the labels 0 and 1, where each has one score.
    #[must_use]
    pub fn threshold(self, threshold: f64) -> Self {
        Averaged { threshold: Some(threshold), ..self }
    }
}

/// The counts are hits, false alarms and misses of each class; of the class 1 alone where each label has one score.
#[allow(private_bounds)] // the three figures are all there are
impl<F: Figure> Metric<IntTensor> for Averaged<F> {
    fn name(&self) -> String {
        self.figure.name()
    }

    fn update(
        &self,
        counts: &mut Vec<f64>,
        prediction: &Tensor,
        labels: &IntTensor,
        weights: Option<&Tensor>,
    ) -> Result<()> {
        let op = self.figure.op();
        let samples = labelled(op, prediction, labels, weights)?;
        if self.threshold.is_none() {
            probabilities(op, prediction, labels)?;
        }
        for sample in samples {
            let binary = sample.scores.len() == 1;
            let counts = slots(op, counts, if binary { 3 } else { 3 * sample.classes() })?;
            let predicted = sample.predicted(self.threshold.unwrap_or(0.5));
            // Where there is but the class 1, the class 0 has no place.
            let mut count = |class: usize, kind: usize| match (binary, class) {
                (true, 0) => {}
                (true, _) => counts[kind] += sample.weight,
                (false, _) => counts[3 * class + kind] += sample.weight,
            };
            if predicted == sample.label {
                count(predicted, 0);
            } else {
                count(predicted, 1);
                count(sample.label, 2);
            }
        }
        Ok(())
    }

    fn value(&self, counts: &[f64]) -> f64 {
        let classes = || counts.chunks_exact(3).map(|c| (c[0], c[1], c[2]));
        let figure = |(hits, alarms, misses)| self.figure.of(hits, alarms, misses);
        let add = |a: (f64, f64, f64), b: (f64, f64, f64)| (a.0 + b.0, a.1 + b.1, a.2 + b.2);
        let mean = |weight: &dyn Fn((f64, f64, f64)) -> f64| {
            let (sum, total) = classes()
                .fold((0.0, 0.0), |(sum, total), c| (sum + weight(c) * figure(c), total + weight(c)));
            sum / total
        };
        match self.average {
            _ if counts.is_empty() => f64::NAN,
            _ if counts.len() == 3 => classes().map(figure).sum(),
            Average::Micro => figure(classes().fold((0.0, 0.0, 0.0), add)),
            Average::Macro => {
                mean(&|(hits, alarms, misses)| if hits + alarms + misses > 0.0 { 1.0 } else { 0.0 })
            }
            Average::Weighted => mean(&|(hits, _, misses)| hits + misses),
        }
    }
}

/// Lets a figure stand for itself with the usual settings.
macro_rules! figure {
    ($type:ident) => {
        impl $type {
            /// With another way to average over several classes.
            #[must_use]
            pub fn average(self, average: $crate::Average) -> $crate::Averaged<Self> {
                $crate::Averaged::new(self).average(average)
            }

            /// With another edge between the labels 0 and 1, where each has one score.
            #[must_use]
            pub fn threshold(self, threshold: f64) -> $crate::Averaged<Self> {
                $crate::Averaged::new(self).threshold(threshold)
            }
        }

        impl $crate::Metric<plywood_tensor::IntTensor> for $type {
            fn name(&self) -> String {
                $crate::Averaged::new(*self).name()
            }

            fn update(
                &self,
                counts: &mut Vec<f64>,
                prediction: &plywood_tensor::Tensor,
                labels: &plywood_tensor::IntTensor,
                weights: Option<&plywood_tensor::Tensor>,
            ) -> plywood_tensor::Result<()> {
                $crate::Averaged::new(*self).update(counts, prediction, labels, weights)
            }

            fn value(&self, counts: &[f64]) -> f64 {
                $crate::Averaged::new(*self).value(counts)
            }
        }
    };
}
pub(super) use figure;

/// `part / whole`, 0 where both are.
pub(super) fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}
