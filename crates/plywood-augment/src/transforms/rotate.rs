//! Turns by any angle.

use crate::draws::Draws;
use crate::{Border, Color, Interpolation, Projection, Sample, Span, Transform, Warp};
use plywood_tensor::{Result, Stream};

/// Turns about the centre by an angle drawn from a span, in degrees, counter-clockwise.
///
/// Bilinear, black beyond the edge and of the same size unless told. Angles of whole quarters are exact where the
/// picture's pixels fall onto pixels.
///
/// # Shapes
/// `[H, W, C] → [H, W, C]`; with [`Rotate::expand`] as large as the whole turned picture needs
///
/// # Example
/// ```
/// use plywood_augment::{Image, Pipeline, Rotate, Span};
/// use plywood_tensor::Seed;
///
/// let image = Image::from_bytes(&[0, 9, 0, 0, 0, 0, 0, 0, 0], [3, 3, 1])?;
/// let quarter = Pipeline::builder().then(Rotate::new(Span::exactly(90.0))?).build()?;
/// let turned = quarter.image(&image, &Seed(7).stream())?;
/// assert_eq!(turned.as_bytes(), Some(&[0, 0, 0, 9, 0, 0, 0, 0, 0][..]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `RandomRotation`, whose tensors fade into the colour beyond the edge in the same way; Pillow's
/// `Image.rotate` does not fade. OpenCV's `warpAffine` rounds places to 1/32 of a pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rotate {
    degrees: Span,
    interpolation: Interpolation,
    border: Border,
    expand: bool,
}

impl Rotate {
    /// Angles of a span: `15.0` is −15 to 15.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for a span that is reversed or beyond 360 degrees.
    pub fn new(degrees: impl Into<Span>) -> Result<Rotate> {
        let expected = "angles in order, from -360 to 360 degrees";
        let degrees = degrees.into().checked("Rotate", expected, -360.0, 360.0)?;
        let border = Border::Constant(Color::BLACK);
        Ok(Rotate { degrees, interpolation: Interpolation::Bilinear, border, expand: false })
    }

    /// How to read between pixels.
    #[must_use]
    pub fn interpolation(self, interpolation: Interpolation) -> Rotate {
        Rotate { interpolation, ..self }
    }

    /// What is seen beyond the edge.
    #[must_use]
    pub fn border(self, border: Border) -> Rotate {
        Rotate { border, ..self }
    }

    /// Whether the new picture is as large as it must be to show everything.
    #[must_use]
    pub fn expand(self, expand: bool) -> Rotate {
        Rotate { expand, ..self }
    }
}

impl Transform for Rotate {
    fn apply(&self, sample: &mut Sample, draw: &Stream) -> Result<()> {
        let degrees = Draws::new(draw).within(self.degrees);
        let size = sample.size();
        let forth = Projection::rotation(degrees);
        let [x, y] = [size[1] as f64 / 2.0, size[0] as f64 / 2.0];
        let new = if self.expand {
            // All pixels of the old grid that are touched, as Pillow and torchvision count.
            let [left, top, right, bottom] = forth.about([x, y]).hull([0.0, 0.0, 2.0 * x, 2.0 * y]);
            // What rounding adds to a side must not add a pixel.
            let side = |low: f64, high: f64| (high - 1e-4).ceil() - (low + 1e-4).floor();
            [side(top, bottom) as usize, side(left, right) as usize]
        } else {
            size
        };
        let centre = Projection::translation(-(new[1] as f64) / 2.0, -(new[0] as f64) / 2.0);
        let back = centre.then(&forth.inverse()?).then(&Projection::translation(x, y));
        sample.warp(Warp::new(back, new).interpolation(self.interpolation).border(self.border))
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    fn by(degrees: f64) -> Result<Rotate> {
        Rotate::new(Span::exactly(degrees))
    }
    vec![
        Row::new("Rotate", || by(30.0)).golden("rotate_bilinear"),
        Row::new("Rotate", || Ok(by(30.0)?.interpolation(Interpolation::Nearest)))
            .golden("rotate_nearest")
            .exact(),
        Row::new("Rotate", || Ok(by(30.0)?.interpolation(Interpolation::Bicubic)))
            .golden("rotate_bicubic")
            .overshoots(),
        Row::new("Rotate", || Ok(by(-20.0)?.border(Border::Edge))).golden("rotate_edge"),
        Row::new("Rotate", || Ok(by(-20.0)?.border(Border::Reflect))).golden("rotate_reflect"),
        Row::new("Rotate", || Ok(by(-20.0)?.border(Border::Symmetric))).golden("rotate_symmetric"),
        Row::new("Rotate", || Ok(by(-20.0)?.border(Border::Constant(Color::from(0.5))))),
        Row::new("Rotate", || Ok(by(25.0)?.expand(true))).golden("rotate_expand"),
        Row::new("Rotate", || Rotate::new(0.0)).identity(),
        Row::new("Rotate", || Rotate::new(15.0)).refused([
            (
                || Rotate::new(20.0..=10.0).map(drop),
                "Rotate: expected angles in order, from -360 to 360 degrees, got 20..=10",
            ),
            (
                || Rotate::new(f64::NAN).map(drop),
                "Rotate: expected angles in order, from -360 to 360 degrees, got NaN..=NaN",
            ),
        ]),
    ]
}
