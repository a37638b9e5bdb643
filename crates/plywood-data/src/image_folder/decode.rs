//! A file becomes pixels, within limits.

use crate::FileProblem;
use crate::files::bytes::read;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use plywood_augment::{Image, Pipeline};
use plywood_tensor::{Array, Result, Seed, Tensor, one_line};
use std::fs::File;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Into what, and up to which limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decode {
    pub(super) gray: bool,
    pub(super) side: u32,
    pub(super) decoded: u64,
    pub(super) file: u64,
}

impl Default for Decode {
    fn default() -> Self {
        Decode { gray: false, side: 1 << 14, decoded: 256 << 20, file: 64 << 20 }
    }
}

/// An image, row by row with the channels of each pixel together.
pub(super) struct Decoded {
    shape: [usize; 3],
    bytes: Vec<u8>,
}

impl Decoded {
    /// Numbers from 0 to 1, of an image of this height and width if there is one.
    pub(super) fn tensor(self, size: Option<[usize; 2]>) -> Result<Tensor> {
        let image = Image::try_from(Array::from_vec(self.bytes, self.shape)?)?;
        let Some([height, width]) = size else { return Ok(image.to_tensor()) };
        // Cut first and scaled then, so that what is long and thin never becomes large.
        let fits =
            |side: usize, other: usize, ratio: [usize; 2]| side.min(other * ratio[0] / ratio[1]).max(1);
        let cut = [
            fits(image.height(), image.width(), [height, width]),
            fits(image.width(), image.height(), [width, height]),
        ];
        let fit = Pipeline::builder().crop_center(cut).resize([height, width]).build()?;
        // Nothing is drawn.
        Ok(fit.image(&image, &Seed(0).stream())?.to_tensor())
    }
}

impl Decode {
    /// A PNG or JPEG file.
    pub(super) fn file(&self, path: &Path) -> Result<Decoded, FileProblem> {
        let file = File::open(path).map_err(|error| read(&error))?;
        let mut bytes = Vec::new();
        // One byte more than allowed tells that there are more, whatever the system says of the length.
        file.take(self.file.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| read(&error))?;
        self.bytes(&bytes)
    }

    /// What a PNG or JPEG file holds.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Result<Decoded, FileProblem> {
        if bytes.len() as u64 > self.file {
            return Err(FileProblem::Limit {
                of: "bytes in a file",
                limit: self.file,
                got: bytes.len() as u64,
            });
        }
        // A decoder that panics has met a broken file, which is to be named.
        catch_unwind(AssertUnwindSafe(|| self.decode(bytes)))
            .unwrap_or_else(|_| Err(FileProblem::Decode { reason: "the decoder panicked".to_owned() }))
    }

    fn decode(&self, bytes: &[u8]) -> Result<Decoded, FileProblem> {
        let format = match image::guess_format(bytes) {
            Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) => format,
            _ => {
                let got =
                    bytes.iter().take(4).map(|byte| format!("{byte:#04x}")).collect::<Vec<_>>().join(" ");
                let got = if got.is_empty() { "nothing".to_owned() } else { got };
                return Err(FileProblem::Magic { expected: "the mark of PNG or JPEG", got });
            }
        };
        if format == ImageFormat::Jpeg && !is_complete(bytes) {
            return Err(FileProblem::Decode { reason: "the file ends before the image does".to_owned() });
        }
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        // Sides are checked here, where they can be named.
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(self.decoded);
        reader.limits(limits);
        let decoder = reader.into_decoder().map_err(|error| cannot(&error))?;
        let (width, height) = decoder.dimensions();
        let side = width.max(height);
        if side > self.side {
            let (limit, got) = (u64::from(self.side), u64::from(side));
            return Err(FileProblem::Limit { of: "pixels a side", limit, got });
        }
        // Decoded as it is, and then in three channels.
        let got = decoder.total_bytes().max(3 * u64::from(width) * u64::from(height));
        if got > self.decoded {
            return Err(FileProblem::Limit { of: "bytes decoded", limit: self.decoded, got });
        }
        let image = DynamicImage::from_decoder(decoder).map_err(|error| cannot(&error))?;
        let (shape, bytes) = ([height as usize, width as usize], self.channels(image));
        Ok(Decoded { shape: [shape[0], shape[1], if self.gray { 1 } else { 3 }], bytes })
    }

    fn channels(&self, image: DynamicImage) -> Vec<u8> {
        match (self.gray, image.color().has_color()) {
            (false, _) => image.into_rgb8().into_raw(),
            (true, false) => image.into_luma8().into_raw(),
            (true, true) => image.into_rgb8().pixels().map(|pixel| brightness(pixel.0)).collect(),
        }
    }
}

/// Whether a JPEG has an end behind its first scan: decoders fill what is missing with gray and say nothing.
///
/// A preview within the header has a scan and an end of its own, so segments are stepped over by their lengths. What cameras
/// append behind the end is not looked at.
fn is_complete(jpeg: &[u8]) -> bool {
    let mut rest = jpeg;
    while let Some(start) = rest.iter().position(|&byte| byte == 0xff) {
        rest = &rest[start + 1..];
        let Some(&code) = rest.first() else { return false };
        match code {
            // Filling: the second byte may begin the mark.
            0xff => {}
            // A zero belongs to the data; these marks stand alone.
            0x00 | 0x01 | 0xd0..=0xd8 => rest = &rest[1..],
            0xd9 => return false,
            0xda => return rest.windows(2).any(|pair| pair == [0xff, 0xd9]),
            _ => {
                let Some(&[high, low]) = rest.get(1..3) else { return false };
                let Some(behind) = rest.get(1 + usize::from(u16::from_be_bytes([high, low]))..) else {
                    return false;
                };
                rest = behind;
            }
        }
    }
    false
}

/// ITU-R 601, in the integers of Pillow.
fn brightness([red, green, blue]: [u8; 3]) -> u8 {
    ((19_595 * u32::from(red) + 38_470 * u32::from(green) + 7_471 * u32::from(blue) + 0x8000) >> 16) as u8
}

fn cannot(error: &ImageError) -> FileProblem {
    FileProblem::Decode { reason: one_line(&error.to_string(), 200) }
}
