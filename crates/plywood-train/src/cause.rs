//! Where a number that is not finite arose.

use plywood_autograd::Sighting;
use std::fmt;

/// Where a number that is not finite arose, as far as running the step again can tell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// It was in the inputs.
    #[error("; sample {0} of the data set has an input that is not finite")]
    Input(usize),
    /// It was in the targets.
    #[error("; sample {0} of the data set has a target that is not finite")]
    Target(usize),
    /// A parameter had lost its value before.
    #[error("; parameter {0} is not finite")]
    Parameter(String),
    /// The first operation whose result was not finite while its inputs were.
    #[error("; first non-finite result: {0}")]
    Operation(Operation),
    /// Every result was finite: the first operation whose gradient was not, while the one that reached it was.
    #[error("; first non-finite gradient: that of {0}")]
    Gradient(Operation),
    /// Every result and every gradient was finite.
    #[error("")]
    Unknown,
}

impl Cause {
    /// What to try where steps have led there; before the first of them it is no matter of the learning rate.
    pub(crate) fn advice(&self, epoch: usize, batch: usize) -> &'static str {
        match self {
            Cause::Parameter(_) | Cause::Operation(_) | Cause::Gradient(_) if (epoch, batch) > (1, 1) => {
                "; if the loss grew before, try a smaller learning rate or Optimizer::clip_global_norm"
            }
            _ => "",
        }
    }
}

/// An operation and where it stands: `linear in up`, or `exp behind up` for one that takes no parameter itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its name.
    pub op: &'static str,
    /// The path of the layer whose parameters were used last on the way to it; none in front of all layers, and in a model
    /// that is itself a layer.
    pub layer: Option<String>,
    /// Whether it takes a parameter of that layer itself.
    pub inside: bool,
}

impl Operation {
    /// What a watch has seen, with the path of the parameter that it tells of.
    pub(crate) fn new(seen: Sighting, parameter: Option<&String>) -> Operation {
        let layer = parameter.and_then(|path| Some(path.rsplit_once('.')?.0.to_owned()));
        Operation { op: seen.op, layer, inside: seen.inside }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.layer {
            Some(layer) => write!(f, "{} {} {layer}", self.op, if self.inside { "in" } else { "behind" }),
            None => f.write_str(self.op),
        }
    }
}
