//! Quarters of a turn.

use crate::draws::Draws;
use crate::{Projection, Sample, Transform, Warp};
use plywood_tensor::{Result, Stream};

/// Turns counter-clockwise by 0, 90, 180 or 270 degrees, each as likely as the others. Exact: no pixel is mixed.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]` or `[W, H, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline, Rotate90};
/// use plywood_tensor::Seed;
///
/// let quarter = Pipeline::builder().then(Rotate90::by(1)).build()?;
/// let image = Image::from_bytes(&[1, 2, 3, 4, 5, 6], [2, 3, 1])?;
/// let turned = quarter.image(&image, &Seed(7).stream())?;
/// assert_eq!((turned.size(), turned.as_bytes()), ([3, 2], Some(&[3, 6, 2, 5, 1, 4][..])));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// `torch.rot90` and `numpy.rot90` turn the same way; Albumentations: `RandomRotate90`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rotate90 {
    quarters: Option<u8>,
}

impl Rotate90 {
    /// Any number of quarters.
    pub fn new() -> Rotate90 {
        Rotate90 { quarters: None }
    }

    /// Always so many quarters of a turn, clockwise if negative.
    pub fn by(quarters: i32) -> Rotate90 {
        Rotate90 { quarters: Some(quarters.rem_euclid(4) as u8) }
    }
}

impl Transform for Rotate90 {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        let quarters = self.quarters.map_or_else(|| Draws::new(draw).below(4), usize::from);
        let [height, width] = sample.size();
        let (h, w) = (height as f64, width as f64);
        let (back, size) = match quarters {
            0 => return Ok(()),
            1 => (Projection::affine([0.0, -1.0, w], [1.0, 0.0, 0.0]), [width, height]),
            2 => (Projection::affine([-1.0, 0.0, w], [0.0, -1.0, h]), [height, width]),
            _ => (Projection::affine([0.0, 1.0, 0.0], [-1.0, 0.0, h]), [width, height]),
        };
        sample.warp(Warp::new(back, size))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("Rotate90", || Ok(Rotate90::by(1))).golden("rotate90_1").exact(),
        Row::new("Rotate90", || Ok(Rotate90::by(2))).golden("rotate90_2").exact(),
        Row::new("Rotate90", || Ok(Rotate90::by(-1))).golden("rotate90_3").exact(),
        Row::new("Rotate90", || Ok(Rotate90::by(4))).identity(),
        Row::new("Rotate90", || Ok(Rotate90::new())),
    ]
}
