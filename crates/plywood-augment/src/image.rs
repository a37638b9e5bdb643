//! Pictures.

use crate::AugmentError;
use crate::pixel::Pixel;
use plywood_tensor::{Array, Elem, Element, Error, Float, Result, Shape, Tensor};

/// A picture `[H, W, C]` of bytes from 0 to 255 or of real numbers, usually from 0 to 1.
///
/// Moves take numbers of any range. Changes of colours and levels need those from 0 to 1, and say so.
///
/// Every transform takes both kinds and keeps the kind it is given; [`Normalize`](crate::Normalize) and
/// [`ToFloat`](crate::ToFloat) make numbers of bytes. Cloning costs nothing.
///
/// # Shapes
/// `[H, W, C]`, none of them 0; colour pictures have three channels: red, green, blue
///
/// # Example
/// ```
/// use plywood_augment::Image;
///
/// let image = Image::from_bytes(&[0, 51, 102, 153, 204, 255], [1, 2, 3])?;
/// assert_eq!((image.height(), image.width(), image.channels()), (1, 2, 3));
/// assert_eq!(image.to_tensor().as_slice()[5], 1.0);
/// let error = Image::from_bytes(&[0, 51], [2]).unwrap_err();
/// assert_eq!(error.to_string(), "image: expected [H, W, C] with none of them 0, got [2]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`AugmentError::Shape`] for an array of any other shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    pixels: Pixels,
}

/// The two kinds of pictures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pixels {
    Bytes(Array<u8>),
    Floats(Tensor),
}

/// Runs the same code on the array of either kind.
macro_rules! each {
    ($pixels:expr, $array:ident => $code:expr) => {
        match $pixels {
            $crate::image::Pixels::Bytes($array) => $code,
            $crate::image::Pixels::Floats($array) => $code,
        }
    };
}
pub(crate) use each;

impl Image {
    /// A picture of bytes in row-major order.
    ///
    /// # Errors
    /// [`AugmentError::Shape`] unless the shape is `[H, W, C]`; an error if it holds another number of bytes.
    pub fn from_bytes(bytes: &[u8], shape: impl plywood_tensor::IntoShape) -> Result<Image> {
        Image::try_from(Array::from_slice(bytes, shape)?)
    }

    /// A picture of zeros, of the same kind as another.
    pub(crate) fn blank_like(&self, size: [usize; 2]) -> Result<Image> {
        let shape = [size[0], size[1], self.channels()];
        Ok(Image {
            pixels: match &self.pixels {
                Pixels::Bytes(_) => Pixels::Bytes(Array::zeros(shape)?),
                Pixels::Floats(_) => Pixels::Floats(Array::zeros(shape)?),
            },
        })
    }

    pub(crate) fn pixels(&self) -> &Pixels {
        &self.pixels
    }

    pub(crate) fn pixels_mut(&mut self) -> &mut Pixels {
        &mut self.pixels
    }

    /// `[H, W, C]`.
    pub fn shape(&self) -> &Shape {
        each!(&self.pixels, x => x.shape())
    }

    /// How many rows there are.
    pub fn height(&self) -> usize {
        self.shape()[0]
    }

    /// How many pixels a row has.
    pub fn width(&self) -> usize {
        self.shape()[1]
    }

    /// Height and width.
    pub fn size(&self) -> [usize; 2] {
        [self.height(), self.width()]
    }

    /// How many numbers a pixel has.
    pub fn channels(&self) -> usize {
        self.shape()[2]
    }

    /// The bytes in row-major order, if it is made of bytes.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.pixels {
            Pixels::Bytes(bytes) => Some(bytes.as_slice()),
            Pixels::Floats(_) => None,
        }
    }

    /// The numbers in row-major order, if it is made of real numbers.
    pub fn as_floats(&self) -> Option<&[Elem]> {
        match &self.pixels {
            Pixels::Bytes(_) => None,
            Pixels::Floats(floats) => Some(floats.as_slice()),
        }
    }

    /// The picture as a tensor `[H, W, C]`; bytes are divided by 255.
    pub fn to_tensor(&self) -> Tensor {
        match &self.pixels {
            // By division, as data sets do it. `ToFloat` multiplies by 1/255, which may differ in the last bit.
            Pixels::Bytes(bytes) => bytes.map(|x| x.to_elem() / Elem::of(255.0)),
            Pixels::Floats(floats) => floats.clone(),
        }
    }

    /// As [`Image::to_tensor`], in the memory of the picture where that is made of real numbers.
    pub(crate) fn into_tensor(self) -> Tensor {
        match self.pixels {
            Pixels::Bytes(_) => self.to_tensor(),
            Pixels::Floats(floats) => floats,
        }
    }

    /// The picture as bytes; real numbers are multiplied by 255, rounded and kept between 0 and 255.
    #[must_use]
    pub fn to_bytes(&self) -> Image {
        match &self.pixels {
            Pixels::Bytes(_) => self.clone(),
            Pixels::Floats(floats) => {
                Image { pixels: Pixels::Bytes(floats.map(|x| u8::of_elem(x * Elem::of(255.0)))) }
            }
        }
    }

    /// The numbers of one pixel, bytes as numbers from 0 to 255.
    ///
    /// # Errors
    /// An error if the pixel lies outside the picture.
    pub fn pixel(&self, row: usize, column: usize) -> Result<Vec<Elem>> {
        let channels = 0..self.channels();
        each!(&self.pixels, x => channels.map(|c| Ok(x.at(&[row, column, c])?.to_elem())).collect())
    }
}

fn checked<T: Element>(array: Array<T>) -> Result<Array<T>> {
    let shape = *array.shape();
    if shape.rank() == 3 && shape.numel() > 0 {
        return Ok(array);
    }
    let expected = "[H, W, C] with none of them 0".into();
    Err(AugmentError::Shape { what: "image", expected, got: shape }.into())
}

impl TryFrom<Tensor> for Image {
    type Error = Error;

    fn try_from(floats: Tensor) -> Result<Image> {
        Ok(Image { pixels: Pixels::Floats(checked(floats)?) })
    }
}

impl TryFrom<Array<u8>> for Image {
    type Error = Error;

    fn try_from(bytes: Array<u8>) -> Result<Image> {
        Ok(Image { pixels: Pixels::Bytes(checked(bytes)?) })
    }
}
