//! What lies beyond the edge of a picture.

use crate::Color;

/// What lies beyond the edge of a picture.
///
/// ```
/// use plywood_augment::{Border, Color, Image, Pad, Pipeline};
/// use plywood_tensor::Seed;
///
/// let image = Image::from_bytes(&[1, 2, 3], [1, 3, 1])?;
/// for (border, row) in [
///     (Border::Constant(Color::BLACK), [0, 0, 1, 2, 3, 0, 0]),
///     (Border::Edge, [1, 1, 1, 2, 3, 3, 3]),
///     (Border::Reflect, [3, 2, 1, 2, 3, 2, 1]),
///     (Border::Symmetric, [2, 1, 1, 2, 3, 3, 2]),
/// ] {
///     let pad = Pipeline::builder().then(Pad::sides(0, 2, 0, 2)?.border(border)).build()?;
///     assert_eq!(pad.image(&image, &Seed(0).stream())?.as_bytes(), Some(&row[..]));
/// }
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `padding_mode` of `Pad`, with the same names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Border {
    /// A colour.
    Constant(Color),
    /// The nearest pixel of the edge, again and again.
    Edge,
    /// The picture in a mirror at the centre of its last pixel, which is not repeated.
    Reflect,
    /// The picture in a mirror at its edge: the last pixel is repeated.
    Symmetric,
}

impl Border {
    /// The pixel that stands for the one at `index`, on an axis of `size`; `None` for the colour.
    #[inline]
    pub(crate) fn index(self, index: i64, size: usize) -> Option<usize> {
        if let Ok(index) = usize::try_from(index)
            && index < size
        {
            return Some(index);
        }
        let size = size as i64;
        let index = match self {
            Border::Constant(_) => return None,
            Border::Edge => index.clamp(0, size - 1),
            Border::Reflect if size == 1 => 0,
            Border::Reflect => {
                let period = 2 * (size - 1);
                let place = index.rem_euclid(period);
                place.min(period - place)
            }
            Border::Symmetric => {
                let place = index.rem_euclid(2 * size);
                place.min(2 * size - 1 - place)
            }
        };
        Some(index as usize)
    }

    /// The colour where there is one.
    pub(crate) fn color(self) -> Color {
        match self {
            Border::Constant(color) => color,
            _ => Color::BLACK,
        }
    }
}
