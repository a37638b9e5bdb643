//! What can be wrong with an image or a transform.

use plywood_tensor::{Shape, Source, label_advice};

/// What can be wrong with an image or a transform.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AugmentError {
    /// An array of a shape that is not the one needed.
    #[error("{what}: expected {expected}, got {got}")]
    Shape {
        /// The transform or the thing to be made of the array.
        what: &'static str,
        /// The shapes it takes.
        expected: String,
        /// The shape it was given.
        got: Shape,
    },
    /// An image with another number of channels than the transform can take.
    #[error("{transform}: expected {expected}, got {got}")]
    Channels {
        /// The transform.
        transform: &'static str,
        /// What it takes.
        expected: String,
        /// How many there are.
        got: usize,
    },
    /// An image of another height and width than are needed.
    #[error("{what}: expected {expected}, got {} x {}", got[0], got[1])]
    Size {
        /// The transform, or `mask`.
        what: &'static str,
        /// The height and width that it takes.
        expected: String,
        /// Height and width as they are.
        got: [usize; 2],
    },
    /// A setting that makes no sense.
    #[error("{transform}: expected {expected}, got {got}")]
    Setting {
        /// The transform.
        transform: &'static str,
        /// What the setting may be.
        expected: &'static str,
        /// What it was.
        got: String,
    },
    /// Numbers of a picture, or those that a pipeline would give, outside 0 to 1 where a transform keeps them there.
    #[error("{transform}: expected numbers from 0 to 1, got {}", levels(*low, *high))]
    Levels {
        /// The transform.
        transform: &'static str,
        /// The least number; NaN if there is one.
        low: f64,
        /// The greatest number; NaN if there is one.
        high: f64,
    },
    /// A map of the plane that cannot be inverted: it makes a line or a point of the picture.
    #[error("projection: expected one that can be inverted, got {got}")]
    Singular {
        /// Its matrix, row by row.
        got: String,
    },
    /// A label that is no class.
    #[error("{transform}: row {row}: expected a label in 0..{classes}, got {label}{}", label_advice(*label, *classes))]
    Label {
        /// The transform.
        transform: &'static str,
        /// Which label.
        row: usize,
        /// How many classes there are.
        classes: usize,
        /// The label.
        label: i64,
    },
}

impl Source for AugmentError {}

/// From where to where numbers lie, and what can be done about it.
fn levels(low: f64, high: f64) -> String {
    if !(low.is_finite() && high.is_finite()) {
        let got = if low.is_nan() { "NaN" } else { "infinite ones" };
        return format!("{got}; look at the data and at what stands before");
    }
    let advice = if low < 0.0 {
        "put it before `normalize`"
    } else if high > 100.0 {
        "divide by 255, or use pictures of bytes"
    } else {
        "divide by the level of white"
    };
    let rounded = |x: f64| (x * 1e4).round() / 1e4;
    format!("{} to {}; {advice}", rounded(low), rounded(high))
}

/// A setting that makes no sense.
pub(crate) fn setting(
    transform: &'static str,
    expected: &'static str,
    got: impl std::fmt::Display,
) -> plywood_tensor::Error {
    AugmentError::Setting { transform, expected, got: got.to_string() }.into()
}

/// A probability, or the error that it is none.
pub(crate) fn probability(transform: &'static str, p: f64) -> plywood_tensor::Result<f64> {
    if (0.0..=1.0).contains(&p) {
        return Ok(p);
    }
    Err(setting(transform, "a probability of at least 0 and at most 1", p))
}

/// A height and a width of at least one pixel, or the error.
pub(crate) fn positive_size(transform: &'static str, size: [usize; 2]) -> plywood_tensor::Result<[usize; 2]> {
    if size[0] > 0 && size[1] > 0 && size[0] <= MAX_SIDE && size[1] <= MAX_SIDE {
        return Ok(size);
    }
    Err(setting(transform, "a height and a width of 1 to 65536 pixels", format!("{} x {}", size[0], size[1])))
}

/// The longest side of a picture that a transform makes: places along it are computed in numbers of 64 bits.
pub(crate) const MAX_SIDE: usize = 1 << 16;
