//! What can be wrong with a training run, or with a file it wrote.

use crate::Cause;
use crate::codec::Defect;
use plywood_tensor::{Shape, Source, label_advice, one_line};
use std::path::PathBuf;

/// What can be wrong with a training run, or with a file it wrote.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A loss that is not a number, or infinite.
    #[error("epoch {epoch}, batch {batch}: the loss is {loss}{cause}{}", cause.advice(*epoch, *batch))]
    Loss {
        /// The epoch, counted from 1.
        epoch: usize,
        /// The batch within the epoch, counted from 1.
        batch: usize,
        /// NaN or an infinity.
        loss: f64,
        /// Where it arose.
        cause: Cause,
    },
    /// A loss that is not a number, or infinite, of data that is judged.
    #[error("the loss is {loss}{cause}")]
    Judged {
        /// The loss.
        loss: f64,
        /// Where it came from.
        cause: Cause,
    },
    /// A finite loss with a gradient that is not; no parameter was changed by it.
    #[error(
        "epoch {epoch}, batch {batch}: the gradient of {parameter} is not finite{cause}{}",
        cause.advice(*epoch, *batch)
    )]
    Gradient {
        /// The epoch, counted from 1.
        epoch: usize,
        /// The batch within the epoch, counted from 1.
        batch: usize,
        /// The path of the parameter.
        parameter: String,
        /// Where it arose.
        cause: Cause,
    },
    /// Parameters on which the loss does not depend: all of them at once.
    #[error(
        "no gradient for {}: freeze what shall not be trained; otherwise look for a layer that forward leaves out, or whose result it detaches",
        parameters.join(", ")
    )]
    NoGradient {
        /// Their paths.
        parameters: Vec<String>,
    },
    /// Numbers that are not finite somewhere in a step, found because [`Fit::detect_anomaly`](crate::Fit::detect_anomaly)
    /// looks at all of them.
    #[error("epoch {epoch}, batch {batch}: a number is not finite{cause}")]
    Anomaly {
        /// The epoch, counted from 1.
        epoch: usize,
        /// The batch within the epoch, counted from 1.
        batch: usize,
        /// Where it arose.
        cause: Cause,
    },
    /// An epoch in which every step was skipped.
    #[error(
        "epoch {epoch}: all of its {steps} steps were skipped, for the loss or a gradient was not finite in each; without NonFinite::Skip the error names where it arose"
    )]
    AllSkipped {
        /// The epoch, counted from 1.
        epoch: usize,
        /// How many steps it has.
        steps: usize,
    },
    /// A model that does not answer each sample with one row.
    #[error(
        "expected one prediction for each of {samples} samples, got {got}; samples lie along the first axis, that of the batch"
    )]
    Predictions {
        /// How many samples the model was given.
        samples: usize,
        /// How many rows it answered with.
        got: usize,
    },
    /// A single sample to be predicted, which has no axis for the batch.
    #[error(
        "expected samples of shape {sample} along the first axis, got a single one: add a batch dimension, as in [1, {}",
        sample.to_string().trim_start_matches('[')
    )]
    NoBatch {
        /// The shape of a sample.
        sample: Shape,
    },
    /// A share of the samples that is no share.
    #[error("validation split: expected a fraction that leaves both parts samples, got {got} of {len}")]
    ValidationSplit {
        /// How many samples there are.
        len: usize,
        /// The fraction.
        got: f64,
    },
    /// A weight of a class that is negative or not finite.
    #[error("class weights: expected finite numbers of at least 0, got {got} for class {class}")]
    ClassWeight {
        /// The class.
        class: usize,
        /// Its weight.
        got: f64,
    },
    /// Another number of class weights than there are classes.
    #[error(
        "class weights: expected one for each of {classes} classes, got {got}: balanced_class_weights makes them; balancing_weights of the data are one for each sample, not for each class, and belong into sampling_weights"
    )]
    ClassWeightCount {
        /// How many classes the loss finds in the model's predictions.
        classes: usize,
        /// How many weights there are.
        got: usize,
    },
    /// A class without samples, which no weight can balance.
    #[error("class weights: expected a sample of each class in 0..{classes}, got none of class {class}")]
    ClassWithoutSamples {
        /// The class.
        class: i64,
        /// How many classes there are, by the highest label.
        classes: i64,
    },
    /// A label that is no class.
    #[error("class weights: expected labels that count from 0, got {label}")]
    NegativeLabel {
        /// The label.
        label: i64,
    },
    /// A label for which there is no weight.
    #[error(
        "class weights: sample {sample}: expected a label in 0..{classes}, got {label}{}",
        label_advice(*label, *classes)
    )]
    ClassWeightLabel {
        /// Where in the data set the sample stands.
        sample: usize,
        /// How many weights there are.
        classes: usize,
        /// The label.
        label: i64,
    },
    /// Weights of classes for targets that are no class labels.
    #[error("class weights: expected targets that are class labels")]
    ClassWeightTargets,
    /// A schedule with a factor that is negative, infinite or not a number.
    #[error("schedule {schedule} at {time}: expected a finite factor of at least 0, got {got}")]
    Schedule {
        /// The schedule with its settings.
        schedule: String,
        /// When: in epochs, or in steps.
        time: f64,
        /// Its factor.
        got: f64,
    },
    /// A setting that makes no sense.
    #[error("{owner}: expected {expected}, got {got}")]
    Setting {
        /// What was given it.
        owner: &'static str,
        /// What it may be.
        expected: &'static str,
        /// What it was.
        got: f64,
    },
    /// A model whose parameters are all frozen.
    #[error(
        "expected a parameter to train, got {parameters} that are all frozen; unfreeze some, or add a layer"
    )]
    AllFrozen {
        /// How many there are.
        parameters: usize,
    },
    /// Two quantities of one name.
    #[error(
        "expected metrics of different names, got {name:?} twice; measure one of them under another, with metric_as(name, metric)"
    )]
    SameName {
        /// The name.
        name: String,
    },
    /// A quantity that is not measured.
    #[error("{callback}: expected one of {}, got {name:?}{}", known.join(", "), monitor_advice(name, known))]
    Monitor {
        /// Who asks for it.
        callback: &'static str,
        /// What is asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The state of a callback that cannot be written, or is not what it reads.
    #[error("state of {name}: {defect}")]
    CallbackState {
        /// The callback.
        name: String,
        /// What is wrong with it.
        defect: Defect,
    },
    /// A table that has other columns than what is to be appended to it.
    #[error("{}: expected the columns {expected}, got {}", path.display(), one_line(got, 1000))]
    Columns {
        /// The file.
        path: PathBuf,
        /// The columns of what is to be written.
        expected: String,
        /// Those of the file.
        got: String,
    },
    /// An image of a shape that cannot be shown.
    #[error("image: expected [height, width, 1, 3 or 4 channels], got {got}")]
    Image {
        /// Its shape.
        got: Shape,
    },
    /// Other settings than those of the run that was resumed.
    #[error(
        "the run was begun with other settings: {}; call leave_course to begin a course of its own",
        differences.join(", ")
    )]
    OtherCourse {
        /// Which settings differ, in words.
        differences: Vec<String>,
    },
    /// Checkpoints of which none is whole.
    #[error("{}: expected a whole checkpoint, got none: {}", folder.display(), reasons.join("; "))]
    NoCheckpoint {
        /// Where they lie.
        folder: PathBuf,
        /// What is wrong with each, the newest first.
        reasons: Vec<String>,
    },
    /// The thread that writes checkpoints has panicked, in a file system of the user's own.
    #[error("the thread that writes checkpoints has panicked")]
    SavingPanicked,
    /// A handler of Ctrl-C that cannot be set.
    #[error("ctrl-c: {reason}")]
    Handler {
        /// Why.
        reason: String,
    },
    /// A run whose last training has ended with an error, so that it stands between two steps.
    #[error("the last fit has ended with an error: expected a run that stands after a step")]
    Astray,
    /// A folder in which another program saves.
    #[error("{}: another run saves its checkpoints here", folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// A checkpoint of a run that went further.
    #[error(
        "{} is of step {step}, and this run is at {steps}: call resume before fit, or choose another folder",
        path.display()
    )]
    LaterCheckpoint {
        /// The checkpoint.
        path: PathBuf,
        /// Its step.
        step: u64,
        /// How many steps this run has taken.
        steps: u64,
    },
    /// A confusion matrix for other classes than there are names.
    #[error(
        "report: expected a confusion matrix [C, C] with a name for each class, got {got} and {names} names"
    )]
    Confusion {
        /// How many names there are.
        names: usize,
        /// The shape of the matrix.
        got: Shape,
    },
    /// Predictions that cannot be compared with targets.
    #[error("report: expected one prediction for each of {targets} targets, got {predictions}")]
    Residuals {
        /// How many predictions there are.
        predictions: usize,
        /// How many targets there are.
        targets: usize,
    },
    /// A picture of nothing.
    #[error("plot: expected at least one finite value of {panel}, got none{}", no_value_advice(panel))]
    EmptyPlot {
        /// What was to be shown.
        panel: String,
    },
    /// A picture that cannot be drawn.
    #[error("plot: {reason}")]
    Plot {
        /// What the drawing library says.
        reason: String,
    },
    /// A file that cannot be read or written, or is not what it should be.
    #[error("{}: {defect}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        defect: Defect,
    },
}

