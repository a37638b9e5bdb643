//! The middle of the picture.

use super::crop_random::crop;
use crate::error::positive_size;
use crate::{Sample, Transform};
use plywood_tensor::{Result, Stream};

/// Keeps the middle of the picture. A side that is too short is padded with black.
///
/// # Shapes
/// `[H, W, C] → [height, width, C]`
///
/// # Example
/// ```
/// use plywood_augment::{CropCenter, Image, Pipeline};
/// use plywood_tensor::Seed;
///
/// let crop = Pipeline::builder().then(CropCenter::new([1, 2])?).build()?;
/// let image = Image::from_bytes(&[1, 2, 3, 4], [1, 4, 1])?;
/// assert_eq!(crop.image(&image, &Seed(7).stream())?.as_bytes(), Some(&[2, 3][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `CenterCrop`, which rounds an odd remainder in the same way: half to even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CropCenter {
    size: [usize; 2],
}

impl CropCenter {
    /// A crop of this height and width.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) if either is 0 or above 65536.
    pub fn new(size: [usize; 2]) -> Result<CropCenter> {
        Ok(CropCenter { size: positive_size("CropCenter", size)? })
    }
}

impl Transform for CropCenter {
    fn apply(&self, sample: &mut Sample, _: &Stream) -> Result<()> {
        let old = sample.size();
        let start = |axis: usize| {
            let (old, new) = (old[axis] as i64, self.size[axis] as i64);
            if old >= new {
                ((old - new) as f64 / 2.0).round_ties_even() as i64
            } else {
                // The frame is the smaller one on the upper left.
                -((new - old) / 2)
            }
        };
        crop(sample, [start(0), start(1)], self.size)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("CropCenter", || CropCenter::new([4, 5])).golden("crop_center").exact(),
        Row::new("CropCenter", || CropCenter::new([20, 5])).golden("crop_center_padded").exact(),
        Row::new("CropCenter", || CropCenter::new([1, 1])).refused([(
            || CropCenter::new([0, 5]).map(drop),
            "CropCenter: expected a height and a width of 1 to 65536 pixels, got 0 x 5",
        )]),
    ]
}
