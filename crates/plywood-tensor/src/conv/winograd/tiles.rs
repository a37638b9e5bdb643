//! Squares of 4×4 places that make up all images.

use super::vectors::Spread;
use crate::par::Shared;
use crate::storage::Buffer;
use crate::{Element, Float, par};
use std::ops::Range;

/// Places along a side of a tile.
pub(super) const SIDE: usize = 4;
/// Transformed numbers of a tile: those of 6×6 places.
pub(super) const POINTS: usize = 36;
/// Between planes, so that they do not all begin at the same place of a page and crowd the same lines of a cache.
pub(super) const GAP: usize = 48;
/// Tiles that a thread transforms at once.
pub(super) const CHUNK: usize = 8;

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

    /// The rows of a point.
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

/// Transforms a square of `side` by `side` places for each tile, and writes it to the planes.
pub(super) fn spread<T: Float>(
    source: &Source<'_, T>,
    grid: &Grid,
    tiles: Range<usize>,
    side: usize,
    transform: unsafe fn(&Spread<T>),
    planes: &mut Planes<T>,
) {
    let Source { numbers, height, width, channels, before } = *source;
    let step = planes.step;
    let to = planes.shared();
    // What lies outside of an image.
    let zeros = vec![T::ZERO; channels];
    par::pieces(tiles.len().div_ceil(CHUNK), tiles.len() * channels * POINTS * 4, &|i| {
        let mut call = Spread { places: [zeros.as_ptr(); POINTS], channels, to: to.first(), step };
        for tile in (i * CHUNK..tiles.len()).take(CHUNK) {
            let [image, y, x] = grid.place(tiles.start + tile);
            for i in 0..side {
                let y = (y + i).wrapping_add_signed(-before[0]);
                for j in 0..side {
                    let x = (x + j).wrapping_add_signed(-before[1]);
                    let inside = y < height && x < width;
                    let at = ((image * height + y.min(height)) * width + x.min(width)) * channels;
                    let place = if inside { &numbers[at..at + channels] } else { &zeros[..] };
                    call.places[i * side + j] = place.as_ptr();
                }
            }
            // SAFETY: each place has its channels; the row of a tile lies in each plane and is written by the thread alone that
            // has the tile; the transform is one of an instruction set that this thread may use.
            unsafe {
                call.to = to.first().add(tile * channels);
                transform(&call);
            }
        }
    });
}
