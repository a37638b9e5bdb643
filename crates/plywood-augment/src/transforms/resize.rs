//! Another size.

use crate::error::positive_size;
use crate::geometry::resample::resized;
use crate::{Border, Interpolation, Projection, Sample, Transform, Warp};
use plywood_tensor::{Result, Stream};

/// Makes the picture so high and wide.
///
/// With antialias, which is on unless told, every pixel counts where the picture becomes smaller; without, only those next
/// to each new one do.
///
/// # Shapes
/// `[H, W, C] → [height, width, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline, Resize};
/// use plywood_tensor::Seed;
///
/// let resize = Pipeline::builder().then(Resize::new([1, 2])?).build()?;
/// let image = Image::from_bytes(&[0, 0, 0, 0, 90, 90, 90, 90], [1, 8, 1])?;
/// assert_eq!(resize.image(&image, &Seed(7).stream())?.as_bytes(), Some(&[13, 77][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `Resize`; Pillow: `Image.resize`, which always has antialias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resize {
    size: [usize; 2],
    interpolation: Interpolation,
    antialias: bool,
}

impl Resize {
    /// This height and width; bilinear with antialias.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) if either is 0 or above 65536.
    pub fn new(size: [usize; 2]) -> Result<Resize> {
        let size = positive_size("Resize", size)?;
        Ok(Resize { size, interpolation: Interpolation::Bilinear, antialias: true })
    }

    /// How to read between pixels.
    #[must_use]
    pub fn interpolation(self, interpolation: Interpolation) -> Resize {
        Resize { interpolation, ..self }
    }

    /// Whether every pixel counts where the picture becomes smaller.
    #[must_use]
    pub fn antialias(self, antialias: bool) -> Resize {
        Resize { antialias, ..self }
    }
}

impl Transform for Resize {
    fn apply(&self, sample: &mut Sample, _: &Stream) -> Result<()> {
        resize_part(sample, [0.0, 0.0], sample.size(), self.size, self.interpolation, self.antialias)
    }
}

/// Makes a picture of `size` of the part that begins at `start` and is as large as `part`.
pub(crate) fn resize_part(
    sample: &mut Sample,
    start: [f64; 2],
    part: [usize; 2],
    size: [usize; 2],
    interpolation: Interpolation,
    antialias: bool,
) -> Result<()> {
    let [y, x] = [0, 1].map(|axis| part[axis] as f64 / size[axis] as f64);
    let corner = Projection::translation(start[1], start[0]);
    // Where nothing is left out, the kernel of two pixels gives the same with antialias and without.
    let same = interpolation != Interpolation::Bicubic && x <= 1.0 && y <= 1.0;
    if part == size || !antialias || same || interpolation == Interpolation::Nearest {
        let back = Projection::scale(x, y).then(&corner);
        return sample.warp(Warp::new(back, size).interpolation(interpolation).border(Border::Edge));
    }
    sample.warp(Warp::new(corner, part).border(Border::Edge))?;
    let follow = Warp::new(Projection::scale(x, y), size).border(Border::Edge);
    sample.replace(|image| resized(image, size, interpolation), follow)
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    fn to(height: usize, width: usize, interpolation: Interpolation) -> Result<Resize> {
        Ok(Resize::new([height, width])?.interpolation(interpolation))
    }
    vec![
        Row::new("Resize", || to(5, 4, Interpolation::Bilinear)).golden("resize_down"),
        Row::new("Resize", || to(17, 23, Interpolation::Bilinear)).golden("resize_up"),
        Row::new("Resize", || Ok(to(5, 4, Interpolation::Bilinear)?.antialias(false)))
            .golden("resize_down_plain"),
        Row::new("Resize", || to(5, 4, Interpolation::Bicubic)).golden("resize_down_bicubic").overshoots(),
        Row::new("Resize", || to(17, 23, Interpolation::Bicubic)).golden("resize_up_bicubic").overshoots(),
        Row::new("Resize", || Ok(to(17, 23, Interpolation::Bicubic)?.antialias(false)))
            .golden("resize_up_bicubic_plain")
            .overshoots(),
        Row::new("Resize", || to(5, 23, Interpolation::Nearest)).golden("resize_nearest").exact(),
        Row::new("Resize", || to(1, 1, Interpolation::Bilinear)).refused([(
            || Resize::new([0, 0]).map(drop),
            "Resize: expected a height and a width of 1 to 65536 pixels, got 0 x 0",
        )]),
    ]
}
