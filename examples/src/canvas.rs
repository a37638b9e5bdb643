//! Pictures of pictures.

use plywood::prelude::*;
use std::path::Path;

/// A sheet to put images and numbers on.
#[derive(Debug)]
pub struct Canvas {
    size: [usize; 2],
    pixels: Vec<u8>,
}

impl Canvas {
    /// An empty sheet of this height and width.
    pub fn new(size: [usize; 2]) -> Canvas {
        Canvas { size, pixels: vec![40; size[0] * size[1] * 3] }
    }

    /// Puts an image there, `[H, W, 1]` or `[H, W, 3]` with numbers from 0 to 1, each pixel so many times as large.
    pub fn image(&mut self, [top, left]: [usize; 2], image: &Tensor, scale: usize) {
        let [height, width, channels] = [0, 1, 2].map(|axis| image.shape()[axis]);
        for (y, x) in (0..height * width).map(|i| (i / width, i % width)) {
            let pixel = &image.as_slice()[(y * width + x) * channels..][..channels];
            let color = [0, 1, 2].map(|c| (pixel[c.min(channels - 1)] * 255.0).round() as u8);
            for (down, right) in (0..scale * scale).map(|i| (i / scale, i % scale)) {
                self.dot([top + y * scale + down, left + x * scale + right], color);
            }
        }
    }

    /// Writes there, in small letters and digits of twice three by five dots.
    pub fn text(&mut self, [top, left]: [usize; 2], text: &str, color: [u8; 3]) {
        for (i, letter) in text.chars().enumerate() {
            for (_, row, column) in glyph(letter).filter(|(dot, ..)| *dot) {
                for (down, right) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    self.dot([top + 2 * row + down, left + 8 * i + 2 * column + right], color);
                }
            }
        }
    }

    /// Writes the sheet to a file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<()> {
        write_png(path, self.size, &self.pixels)
    }

    fn dot(&mut self, [y, x]: [usize; 2], color: [u8; 3]) {
        if y < self.size[0] && x < self.size[1] {
            self.pixels[(y * self.size[1] + x) * 3..][..3].copy_from_slice(&color);
        }
    }
}

/// Writes a picture of this height and width, three bytes a pixel.
///
/// # Errors
/// If the file cannot be written.
pub fn write_png(path: impl AsRef<Path>, [height, width]: [usize; 2], rgb: &[u8]) -> Result<()> {
    let file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut encoder = png::Encoder::new(file, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(Error::new)?;
    writer.write_image_data(rgb).map_err(Error::new)
}

/// The dots of a letter, 3 by 5: whether there is one, its row and its column.
pub fn glyph(letter: char) -> impl Iterator<Item = (bool, usize, usize)> {
    // A row is three bits, the first row first.
    const LETTERS: [u16; 26] = [
        0o25755, 0o65656, 0o34443, 0o65556, 0o74647, 0o74644, 0o34553, 0o55755, 0o72227, 0o11152, 0o55655,
        0o44447, 0o57755, 0o65555, 0o25552, 0o65644, 0o25573, 0o65655, 0o34216, 0o72222, 0o55557, 0o55552,
        0o55775, 0o55255, 0o55222, 0o71247,
    ];
    const DIGITS: [u16; 10] =
        [0o75557, 0o26227, 0o71747, 0o71317, 0o55711, 0o74717, 0o74757, 0o71122, 0o75757, 0o75717];
    let dots = match letter {
        'a'..='z' => LETTERS[letter as usize - 'a' as usize],
        '0'..='9' => DIGITS[letter as usize - '0' as usize],
        '.' => 0o00002,
        _ => 0,
    };
    (0..15).map(move |i| (dots >> (14 - i) & 1 == 1, i / 3, i % 3))
}
