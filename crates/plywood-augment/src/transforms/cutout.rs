//! Squares of the picture hidden.

use super::erase::hide;
use crate::draws::Draws;
use crate::error::setting;
use crate::image::each;
use crate::{Color, Sample, Transform};
use plywood_tensor::{Result, Stream};

/// Hides squares of one size under a colour. Their centres lie anywhere in the picture, so that a square may be cut off at
/// the edge. Mask and boxes are left alone.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Cutout, Image, Pipeline};
/// use plywood_tensor::{Seed, Tensor};
///
/// let cutout = Pipeline::builder().then(Cutout::new(1, 8)?).build()?;
/// let image = Image::try_from(Tensor::ones([32, 32, 1])?)?;
/// let hidden = 32.0 * 32.0 - cutout.image(&image, &Seed(7).stream())?.to_tensor().sum().item()?;
/// assert!((16.0..=64.0).contains(&hidden));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// DeVries and Taylor, *Improved regularization of convolutional neural networks with cutout*, 2017.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cutout {
    count: usize,
    side: usize,
    color: Color,
}

impl Cutout {
    /// So many black squares of this side.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for a side of 0.
    pub fn new(count: usize, side: usize) -> Result<Cutout> {
        if side == 0 {
            return Err(setting("Cutout", "squares of at least one pixel", side));
        }
        Ok(Cutout { count, side, color: Color::BLACK })
    }

    /// Hides under this colour.
    #[must_use]
    pub fn color(self, color: impl Into<Color>) -> Cutout {
        Cutout { color: color.into(), ..self }
    }
}

impl Transform for Cutout {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        let mut draws = Draws::new(draw);
        let size = sample.size();
        for _ in 0..self.count {
            let centre = size.map(|side| draws.below(side));
            let start = centre.map(|x| x.saturating_sub(self.side / 2));
            let end = [0, 1].map(|i| centre[i].saturating_add(self.side.div_ceil(2)).min(size[i]));
            let size = [0, 1].map(|i| end[i] - start[i]);
            each!(sample.pixels_mut()?, x => hide(x, start, size, Some(self.color), draw));
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("Cutout", || Cutout::new(1, 3)).photometric(),
        Row::new("Cutout", || Ok(Cutout::new(2, usize::MAX)?.color(Color::WHITE))).photometric(),
        Row::new("Cutout", || Cutout::new(0, 3)).identity().refused([(
            || Cutout::new(1, 0).map(drop),
            "Cutout: expected squares of at least one pixel, got 0",
        )]),
    ]
}
