//! One number for each axis of an image.

use crate::{Context, NnError};
use plywood_autograd::Buffer;
use plywood_tensor::{Result, Shape, Tensor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One number for all of `D` axes, or one for each: `3` or `[3, 5]`.
pub trait Sides<const D: usize> {
    /// One for each.
    fn sides(self) -> [usize; D];
}

impl<const D: usize> Sides<D> for usize {
    fn sides(self) -> [usize; D] {
        [self; D]
    }
}

impl<const D: usize> Sides<D> for [usize; D] {
    fn sides(self) -> [usize; D] {
        self
    }
}

/// As JSON they are a list.
pub(super) fn serialize<S: Serializer, const D: usize>(sides: &[usize; D], to: S) -> Result<S::Ok, S::Error> {
    sides.as_slice().serialize(to)
}

pub(super) fn deserialize<'de, F: Deserializer<'de>, const D: usize>(
    from: F,
) -> Result<[usize; D], F::Error> {
    let list = Vec::<usize>::deserialize(from)?;
    let length = list.len();
    let wrong = |_| serde::de::Error::invalid_length(length, &format!("{D} numbers").as_str());
    list.try_into().map_err(wrong)
}

/// `2` where all are the same, else `[2, 3]`.
pub(super) fn short(sides: &[usize]) -> String {
    match sides {
        [first, rest @ ..] if rest.iter().all(|side| side == first) => first.to_string(),
        _ => format!("{sides:?}"),
    }
}

/// `, stride 2, padding 1`: those settings that are not as usual, in words.
pub(super) fn settings<const D: usize>(named: &[(&str, [usize; D], [usize; D])]) -> String {
    let unusual = named.iter().filter(|(_, value, usual)| value != usual);
    unusual.map(|(name, value, _)| format!(", {name} {}", short(value))).collect()
}

/// What images with so many axes between batch and channels are called.
pub(super) fn letters(axes: usize) -> &'static str {
    match axes {
        1 => "[N, L, C]",
        2 => "[N, H, W, C]",
        _ => "[N, D, H, W, C]",
    }
}

/// Whether the input has so many axes between batch and channels.
pub(super) fn check(layer: &dyn Fn() -> String, axes: usize, input: &Shape) -> Result<()> {
    if input.rank() == axes + 2 {
        return Ok(());
    }
    Err(NnError::Input { layer: layer(), expected: letters(axes).into(), got: *input }.into())
}

/// The name of a layer for so many axes.
pub(super) const fn name(names: [&'static str; 3], axes: usize) -> &'static str {
    assert!(axes >= 1 && axes <= 3, "images have 1 to 3 axes between batch and channels");
    names[axes - 1]
}

/// What is left when the axes between batch and channels are folded: `[N, C]`.
pub(super) fn all_but_channels(layer: &dyn Fn() -> String, axes: usize, input: &Shape) -> Result<Shape> {
    let refuse = |expected: &str| -> Result<Shape> {
        Err(NnError::Input { layer: layer(), expected: expected.into(), got: *input }.into())
    };
    match **input {
        [batch, ref image @ .., channels] if image.len() == axes => {
            if image.contains(&0) {
                refuse("of at least one pixel")
            } else {
                Shape::new(&[batch, channels])
            }
        }
        _ => refuse(letters(axes)),
    }
}

/// The last size, if it is not 0.
pub(super) fn channels(layer: &dyn Fn() -> String, input: &Shape) -> Result<usize> {
    match input.last() {
        Some(0) => {
            let (layer, expected) = (layer(), "at least one channel".into());
            Err(NnError::Setting { layer, expected, got: "0".into() }.into())
        }
        Some(&channels) => Ok(channels),
        None => Err(NnError::Input { layer: layer(), expected: "[N, .., C]".into(), got: *input }.into()),
    }
}

/// Such as `[N, H, W, 64]`.
pub(super) fn with_channels(axes: usize, channels: usize) -> String {
    letters(axes).replace('C', &channels.to_string())
}

/// What a buffer of real numbers will hold.
pub(super) fn float(layer: &dyn Fn() -> String, cx: &Context, buffer: &Buffer) -> Result<Tensor> {
    match cx.buffer(buffer).as_float() {
        Some(value) => Ok(value.clone()),
        None => {
            let (layer, expected) = (layer(), "real numbers as running statistics".into());
            Err(NnError::Setting { layer, expected, got: "integers".into() }.into())
        }
    }
}

/// `2`, or `[2, 3]` where there are several.
pub(super) fn list(sizes: &[usize]) -> String {
    match sizes {
        [one] => one.to_string(),
        _ => format!("{sizes:?}"),
    }
}
