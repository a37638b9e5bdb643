//! What is said of a finding.

use super::Finding;
use crate::number::Number;
use std::fmt;

/// In one sentence, with what to do about it.
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
            Finding::Activated { loss, operation } => write!(
                f,
                "{loss} takes logits, numbers of any size and sign, but the model ends in {operation}: leave the last activation out, or what it cuts off cannot be answered"
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
            Finding::ChannelsFirst { layer, shape } => write!(
                f,
                "pictures of {shape} enter {}: channels stand last here, so transpose them to [{}, {}, {}]",
                named(layer),
                shape[1],
                shape[2],
                shape[0]
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
