//! One thing that an audit found.

use crate::Operation;
use crate::number::Number;
use std::fmt;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It may be meant so.
    Note,
    /// It is likely to spoil the training.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
        })
    }
}

/// One thing that an audit found; prints as a sentence that says what to do about it.
///
/// The thresholds stand with the variants. They are far from what networks that learn well show, so that an audit is quiet
/// when nothing is wrong.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Finding {
    /// A loss that takes logits is given probabilities: all rows lie in 0 to 1 and sum to 1, or the last operation is a
    /// sigmoid.
    Probabilities {
        /// The name of the loss.
        loss: String,
        /// Whether the classes of a row sum to 1; otherwise each number is a probability of its own.
        softmax: bool,
    },
    /// A loss that takes logarithms of probabilities is given something else: in some row they do not sum to 1, by more than
    /// 0.01.
    NoLogProbabilities {
        /// The name of the loss.
        loss: String,
        /// The sum of such a row's exponentials.
        sum: f64,
    },
    /// Targets that the last activation can never reach.
    OutOfReach {
        /// The activation.
        operation: Operation,
        /// What it returns lies between these.
        range: (f64, f64),
        /// The target that is farthest from it.
        target: f64,
    },
    /// The loss of an untrained model is more than twice what it costs to know nothing (10 times for distances, where a
    /// model is at first off by the mean and the scale of the targets).
    Start {
        /// The loss of the first batch, without penalties.
        loss: f64,
        /// What a model costs that gives each class the same probability, or always the mean of the targets.
        chance: f64,
        /// Whether the loss is a distance.
        distance: bool,
    },
    /// The loss of an untrained model is more than three times what it costs to know how frequent each class is.
    Frequencies {
        /// The loss of the first batch, without penalties.
        loss: f64,
        /// The entropy of the frequencies.
        entropy: f64,
    },
    /// A feature that enters the first layer far from 0: its mean is more than 10 standard deviations, and more than 3.
    OffCentre {
        /// The path of the layer.
        layer: String,
        /// The feature, along the last axis, for which this is worst.
        feature: usize,
        /// Its mean.
        mean: f64,
        /// Its standard deviation.
        deviation: f64,
        /// How many features are like that.
        count: usize,
    },
    /// Numbers that enter the first layer are large: the root of their mean square is above 30.
    Large {
        /// The path of the layer.
        layer: String,
        /// The root of the mean square.
        size: f64,
    },
    /// Units of a rectifier that are 0 for every sample of a batch of at least 16: half of the layer or more. A tenth to a
    /// third is usual in networks that learn well.
    DeadUnits {
        /// The rectifier.
        operation: Operation,
        /// How many units are 0 throughout.
        dead: usize,
        /// How many there are.
        units: usize,
        /// For how many samples.
        samples: usize,
    },
    /// Sigmoids or hyperbolic tangents within the model, half of which, or more, are within 0.01 of their limits, where the slope
    /// is less than a twentieth of the largest.
    Saturated {
        /// The activation.
        operation: Operation,
        /// The share of its results.
        share: f64,
    },
    /// A weight whose gradient, divided by its own norm, is less than a hundred-thousandth of that of another weight.
    Vanishing {
        /// The path of the weight where it is smallest.
        parameter: String,
        /// The norm of its gradient, divided by its own norm.
        relative: f64,
        /// The path of the weight where it is largest.
        largest: String,
        /// The same of that one.
        largest_relative: f64,
        /// How many weights are like that.
        count: usize,
    },
    /// A weight whose gradient is more than 1000 times as long as the weight: gradient descent at a rate of 0.001 would replace
    /// it in a single step.
    Exploding {
        /// The path of the weight where it is worst.
        parameter: String,
        /// The norm of its gradient, divided by its own norm.
        relative: f64,
        /// How many weights are like that.
        count: usize,
    },
    /// Weights whose gradient is 0 everywhere.
    NoSlope {
        /// Their paths.
        parameters: Vec<String>,
    },
    /// Parameters on which the loss does not depend; [`Trainer::fit`](crate::Trainer::fit) refuses them.
    NoGradient {
        /// Their paths.
        parameters: Vec<String>,
    },
    /// Parameters that are frozen.
    Frozen {
        /// Their paths.
        parameters: Vec<String>,
        /// How many parameters there are.
        of: usize,
    },
    /// Columns of a table of inputs that never change: half of them or more, or one with a value that is not 0 and that no
    /// other constant column has, as the background of a picture would.
    ConstantFeatures {
        /// The columns.
        features: Vec<usize>,
        /// How many there are.
        of: usize,
        /// How many samples were seen.
        samples: usize,
    },
    /// All targets are the same, of at least 16 samples.
    ConstantTargets {
        /// The target.
        target: f64,
        /// How many samples were seen.
        samples: usize,
    },
    /// Classes that the model knows and the data does not, among at least 20 samples for each class.
    MissingClasses {
        /// The classes.
        classes: Vec<usize>,
        /// How many the model knows.
        of: usize,
        /// How many samples were seen.
        samples: usize,
    },
    /// Inputs that are in the training data and in the validation data, to the bit.
    Leak {
        /// How many rows of the validation data are in the training data too.
        count: usize,
        /// How many it has.
        of: usize,
        /// The first such pair: the row of the training data, and that of the validation data.
        first: (usize, usize),
    },
    /// In evaluation, the answer to a sample changes when another sample of the batch does.
    MixesSamples {
        /// By how much at most.
        difference: f64,
    },
}

