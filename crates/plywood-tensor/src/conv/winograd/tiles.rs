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
/// Numbers of single precision in a line of a cache.
const LINE: usize = 16;
/// Rows with more numbers than this are so far apart that they may crowd few lines of a cache.
const WIDE: usize = 128;
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
    /// From one row to the next.
    pub(super) row: usize,
}

impl<T: Float> Planes<T> {
    /// Planes for so many tiles or other rows; their numbers are unspecified.
    pub(super) fn new(rows: usize, channels: usize) -> Planes<T> {
        // An odd number of lines apart, rows spread over all lines of a cache.
        let row = if channels > WIDE { channels.next_multiple_of(LINE) | LINE } else { channels };
        let step = rows * row + GAP;
        Planes { buffer: Buffer::recycled(POINTS * step), step, row }
    }

    /// The rows of a point.
    pub(super) fn plane(&self, point: usize) -> &[T] {
        &self.buffer.as_slice()[point * self.step..][..self.step - GAP]
    }

    /// As [`Planes::plane`], for writing.
    pub(super) fn plane_mut(&mut self, point: usize) -> &mut [T] {
        let (start, length) = (point * self.step, self.step - GAP);
        &mut self.buffer.get_mut().expect("a new buffer has one owner")[start..][..length]
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

/// Channels, cut into blocks of `size`.
pub(super) fn blocks(channels: usize, size: usize) -> impl Iterator<Item = Range<usize>> {
    (0..channels).step_by(size).map(move |start| start..channels.min(start + size))
}

/// Calls `work(i)` for each of `count` pieces, on this thread alone if others are busy with pieces of their own.
pub(super) fn each(alone: bool, count: usize, steps: usize, work: &(dyn Fn(usize) + Sync)) {
    if alone { (0..count).for_each(work) } else { par::pieces(count, steps, work) }
}

/// Transforms a square of `side` by `side` places for each tile, and writes it to the planes.
pub(super) fn spread<T: Float>(
    source: &Source<'_, T>,
    grid: &Grid,
    tiles: Range<usize>,
    side: usize,
    transform: unsafe fn(&Spread<T>),
    planes: &mut Planes<T>,
    alone: bool,
) {
    let Source { numbers, height, width, channels, before } = *source;
    let (step, row) = (planes.step, planes.row);
    let to = planes.shared();
    // From a tile to the one below.
    let ahead = SIDE * width * channels;
    // A row that lies outside of an image.
    let zeros = vec![T::ZERO; side * channels];
    each(alone, tiles.len().div_ceil(CHUNK), tiles.len() * channels * POINTS * 4, &|i| {
        for tile in (i * CHUNK..tiles.len()).take(CHUNK) {
            let [image, y, x] = grid.place(tiles.start + tile);
            let [y, x] = [y as isize - before[0], x as isize - before[1]];
            // Columns of the square that lie inside.
            let from = (-x).clamp(0, side as isize);
            let until = (width as isize - x).clamp(from, side as isize);
            let first = (x + from) as usize;
            let columns = from as usize..until as usize;
            // SAFETY: the row of a tile lies in each plane.
            let to = unsafe { to.first().add(tile * row) };
            // Filled where it is, for a copy of what was just written waits for all that was written before.
            let rows = [zeros.as_ptr(); 6];
            let mut call = Spread { rows, columns, ahead, column_step: channels, channels, to, step };
            for (i, row) in call.rows[..side].iter_mut().enumerate() {
                let y = (y + i as isize) as usize; // beyond every height if it is in front of the first row
                if y < height && !call.columns.is_empty() {
                    let at = ((image * height + y) * width + first) * channels;
                    *row = numbers[at..at + call.columns.len() * channels].as_ptr();
                }
            }
            // SAFETY: each row has all channels of its columns; the row of a tile is written by the thread alone that has the
            // tile; the transform is one of an instruction set that this thread may use.
            unsafe { transform(&call) }
        }
    });
}
