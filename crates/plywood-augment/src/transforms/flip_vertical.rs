//! Top and bottom changed.

use crate::draws::Draws;
use crate::error::probability;
use crate::{Projection, Sample, Transform, Warp};
use plywood_tensor::{Result, Stream};

/// With probability `p` mirrors the picture, its mask and its boxes, so that top is bottom.
///
/// `y[i, j] = x[H − 1 − i, j]`
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{FlipVertical, Image, Pipeline};
/// use plywood_tensor::Seed;
///
/// let mirror = Pipeline::builder().then(FlipVertical::new(1.0)?).build()?;
/// let image = Image::from_bytes(&[1, 2, 3, 4, 5, 6], [2, 3, 1])?;
/// let mirrored = mirror.image(&image, &Seed(7).stream())?;
/// assert_eq!(mirrored.as_bytes(), Some(&[4, 5, 6, 1, 2, 3][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomVerticalFlip`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlipVertical {
    p: f64,
}

impl FlipVertical {
    /// Mirrors with probability `p`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless `p` is at least 0 and at most 1.
    pub fn new(p: f64) -> Result<FlipVertical> {
        Ok(FlipVertical { p: probability("FlipVertical", p)? })
    }
}

impl Transform for FlipVertical {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        if !Draws::new(draw).coin(self.p) {
            return Ok(());
        }
        let size = sample.size();
        let back = Projection::affine([1.0, 0.0, 0.0], [0.0, -1.0, size[0] as f64]);
        sample.warp(Warp::new(back, size))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("FlipVertical", || FlipVertical::new(1.0)).golden("flip_vertical").exact(),
        Row::new("FlipVertical", || FlipVertical::new(0.5)),
        Row::new("FlipVertical", || FlipVertical::new(0.0)).identity().refused([(
            || FlipVertical::new(1.5).map(drop),
            "FlipVertical: expected a probability of at least 0 and at most 1, got 1.5",
        )]),
    ]
}
