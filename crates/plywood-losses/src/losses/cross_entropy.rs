//! Cross entropy of several classes.

use super::class_weights;
use crate::{Loss, LossError, Losses, checks};
use plywood_autograd::{Var, ops};
use plywood_tensor::{Elem, Float, IntTensor, Result, Shape, Tensor};

const OP: &str = "cross_entropy";

/// `ℓ = −Σ_c t_c ln softmax(x)_c`; for a label `y`, `t` is 1 at `y` and 0 elsewhere. The prediction is logits, before any softmax.
///
/// The target is class labels, or a distribution for each row. Options:
/// - label smoothing `ε`: `(1 − ε) t + ε / C` in place of `t`;
/// - class weights `w`: `w_c t_c` in place of `t_c`, and the mean over labels is divided by `Σ w_y`;
/// - an ignored label: its rows cost nothing and do not count in the mean.
///
/// # Shapes
/// prediction `[N, .., C]` with labels `[N, ..]` or a target exactly the same; the classes are on the last axis
///
/// # Example
/// ```
/// # use plywood_losses::{CrossEntropy, Loss};
/// # use plywood_tensor::{IntTensor, Tensor, math};
/// let logits = Tensor::from([[0.0, 0.0], [5.0, 5.0], [9.0, 1.0]]).into();
/// let loss = CrossEntropy::default().class_weights(Tensor::from([1.0, 3.0])).ignore_index(-100);
/// let losses = loss.losses(&logits, &IntTensor::from([0, 1, -100]))?;
/// assert_eq!(losses.values().value().as_slice(), [math::ln(2.0), 3.0 * math::ln(2.0), 0.0]);
/// assert_eq!(losses.mean().value().item()?, math::ln(2.0));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Label`] names the row of a label out of range: a negative one too, unless it was named to be ignored.
/// [`LossError::OneClass`] for a single score a row, of which every softmax is 1.
///
/// # References
/// PyTorch: `torch.nn.CrossEntropyLoss`, with the classes on axis 1 and −100 ignored unasked. Keras:
/// `SparseCategoricalCrossentropy` and `CategoricalCrossentropy`, on probabilities unless `from_logits` is given.
#[derive(Debug, Clone, Default)]
#[doc(alias = "CrossEntropyLoss")]
#[doc(alias = "CategoricalCrossentropy")]
pub struct CrossEntropy {
    options: ops::LabelOptions,
}

/// [`CrossEntropy`] without options, as a function.
///
/// # Errors
/// [`LossError::Label`] names the row of a label out of range; errors of shapes.
pub fn cross_entropy<Y>(logits: &Var, target: &Y) -> Result<Losses>
where
    CrossEntropy: Loss<Y>,
{
    CrossEntropy::default().losses(logits, target)
}

impl CrossEntropy {
    /// Spreads a share of each target evenly over all classes: from 0 to 1.
    #[must_use]
    pub fn label_smoothing(mut self, share: f64) -> Self {
        self.options.smoothing = share;
        self
    }

    /// Lets each class count by its own weight, `[C]`.
    #[must_use]
    pub fn class_weights(mut self, weights: Tensor) -> Self {
        self.options.class_weights = Some(weights);
        self
    }

    /// Leaves out rows with this label, which need not be a class.
    #[must_use]
    pub fn ignore_index(mut self, label: i64) -> Self {
        self.options.ignore_index = Some(label);
        self
    }

    fn check(&self, classes: usize) -> Result<()> {
        let smoothing = self.options.smoothing;
        // A NaN lies in no range.
        if !(0.0..=1.0).contains(&smoothing) {
            let (expected, got) = ("a label smoothing between 0 and 1", smoothing.to_string());
            return Err(LossError::Setting { op: OP, expected, got }.into());
        }
        class_weights::check(OP, self.options.class_weights.as_ref(), classes)
    }
}

impl Loss<IntTensor> for CrossEntropy {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, logits: &Var, labels: &IntTensor) -> Result<Losses> {
        let ignored = self.options.ignore_index;
        self.check(checks::classes(OP, logits.shape(), labels, ignored)?)?;
        let values = ops::softmax_cross_entropy_with(logits, labels, &self.options)?;
        match class_weights::of_labels(labels, self.options.class_weights.as_ref(), ignored) {
            Some(weights) => Losses::weighted(&values, &weights),
            None => Losses::new(&values),
        }
    }

    fn classes(&self, prediction: &Shape) -> Option<usize> {
        prediction.last().copied()
    }
}

impl Loss<Tensor> for CrossEntropy {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, logits: &Var, target: &Tensor) -> Result<Losses> {
        checks::same_shape(OP, logits.shape(), target)?;
        let Some(&classes) = logits.shape().last() else {
            return Err(
                LossError::Prediction { op: OP, expected: "[.., classes]", got: *logits.shape() }.into()
            );
        };
        if classes == 1 {
            return Err(LossError::OneClass { op: OP, got: *logits.shape() }.into());
        }
        if let Some(label) = self.options.ignore_index {
            let expected = "class labels where one is ignored, not a distribution";
            return Err(LossError::Setting { op: OP, expected, got: format!("ignore_index({label})") }.into());
        }
        self.check(classes)?;
        let (own, spread) = (1.0 - self.options.smoothing, self.options.smoothing / classes.max(1) as f64);
        let mut target = target.clone();
        if self.options.smoothing > 0.0 {
            let (own, spread) = (Elem::of(own), Elem::of(spread));
            target.map_in_place(|t| own * t + spread);
        }
        if let Some(weights) = &self.options.class_weights {
            target.combine_rows(OP, weights, |t, w| t * w)?;
        }
        Losses::new(&ops::distribution_cross_entropy(logits, &target)?)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = {
    use crate::table::Row;
    const EXTREMES: &[Elem] = &[-1e4, 0.0, 1e4];
    fn weights() -> Tensor {
        Tensor::from([0.5, 2.0, 1.25])
    }
    &[
        Row::labels("cross_entropy", cross_entropy).extremes(EXTREMES),
        Row::labels("cross_entropy: sequence with ignored labels", |x, t| {
            CrossEntropy::default().ignore_index(-100).losses(x, t)
        })
        .extremes(EXTREMES),
        Row::labels("cross_entropy: class weights", |x, t| {
            CrossEntropy::default().class_weights(weights()).losses(x, t)
        }),
        Row::labels("cross_entropy: label smoothing", |x, t| {
            CrossEntropy::default().label_smoothing(0.1).losses(x, t)
        }),
        Row::labels("cross_entropy: everything", |x, t| {
            CrossEntropy::default().label_smoothing(0.2).class_weights(weights()).ignore_index(1).losses(x, t)
        })
        .extremes(EXTREMES),
        Row::real("cross_entropy: distributions", cross_entropy).extremes(EXTREMES),
        Row::real("cross_entropy: weighted and smoothed distributions", |x, t| {
            CrossEntropy::default().label_smoothing(0.1).class_weights(weights()).losses(x, t)
        }),
    ]
};
