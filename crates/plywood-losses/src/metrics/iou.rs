//! Intersection over union.

use super::average::{Figure, figure, ratio};

/// Intersection over union: of all places that are of a class or taken for it, the share that is both.
///
/// Where each label has one score, a probability, it is the figure of the label 1; the edge is one half, and
/// [`Iou::threshold`] sets another. Where there are several classes, it is the mean over those that occur among labels or
/// predictions (mIoU); [`Iou::average`] sets another average, and [`Iou::of_classes`] tells each class.
///
/// # Shapes
/// As of [`Accuracy`](crate::Accuracy); for masks, prediction `[N, H, W, C]` and labels `[N, H, W]`.
///
/// # Example
/// ```
/// # use plywood_losses::{Iou, Meter};
/// # use plywood_tensor::{IntTensor, Tensor};
/// // Three pixels: of class 0, taken for it; of class 0, taken for 1; of class 1, taken for it.
/// let scores = Tensor::from([[[9.0, 0.0], [0.0, 9.0], [0.0, 9.0]]]);
/// let mut meter = Meter::new(Iou);
/// meter.update(&scores, &IntTensor::from([[0, 0, 1]]), None)?;
/// assert_eq!(Iou.of_classes(&meter.state().counts), [0.5, 0.5]);
/// assert_eq!(meter.value(), 0.5);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Jaccard, 1912. Keras: `MeanIoU`, which takes both classes where there are two; scikit-learn: `jaccard_score`; torchmetrics:
/// `JaccardIndex`.
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "MeanIoU")]
#[doc(alias = "JaccardIndex")]
pub struct Iou;

figure!(Iou);

impl Iou {
    /// The figure of each class, from the counts of a [`Meter`](crate::Meter); 0 for one that never occurs, as a label or as
    /// an answer. Of the label 1 alone where each has one score.
    pub fn of_classes(&self, counts: &[f64]) -> Vec<f64> {
        counts.chunks_exact(3).map(|c| self.of(c[0], c[1], c[2])).collect()
    }
}

impl Figure for Iou {
    fn op(&self) -> &'static str {
        "iou"
    }

    fn name(&self) -> String {
        "iou".into()
    }

    fn of(&self, hits: f64, alarms: f64, misses: f64) -> f64 {
        ratio(hits, hits + alarms + misses)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] = {
    use crate::{Average, table::MetricRow};
    &[
        MetricRow::labels("iou", || Box::new(Iou)),
        MetricRow::labels("iou: logits", || Box::new(Iou.threshold(0.0))),
        MetricRow::labels("iou: macro", || Box::new(Iou)),
        MetricRow::labels("iou: micro", || Box::new(Iou.average(Average::Micro))),
        MetricRow::labels("iou: masks", || Box::new(Iou)),
    ]
};