impl Finding {
    /// How serious it is.
    pub fn severity(&self) -> Severity {
        match self {
            Finding::Frequencies { .. }
            | Finding::NoSlope { .. }
            | Finding::Frozen { .. }
            | Finding::MissingClasses { .. } => Severity::Note,
            Finding::ConstantFeatures { features, of, .. } if 2 * features.len() < *of => Severity::Note,
            _ => Severity::Warning,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Probabilities { loss, softmax: true } => write!(
                f,
                "{loss} takes logits, but each row of the prediction is probabilities that sum to 1: leave out the last softmax, or gradients are far too small"
            ),
            Finding::Probabilities { loss, softmax: false } => write!(
                f,
                "{loss} takes logits, but the model ends in a sigmoid: leave it out, or gradients are far too small"
            ),
            Finding::NoLogProbabilities { loss, sum } => write!(
                f,
                "{loss} takes logarithms of probabilities, but those of a row sum to {}: end the model in log_softmax, or take cross_entropy",
                Number(*sum)
            ),
            Finding::OutOfReach { operation, range: (low, high), target } => write!(
                f,
                "{operation} returns numbers between {low} and {high}, and a target is {}: leave it out, or scale the targets",
                Number(*target)
            ),
            Finding::Start { loss, chance, distance: true } => write!(
                f,
                "the loss starts at {}, and to answer the mean of the targets costs {}: centre and scale the targets, or start the last bias at their mean",
                Number(*loss),
                Number(*chance)
            ),
            Finding::Start { loss, chance, distance: false } => write!(
                f,
                "the loss starts at {}, and to know nothing costs {}: the first answers are confident and wrong, so scale the inputs, or start the last layer smaller",
                Number(*loss),
                Number(*chance)
            ),
            Finding::Frequencies { loss, entropy } => write!(
                f,
                "the loss starts at {}, and to know how frequent each class is costs {}: start the last bias at the logarithms of the frequencies, which saves the first epochs",
                Number(*loss),
                Number(*entropy)
            ),
            Finding::OffCentre { layer, feature, mean, deviation, count } => write!(
                f,
                "feature {feature} enters {} with mean {} and standard deviation {}{}: normalise the inputs",
                named(layer),
                Number(*mean),
                Number(*deviation),
                others(*count, "feature is", "features are")
            ),
            Finding::Large { layer, size } => write!(
                f,
                "the numbers that enter {} are of size {}: normalise the inputs",
                named(layer),
                Number(*size)
            ),
            Finding::DeadUnits { operation, dead, units, samples } => write!(
                f,
                "{operation}: {dead} of {units} units are 0 for all {samples} samples and learn nothing: normalise the inputs, lower the learning rate, or take a rectifier that leaks"
            ),
            Finding::Saturated { operation, share } => write!(
                f,
                "{operation}: {:.0} % of the results are at the limits, where there is next to no slope: normalise what comes in, or start the weights smaller",
                share * 100.0
            ),
            Finding::Vanishing { parameter, relative, largest, largest_relative, count } => write!(
                f,
                "the gradient of {parameter} is {} of its size, that of {largest} {}{}: normalise between layers, add shortcuts, or take activations that do not saturate",
                Number(*relative),
                Number(*largest_relative),
                others(*count, "weight is", "weights are")
            ),
            Finding::Exploding { parameter, relative, count } => write!(
                f,
                "the gradient of {parameter} is {} times as long as the weight{}: scale inputs and targets, clip gradients, or start the weights smaller",
                Number(*relative),
                others(*count, "weight is", "weights are")
            ),
            Finding::NoSlope { parameters } => write!(
                f,
                "the gradient of {} is 0 everywhere: a layer beside it is dead, or starts at 0",
                parameters.join(", ")
            ),
            Finding::NoGradient { parameters } => write!(
                f,
                "no gradient for {}: freeze what shall not be trained; otherwise look for a layer that forward leaves out, or whose result it detaches",
                parameters.join(", ")
            ),
            Finding::Frozen { parameters, of } => {
                write!(f, "{} of {of} parameters are frozen: {}", parameters.len(), parameters.join(", "))
            }
            Finding::ConstantFeatures { features, of, samples } => write!(
                f,
                "{} of {of} input features are the same in all {samples} samples: {}; they say nothing",
                features.len(),
                list(features)
            ),
            Finding::ConstantTargets { target, samples } => write!(
                f,
                "the target is {target} for all {samples} samples: there is nothing to learn, or the data is sorted and cut"
            ),
            Finding::MissingClasses { classes, of, samples } => write!(
                f,
                "{} of {of} classes are in none of {samples} samples: {}; the model has outputs for them",
                classes.len(),
                list(classes)
            ),
            Finding::Leak { count, of, first: (train, validation) } => write!(
                f,
                "{count} of {of} validation samples are in the training data too, the first as row {train} there and row {validation} here: validation flatters the model, so remove duplicates before the split"
            ),
            Finding::MixesSamples { difference } => write!(
                f,
                "in evaluation, the answer to a sample changes by {} with another sample of its batch: look for an operation along axis 0, or statistics of the batch",
                Number(*difference)
            ),
        }
    }
}

/// A layer by its path, or the whole model.
fn named(layer: &str) -> &str {
    if layer.is_empty() { "the model" } else { layer }
}

/// That there are more like the one that was named.
fn others(count: usize, one: &str, many: &str) -> String {
    match count {
        0 | 1 => String::new(),
        2 => format!(" (1 more {one} like that)"),
        _ => format!(" ({} more {many} like that)", count - 1),
    }
}

/// The first few numbers.
fn list(numbers: &[usize]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = numbers.iter().take(SHOWN).map(usize::to_string).collect();
    format!("{}{}", shown.join(", "), if numbers.len() > SHOWN { ", …" } else { "" })
}
