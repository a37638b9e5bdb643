//! Turns, moves, stretches and slants at once.

use crate::draws::Draws;
use crate::{Amount, Border, Color, Interpolation, Projection, Sample, Span, Transform, Warp};
use plywood_tensor::{Result, Stream};

/// Slants, stretches and turns about the centre, then moves: each by an amount drawn from a span.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`
///
/// # Example
/// ```
/// use plywood_augment::{Affine, Image, Pipeline, Span};
/// use plywood_tensor::Seed;
///
/// let third = Span::exactly(1.0 / 3.0);
/// let right = Affine::new(0.0)?.translate(third, 0.0)?; // by a third of the width
/// let image = Image::from_bytes(&[1, 2, 3], [1, 3, 1])?;
/// let moved = Pipeline::builder().then(right).build()?.image(&image, &Seed(7).stream())?;
/// assert_eq!(moved.as_bytes(), Some(&[0, 1, 2][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomAffine`, whose angles turn clockwise; moves are rounded to whole pixels as there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine {
    degrees: Span,
    translate: [Span; 2],
    scale: Span,
    shear: [Span; 2],
    interpolation: Interpolation,
    border: Border,
}

impl Affine {
    /// Turns counter-clockwise by an angle in degrees, and nothing else yet; bilinear, black beyond the edge.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for a span that is reversed or beyond 360 degrees.
    pub fn new(degrees: impl Into<Span>) -> Result<Affine> {
        let expected = "angles in order, from -360 to 360 degrees";
        let none = Span::exactly(0.0);
        Ok(Affine {
            degrees: degrees.into().checked("Affine", expected, -360.0, 360.0)?,
            translate: [none; 2],
            scale: Span::exactly(1.0),
            shear: [none; 2],
            interpolation: Interpolation::Bilinear,
            border: Border::Constant(Color::BLACK),
        })
    }

    /// Moves to the right and down, in shares of width and height.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for shares outside −1 and 1.
    pub fn translate(self, right: impl Into<Span>, down: impl Into<Span>) -> Result<Affine> {
        let check = |span: Span| span.checked("Affine", "moves in order, from -1 to 1 of a side", -1.0, 1.0);
        Ok(Affine { translate: [check(right.into())?, check(down.into())?], ..self })
    }

    /// Stretches both sides alike, by a factor such as `1.2` or a span of them such as `0.9..=1.1`.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for factors outside 0.001 and 1000.
    pub fn scale(self, scale: impl Into<Amount>) -> Result<Affine> {
        let scale = scale.into().checked("Affine", "factors in order, from 0.001 to 1000", 0.001, 1000.0)?;
        Ok(Affine { scale, ..self })
    }

    /// Slants rows to the side and columns up, by angles in degrees.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for angles beyond 89 degrees.
    pub fn shear(self, x: impl Into<Span>, y: impl Into<Span>) -> Result<Affine> {
        let check =
            |span: Span| span.checked("Affine", "angles in order, from -89 to 89 degrees", -89.0, 89.0);
        Ok(Affine { shear: [check(x.into())?, check(y.into())?], ..self })
    }

    /// How to read between pixels.
    #[must_use]
    pub fn interpolation(self, interpolation: Interpolation) -> Affine {
        Affine { interpolation, ..self }
    }

    /// What is seen beyond the edge.
    #[must_use]
    pub fn border(self, border: Border) -> Affine {
        Affine { border, ..self }
    }
}

impl Transform for Affine {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        let mut draws = Draws::new(draw);
        let size = sample.size();
        let [width, height] = [size[1] as f64, size[0] as f64];
        let degrees = draws.within(self.degrees);
        let x = (draws.within(self.translate[0]) * width).round();
        let y = (draws.within(self.translate[1]) * height).round();
        let scale = draws.within(self.scale);
        let shear = [draws.within(self.shear[0]), draws.within(self.shear[1])];
        let forth = Projection::shear(shear[0], shear[1])
            .then(&Projection::scale(scale, scale))
            .then(&Projection::rotation(degrees))
            .about([width / 2.0, height / 2.0])
            .then(&Projection::translation(x, y));
        let warp = Warp::new(forth.inverse()?, size);
        sample.warp(warp.interpolation(self.interpolation).border(self.border))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    fn all() -> Result<Affine> {
        let by = Span::exactly;
        Affine::new(by(20.0))?.translate(by(0.2), by(-0.1))?.scale(0.8)?.shear(by(10.0), by(-5.0))
    }
    vec![
        Row::new("Affine", all).golden("affine"),
        Row::new("Affine", || Ok(all()?.interpolation(Interpolation::Nearest)))
            .golden("affine_nearest")
            .exact(),
        Row::new("Affine", || Affine::new(0.0)).identity(),
        Row::new("Affine", || Affine::new(10.0)?.translate(0.1, 0.1)?.scale(0.9..=1.1)?.shear(5.0, 5.0))
            .refused([
                (
                    || Affine::new(0.0)?.translate(1.5, 0.0).map(drop),
                    "Affine: expected moves in order, from -1 to 1 of a side, got -1.5..=1.5",
                ),
                (
                    || Affine::new(0.0)?.scale(0.0).map(drop),
                    "Affine: expected factors in order, from 0.001 to 1000, got 0",
                ),
                (
                    || Affine::new(0.0)?.shear(90.0, 0.0).map(drop),
                    "Affine: expected angles in order, from -89 to 89 degrees, got -90..=90",
                ),
                (
                    || Affine::new(500.0).map(drop),
                    "Affine: expected angles in order, from -360 to 360 degrees, got -500..=500",
                ),
            ]),
    ]
}
