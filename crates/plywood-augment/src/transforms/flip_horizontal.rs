//! Left and right changed.

use crate::draws::Draws;
use crate::error::probability;
use crate::{Projection, Sample, Transform, Warp};
use plywood_tensor::{Result, Stream};

/// With probability `p` mirrors the picture, its mask and its boxes, so that left is right.
///
/// `y[i, j] = x[i, W − 1 − j]`
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{FlipHorizontal, Image, Pipeline};
/// use plywood_tensor::Seed;
///
/// let mirror = Pipeline::builder().then(FlipHorizontal::new(1.0)?).build()?;
/// let image = Image::from_bytes(&[1, 2, 3, 4, 5, 6], [2, 3, 1])?;
/// let mirrored = mirror.image(&image, &Seed(7).stream())?;
/// assert_eq!(mirrored.as_bytes(), Some(&[3, 2, 1, 6, 5, 4][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomHorizontalFlip`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlipHorizontal {
    p: f64,
}

impl FlipHorizontal {
    /// Mirrors with probability `p`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless `p` is at least 0 and at most 1.
    pub fn new(p: f64) -> Result<FlipHorizontal> {
        Ok(FlipHorizontal { p: probability("FlipHorizontal", p)? })
    }
}

impl Transform for FlipHorizontal {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        if !Draws::new(draw).coin(self.p) {
            return Ok(());
        }
        let size = sample.size();
        let back = Projection::affine([-1.0, 0.0, size[1] as f64], [0.0, 1.0, 0.0]);
        sample.warp(Warp::new(back, size))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("FlipHorizontal", || FlipHorizontal::new(1.0)).golden("flip_horizontal").exact(),
        Row::new("FlipHorizontal", || FlipHorizontal::new(0.5)),
        Row::new("FlipHorizontal", || FlipHorizontal::new(0.0)).identity().refused([(
            || FlipHorizontal::new(1.5).map(drop),
            "FlipHorizontal: expected a probability of at least 0 and at most 1, got 1.5",
        )]),
    ]
}
