//! A frame around the picture.

use crate::{Border, Color, Projection, Sample, Transform, Warp};
use plywood_tensor::{Result, Stream};

/// Adds rows and columns around the picture: black unless told.
///
/// # Shapes
/// `[H, W, C] → [top + H + bottom, left + W + right, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pad, Pipeline};
/// use plywood_tensor::Seed;
///
/// let pad = Pipeline::builder().then(Pad::sides(0, 1, 0, 2)?).build()?;
/// let image = Image::from_bytes(&[1, 2], [1, 2, 1])?;
/// assert_eq!(pad.image(&image, &Seed(7).stream())?.as_bytes(), Some(&[0, 1, 2, 0, 0][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `Pad`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pad {
    /// Top, left, bottom, right.
    sides: [usize; 4],
    border: Border,
}

impl Pad {
    /// The same on each side.
    ///
    /// # Errors
    /// As [`Pad::sides`].
    pub fn new(pixels: usize) -> Result<Pad> {
        Pad::sides(pixels, pixels, pixels, pixels)
    }

    /// So many pixels at the top, on the left, at the bottom and on the right.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for more than 65536 pixels on a side.
    pub fn sides(top: usize, left: usize, bottom: usize, right: usize) -> Result<Pad> {
        let sides = [top, left, bottom, right];
        if sides.iter().any(|&side| side > crate::error::MAX_SIDE) {
            return Err(crate::error::setting("Pad", "at most 65536 pixels on a side", format!("{sides:?}")));
        }
        Ok(Pad { sides, border: Border::Constant(Color::BLACK) })
    }

    /// What the frame shows.
    #[must_use]
    pub fn border(self, border: Border) -> Pad {
        Pad { border, ..self }
    }
}

impl Transform for Pad {
    fn apply(&self, sample: &mut Sample, _: &Stream) -> Result<()> {
        let ([top, left, bottom, right], [height, width]) = (self.sides, sample.size());
        let back = Projection::translation(-(left as f64), -(top as f64));
        sample.warp(Warp::new(back, [top + height + bottom, left + width + right]).border(self.border))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    fn pad() -> Result<Pad> {
        Pad::sides(1, 2, 3, 4)
    }
    vec![
        Row::new("Pad", pad).golden("pad_constant").exact(),
        Row::new("Pad", || Ok(pad()?.border(Border::Edge))).golden("pad_edge").exact(),
        Row::new("Pad", || Ok(pad()?.border(Border::Reflect))).golden("pad_reflect").exact(),
        Row::new("Pad", || Ok(pad()?.border(Border::Symmetric))).golden("pad_symmetric").exact(),
        Row::new("Pad", || Pad::new(0)).identity().refused([(
            || Pad::new(1 << 20).map(drop),
            "Pad: expected at most 65536 pixels on a side, got [1048576, 1048576, 1048576, 1048576]",
        )]),
    ]
}