impl Source for TrainError {}

/// What a plot without a panel would have shown.
pub(crate) const EVERYTHING: &str = "any quantity";

/// What to do about a history of nothing.
fn no_value_advice(panel: &str) -> &'static str {
    if panel == EVERYTHING { "; all epochs of a run that was resumed are in Trainer::history" } else { "" }
}

/// What to do about a quantity that there is not.
fn monitor_advice(name: &str, known: &[String]) -> String {
    let spelled = name.replace("val_", "validation ").replace('_', " ");
    let meant = known.iter().find(|known| known.trim_matches('"').replace('_', " ") == spelled);
    match meant {
        Some(meant) => format!("; did you mean {meant}?"),
        None if spelled.starts_with("validation ")
            && !known.iter().any(|known| known.starts_with("\"validation")) =>
        {
            "; there is no validation data: give some by `Fit::validation` or `validation_split`".to_owned()
        }
        None => String::new(),
    }
}

impl TrainError {
    /// A quantity that is none of those which there are, or will be.
    pub(crate) fn monitor(callback: &'static str, name: &str, known: &[String]) -> TrainError {
        let known = known.iter().map(|name| format!("{name:?}")).collect();
        TrainError::Monitor { callback, name: name.to_owned(), known }
    }

    /// What went wrong with a file.
    pub(crate) fn file(path: &std::path::Path, defect: impl Into<Defect>) -> TrainError {
        TrainError::File { path: path.to_owned(), defect: defect.into() }
    }
}
