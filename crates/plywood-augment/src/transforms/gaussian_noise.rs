//! Noise.

use crate::colors::unit::check_span;
use crate::draws::Draws;
use crate::image::each;
use crate::pixel::Pixel;
use crate::{Amount, Sample, Span, Transform};
use plywood_tensor::{Array, Elem, Float, Result, Stream};

const NAME: &str = "GaussianNoise";

/// Adds to every number one of a normal distribution, whose deviation is drawn from a span, and keeps the sum between 0 and
/// 1. A deviation of 0.1 is 25.5 in a picture of bytes.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{GaussianNoise, Image, Pipeline};
/// use plywood_tensor::{Elem, Seed, Tensor};
///
/// let noise = Pipeline::builder().then(GaussianNoise::new(0.1)?).build()?;
/// let gray = Tensor::full([64, 64, 1], 0.5)?;
/// let noisy = noise.image(&Image::try_from(gray.clone())?, &Seed(7).stream())?.to_tensor();
/// let variance = noisy.sub(&gray)?.map(|x| x * x).mean().item()?;
/// assert!((variance - 0.01).abs() < 0.001);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `GaussianNoise`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianNoise {
    deviation: Span,
}

impl GaussianNoise {
    /// A deviation such as `0.1`, or a span of them such as `0.0..=0.1`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for deviations outside 0 and 1000.
    pub fn new(deviation: impl Into<Amount>) -> Result<GaussianNoise> {
        let expected = "deviations in order, from 0 to 1000";
        Ok(GaussianNoise { deviation: deviation.into().checked(NAME, expected, 0.0, 1000.0)? })
    }
}

impl Transform for GaussianNoise {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        sample.check_levels(NAME)?;
        let deviation = Elem::of(Draws::new(draw).within(self.deviation));
        each!(sample.pixels_mut()?, x => add(x, deviation, &draw.at(0)));
        Ok(())
    }

    fn levels(&self, levels: Span) -> Result<Span> {
        check_span(NAME, levels)
    }
}

fn add<T: Pixel>(array: &mut Array<T>, deviation: Elem, stream: &Stream) {
    let mut noise: Vec<Elem> = vec![0.0; array.numel()];
    stream.fill_normal(&mut noise);
    for (x, z) in array.as_mut_slice().iter_mut().zip(noise) {
        *x = T::of_elem((x.to_elem() + deviation * z * T::WHITE).clamp(0.0, T::WHITE));
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("GaussianNoise", || GaussianNoise::new(0.0..=0.2)).photometric(),
        Row::new("GaussianNoise", || GaussianNoise::new(0.1)).photometric(),
        Row::new("GaussianNoise", || GaussianNoise::new(0.0)).identity().photometric().refused([(
            || GaussianNoise::new(-0.1).map(drop),
            "GaussianNoise: expected deviations in order, from 0 to 1000, got -0.1",
        )]),
    ]
}
