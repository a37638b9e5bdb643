//! Numbers about 0.

use crate::error::setting;
use crate::geometry::finish::Levels;
use crate::{AugmentError, Sample, Span, Transform};
use plywood_tensor::{Elem, Float, Result, Stream};

/// Makes real numbers of mean 0 and deviation 1: `y = (x − mean) / deviation` for each channel, where `x` is from 0 to 1 and
/// bytes are divided by 255.
///
/// Put it last: it is done in the same pass as the moves before it, and changes of colours need numbers from 0 to 1, so that one
/// behind it is an error when the pipeline is built.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Image, Normalize, Pipeline};
/// use plywood_tensor::Seed;
///
/// let normalize = Pipeline::builder().then(Normalize::new([0.5], [0.25])?).build()?;
/// let image = Image::from_bytes(&[0, 255], [1, 1, 2])?;
/// assert_eq!(normalize.image(&image, &Seed(7).stream())?.pixel(0, 0)?, [-2.0, 2.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `ToDtype(scale=True)`, then `Normalize`.
#[derive(Debug, Clone, PartialEq)]
pub struct Normalize {
    floats: Levels,
    bytes: Levels,
}

impl Normalize {
    /// A mean and a deviation for each channel, or one for all.
    ///
    /// # Errors
    /// [`AugmentError::Setting`] if there are not as many of both, or none; for means that are not finite and deviations
    /// that are not above 0; for both if `1 / deviation` or `mean / deviation` is beyond the range of a tensor's numbers.
    pub fn new(mean: impl AsRef<[f64]>, deviation: impl AsRef<[f64]>) -> Result<Normalize> {
        let (mean, deviation) = (mean.as_ref(), deviation.as_ref());
        if mean.is_empty() || mean.len() != deviation.len() {
            let got = format!("{} and {}", mean.len(), deviation.len());
            return Err(setting("Normalize", "as many means as deviations, at least one", got));
        }
        if let Some(bad) = mean.iter().find(|x| !x.is_finite()) {
            return Err(setting("Normalize", "finite means", bad));
        }
        if let Some(bad) = deviation.iter().find(|x| !(x.is_finite() && **x > 0.0)) {
            return Err(setting("Normalize", "deviations above 0", bad));
        }
        let levels = |white: f64| Levels {
            scale: deviation.iter().map(|d| Elem::of(1.0 / (white * d))).collect(),
            shift: mean.iter().zip(deviation).map(|(m, d)| Elem::of(-m / d)).collect(),
        };
        let floats = levels(1.0);
        let fits = |(scale, shift): (&Elem, &Elem)| scale.is_finite() && *scale > 0.0 && shift.is_finite();
        if let Some(bad) = floats.scale.iter().zip(&floats.shift).position(|levels| !fits(levels)) {
            let got = format!("{:?} and {:?}", mean[bad], deviation[bad]);
            return Err(setting("Normalize", "a mean and a deviation whose quotient is no overflow", got));
        }
        Ok(Normalize { floats, bytes: levels(255.0) })
    }
}

impl Transform for Normalize {
    fn apply(&self, sample: &mut Sample, _: &Stream) -> Result<()> {
        let (given, got) = (self.floats.scale.len(), sample.channels());
        if given != 1 && given != got {
            let expected = format!("{given} channels, one for each mean");
            return Err(AugmentError::Channels { transform: "Normalize", expected, got }.into());
        }
        sample.scale_levels(if sample.is_bytes() { &self.bytes } else { &self.floats })
    }

    fn levels(&self, levels: Span) -> Result<Span> {
        let ends = |(scale, shift): (&Elem, &Elem)| {
            let [low, high] = [levels.low, levels.high].map(|x| x * scale.to_f64() + shift.to_f64());
            Span { low, high }
        };
        let each = self.floats.scale.iter().zip(&self.floats.shift).map(ends);
        Ok(each.reduce(Span::joined).unwrap_or(levels))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    let means = [0.4, 0.5, 0.6];
    vec![
        Row::new("Normalize", move || Normalize::new(means, [0.2, 0.25, 0.3])).golden("normalize").numbers(),
        Row::new("Normalize", || Normalize::new([0.5], [0.5])).numbers().refused([
            (
                || Normalize::new([], []).map(drop),
                "Normalize: expected as many means as deviations, at least one, got 0 and 0",
            ),
            (
                || Normalize::new([0.5], [0.5, 0.5]).map(drop),
                "Normalize: expected as many means as deviations, at least one, got 1 and 2",
            ),
            (|| Normalize::new([f64::NAN], [0.5]).map(drop), "Normalize: expected finite means, got NaN"),
            (|| Normalize::new([0.5], [0.0]).map(drop), "Normalize: expected deviations above 0, got 0"),
            (
                || Normalize::new([0.0], [1e-310]).map(drop),
                "Normalize: expected a mean and a deviation whose quotient is no overflow, got 0.0 and 1e-310",
            ),
            (
                || Normalize::new([0.5, 1e200], [0.5, 1e-200]).map(drop),
                "Normalize: expected a mean and a deviation whose quotient is no overflow, got 1e200 and 1e-200",
            ),
        ]),
    ]
}
