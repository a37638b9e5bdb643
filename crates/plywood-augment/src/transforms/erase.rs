//! A part of the picture hidden.

use super::crop_resized::random_part;
use crate::draws::Draws;
use crate::error::probability;
use crate::image::each;
use crate::pixel::Pixel;
use crate::{Amount, Color, Sample, Span, Transform};
use plywood_tensor::{Array, Elem, Result, Stream};

/// With probability `p` hides a rectangle of random area, shape and place under a colour or noise.
///
/// The area is drawn from a span of shares of the picture's, 0.02 to 0.33 unless told, the ratio of width to height from 0.3
/// to 3.3, evenly in its logarithm. Mask and boxes are left alone.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Erase, Image, Pipeline};
/// use plywood_tensor::{Seed, Tensor};
///
/// let erase = Pipeline::builder().then(Erase::new(1.0)?).build()?;
/// let image = Image::try_from(Tensor::ones([20, 20, 1])?)?;
/// let hidden = 1.0 - erase.image(&image, &Seed(7).stream())?.to_tensor().mean().item()?;
/// assert!((0.01..0.35).contains(&hidden));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomErasing`. Zhong et al., *Random erasing data augmentation*, 2020.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "RandomErasing")]
pub struct Erase {
    p: f64,
    scale: Span,
    ratio: Span,
    /// `None` for noise.
    color: Option<Color>,
}

impl Erase {
    /// Hides under black with probability `p`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless `p` is at least 0 and at most 1.
    pub fn new(p: f64) -> Result<Erase> {
        let (scale, ratio) = (Span { low: 0.02, high: 0.33 }, Span { low: 0.3, high: 3.3 });
        Ok(Erase { p: probability("Erase", p)?, scale, ratio, color: Some(Color::BLACK) })
    }

    /// Which share of the area is hidden: one number, or a span.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless within 0 and 1.
    pub fn scale(self, scale: impl Into<Amount>) -> Result<Erase> {
        let scale = scale.into().checked("Erase", "shares of the area in order, from 0 to 1", 0.0, 1.0)?;
        Ok(Erase { scale, ..self })
    }

    /// Hides under this colour.
    #[must_use]
    pub fn color(self, color: impl Into<Color>) -> Erase {
        Erase { color: Some(color.into()), ..self }
    }

    /// Hides under pixels of random colours.
    #[must_use]
    pub fn noise(self) -> Erase {
        Erase { color: None, ..self }
    }
}

impl Transform for Erase {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        let mut draws = Draws::new(draw);
        if !draws.coin(self.p) {
            return Ok(());
        }
        let part = random_part(&mut draws, sample.size(), self.scale, self.ratio);
        let Some((start, size)) = part else { return Ok(()) };
        let noise = draw.at(0);
        each!(sample.pixels_mut()?, x => hide(x, start, size, self.color, &noise));
        Ok(())
    }
}

/// Writes a colour, or noise if there is none, over a part of a picture.
pub(crate) fn hide<T: Pixel>(
    array: &mut Array<T>,
    start: [usize; 2],
    size: [usize; 2],
    color: Option<Color>,
    noise: &Stream,
) {
    let &[_, width, channels] = &**array.shape() else { unreachable!("a picture has three axes") };
    let mut random: Vec<Elem> = vec![0.0; if color.is_none() { size[1] * channels } else { 0 }];
    let rows = array.as_mut_slice().chunks_exact_mut(width * channels).skip(start[0]).take(size[0]);
    for (i, row) in rows.enumerate() {
        let part = &mut row[start[1] * channels..(start[1] + size[1]) * channels];
        if let Some(color) = color {
            for (i, x) in part.iter_mut().enumerate() {
                *x = color.level(i % channels);
            }
        } else {
            noise.at(i as u64).fill_uniform(&mut random);
            for (x, &share) in part.iter_mut().zip(&random) {
                *x = T::of_elem(share * T::WHITE);
            }
        }
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("Erase", || Erase::new(1.0)).photometric(),
        Row::new("Erase", || Ok(Erase::new(1.0)?.noise())).photometric(),
        Row::new("Erase", || Ok(Erase::new(1.0)?.scale(1.0)?.color(0.5))).photometric(),
        Row::new("Erase", || Erase::new(0.0)).identity().refused([
            (
                || Erase::new(-0.1).map(drop),
                "Erase: expected a probability of at least 0 and at most 1, got -0.1",
            ),
            (
                || Erase::new(0.5)?.scale(-0.5).map(drop),
                "Erase: expected shares of the area in order, from 0 to 1, got -0.5",
            ),
        ]),
    ]
}
