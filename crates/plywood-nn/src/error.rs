//! What can be wrong with a layer or a model.

use plywood_tensor::{Shape, Source, one_line, quoted};

/// What can be wrong with a layer or a model.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NnError {
    /// An input of a shape that the layer does not take.
    #[error("{layer}: expected input {expected}, got {got}")]
    Input {
        /// The layer and its sizes.
        layer: String,
        /// The shapes it takes.
        expected: String,
        /// The shape it was given.
        got: Shape,
    },
    /// Samples of a shape that the layer does not take.
    #[error("{layer}: expected {expected}, got {got}")]
    Samples {
        /// The layer and its sizes.
        layer: String,
        /// The samples it takes.
        expected: String,
        /// The shape of the samples it was given, without the axis of the batch.
        got: Shape,
    },
    /// A setting that makes no sense.
    #[error("{layer}: expected {expected}, got {got}")]
    Setting {
        /// The layer.
        layer: String,
        /// What the setting may be.
        expected: String,
        /// What it was.
        got: String,
    },
    /// A new value for a buffer that has another shape.
    #[error("{path}: expected a buffer of shape {expected}, got {got}")]
    BufferShape {
        /// Where the buffer is.
        path: String,
        /// Its shape.
        expected: Shape,
        /// The shape of the new value.
        got: Shape,
    },
    /// A state that does not fit the model: everything that is wrong with it at once.
    #[error("state does not fit the model: {}", list(missing, unexpected, mismatched))]
    State {
        /// Names that the model has and the state has not.
        missing: Vec<String>,
        /// Names that the state has and the model has not.
        unexpected: Vec<String>,
        /// What else differs, in words: shapes, or integers against real numbers.
        mismatched: Vec<String>,
    },
    /// A pattern that fits no parameter.
    #[error("pattern {} matches none of {}", shown(pattern), names_of(names))]
    NoMatch {
        /// The pattern.
        pattern: String,
        /// The parameters there are.
        names: Vec<String>,
    },
    /// A layer that no file can rebuild.
    #[error("{layer}: only its own code can make this layer; save the state_dict of the model instead")]
    NotSaveable {
        /// The layer and its sizes.
        layer: String,
    },
    /// A model that does not know the shape of its samples.
    #[error("the model does not know the shape of its samples; tell it by Sequential::with_input")]
    NoInput,
    /// Bytes that are not what they should be.
    #[error("{reason}")]
    Format {
        /// What is wrong with them.
        reason: String,
    },
    /// A file that cannot be written, or cannot be read or understood.
    #[error("{path}: {reason}")]
    File {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Source for NnError {}

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
fn names_of(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| one_line(name, 2 * SHOWN)).collect();
    let more = names.len().saturating_sub(LISTED);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// A name from a file.
pub(crate) fn shown(name: &str) -> String {
    quoted(name, SHOWN)
}

/// What somebody else says of a file, of which a part may stand there.
pub(crate) fn brief(words: impl ToString) -> String {
    one_line(&words.to_string(), 2 * SHOWN)
}
