//! What can be wrong with a layer or a model.

use crate::layers::sequential::advice as about_samples;
use plywood_tensor::{Shape, Source, one_line, quoted};

/// What can be wrong with a layer or a model.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NnError {
    /// An input of a shape that the layer does not take.
    #[error("{layer}: expected input {expected}, got {got}{}", advice(expected, got))]
    Input {
        /// The layer and its sizes.
        layer: String,
        /// The shapes it takes.
        expected: String,
        /// The shape it was given.
        got: Shape,
    },
    /// Samples of a shape that a layer does not take, found while a model is built.
    #[error("{layer}: expected samples {expected}, got {got}{}", about_samples(expected, got, *begun_with))]
    Built {
        /// The layer and its sizes.
        layer: String,
        /// The samples it takes, without the axis of the batch.
        expected: String,
        /// The shape of the samples it would be given, without the axis of the batch.
        got: Shape,
        /// The method that was given this shape, if no layer has changed it since.
        begun_with: Option<&'static str>,
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

/// What to do about an input that lacks an axis, or has its channels in front, as PyTorch does, or whose model was built so.
fn advice(expected: &str, got: &Shape) -> String {
    let axes = expected.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(axes, _)| axes);
    let axes: Vec<&str> = axes.unwrap_or_default().split(", ").collect();
    let Some(channels) = axes.last().and_then(|last| last.parse::<usize>().ok()) else {
        return String::new();
    };
    if axes.contains(&"..") {
        return String::new();
    }
    let shown =
        |axes: &[usize]| format!("[{}]", axes.iter().map(usize::to_string).collect::<Vec<_>>().join(", "));
    match &**got {
        [.., last] if got.rank() + 1 == axes.len() && *last == channels => {
            format!("; add a batch dimension, as in {}", shown(&[&[1], &**got].concat()))
        }
        _ if got.rank() + 1 == axes.len() && channels == 1 => {
            format!("; add an axis of channels, as in {}", shown(&[&**got, &[1]].concat()))
        }
        // No picture is as narrow as this: its channels are where they belong.
        [_, samples @ ..]
            if got.rank() == axes.len()
                && samples[0] == channels
                && channels > 4
                && matches!(samples, [.., 1..=4]) =>
        {
            format!("; these samples need a model for them, from Sequential::input({samples:?})")
        }
        [batch, first, rest @ ..]
            if got.rank() == axes.len() && *first == channels && rest.last() != Some(&channels) =>
        {
            format!("; channels are the last axis, as in {}", shown(&[&[*batch], rest, &[channels]].concat()))
        }
        _ => String::new(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_that_lack_an_axis_come_with_advice() {
        for (expected, got, advice) in [
            ("[N, H, W, 1]", &[28, 28, 1][..], "; add a batch dimension, as in [1, 28, 28, 1]"),
            ("[N, H, W, 3]", &[28, 28, 3], "; add a batch dimension, as in [1, 28, 28, 3]"),
            ("[N, H, W, 1]", &[32, 28, 28], "; add an axis of channels, as in [32, 28, 28, 1]"),
            ("[N, L, 1]", &[32, 100], "; add an axis of channels, as in [32, 100, 1]"),
            ("[N, H, W, 3]", &[8, 3, 32, 40], "; channels are the last axis, as in [8, 32, 40, 3]"),
            ("[N, H, W, 3]", &[8, 3, 32, 3], ""),
            (
                "[N, H, W, 28]",
                &[8, 28, 28, 1],
                "; these samples need a model for them, from Sequential::input([28, 28, 1])",
            ),
            ("[N, H, W, 3]", &[8, 32, 32, 4], ""),
            ("[N, H, W, 3]", &[28, 28], ""),
            ("[N, H, W, C]", &[28, 28, 3], ""),
            ("[N, H, W, C] with H and W multiples of 2", &[1, 3, 2, 6], ""),
            ("[.., 3]", &[3, 4], ""),
            ("[N, .., 3]", &[3], ""),
            ("of at least one pixel", &[1, 0, 0, 1], ""),
            ("[N, L, 3]", &[], ""),
        ] {
            let (layer, expected, got) = ("Layer".to_owned(), expected.to_owned(), Shape::new(got).unwrap());
            let start = format!("Layer: expected input {expected}, got {got}");
            assert_eq!(NnError::Input { layer, expected, got }.to_string(), start + advice);
        }
    }
}
