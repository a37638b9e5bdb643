//! Rows of which every pixel that is read lies inside: bilinear, in full vectors.

use super::finish::Finish;
use super::line::{BITS, Line};
use super::point::share;
use crate::pixel::Pixel;
use plywood_tensor::{Elem, simd};

/// How many pixels are made at a time: a full vector, or two. Loops of a constant length become vectors whole.
const BLOCK: usize = 16;

/// The four pixels around each place of a block.
pub(crate) trait Corners<const C: usize>: Pixel {
    /// Those of all places.
    type Block;
    /// Room for them.
    fn block() -> Self::Block;
    /// Reads two neighbours from each of two rows, both beginning at `start`.
    fn read(block: &mut Self::Block, i: usize, top: &[Self], bottom: &[Self], start: usize);
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
    fn read(block: &mut Self::Block, i: usize, top: &[u8], bottom: &[u8], start: usize) {
        (block[0][i], block[1][i]) = pair::<C>(top, start);
        (block[2][i], block[3][i]) = pair::<C>(bottom, start);
    }

    #[inline(always)]
    fn corner(block: &Self::Block, corner: usize, channel: usize, i: usize) -> Elem {
        ((block[corner][i] >> (8 * channel)) & 255) as i32 as Elem
    }
}

/// Two neighbours as words, of which the bytes beyond the channels mean nothing.
#[inline(always)]
fn pair<const C: usize>(bytes: &[u8], start: usize) -> (u32, u32) {
    if C == 1 {
        return (u32::from(bytes[start]), u32::from(bytes[start + 1]));
    }
    let mut eight = [0; 8];
    if let Some(all) = bytes.get(start..start + 8) {
        eight.copy_from_slice(all);
    } else {
        // The last pixels of the picture.
        eight[..2 * C].copy_from_slice(&bytes[start..start + 2 * C]);
    }
    let word = u64::from_le_bytes(eight);
    (word as u32, (word >> (8 * C)) as u32)
}

impl<const C: usize> Corners<C> for Elem {
    type Block = [[[Elem; BLOCK]; C]; 4];

    #[inline(always)]
    fn block() -> Self::Block {
        [[[0.0; BLOCK]; C]; 4]
    }

    #[inline(always)]
    fn read(block: &mut Self::Block, i: usize, top: &[Elem], bottom: &[Elem], start: usize) {
        let (top, bottom) = (&top[start..start + 2 * C], &bottom[start..start + 2 * C]);
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
pub(crate) struct Inner<'a, T: Corners<C>, F: Finish<T>, const C: usize> {
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
        let (mut line, width) = (self.line, self.width as u32);
        let (top, bottom) = (self.pixels, &self.pixels[self.width * C..]);
        // Places beyond the end of the part fill up the last block: they are read where there is something to read.
        let last = (bottom.len() - 2 * C) as u32;
        let (mut right, mut deep) = ([0; BLOCK], [0; BLOCK]);
        let offset = Line { x: 0, y: 0, ..line };
        for i in 0..BLOCK {
            (right[i], deep[i]) = offset.at(i);
        }
        let mut corners = T::block();
        let (mut starts, mut across, mut down) = ([0_u32; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
        let mut planes = [[F::Out::default(); BLOCK]; C];
        for out in self.out.chunks_mut(BLOCK * C) {
            for i in 0..BLOCK {
                let (x, y) = (line.x.wrapping_add(right[i]), line.y.wrapping_add(deep[i]));
                (across[i], down[i]) = (share(x), share(y));
                let (column, row) = ((x >> BITS) as u32, (y >> BITS) as u32);
                starts[i] = row.wrapping_mul(width).wrapping_add(column).wrapping_mul(C as u32).min(last);
            }
            for i in 0..BLOCK {
                T::read(&mut corners, i, top, bottom, starts[i] as usize);
            }
            for c in 0..C {
                for i in 0..BLOCK {
                    let [a, b, d, e] = [0, 1, 2, 3].map(|corner| T::corner(&corners, corner, c, i));
                    let (top, bottom) = (a + (b - a) * across[i], d + (e - d) * across[i]);
                    planes[c][i] = self.finish.mean(top + (bottom - top) * down[i], c);
                }
            }
            if out.len() == BLOCK * C {
                for i in 0..BLOCK {
                    for c in 0..C {
                        out[i * C + c] = planes[c][i];
                    }
                }
            } else {
                for (i, pixel) in out.chunks_exact_mut(C).enumerate() {
                    for c in 0..C {
                        pixel[c] = planes[c][i];
                    }
                }
            }
            (line.x, line.y) = line.at(BLOCK);
        }
    }
}
