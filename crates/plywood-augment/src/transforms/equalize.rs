//! Every level as frequent.

use crate::colors::unit::check_span;
use crate::draws::Draws;
use crate::error::probability;
use crate::image::Pixels;
use crate::pixel::Pixel;
use crate::{Sample, Span, Transform};
use plywood_tensor::{Result, Stream};

const NAME: &str = "Equalize";

/// With probability `p` moves the levels of each channel so that all of 256 become about as frequent.
///
/// Real numbers are rounded to 256 levels.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Equalize, Image, Pipeline};
/// use plywood_tensor::{Array, Seed};
///
/// let equalize = Pipeline::builder().then(Equalize::new(1.0)?).build()?;
/// let dark = Array::from_vec((0..1024).map(|i| (i / 16) as u8).collect(), [32, 32, 1])?; // levels 0 to 63
/// let even = equalize.image(&dark.try_into()?, &Seed(7).stream())?;
/// assert_eq!(even.pixel(31, 31)?, [255.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomEqualize`; Pillow: `ImageOps.equalize`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equalize {
    p: f64,
}

impl Equalize {
    /// With probability `p`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless `p` is at least 0 and at most 1.
    pub fn new(p: f64) -> Result<Equalize> {
        Ok(Equalize { p: probability(NAME, p)? })
    }
}

impl Transform for Equalize {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        sample.check_levels(NAME)?;
        if Draws::new(draw).coin(self.p) {
            let channels = sample.channels();
            equalize(sample.pixels_mut()?, channels);
        }
        Ok(())
    }

    fn levels(&self, levels: Span) -> Result<Span> {
        check_span(NAME, levels)
    }
}

pub(crate) fn equalize(pixels: &mut Pixels, channels: usize) {
    match pixels {
        Pixels::Bytes(bytes) => even(bytes.as_mut_slice(), channels),
        Pixels::Floats(floats) => {
            let mut bytes: Vec<u8> = floats.as_slice().iter().map(|x| u8::of_elem(x * 255.0)).collect();
            even(&mut bytes, channels);
            for (x, byte) in floats.as_mut_slice().iter_mut().zip(bytes) {
                *x = byte.to_elem() / 255.0;
            }
        }
    }
}

fn even(bytes: &mut [u8], channels: usize) {
    for c in 0..channels {
        let mut counts = [0_usize; 256];
        for &x in bytes.iter().skip(c).step_by(channels) {
            counts[usize::from(x)] += 1;
        }
        let last = counts.iter().rev().copied().find(|&count| count > 0).unwrap_or(0);
        let step = (bytes.len() / channels - last) / 255;
        if step == 0 {
            continue;
        }
        // How many lie below, rounded to steps.
        let (mut table, mut below) = ([0; 256], step / 2);
        for (level, count) in table.iter_mut().zip(counts) {
            *level = (below / step).min(255) as u8;
            below += count;
        }
        for x in bytes.iter_mut().skip(c).step_by(channels) {
            *x = table[usize::from(*x)];
        }
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("Equalize", || Equalize::new(1.0)).golden("equalize").exact().photometric(),
        Row::new("Equalize", || Equalize::new(0.0)).identity().refused([(
            || Equalize::new(-1.0).map(drop),
            "Equalize: expected a probability of at least 0 and at most 1, got -1",
        )]),
    ]
}
