//! Colours taken away.

use crate::colors::levels::{colored, gray, map_colors};
use crate::draws::Draws;
use crate::error::probability;
use crate::{Image, Sample, Transform};
use plywood_tensor::{Result, Stream, Tensor};

const NAME: &str = "Grayscale";

/// With probability `p` makes all three channels the brightness `0.299 red + 0.587 green + 0.114 blue`.
///
/// # Shapes
/// `[H, W, 3] → [H, W, 3]`, or `[H, W, 1]` with [`Grayscale::single`]; a picture of one channel stays as it is
///
/// # Example
/// ```
/// use plywood_augment::{Grayscale, Image, Pipeline};
/// use plywood_tensor::Seed;
///
/// let gray = Pipeline::builder().then(Grayscale::new(1.0)?).build()?;
/// let image = Image::from_bytes(&[200, 100, 50], [1, 1, 3])?;
/// assert_eq!(gray.image(&image, &Seed(7).stream())?.as_bytes(), Some(&[124, 124, 124][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomGrayscale` and `Grayscale`, which round down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grayscale {
    p: f64,
    single: bool,
}

impl Grayscale {
    /// With probability `p`, and with as many channels as before.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless `p` is at least 0 and at most 1.
    pub fn new(p: f64) -> Result<Grayscale> {
        Ok(Grayscale { p: probability(NAME, p)?, single: false })
    }

    /// Always, and as one channel.
    pub fn single() -> Grayscale {
        Grayscale { p: 1.0, single: true }
    }
}

impl Transform for Grayscale {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        let channels = sample.channels();
        if !colored(NAME, channels)? || !Draws::new(draw).coin(self.p) {
            return Ok(());
        }
        map_colors(NAME, sample.pixels_mut()?, channels, |color| [gray(color); 3])?;
        if !self.single {
            return Ok(());
        }
        sample.change_image(|image| {
            let [height, width] = image.size();
            let bytes = image.as_bytes().map(|bytes| bytes.iter().copied().step_by(3).collect::<Vec<u8>>());
            match (bytes, image.as_floats()) {
                (Some(bytes), _) => Image::from_bytes(&bytes, [height, width, 1]),
                (None, floats) => {
                    let gray = floats.unwrap_or_default().iter().copied().step_by(3).collect();
                    Image::try_from(Tensor::from_vec(gray, [height, width, 1])?)
                }
            }
        })
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("Grayscale", || Grayscale::new(1.0)).golden("grayscale").photometric(),
        Row::new("Grayscale", || Ok(Grayscale::single())).golden("grayscale_single").photometric(),
        Row::new("Grayscale", || Grayscale::new(0.0)).identity().refused([(
            || Grayscale::new(2.0).map(drop),
            "Grayscale: expected a probability of at least 0 and at most 1, got 2",
        )]),
    ]
}
