//! Squares of 4×4 places that make up all images.

use super::transform::{LANES, square};
use crate::par::Shared;
use crate::storage::Buffer;
use crate::{Element, Float, par, simd};
use std::ops::Range;

/// Places along a side of a tile.
pub(super) const SIDE: usize = 4;
/// Transformed numbers of a tile: those of 6×6 places.
pub(super) const POINTS: usize = 36;
/// Between planes, so that they do not all begin at the same place of a page and crowd the same lines of a cache.
const GAP: usize = 48;
/// Tiles that a thread transforms at once.
const CHUNK: usize = 8;

/// The tiles of `[batch, height, width]` places.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    pub(super) batch: usize,
    pub(super) height: usize,
    pub(super) width: usize,
}

impl Grid {
    pub(super) fn down(&self) -> usize {
        self.height.div_ceil(SIDE)
    }

    pub(super) fn across(&self) -> usize {
        self.width.div_ceil(SIDE)
    }

    pub(super) fn count(&self) -> usize {
        self.batch * self.down() * self.across()
    }

    /// The image of a tile, and its first place.
    #[inline]
    pub(super) fn place(&self, tile: usize) -> [usize; 3] {
        let (row, column) = (tile / self.across(), tile % self.across());
        [row / self.down(), row % self.down() * SIDE, column * SIDE]
    }
}

/// For each of the 36 points a matrix with a row of channels for each tile.
pub(super) struct Planes<T: Element> {
    buffer: Buffer<T>,
    /// From one plane to the next.
    pub(super) step: usize,
    pub(super) channels: usize,
}

impl<T: Float> Planes<T> {
    /// Planes for so many tiles or other rows; their numbers are unspecified.
    pub(super) fn new(rows: usize, channels: usize) -> Planes<T> {
        let step = rows * channels + GAP;
        Planes { buffer: Buffer::recycled(POINTS * step), step, channels }
    }

    pub(super) fn plane(&self, point: usize) -> &[T] {
        &self.buffer.as_slice()[point * self.step..][..self.step - GAP]
    }

    pub(super) fn shared(&mut self) -> Shared<'_, T> {
        Shared::new(self.buffer.get_mut().expect("a new buffer has one owner"))
    }
}

/// Places of images with channels, of which each tile reads a square.
#[derive(Clone, Copy)]
pub(super) struct Source<'a, T> {
    pub(super) numbers: &'a [T],
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) channels: usize,
    /// How far in front of its tile a square begins, down and across; what lies outside is 0.
    pub(super) before: [isize; 2],
}

/// Transforms a square of `N` by `N` places for each tile, and writes it to the planes.
pub(super) fn spread<T: Float, const N: usize>(
    source: &Source<'_, T>,
    grid: &Grid,
    tiles: Range<usize>,
    transform: impl Fn([T; N]) -> [T; 6] + Copy + Sync,
    planes: &mut Planes<T>,
) {
    let (step, channels) = (planes.step, planes.channels);
    let to = planes.shared();
    let work = tiles.len() * channels * POINTS * 4;
    par::pieces(tiles.len().div_ceil(CHUNK), work, &|i| {
        for tile in (i * CHUNK..tiles.len()).take(CHUNK) {
            let place = grid.place(tiles.start + tile);
            // SAFETY: the rows of a tile are written by the thread alone that has it.
            let row = |point: usize| unsafe { to.piece(point * step + tile * channels, channels) };
            simd::run(Spread { source, place, transform, row: &row });
        }
    });
}

struct Spread<'a, T, F, R, const N: usize> {
    source: &'a Source<'a, T>,
    place: [usize; 3],
    transform: F,
    row: &'a R,
}

impl<'a, T, F, R, const N: usize> simd::Kernel for Spread<'a, T, F, R, N>
where
    T: Float,
    F: Fn([T; N]) -> [T; 6] + Copy,
    R: Fn(usize) -> &'a mut [T],
{
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let channels = self.source.channels;
        for channel in (0..channels).step_by(LANES) {
            let x = self.read(channel);
            let y = square(self.transform, &x);
            let lanes = LANES.min(channels - channel);
            for i in 0..6 {
                for j in 0..6 {
                    let to = &mut (self.row)(6 * i + j)[channel..];
                    if lanes == LANES {
                        to[..LANES].copy_from_slice(&y[i][j]);
                    } else {
                        to[..lanes].copy_from_slice(&y[i][j][..lanes]);
                    }
                }
            }
        }
    }
}

impl<T: Float, F, R, const N: usize> Spread<'_, T, F, R, N> {
    /// The square of a tile, zeros beyond the image and beyond the last channel.
    #[inline(always)]
    fn read(&self, channel: usize) -> [[[T; LANES]; N]; N] {
        let Source { numbers, height, width, channels, before } = *self.source;
        let [image, y, x] = self.place;
        let mut square = [[[T::ZERO; LANES]; N]; N];
        for (i, row) in square.iter_mut().enumerate() {
            let y = (y + i).wrapping_add_signed(-before[0]);
            if y >= height {
                continue;
            }
            for (j, to) in row.iter_mut().enumerate() {
                let x = (x + j).wrapping_add_signed(-before[1]);
                if x >= width {
                    continue;
                }
                let from = &numbers[((image * height + y) * width + x) * channels + channel..];
                if channel + LANES <= channels {
                    to.copy_from_slice(&from[..LANES]);
                } else {
                    to[..channels - channel].copy_from_slice(&from[..channels - channel]);
                }
            }
        }
        square
    }
}
