//! What can be wrong with a loss, a metric or a penalty.

use plywood_tensor::{Shape, Source, label_advice};

/// What can be wrong with a loss, a metric or a penalty; `op` is the function that refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LossError {
    /// A target of another shape than the prediction: nothing broadcasts one against the other.
    #[error(
        "{op}: expected a target of the prediction's shape {prediction}, got {target}{}",
        wanted(op, prediction, target)
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
    #[error(
        "{op}: expected labels of shape {expected} for a prediction of shape {prediction}, got {got}{}",
        labelled(op, prediction, expected, got)
    )]
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
    /// A single score for each label where there must be one for each class.
    #[error(
        "{op}: expected a prediction with a score for each of at least two classes, got {got}; with one output take binary_cross_entropy_with_logits, or binary_cross_entropy behind a sigmoid"
    )]
    OneClass {
        /// The loss or metric.
        op: &'static str,
        /// Shape of the prediction.
        got: Shape,
    },
    /// A label that is no class.
    #[error("{op}: row {row}: expected a label in 0..{classes}, got {label}{}", label_advice(*label, *classes))]
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
    /// Names of another number than there are classes.
    #[error("{op}: expected a name for each of {classes} classes, got {got}")]
    Names {
        /// The metric.
        op: &'static str,
        /// How many classes there are.
        classes: usize,
        /// How many names were given.
        got: usize,
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

/// What to do about a target that lies differently, or belongs to another model or loss.
fn wanted(op: &str, prediction: &Shape, target: &Shape) -> String {
    if prediction.numel() == target.numel() {
        return format!("; reshape the target to {prediction}");
    }
    let Some((outputs, samples)) = prediction.split_last() else { return String::new() };
    let single = **target == *samples || matches!(target.split_last(), Some((1, rows)) if rows == samples);
    match op {
        _ if !single => apart(prediction, target),
        "cross_entropy" | "accuracy" => "; class labels are integers: to_int makes them".to_owned(),
        _ => format!("; the model has {outputs} outputs for each target: end it in one"),
    }
}

/// What to do about labels that lie differently, or belong to another model or loss.
fn labelled(op: &str, prediction: &Shape, expected: &Shape, got: &Shape) -> String {
    if expected.numel() == got.numel() {
        return format!("; reshape the labels to {expected}");
    }
    match prediction.split_last() {
        _ if got == prediction => {
            "; targets with a number for each class are real numbers: to_float makes them".into()
        }
        Some((classes, rows)) if rows == &**got && op.starts_with("binary") => {
            format!("; for one of {classes} classes take cross_entropy, for 0 or 1 a model with one output")
        }
        _ => apart(prediction, got),
    }
}

/// What to do about places that have never been brought together.
fn apart(prediction: &Shape, target: &Shape) -> String {
    let of_samples = target.rank() <= 2 && target.first() == prediction.first();
    if prediction.rank() > 2 && prediction.rank() > target.rank() && of_samples {
        "; flatten or pool before the last linear layer, to have one answer for each sample".to_owned()
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
                LossError::TargetShape { op, prediction: shape(&[32, 10]), target: shape(&[32]) },
                "loss: expected a target of the prediction's shape [32, 10], got [32]; the model has 10 outputs for each target: end it in one",
            ),
            (
                LossError::TargetShape { op, prediction: shape(&[32, 10]), target: shape(&[32, 1]) },
                "loss: expected a target of the prediction's shape [32, 10], got [32, 1]; the model has 10 outputs for each target: end it in one",
            ),
            (
                LossError::TargetShape {
                    op: "cross_entropy",
                    prediction: shape(&[32, 10]),
                    target: shape(&[32]),
                },
                "cross_entropy: expected a target of the prediction's shape [32, 10], got [32]; class labels are integers: to_int makes them",
            ),
            (
                LossError::TargetShape { op, prediction: shape(&[32, 26, 26, 1]), target: shape(&[32, 1]) },
                "loss: expected a target of the prediction's shape [32, 26, 26, 1], got [32, 1]; flatten or pool before the last linear layer, to have one answer for each sample",
            ),
            (
                LossError::LabelShape {
                    op,
                    prediction: shape(&[32, 26, 26, 10]),
                    expected: shape(&[32, 26, 26]),
                    got: shape(&[32]),
                },
                "loss: expected labels of shape [32, 26, 26] for a prediction of shape [32, 26, 26, 10], got [32]; flatten or pool before the last linear layer, to have one answer for each sample",
            ),
            (
                LossError::LabelShape {
                    op,
                    prediction: shape(&[32, 10]),
                    expected: shape(&[32]),
                    got: shape(&[32, 1]),
                },
                "loss: expected labels of shape [32] for a prediction of shape [32, 10], got [32, 1]; reshape the labels to [32]",
            ),
            (
                LossError::LabelShape {
                    op,
                    prediction: shape(&[32, 10]),
                    expected: shape(&[32]),
                    got: shape(&[32, 10]),
                },
                "loss: expected labels of shape [32] for a prediction of shape [32, 10], got [32, 10]; targets with a number for each class are real numbers: to_float makes them",
            ),
            (
                LossError::OneClass { op: "cross_entropy", got: shape(&[32, 1]) },
                "cross_entropy: expected a prediction with a score for each of at least two classes, got [32, 1]; with one output take binary_cross_entropy_with_logits, or binary_cross_entropy behind a sigmoid",
            ),
            (
                LossError::Label { op, row: 3, classes: 10, label: 10 },
                "loss: row 3: expected a label in 0..10, got 10; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
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
