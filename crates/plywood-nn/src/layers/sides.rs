//! One number for each axis of an image.

use crate::NnError;
use plywood_tensor::{Result, Shape};
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

pub(super) fn deserialize<'de, F: Deserializer<'de>, const D: usize>(from: F) -> Result<[usize; D], F::Error> {
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
            if image.contains(&0) { refuse("of at least one pixel") } else { Shape::new(&[batch, channels]) }
        }
        _ => refuse(letters(axes)),
    }
}
