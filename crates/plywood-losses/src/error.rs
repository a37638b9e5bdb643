//! What can be wrong with a loss, a metric or a penalty.

use plywood_tensor::{Shape, Source};

/// What can be wrong with a loss, a metric or a penalty; `op` is the function that refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LossError {
    /// A target of another shape than the prediction: nothing broadcasts one against the other.
    #[error(
        "{op}: expected a target of the prediction's shape {prediction}, got {target}{}",
        advice(prediction, target)
    )]
    TargetShape {
        /// The loss or metric.
        op: &'static str,
        /// Shape of the prediction.
        prediction: Shape,
        /// Shape of the target.
        target: Shape,
    },
    /// Another number of labels than the prediction has rows.
    #[error("{op}: expected labels of shape {expected} for a prediction of shape {prediction}, got {got}")]
    LabelShape {
        /// The loss or metric.
        op: &'static str,
        /// Shape of the prediction.
        prediction: Shape,
        /// The shape that its labels have.
        expected: Shape,
        /// Shape of the labels.
        got: Shape,
    },
    /// A prediction that the loss or metric cannot take, whatever the target.
    #[error("{op}: expected a prediction of shape {expected}, got {got}")]
    Prediction {
        /// The loss or metric.
        op: &'static str,
        /// The shapes it takes.
        expected: &'static str,
        /// Shape of the prediction.
        got: Shape,
    },
    /// A label that is no class.
    #[error("{op}: row {row}: expected a label in 0..{classes}, got {label}")]
    Label {
        /// The loss or metric.
        op: &'static str,
        /// Which label, in row-major order.
        row: usize,
        /// How many classes there are.
        classes: usize,
        /// The label.
        label: i64,
    },
    /// A number of the prediction or the target that has no meaning there.
    #[error("{op}: row {row}: expected {expected}, got {got}")]
    Value {
        /// The loss or metric.
        op: &'static str,
        /// Which row.
        row: usize,
        /// What may stand there.
        expected: &'static str,
        /// What stands there.
        got: f64,
    },
    /// Another number of weights than there are samples or classes.
    #[error("{op}: expected {of} weights of shape {expected}, got {got}")]
    WeightShape {
        /// The loss or metric.
        op: &'static str,
        /// `sample`, `class` or `positive`.
        of: &'static str,
        /// One weight each.
        expected: Shape,
        /// Shape of the weights.
        got: Shape,
    },
    /// A weight that is negative, infinite or NaN.
    #[error("{op}: expected {of} weights that are finite and not negative, got {got} at index {index}")]
    Weight {
        /// The loss or metric.
        op: &'static str,
        /// `sample`, `class` or `positive`.
        of: &'static str,
        /// Which weight.
        index: usize,
        /// The weight.
        got: f64,
    },
    /// A setting that makes no sense.
    #[error("{op}: expected {expected}, got {got}")]
    Setting {
        /// The loss, metric or penalty.
        op: &'static str,
        /// What the setting may be.
        expected: &'static str,
        /// What it is.
        got: String,
    },
    /// A saved state that belongs to another metric, or is damaged.
    #[error("{metric}: expected a state of its own, got {got}")]
    State {
        /// The metric that should go on from it.
        metric: String,
        /// What it was given.
        got: String,
    },
}

impl Source for LossError {}

/// What to do about a target that only lies differently.
fn advice(prediction: &Shape, target: &Shape) -> String {
    if prediction.numel() == target.numel() {
        format!("; reshape the target to {prediction}")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_has_its_text() {
        let shape = |dims: &[usize]| Shape::new(dims).unwrap();
        let op = "loss";
        let rows = [
            (
                LossError::TargetShape { op, prediction: shape(&[32, 1]), target: shape(&[32]) },
                "loss: expected a target of the prediction's shape [32, 1], got [32]; reshape the target to [32, 1]",
            ),
            (
                LossError::TargetShape { op, prediction: shape(&[32, 1]), target: shape(&[16]) },
                "loss: expected a target of the prediction's shape [32, 1], got [16]",
            ),
            (
                LossError::LabelShape {
                    op,
                    prediction: shape(&[32, 10]),
                    expected: shape(&[32]),
                    got: shape(&[16]),
                },
                "loss: expected labels of shape [32] for a prediction of shape [32, 10], got [16]",
            ),
            (
                LossError::Prediction { op, expected: "[.., classes]", got: Shape::SCALAR },
                "loss: expected a prediction of shape [.., classes], got []",
            ),
            (
                LossError::Label { op, row: 3, classes: 10, label: 12 },
                "loss: row 3: expected a label in 0..10, got 12",
            ),
            (
                LossError::Value { op, row: 2, expected: "a number", got: f64::NAN },
                "loss: row 2: expected a number, got NaN",
            ),
            (
                LossError::WeightShape { op, of: "class", expected: shape(&[3]), got: shape(&[2]) },
                "loss: expected class weights of shape [3], got [2]",
            ),
            (
                LossError::Weight { op, of: "sample", index: 1, got: -1.0 },
                "loss: expected sample weights that are finite and not negative, got -1 at index 1",
            ),
            (
                LossError::Setting { op, expected: "a delta above 0", got: "-1".into() },
                "loss: expected a delta above 0, got -1",
            ),
            (
                LossError::State { metric: "accuracy".into(), got: "that of roc_auc".into() },
                "accuracy: expected a state of its own, got that of roc_auc",
            ),
        ];
        for (error, text) in rows {
            assert_eq!(error.to_string(), text);
        }
    }
}
