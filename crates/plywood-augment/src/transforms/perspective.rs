//! The picture as seen from aside.

use crate::draws::Draws;
use crate::error::{probability, setting};
use crate::{Border, Color, Interpolation, Projection, Sample, Span, Transform, Warp};
use plywood_tensor::{Result, Stream};

/// The most distortion that leaves the picture convex.
const MOST: f64 = 2.0 / 3.0;

/// With probability `p` moves each corner inwards by a random part of half the picture's sides, as if seen from aside.
///
/// A distortion of 0 leaves the picture alone; at 2/3, the most there is, corners move by up to a third of a side. Further, a
/// corner could cross the line between its neighbours: the picture would be folded, and parts of it would lie at infinity.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Image, Perspective, Pipeline};
/// use plywood_tensor::{Seed, Tensor};
///
/// let aside = Pipeline::builder().then(Perspective::new(0.5, 1.0)?).build()?;
/// let seen = aside.image(&Image::try_from(Tensor::ones([20, 20, 1])?)?, &Seed(7).stream())?;
/// assert_eq!(seen.pixel(10, 10)?, [1.0]);
/// assert!(seen.pixel(0, 0)? < vec![1.0]); // black comes in at the corners
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomPerspective`, which moves corners by whole pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Perspective {
    distortion: f64,
    p: f64,
    interpolation: Interpolation,
    border: Border,
}

impl Perspective {
    /// Moves corners by at most this share of half a side, with probability `p`; bilinear, black beyond the edge.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) unless both are at least 0, `p` at most 1 and the
    /// distortion at most 2/3.
    pub fn new(distortion: f64, p: f64) -> Result<Perspective> {
        if !(0.0..=MOST).contains(&distortion) {
            return Err(setting("Perspective", "a distortion of at least 0 and at most 2/3", distortion));
        }
        let (interpolation, border) = (Interpolation::Bilinear, Border::Constant(Color::BLACK));
        Ok(Perspective { distortion, p: probability("Perspective", p)?, interpolation, border })
    }

    /// How to read between pixels.
    #[must_use]
    pub fn interpolation(self, interpolation: Interpolation) -> Perspective {
        Perspective { interpolation, ..self }
    }

    /// What is seen beyond the edge.
    #[must_use]
    pub fn border(self, border: Border) -> Perspective {
        Perspective { border, ..self }
    }
}

impl Transform for Perspective {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        let mut draws = Draws::new(draw);
        if !draws.coin(self.p) || self.distortion == 0.0 {
            return Ok(());
        }
        let size = sample.size();
        let [width, height] = [size[1] as f64, size[0] as f64];
        let corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
        let inwards = Span { low: 0.0, high: self.distortion / 2.0 };
        let moved = corners.map(|corner| {
            let part = [draws.within(inwards), draws.within(inwards)];
            [0, 1].map(|i| corner[i] + part[i] * ([width, height][i] - 2.0 * corner[i]))
        });
        let warp = Warp::new(Projection::between(moved, corners)?, size);
        sample.warp(warp.interpolation(self.interpolation).border(self.border))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    /// Corners at given places, as a transform of one's own.
    #[derive(Debug)]
    struct Fixed(Interpolation);
    impl Transform for Fixed {
        fn apply(&self, sample: &mut Sample, _: &Stream) -> Result<()> {
            let from = [[0.0, 0.0], [12.0, 0.0], [12.0, 9.0], [0.0, 9.0]];
            let to = [[0.7, 1.6], [10.3, 0.9], [11.2, 8.1], [2.6, 7.3]];
            let back = Projection::between(to, from)?;
            sample.warp(Warp::new(back, sample.size()).interpolation(self.0))
        }
    }
    vec![
        Row::new("Perspective", || Ok(Fixed(Interpolation::Bilinear))).golden("perspective"),
        Row::new("Perspective", || Ok(Fixed(Interpolation::Nearest))).golden("perspective_nearest").exact(),
        Row::new("Perspective", || Perspective::new(0.5, 1.0)),
        Row::new("Perspective", || Perspective::new(0.5, 0.0)).identity().refused([
            (
                || Perspective::new(1.0, 0.5).map(drop),
                "Perspective: expected a distortion of at least 0 and at most 2/3, got 1",
            ),
            (
                || Perspective::new(0.67, 0.5).map(drop),
                "Perspective: expected a distortion of at least 0 and at most 2/3, got 0.67",
            ),
        ]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Image;
    use plywood_tensor::{Seed, Tensor};

    /// In how many of 2000 draws a quarter of the picture does not stay within the whole.
    fn folded(aside: Perspective) -> usize {
        let image = Image::try_from(Tensor::zeros([30, 40, 1]).unwrap()).unwrap();
        // The whole, then its quarters.
        let boxes = Tensor::from([
            [0.0, 0.0, 40.0, 30.0],
            [0.0, 0.0, 20.0, 15.0],
            [20.0, 0.0, 40.0, 15.0],
            [0.0, 15.0, 20.0, 30.0],
            [20.0, 15.0, 40.0, 30.0],
        ]);
        let leaves = |&i: &u64| {
            let mut sample = Sample::new(image.clone()).with_boxes(boxes.clone()).unwrap();
            aside.apply(&mut sample, &Seed(3).stream().at(i)).unwrap();
            let moved = sample.boxes().unwrap().unwrap().to_vec();
            let (whole, parts) = moved.split_at(4);
            // A box at infinity is cut off at the edges of the picture, far beyond what rounding adds.
            parts.chunks(4).any(|part| {
                (0..2).any(|axis| part[axis] < whole[axis] - 0.01 || part[2 + axis] > whole[2 + axis] + 0.01)
            })
        };
        (0..2000).filter(leaves).count()
    }

    #[test]
    fn no_distortion_that_is_taken_folds_the_picture() {
        let most = Perspective::new(MOST, 1.0).unwrap();
        assert_eq!(folded(most), 0);
        assert!(folded(Perspective { distortion: 0.99, ..most }) > 0, "a fold would be noticed");
    }
}
