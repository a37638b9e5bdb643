//! A part of the picture.

use crate::draws::Draws;
use crate::error::{MAX_SIDE, positive_size, setting};
use crate::{AugmentError, Border, Color, Projection, Sample, Transform, Warp};
use plywood_tensor::{Result, Stream};

/// Keeps a part of the picture at a random place, all places being as likely; with [`CropRandom::padding`] after a frame
/// has been added.
///
/// # Shapes
/// `[H, W, C] → [height, width, C]`
///
/// # Example
/// ```
/// use plywood_augment::{CropRandom, Image, Pipeline};
/// use plywood_tensor::Seed;
///
/// let crop = Pipeline::builder().then(CropRandom::new([1, 2])?).build()?;
/// let image = Image::from_bytes(&[1, 2, 3], [1, 3, 1])?;
/// let part = crop.image(&image, &Seed(7).stream())?;
/// assert!(part.as_bytes() == Some(&[1, 2]) || part.as_bytes() == Some(&[2, 3]));
///
/// let error = crop.image(&Image::from_bytes(&[1], [1, 1, 1])?, &Seed(7).stream()).unwrap_err();
/// assert_eq!(error.to_string(), "step 0: CropRandom: expected a picture of at least 1 x 2, padded, got 1 x 1");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomCrop`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "RandomCrop")]
pub struct CropRandom {
    size: [usize; 2],
    padding: usize,
    border: Border,
}

impl CropRandom {
    /// A crop of this height and width.
    ///
    /// # Errors
    /// [`AugmentError::Setting`] if either is 0 or above 65536.
    pub fn new(size: [usize; 2]) -> Result<CropRandom> {
        let size = positive_size("CropRandom", size)?;
        Ok(CropRandom { size, padding: 0, border: Border::Constant(Color::BLACK) })
    }

    /// After a frame of so many pixels has been added on each side.
    ///
    /// # Errors
    /// [`AugmentError::Setting`] for a frame of more than 65536 pixels.
    pub fn padding(self, pixels: usize) -> Result<CropRandom> {
        if pixels > MAX_SIDE {
            return Err(setting("CropRandom", "a frame of at most 65536 pixels", pixels));
        }
        Ok(CropRandom { padding: pixels, ..self })
    }

    /// What the frame shows: black unless told.
    #[must_use]
    pub fn border(self, border: Border) -> CropRandom {
        CropRandom { border, ..self }
    }
}

impl Transform for CropRandom {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        let old = sample.size();
        let padded = old.map(|side| side + 2 * self.padding);
        let [height, width] = self.size;
        if padded[0] < height || padded[1] < width {
            let expected = format!("a picture of at least {height} x {width}, padded");
            return Err(AugmentError::Size { what: "CropRandom", expected, got: padded }.into());
        }
        let mut draws = Draws::new(draw);
        let place = [0, 1].map(|axis| draws.below(padded[axis] - self.size[axis] + 1));
        // The frame need not be made.
        cut(sample, place.map(|place| place as i64 - self.padding as i64), self.size, self.border)
    }
}

/// A part of the picture that begins at `start`, black beyond the edge.
pub(crate) fn crop(sample: &mut Sample, start: [i64; 2], size: [usize; 2]) -> Result<()> {
    cut(sample, start, size, Border::Constant(Color::BLACK))
}

fn cut(sample: &mut Sample, start: [i64; 2], size: [usize; 2], border: Border) -> Result<()> {
    let back = Projection::translation(start[1] as f64, start[0] as f64);
    sample.warp(Warp::new(back, size).border(border))
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("CropRandom", || CropRandom::new([3, 4])),
        Row::new("CropRandom", || CropRandom::new([6, 7])?.padding(4)),
        Row::new("CropRandom", || Ok(CropRandom::new([6, 7])?.padding(2)?.border(Border::Reflect))),
        // A frame of which nearly nothing is seen may be wider than any picture.
        Row::new("CropRandom", || Ok(CropRandom::new([6, 7])?.padding(1 << 16)?.border(Border::Reflect)))
            .smears(),
        Row::new("CropRandom", || CropRandom::new([1, 1])).refused([
            (
                || CropRandom::new([5, 0]).map(drop),
                "CropRandom: expected a height and a width of 1 to 65536 pixels, got 5 x 0",
            ),
            (
                || CropRandom::new([5, 5])?.padding(1 << 20).map(drop),
                "CropRandom: expected a frame of at most 65536 pixels, got 1048576",
            ),
        ]),
    ]
}

#[cfg(test)]
mod tests {
    use crate::{Image, Pipeline};
    use plywood_tensor::Seed;

    /// Every place of a small picture is found, and what is found is a part of it.
    #[test]
    fn all_places_are_as_likely() {
        let image = Image::from_bytes(&[0, 1, 2, 3, 4, 5, 6, 7, 8], [3, 3, 1]).unwrap();
        let crop = Pipeline::builder().crop_random([2, 2]).build().unwrap();
        let mut counts = [0; 9];
        for i in 0..4000 {
            let part = crop.image(&image, &Seed(1).stream().at(i)).unwrap();
            let first = part.as_bytes().unwrap()[0];
            assert_eq!(part.as_bytes().unwrap(), [first, first + 1, first + 3, first + 4]);
            counts[usize::from(first)] += 1;
        }
        assert_eq!(counts.iter().filter(|&&count| count > 0).count(), 4);
        assert!([0, 1, 3, 4].iter().all(|&i| (900..1100).contains(&counts[i])), "{counts:?}");
    }
}
