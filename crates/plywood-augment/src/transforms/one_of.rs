//! One transform of several.

use crate::draws::Draws;
use crate::error::setting;
use crate::{Sample, Span, Transform};
use plywood_tensor::{At, Result, Stream};

/// One of several transforms, each with a probability proportional to its weight.
///
/// # Shapes
/// those of the transform that is taken
///
/// # Example
/// ```
/// use plywood_augment::{FlipHorizontal, FlipVertical, Image, OneOf, Pipeline};
/// use plywood_tensor::Seed;
///
/// let either = OneOf::new(vec![Box::new(FlipHorizontal::new(1.0)?), Box::new(FlipVertical::new(1.0)?)])?;
/// let image = Image::from_bytes(&[1, 2, 3, 4], [2, 2, 1])?;
/// let mirrored = Pipeline::builder().then(either).build()?.image(&image, &Seed(7).stream())?;
/// assert!([&[2, 1, 4, 3][..], &[3, 4, 1, 2][..]].contains(&mirrored.as_bytes().unwrap()));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomChoice`; Albumentations: `OneOf`.
#[derive(Debug)]
#[doc(alias = "RandomChoice")]
pub struct OneOf {
    choices: Vec<Box<dyn Transform>>,
    weights: Vec<f64>,
}

impl OneOf {
    /// One of these, all as likely.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for none at all.
    pub fn new(choices: Vec<Box<dyn Transform>>) -> Result<OneOf> {
        let weights = vec![1.0; choices.len()];
        OneOf { choices, weights }.checked()
    }

    /// The same with other weights.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless there is one for each, none negative and one above 0.
    pub fn weights(self, weights: impl Into<Vec<f64>>) -> Result<OneOf> {
        OneOf { weights: weights.into(), ..self }.checked()
    }

    fn checked(self) -> Result<OneOf> {
        let fine = |weight: &f64| weight.is_finite() && *weight >= 0.0;
        let total: f64 = self.weights.iter().sum();
        if self.choices.len() == self.weights.len()
            && self.weights.iter().all(fine)
            && total > 0.0
            && total.is_finite()
        {
            return Ok(self);
        }
        let got = format!("{:?} for {} transforms", self.weights, self.choices.len());
        Err(setting("OneOf", "a weight of at least 0 for each transform and one above 0", got))
    }
}

impl Transform for OneOf {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        let total: f64 = self.weights.iter().sum();
        let mut left = Draws::new(draw).within(Span { low: 0.0, high: total });
        let mut chosen = 0;
        for (i, &weight) in self.weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            // Rounding may leave a rest behind the last.
            chosen = i;
            if left < weight {
                break;
            }
            left -= weight;
        }
        self.choices[chosen].apply(sample, &draw.at(chosen as u64)).at(format_args!("choice {chosen}"))
    }

    fn levels(&self, levels: Span) -> Result<Span> {
        let likely = self.choices.iter().enumerate().filter(|(i, _)| self.weights[*i] > 0.0);
        let each = likely.map(|(i, transform)| transform.levels(levels).at(format_args!("choice {i}")));
        each.reduce(|all, one| Ok(all?.joined(one?))).unwrap_or(Ok(levels))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    use crate::{FlipHorizontal, Invert};
    fn two() -> Result<OneOf> {
        OneOf::new(vec![Box::new(Invert::new(1.0)?), Box::new(FlipHorizontal::new(1.0)?)])
    }
    vec![
        Row::new("OneOf", || two()?.weights([1.0, 0.0])).golden("invert").exact().photometric(),
        Row::new("OneOf", || two()?.weights([0.0, 2.0])).golden("flip_horizontal").exact(),
        Row::new("OneOf", two).refused([
            (
                || OneOf::new(vec![]).map(drop),
                "OneOf: expected a weight of at least 0 for each transform and one above 0, got [] for 0 transforms",
            ),
            (
                || two()?.weights([1.0, -1.0]).map(drop),
                "OneOf: expected a weight of at least 0 for each transform and one above 0, got [1.0, -1.0] for 2 transforms",
            ),
        ]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FlipHorizontal, FlipVertical, Image, Pipeline};
    use plywood_tensor::Seed;

    #[test]
    fn choices_are_as_likely_as_their_weights() {
        let choices: Vec<Box<dyn Transform>> =
            vec![Box::new(FlipHorizontal::new(1.0).unwrap()), Box::new(FlipVertical::new(1.0).unwrap())];
        let either = OneOf::new(choices).unwrap().weights([3.0, 1.0]).unwrap();
        let pipeline = Pipeline::builder().then(either).build().unwrap();
        let image = Image::from_bytes(&[1, 2, 3, 4], [2, 2, 1]).unwrap();
        let horizontal = (0..4000).filter(|&i| {
            pipeline.image(&image, &Seed(2).stream().at(i)).unwrap().as_bytes() == Some(&[2, 1, 4, 3])
        });
        let count = horizontal.count();
        assert!((2900..3100).contains(&count), "{count}");
    }
}
