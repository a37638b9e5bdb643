//! Rows of which every pixel that is read lies inside: bilinear, in full vectors.

use super::finish::Finish;
use super::line::{BITS, Line};
use super::point::share;
use crate::pixel::Pixel;
use plywood_tensor::{Elem, simd};

/// How many pixels are made at a time; their parts stay in the nearest cache.
const BLOCK: usize = 64;

/// The four pixels around each place of a block.
pub(crate) trait Corners<const C: usize>: Pixel {
    /// Those of all places.
    type Block;
    /// Room for them.
    fn block() -> Self::Block;
    /// Reads two neighbours from each of two rows, which begin at `top` and `bottom`.
    fn read(block: &mut Self::Block, i: usize, pixels: &[Self], top: usize, bottom: usize);
    /// One number: `corner` is 0 and 1 in the upper row, 2 and 3 in the lower.
    fn corner(block: &Self::Block, corner: usize, channel: usize, i: usize) -> Elem;
}

/// Bytes of a pixel stay together in one word until vectors take them apart.
impl<const C: usize> Corners<C> for u8 {
    type Block = [[u32; BLOCK]; 4];

    #[inline(always)]
    fn block() -> Self::Block {
        [[0; BLOCK]; 4]
    }

    #[inline(always)]
    fn read(block: &mut Self::Block, i: usize, pixels: &[u8], top: usize, bottom: usize) {
        let (left, right) = pair::<C>(&pixels[top..top + 2 * C]);
        (block[0][i], block[1][i]) = (left, right);
        let (left, right) = pair::<C>(&pixels[bottom..bottom + 2 * C]);
        (block[2][i], block[3][i]) = (left, right);
    }

    #[inline(always)]
    fn corner(block: &Self::Block, corner: usize, channel: usize, i: usize) -> Elem {
        ((block[corner][i] >> (8 * channel)) & 255) as i32 as Elem
    }
}

/// Two neighbours as words.
#[inline(always)]
fn pair<const C: usize>(bytes: &[u8]) -> (u32, u32) {
    let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    match C {
        1 => (u32::from(bytes[0]), u32::from(bytes[1])),
        // Words of four bytes without reading beyond the six.
        3 => (word(0), word(2) >> 8),
        4 => (word(0), word(4)),
        _ => unreachable!("a word holds up to four bytes"),
    }
}

impl<const C: usize> Corners<C> for Elem {
    type Block = [[[Elem; BLOCK]; C]; 4];

    #[inline(always)]
    fn block() -> Self::Block {
        [[[0.0; BLOCK]; C]; 4]
    }

    #[inline(always)]
    fn read(block: &mut Self::Block, i: usize, pixels: &[Elem], top: usize, bottom: usize) {
        let (top, bottom) = (&pixels[top..top + 2 * C], &pixels[bottom..bottom + 2 * C]);
        for c in 0..C {
            block[0][c][i] = top[c];
            block[1][c][i] = top[C + c];
            block[2][c][i] = bottom[c];
            block[3][c][i] = bottom[C + c];
        }
    }

    #[inline(always)]
    fn corner(block: &Self::Block, corner: usize, channel: usize, i: usize) -> Elem {
        block[corner][channel][i]
    }
}

/// A part of a row.
pub(crate) struct Inner<'a, T, F: Finish<T>, const C: usize>
where
    T: Pixel,
{
    pub(crate) pixels: &'a [T],
    /// How many pixels a row of the source has.
    pub(crate) width: usize,
    /// Places, of the first pixel on.
    pub(crate) line: Line,
    pub(crate) finish: F,
    pub(crate) out: &'a mut [F::Out],
}

impl<T: Corners<C>, F: Finish<T>, const C: usize> simd::Kernel for Inner<'_, T, F, C> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (mut line, width) = (self.line, self.width);
        let mut corners = T::block();
        let (mut starts, mut across, mut down) = ([0_u32; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
        let mut planes = [[F::Out::default(); BLOCK]; C];
        for out in self.out.chunks_mut(BLOCK * C) {
            let count = out.len() / C;
            for i in 0..BLOCK {
                let (x, y) = line.at(i);
                across[i] = share(x);
                down[i] = share(y);
                starts[i] = (((y >> BITS) as u32).wrapping_mul(width as u32))
                    .wrapping_add((x >> BITS) as u32)
                    .wrapping_mul(C as u32);
            }
            for (i, &start) in starts[..count].iter().enumerate() {
                let start = start as usize;
                T::read(&mut corners, i, self.pixels, start, start + width * C);
            }
            for (c, plane) in planes.iter_mut().enumerate() {
                for i in 0..BLOCK {
                    let [a, b, d, e] = [0, 1, 2, 3].map(|corner| T::corner(&corners, corner, c, i));
                    let (top, bottom) = (a + (b - a) * across[i], d + (e - d) * across[i]);
                    plane[i] = self.finish.mean(top + (bottom - top) * down[i], c);
                }
            }
            for (i, pixel) in out.chunks_exact_mut(C).enumerate() {
                for c in 0..C {
                    pixel[c] = planes[c][i];
                }
            }
            (line.x, line.y) = line.at(BLOCK);
        }
    }
}
