//! What a builder says of samples that a layer does not take.

use crate::NnError;
use plywood_tensor::{Error, Result, Shape, TensorError};

/// While a model is built there is no batch: shapes are those of samples, and what is to be changed stands in the program.
/// `method` is what was given the shape of a sample.
pub(super) fn about_samples<T>(result: Result<T>, sample: &Shape, method: &'static str) -> Result<T> {
    result.map_err(|error| {
        let Some((layer, expected, got)) = input(&error) else { return error };
        let Some(Ok(got)) = got.get(1..).map(Shape::new) else { return error };
        let expected = without_batch(&expected, &got);
        // Where no layer has changed the shape, it is that which the program says.
        let begun_with = (got == *sample).then_some(method);
        Error::new(NnError::Built { layer, expected, got, begun_with }).at(error.path())
    })
}

/// The layer that refused a batch, what it takes, and what it was given; pooling says it in the words of tensors.
fn input(error: &Error) -> Option<(String, String, Shape)> {
    if let Some(NnError::Input { layer, expected, got }) = error.source_as() {
        return Some((layer.clone(), expected.clone(), *got));
    }
    let Some(TensorError::Shape { op, expected, got }) = error.source_as() else { return None };
    let expected = expected.strip_prefix("input ").unwrap_or(expected);
    let of_batch = expected.starts_with("[N, ") || expected.contains("along axis ");
    of_batch.then(|| ((*op).to_owned(), expected.to_owned(), *got))
}

/// The same expectation of a sample: `[N, H, W, C]` is `[H, W, C]`, axis 1 is axis 0.
fn without_batch(expected: &str, got: &Shape) -> String {
    if let Some((before, axis)) = expected.rsplit_once("along axis ")
        && let Ok(axis) = axis.parse::<usize>()
    {
        return format!("of {before}along axis {}", axis.saturating_sub(1));
    }
    let Some((axes, rest)) = expected.strip_prefix("[N, ").and_then(|rest| rest.split_once(']')) else {
        return expected.to_owned();
    };
    let mut axes: Vec<&str> = axes.split(", ").collect();
    let last = got.last().map(usize::to_string);
    // The layer has found its channels in another axis, for that of the channels is missing, or there is one too many.
    if axes.len() != got.rank() && !axes.contains(&"..") && axes.last().copied() == last.as_deref() {
        axes.pop();
        axes.push("C");
    }
    format!("[{}]{rest}", axes.join(", "))
}

/// What to change in the program, for [`NnError::Built`].
pub(crate) fn advice(expected: &str, got: &Shape, begun_with: Option<&str>) -> String {
    let Some((letters, _)) = expected.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        return if expected.contains("along axis") { about_size(got, begun_with) } else { String::new() };
    };
    let axes: Vec<&str> = letters.split(", ").collect();
    let number = |axis: &&str| axis.parse::<usize>().ok();
    let channels = axes.last().and_then(number);
    if !axes.contains(&"..") && axes.len() != got.rank() {
        let Some(method) = begun_with else {
            return format!("; a reshape([{letters}]) before it gives them these axes");
        };
        return match &**got {
            [_, rest @ ..] if rest.len() == axes.len() => {
                format!("; leave the axis of the batch out, if the first one is that: {method}({rest:?})")
            }
            samples if samples.len() + 1 == axes.len() => {
                let samples = [samples, &[channels.unwrap_or(1)]].concat();
                format!("; add an axis of channels: {method}({samples:?})")
            }
            _ => format!("; a reshape([{letters}]) before it gives them these axes"),
        };
    }
    match (begun_with, channels, &**got) {
        (Some(method), Some(channels), [front, image @ .., last])
            if axes.iter().filter_map(number).count() == 1 =>
        {
            if *front == channels && *last != channels && !image.is_empty() {
                let samples = [image, &[*last, channels]].concat();
                return format!("; channels are the last axis: {method}({samples:?})");
            }
            let samples = [&[*front], image, &[channels]].concat();
            format!("; {method}({samples:?}) would fit")
        }
        (Some(method), Some(channels), [_]) => format!("; {method}([{channels}]) would fit"),
        _ => String::new(),
    }
}

/// What to change where too few pixels are left.
fn about_size(got: &Shape, begun_with: Option<&str>) -> String {
    match (begun_with, &**got) {
        // As PyTorch has images: of 1 to 4 channels, which no picture is as small as.
        (Some(method), [channels @ 1..=4, image @ ..])
            if image.len() > 1 && image.iter().all(|&size| size > 4) =>
        {
            let samples = [image, &[*channels]].concat();
            format!("; channels are the last axis: {method}({samples:?})")
        }
        (Some(_), _) => "; take larger samples, a smaller kernel, or padding".to_owned(),
        (None, _) => "; take larger samples, padding, or fewer strides and pools before it".to_owned(),
    }
}
