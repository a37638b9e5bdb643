//! Colours to fill with.

use crate::pixel::Pixel;
use plywood_tensor::{Elem, Float};

/// A colour to fill with, on a scale from 0 to 1 whatever the picture is made of: 1 is 255 in a picture of bytes.
///
/// ```
/// use plywood_augment::Color;
///
/// assert_eq!(Color::from(0.5), Color::rgb(0.5, 0.5, 0.5));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Color {
    channels: [f64; 3],
}

impl Color {
    /// All channels 0.
    pub const BLACK: Color = Color { channels: [0.0; 3] };
    /// All channels 1.
    pub const WHITE: Color = Color { channels: [1.0; 3] };

    /// Red, green and blue; channels beyond the third are as blue.
    pub const fn rgb(red: f64, green: f64, blue: f64) -> Color {
        Color { channels: [red, green, blue] }
    }

    /// The number for a channel of a picture made of `T`.
    pub(crate) fn level<T: Pixel>(self, channel: usize) -> T {
        T::of_elem(Elem::of(self.channels[channel.min(2)]) * T::WHITE)
    }
}

impl From<f64> for Color {
    fn from(gray: f64) -> Color {
        Color::rgb(gray, gray, gray)
    }
}
