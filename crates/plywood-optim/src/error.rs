//! What can be wrong with a step.

use plywood_tensor::{Result, Shape, Source, one_line};

/// What can be wrong with an optimizer, its state, or the gradients it is given.
///
/// Errors about one parameter have its path as the path of the [`Error`](plywood_tensor::Error).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OptimError {
    /// A setting that makes no sense.
    #[error("{owner}: expected {expected}, got {got}")]
    Setting {
        /// The rule, the group or the method that was given it.
        owner: String,
        /// What it may be.
        expected: &'static str,
        /// What it was.
        got: f64,
    },
    /// A pattern that is none of a group.
    #[error("expected the pattern of a group, {}, got {got:?}", known(patterns))]
    NoGroup {
        /// The patterns of all groups.
        patterns: Vec<String>,
        /// What was asked for.
        got: String,
    },
    /// A trainable parameter on which the loss does not depend.
    #[error("expected a gradient, got none; freeze the parameter if the loss shall not depend on it")]
    NoGradient,
    /// A slot of a rule with the name under which sums of gradients are saved.
    #[error("{rule}: expected the name of a slot, got {got}, which is that of the sum of gradients")]
    SlotName {
        /// The rule.
        rule: &'static str,
        /// The name.
        got: &'static str,
    },
    /// A slot of another shape than its parameter, of a rule that may be handed the parameter in pieces.
    #[error(
        "{rule}: expected the slot {slot} in the shape {expected} of the parameter, for the rule does not see it as a whole, \
         got {got}"
    )]
    SlotShape {
        /// The rule.
        rule: &'static str,
        /// The slot.
        slot: &'static str,
        /// The shape of the parameter.
        expected: Shape,
        /// The shape of the slot.
        got: Shape,
    },
    /// A parameter that a rule cannot move.
    #[error("{rule}: expected {expected}, got a parameter of shape {got}")]
    Parameter {
        /// The rule.
        rule: &'static str,
        /// What it can move, and what to do about others.
        expected: &'static str,
        /// The shape of the parameter.
        got: Shape,
    },
    /// A gradient of another shape than its parameter.
    #[error("expected a gradient of shape {expected}, got {got}")]
    GradientShape {
        /// The shape of the parameter.
        expected: Shape,
        /// The shape of the gradient.
        got: Shape,
    },
    /// A gradient that is infinite or NaN somewhere.
    #[error("expected a finite gradient, got {got} at {index:?}")]
    NonFinite {
        /// The first such element.
        got: f64,
        /// Where it is.
        index: Vec<usize>,
    },
    /// A gradient that cannot be clipped, because its norm is not finite.
    #[error("expected a gradient whose norm is finite, got {got}")]
    Norm {
        /// The norm.
        got: f64,
    },
    /// A loss that is infinite or NaN.
    #[error("expected a finite loss, got {got}")]
    Loss {
        /// The loss.
        got: f64,
    },
    /// A rule that takes several gradients for a step was given one.
    #[error("{rule}: expected {evaluations} gradients for a step, got 1; use step_with")]
    Evaluations {
        /// The rule.
        rule: &'static str,
        /// How many it takes.
        evaluations: usize,
    },
    /// Two parameters of a model are clones of one, with one gradient and one state between them.
    #[error("expected a parameter of its own, got a clone of {other}; call renew_ids on the clone")]
    Twin {
        /// The path of the other.
        other: String,
    },
    /// A parameter with the path of another that earlier steps moved.
    #[error(
        "expected the parameter of earlier steps, got another; use a new optimizer, and load_state_dict to go on with this state"
    )]
    Stranger,
    /// A parameter whose shape has changed since earlier steps.
    #[error("expected a parameter of shape {expected} as in earlier steps, got {got}")]
    ParameterShape {
        /// The shape of its state.
        expected: Shape,
        /// Its shape.
        got: Shape,
    },
    /// A state that another rule left.
    #[error("expected a state of {expected}, got one of {}", shown(got))]
    OtherRule {
        /// The rule of the optimizer.
        expected: String,
        /// The rule of the state.
        got: String,
    },
    /// A state that does not fit the parameters: everything that is wrong with it at once.
    #[error("state does not fit the optimizer: {}", list(missing, unexpected, mismatched))]
    State {
        /// Paths that the model has and the state has not.
        missing: Vec<String>,
        /// Paths that the state has and the model has not.
        unexpected: Vec<String>,
        /// What else differs, in words: shapes, or the slots of the rule.
        mismatched: Vec<String>,
    },
    /// A model with other trainable parameters than in earlier calls: everything that differs at once.
    #[error(
        "expected the trainable parameters of earlier calls, got others ({}); use a new Lbfgs",
        list(missing, unexpected, mismatched)
    )]
    OtherParameters {
        /// Paths that earlier calls moved and the model has not, or not any more as trainable ones.
        missing: Vec<String>,
        /// Paths that the model has and earlier calls did not move.
        unexpected: Vec<String>,
        /// Shapes or places that differ, in words.
        mismatched: Vec<String>,
    },
    /// An average, or a state of one, of another model: everything that is wrong with it at once.
    #[error("average does not fit the model: {}", list(missing, unexpected, mismatched))]
    Average {
        /// Paths that the model has and the average has not.
        missing: Vec<String>,
        /// Paths that the average has and the model has not.
        unexpected: Vec<String>,
        /// Shapes that differ, in words.
        mismatched: Vec<String>,
    },
    /// A model that has the average in place of its own numbers.
    #[error("expected the model's own numbers, got the average; swap it out first")]
    Swapped,
    /// An average of nothing.
    #[error("expected an update before the average is used, got none")]
    NoAverage,
}

impl Source for OptimError {}

/// Refuses a setting unless it is allowed.
pub(crate) fn expect(owner: &str, expected: &'static str, got: f64, allowed: bool) -> Result<()> {
    if allowed { Ok(()) } else { Err(OptimError::Setting { owner: owner.to_owned(), expected, got }.into()) }
}

fn list(missing: &[String], unexpected: &[String], mismatched: &[String]) -> String {
    let part = |title: &str, names: &[String]| {
        if names.is_empty() { None } else { Some(format!("{title}{}", names_of(names))) }
    };
    let parts = [part("missing ", missing), part("unexpected ", unexpected), part("", mismatched)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// How many names a message lists, and how many characters of each.
const LISTED: usize = 32;
const SHOWN: usize = 100;

/// Names side by side, the first of many, on one line whoever chose them.
pub(crate) fn names_of(names: &[impl AsRef<str>]) -> String {
    // Some say in words what is wrong with them.
    let shown = names.iter().take(LISTED).map(|name| one_line(name.as_ref(), 4 * SHOWN));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(LISTED);
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// A name from a file.
pub(crate) fn shown(name: &str) -> String {
    one_line(name, SHOWN)
}

fn known(patterns: &[String]) -> String {
    if patterns.is_empty() {
        return "of which there is none".to_owned();
    }
    format!("one of {}", patterns.iter().map(|pattern| format!("{pattern:?}")).collect::<Vec<_>>().join(", "))
}
