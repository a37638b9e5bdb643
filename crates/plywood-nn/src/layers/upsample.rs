//! Larger images.

use super::sides::letters;
use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{MAX_RANK, Result, Shape};
use serde::{Deserialize, Serialize};

/// Images of another size: each pixel that of the nearest, or on the straight lines between its neighbours.
///
/// # Shapes
/// `[N, .., C] → [N, .., C]` with 1 to 3 axes between, each by the factor, or of the size that was asked for.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Upsample};
/// use plywood_tensor::Tensor;
///
/// let x = Tensor::from([[[0.0], [6.0]]]).into();
/// let nearest = Upsample::by(2)?;
/// assert_eq!(nearest.forward(&Context::eval(), &x)?.value().as_slice(), [0.0, 0.0, 6.0, 6.0]);
/// let linear = Upsample::to([4])?.linear(true); // corners on corners
/// assert_eq!(linear.forward(&Context::eval(), &x)?.value().as_slice(), [0.0, 2.0, 4.0, 6.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`] for another number of axes, and for images without pixels.
///
/// # References
/// PyTorch: `torch.nn.Upsample` with `mode` `"nearest"`, `"linear"`, `"bilinear"` and `"trilinear"`, and `align_corners`, off
/// unless asked for; the factor is a whole number here, the same for all axes: other sizes are asked for by
/// [`Upsample::to`]. Keras: `UpSampling2D`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[doc(alias("interpolate", "UpSampling2D"))]
pub struct Upsample {
    #[serde(flatten)]
    size: Size,
    mode: Mode,
}
parameters!(Upsample {} skip { size, mode });

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Size {
    Factor(usize),
    Size(Vec<usize>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Nearest,
    Linear,
    LinearAlignCorners,
}

impl Upsample {
    /// So many times the size along each axis.
    ///
    /// # Errors
    /// [`NnError::Setting`] for a factor of 0.
    pub fn by(factor: usize) -> Result<Upsample> {
        Upsample { size: Size::Factor(factor), mode: Mode::Nearest }.checked()
    }

    /// Of these sizes, one for each axis between the batch and the channels.
    ///
    /// # Errors
    /// [`NnError::Setting`] for a size of 0, and for no size or more than three.
    pub fn to<const D: usize>(size: [usize; D]) -> Result<Upsample> {
        Upsample { size: Size::Size(size.to_vec()), mode: Mode::Nearest }.checked()
    }

    /// The same on straight lines between neighbouring pixels. With `align_corners` the first and the last pixels of both
    /// images lie on each other, without their edges do.
    #[must_use]
    pub fn linear(self, align_corners: bool) -> Upsample {
        Upsample { mode: if align_corners { Mode::LinearAlignCorners } else { Mode::Linear }, ..self }
    }

    fn checked(self) -> Result<Upsample> {
        self.check().map(|()| self)
    }

    fn check(&self) -> Result<()> {
        let (expected, got) = match &self.size {
            Size::Factor(0) => ("a factor of at least 1", "0".to_owned()),
            Size::Size(size) if size.contains(&0) || !(1..=3).contains(&size.len()) => {
                ("1 to 3 sizes of at least 1", format!("{size:?}"))
            }
            _ => return Ok(()),
        };
        Err(NnError::Setting { layer: "Upsample".into(), expected: expected.into(), got }.into())
    }
}

impl Module for Upsample {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        let output = self.output_shape(x.shape())?;
        let sizes = &output[1..output.rank() - 1];
        match self.mode {
            Mode::Nearest => x.upsample_nearest(sizes),
            Mode::Linear => x.upsample_linear(sizes, false),
            Mode::LinearAlignCorners => x.upsample_linear(sizes, true),
        }
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        self.check()?; // as JSON it can be anything
        let refuse = |expected: &str| {
            Err(NnError::Input { layer: self.describe(), expected: expected.into(), got: *input }.into())
        };
        let axes = input.rank().saturating_sub(2);
        let fits = match &self.size {
            Size::Factor(_) => (1..=3).contains(&axes),
            Size::Size(size) => size.len() == axes,
        };
        if !fits {
            return refuse(if let Size::Size(size) = &self.size {
                letters(size.len())
            } else {
                "[N, .., C]"
            });
        }
        if input[1..=axes].contains(&0) {
            return refuse("of at least one pixel");
        }
        let mut dims = [0; MAX_RANK];
        dims[..input.rank()].copy_from_slice(input);
        for (axis, dim) in dims[1..=axes].iter_mut().enumerate() {
            *dim = match &self.size {
                Size::Factor(factor) => dim.saturating_mul(*factor),
                Size::Size(size) => size[axis],
            };
        }
        Shape::new(&dims[..input.rank()])
    }

    fn describe(&self) -> String {
        let mode = match self.mode {
            Mode::Nearest => "",
            Mode::Linear => ", linear",
            Mode::LinearAlignCorners => ", linear, align_corners",
        };
        match &self.size {
            Size::Factor(factor) => format!("Upsample(x{factor}{mode})"),
            Size::Size(size) => format!("Upsample({size:?}{mode})"),
        }
    }
}

impl Layer for Upsample {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl LayerConfig for Upsample {
    const NAME: &'static str = "Upsample";
    type Layer = Upsample;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Upsample> {
        self.clone().checked()
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("Upsample", || Upsample::by(2))
            .shapes(&[2, 2, 3, 2], &[2, 4, 6, 2])
            .errors(&[
                (&[2, 3], "Upsample(x2): expected input [N, .., C], got [2, 3]"),
                (&[2, 0, 3], "Upsample(x2): expected input of at least one pixel, got [2, 0, 3]"),
            ])
            .refused([
                (|| Upsample::by(0).map(drop), "Upsample: expected a factor of at least 1, got 0"),
                (
                    || Upsample::to([2, 0]).map(drop),
                    "Upsample: expected 1 to 3 sizes of at least 1, got [2, 0]",
                ),
                (
                    || Upsample::to([1; 4]).map(drop),
                    "Upsample: expected 1 to 3 sizes of at least 1, got [1, 1, 1, 1]",
                ),
                (
                    || {
                        let none = Upsample { size: Size::Size(vec![]), mode: Mode::Nearest };
                        none.output_shape(&Shape::new(&[1, 2])?).map(drop)
                    },
                    "Upsample: expected 1 to 3 sizes of at least 1, got []",
                ),
            ]),
        Row::layer("Upsample", || Ok(Upsample::to([3, 5])?.linear(false)))
            .shapes(&[1, 2, 3, 2], &[1, 3, 5, 2])
            .errors(&[(&[1, 2, 3], "Upsample([3, 5], linear): expected input [N, H, W, C], got [1, 2, 3]")]),
        Row::layer("Upsample", || Ok(Upsample::by(3)?.linear(true))).shapes(&[2, 2, 2], &[2, 6, 2]),
    ]
}
