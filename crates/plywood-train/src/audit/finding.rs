//! One thing that an audit found.

use super::Severity;
use crate::Operation;
use plywood_tensor::Shape;

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
    /// A loss that takes logits is given what an activation has left of them: one that is neither a softmax nor a sigmoid, such as a
    /// rectifier, is the last operation.
    Activated {
        /// The name of the loss.
        loss: String,
        /// The activation.
        operation: Operation,
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
    /// Pictures that enter the first convolution with their channels in front, as PyTorch has them: 3 or 4 rows of more than 4 columns
    /// and more than 4 channels, or one row of as many columns as channels.
    ChannelsFirst {
        /// The path of the layer.
        layer: String,
        /// The sizes of a picture.
        shape: Shape,
    },
    /// Units of a rectifier that are 0 for every sample of a batch of at least 16: three quarters of the layer or more. Up to two
    /// fifths are seen in networks that learn well, where units wait for a class that is not in the batch.
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
    /// A weight whose gradient, divided by its own norm, is less than a hundred-thousandth of that of another weight. In
    /// networks that learn well, residual ones of twenty layers too, it is a three-hundredth or more.
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
    /// it in a single step. In networks that learn well it is a few times as long at most.
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
