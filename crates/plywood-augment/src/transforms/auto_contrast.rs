//! Levels stretched.

use crate::colors::unit::check_span;
use crate::draws::Draws;
use crate::error::probability;
use crate::image::{Pixels, each};
use crate::pixel::Pixel;
use crate::{Sample, Span, Transform};
use plywood_tensor::{Array, Elem, Result, Stream};

const NAME: &str = "AutoContrast";

/// With probability `p` stretches each channel so that its darkest number becomes black and its brightest white.
///
/// `y = (x − min) / (max − min)`; a channel of one level stays as it is.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{AutoContrast, Image, Pipeline};
/// use plywood_tensor::Seed;
///
/// let stretch = Pipeline::builder().then(AutoContrast::new(1.0)?).build()?;
/// let image = Image::from_bytes(&[10, 20, 60], [1, 3, 1])?;
/// assert_eq!(stretch.image(&image, &Seed(7).stream())?.as_bytes(), Some(&[0, 51, 255][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomAutocontrast`, which rounds bytes down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AutoContrast {
    p: f64,
}

impl AutoContrast {
    /// With probability `p`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless `p` is at least 0 and at most 1.
    pub fn new(p: f64) -> Result<AutoContrast> {
        Ok(AutoContrast { p: probability(NAME, p)? })
    }
}

impl Transform for AutoContrast {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        sample.check_levels(NAME)?;
        if Draws::new(draw).coin(self.p) {
            auto_contrast(sample.pixels_mut()?);
        }
        Ok(())
    }

    fn levels(&self, levels: Span) -> Result<Span> {
        check_span(NAME, levels)
    }
}

pub(crate) fn auto_contrast(pixels: &mut Pixels) {
    each!(pixels, x => stretch(x));
}

fn stretch<T: Pixel>(array: &mut Array<T>) {
    let channels = array.shape()[2];
    let pixels = array.as_mut_slice();
    for c in 0..channels {
        let (mut least, mut most) = (Elem::INFINITY, Elem::NEG_INFINITY);
        for x in pixels.iter().skip(c).step_by(channels) {
            (least, most) = (least.min(x.to_elem()), most.max(x.to_elem()));
        }
        if least < most {
            for x in pixels.iter_mut().skip(c).step_by(channels) {
                // Not times an inverse, which overflows where the range is all but 0.
                *x = T::of_elem((x.to_elem() - least) / (most - least) * T::WHITE);
            }
        }
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("AutoContrast", || AutoContrast::new(1.0)).golden("auto_contrast").photometric(),
        Row::new("AutoContrast", || AutoContrast::new(0.0)).identity().refused([(
            || AutoContrast::new(7.0).map(drop),
            "AutoContrast: expected a probability of at least 0 and at most 1, got 7",
        )]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Image;
    use plywood_tensor::Tensor;

    #[test]
    fn the_smallest_range_is_stretched_too() {
        let tiny = Elem::MIN_POSITIVE;
        let mut image = Image::try_from(Tensor::from([[[0.0], [tiny / 2.0], [tiny / 4.0]]])).unwrap();
        auto_contrast(image.pixels_mut());
        assert_eq!(image.as_floats(), Some(&[0.0, 1.0, 0.5][..]));
    }
}
