//! What can be wrong with data.

use crate::gather::advice;
use crate::{CsvProblem, FileProblem, Place};
use plywood_tensor::{Shape, Source, label_advice, quoted};

/// What can be wrong with data: with a set of samples, a loader, a file or what was fitted on them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// No samples where some are needed.
    #[error("the data set is empty")]
    Empty,
    /// Inputs and targets of different length.
    #[error("expected one target for each of {inputs} inputs, got {targets}")]
    Lengths {
        /// How many inputs there are.
        inputs: usize,
        /// How many targets there are.
        targets: usize,
    },
    /// A sample that does not exist.
    #[error("sample {index} is not in 0..{len}")]
    Index {
        /// The index.
        index: usize,
        /// How many samples there are.
        len: usize,
    },
    /// Samples of different shape, which do not make a batch.
    #[error("sample {position} of the batch: expected shape {expected} as the first, got {got}")]
    Uneven {
        /// The position of the sample in the batch.
        position: usize,
        /// The shape of the first sample.
        expected: Shape,
        /// The shape of this one.
        got: Shape,
    },
    /// Samples of different shape, by their names.
    #[error("{what}: expected shape {expected} as of {first}, got {got} of {sample}; {}", advice(got.rank()))]
    Shapes {
        /// `inputs` or `targets`.
        what: &'static str,
        /// The first sample of the batch.
        first: String,
        /// Its shape.
        expected: Shape,
        /// The first sample of another shape.
        sample: String,
        /// That shape.
        got: Shape,
    },
    /// Samples of a type that makes room for a batch and does not fill it.
    #[error("samples: expected a type with `Samples::put`, since it has `Samples::room`, got one without")]
    Put,
    /// Batches of no samples.
    #[error("batch size: expected at least 1, got {got}")]
    BatchSize {
        /// The size.
        got: usize,
    },
    /// Fewer samples than a batch, when short batches are dropped.
    #[error("batch size: expected at most {len} when short batches are dropped, got {got}")]
    NoBatch {
        /// How many samples there are.
        len: usize,
        /// The size.
        got: usize,
    },
    /// A share of the samples that is no share.
    #[error("split: expected a fraction between 0 and 1, got {got}")]
    Fraction {
        /// The fraction.
        got: f64,
    },
    /// A split of which one part is empty.
    #[error("split: expected 1 to {max} of {len} samples in the first part, got {got}", max = len.saturating_sub(1))]
    EmptyPart {
        /// How many samples there are.
        len: usize,
        /// How many would be in the first part.
        got: usize,
    },
    /// A number of folds that the samples do not fill.
    #[error("k-fold: expected 2 to {len} folds for {len} samples, got {got}")]
    Folds {
        /// How many samples there are.
        len: usize,
        /// How many folds were asked for.
        got: usize,
    },
    /// Weights of another number than samples.
    #[error("weights: expected one for each of {expected} samples, got {got}")]
    WeightCount {
        /// How many samples there are.
        expected: usize,
        /// How many weights there are.
        got: usize,
    },
    /// A weight that is negative or not finite.
    #[error("weights: expected finite numbers of at least 0, got {got} for sample {index}")]
    Weight {
        /// The sample.
        index: usize,
        /// Its weight.
        got: f64,
    },
    /// Weights that leave nothing to weigh.
    #[error("weights: expected a finite sum above 0, got {got}")]
    WeightSum {
        /// The sum.
        got: f64,
    },
    /// Windows of no steps, or that never move on.
    #[error("windows: expected a {what} of at least 1, got 0")]
    WindowSetting {
        /// `length` or `stride`.
        what: &'static str,
    },
    /// A series that is too short for a single window and its target.
    #[error(
        "windows: expected a series of at least {} steps, {length} for a window and its target {ahead} ahead of it, got {got}",
        length.saturating_add(*ahead)
    )]
    WindowSeries {
        /// How long a window is.
        length: usize,
        /// How far after it its target lies.
        ahead: usize,
        /// How many steps the series has.
        got: usize,
    },
    /// Another number of targets than the series has steps.
    #[error(
        "windows: expected one target for each of {steps} steps of the series, got {got}; which of them belongs to a window follows from `ahead`"
    )]
    WindowTargets {
        /// How many steps the series has.
        steps: usize,
        /// How many targets there are.
        got: usize,
    },
    /// A label that is not one of the classes.
    #[error("sample {index}: expected a label in 0..{classes}, got {got}{}", label_advice(*got, *classes))]
    Label {
        /// The sample.
        index: usize,
        /// How many classes there are.
        classes: usize,
        /// The label.
        got: i64,
    },
    /// Names of another number than what they name.
    #[error("{what}: expected {expected}, got {got}")]
    Names {
        /// What is named.
        what: &'static str,
        /// How many there are.
        expected: usize,
        /// How many names were given.
        got: usize,
    },
    /// An array whose last axis is not the one that was fitted.
    #[error("{op}: expected [.., {features}], got {got}")]
    Features {
        /// The operation.
        op: &'static str,
        /// The size of the last axis when it was fitted.
        features: usize,
        /// The shape.
        got: Shape,
    },
    /// An array without the axes of samples and features.
    #[error("{op}: expected [samples, .., features], got {got}")]
    Rank {
        /// The operation.
        op: &'static str,
        /// The shape.
        got: Shape,
    },
    /// A number that cannot be fitted to.
    #[error("{op}: expected finite numbers, got {got} in row {row}, feature {feature}")]
    NotFinite {
        /// The operation.
        op: &'static str,
        /// The row, all axes but the last taken as one.
        row: usize,
        /// The index along the last axis.
        feature: usize,
        /// The number.
        got: f64,
    },
    /// No neighbours to make up samples with.
    #[error("{op}: expected at least 1 neighbour, got 0")]
    NoNeighbours {
        /// The operation.
        op: &'static str,
    },
    /// A class that is too small to make up samples from.
    #[error(
        "class {class}: expected at least {} samples to choose from {neighbours} neighbours, got {got}",
        neighbours.saturating_add(1)
    )]
    Neighbours {
        /// The class.
        class: i64,
        /// How many neighbours each sample should have.
        neighbours: usize,
        /// How many samples there are.
        got: usize,
    },
    /// A class that would lose samples.
    #[error("class {class}: expected at least the {expected} samples there are, got {got}")]
    ClassCount {
        /// The class.
        class: i64,
        /// How many samples there are.
        expected: usize,
        /// How many there should be.
        got: usize,
    },
    /// A range that is empty or not finite.
    #[error("{op}: expected a finite range with low < high, got {low}..{high}")]
    Range {
        /// The operation.
        op: &'static str,
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
    /// A category that is not one of those known.
    #[error("category: expected {}, got {}", one_of(expected), quoted(got, SHOWN))]
    Category {
        /// The known ones.
        expected: Vec<String>,
        /// The one that is not.
        got: String,
    },
    /// Categories that are none, or the same twice.
    #[error("categories: expected different names, at least one, got [{}]", listed(got))]
    Categories {
        /// The names.
        got: Vec<String>,
    },
    /// A panic on a thread that loads batches; it is the last item of its epoch.
    #[error("batch {batch}{}: a worker of the loader panicked: {message}", of_sample(*sample))]
    Worker {
        /// The number of the batch in its epoch, counted from 0.
        batch: usize,
        /// The sample that was being got, if it was one in particular.
        sample: Option<usize>,
        /// What the panic said.
        message: String,
    },
    /// Something else than images side by side.
    #[error("images: expected [images, height, width, channels], got {got}")]
    Images {
        /// The shape.
        got: Shape,
    },
    /// A file of images or labels that cannot be read.
    #[error("{file}: {problem}")]
    File {
        /// The path as it was given, or the name of the bytes.
        file: String,
        /// What is wrong with it.
        problem: FileProblem,
    },
    /// A table that cannot be read.
    #[error("{place}: {problem}")]
    Csv {
        /// The file, the line and the column.
        place: Place,
        /// What is wrong there.
        problem: CsvProblem,
    },
}

impl Source for DataError {}

fn of_sample(sample: Option<usize>) -> String {
    sample.map_or_else(String::new, |sample| format!(", sample {sample}"))
}

/// How many names a message lists, and how many characters of each.
const LISTED: usize = 8;
pub(crate) const SHOWN: usize = 100;

/// Names in quotes, the first few of many.
pub(crate) fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| quoted(name, SHOWN)).collect();
    let more = names.len().saturating_sub(LISTED);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// A choice between names.
pub(crate) fn one_of(names: &[String]) -> String {
    format!("one of {}", listed(names))
}
