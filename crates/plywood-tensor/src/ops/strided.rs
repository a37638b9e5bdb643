//! Copies that read an array in any order: the kernel behind permute, slice, flip and diagonals.

use crate::{Array, Element, MAX_RANK, Shape, par};

/// Rows and columns of the squares in which matrices are transposed: a square of either width fits in a few cache lines.
const TILE: usize = 16;

/// A walk through an array: it begins at element `base` and steps by `steps[axis]` along each axis.
///
/// Neighbouring axes that the walk goes through as if they were one are merged.
struct Walk {
    base: isize,
    rank: usize,
    dims: [usize; MAX_RANK],
    steps: [isize; MAX_RANK],
}

impl<T: Element> Array<T> {
    /// An array of this shape whose element at `index` is `self`'s at `base + Σ index · steps`.
    ///
    /// Every such position must lie in `self`.
    pub(super) fn strided(&self, base: usize, shape: Shape, steps: [isize; MAX_RANK]) -> Self {
        let x = self.as_slice();
        let walk = Walk::new(base, &shape, steps);
        let run = walk.dims[walk.rank - 1].max(1);
        Array::build(shape, |out| {
            let count = out.len();
            if walk.transposes() {
                let rows = (par::CHUNK / run).max(TILE);
                par::chunks(out, rows * run, count, |start, out| walk.transpose(start, x, out));
            } else {
                let chunk = if run >= par::CHUNK { par::CHUNK } else { par::CHUNK / run * run };
                par::chunks(out, chunk, count, |start, out| walk.copy(start, x, out));
            }
        })
    }
}

impl Walk {
    fn new(base: usize, shape: &Shape, steps: [isize; MAX_RANK]) -> Self {
        let mut walk = Walk { base: base as isize, rank: 0, dims: [1; MAX_RANK], steps: [0; MAX_RANK] };
        for axis in 0..shape.rank() {
            let size = shape[axis];
            if size == 1 {
                continue;
            }
            if walk.rank > 0 && walk.steps[walk.rank - 1] == steps[axis] * size as isize {
                walk.dims[walk.rank - 1] *= size;
            } else {
                walk.dims[walk.rank] = size;
                walk.rank += 1;
            }
            walk.steps[walk.rank - 1] = steps[axis];
        }
        walk.rank = walk.rank.max(1);
        walk
    }

    /// Whether the last two axes are those of a matrix that lies transposed in memory and is worth cutting into tiles.
    fn transposes(&self) -> bool {
        let [.., rows, run] = self.dims[..self.rank] else { return false };
        let (down, along) = (self.steps[self.rank - 2], self.steps[self.rank - 1]);
        down == 1 && along > 1 && rows >= 4 && run >= 4
    }

    /// The indices of row `row` along the axes before the last `inner`, and where it begins.
    fn seek(&self, mut row: usize, inner: usize) -> ([usize; MAX_RANK], isize) {
        let mut index = [0; MAX_RANK];
        let mut position = self.base;
        for axis in (0..self.rank - inner).rev() {
            index[axis] = row % self.dims[axis];
            row /= self.dims[axis];
            position += index[axis] as isize * self.steps[axis];
        }
        (index, position)
    }

    /// Fills a piece of the output that begins at element `start`.
    fn copy<T: Element>(&self, start: usize, x: &[T], out: &mut [T]) {
        let (run, step) = (self.dims[self.rank - 1], self.steps[self.rank - 1]);
        let (mut index, mut position) = self.seek(start / run, 1);
        let mut along = start % run;
        let mut rest = out;
        while !rest.is_empty() {
            let length = rest.len().min(run - along);
            let (piece, later) = rest.split_at_mut(length);
            copy_run(piece, x, position + along as isize * step, step);
            rest = later;
            along = 0;
            // The next row: like an odometer, without a division.
            for axis in (0..self.rank - 1).rev() {
                position += self.steps[axis];
                index[axis] += 1;
                if index[axis] < self.dims[axis] {
                    break;
                }
                position -= self.steps[axis] * self.dims[axis] as isize;
                index[axis] = 0;
            }
        }
    }

    /// Fills a piece of whole rows, square by square: reads and writes both stay within a few cache lines.
    fn transpose<T: Element>(&self, start: usize, x: &[T], out: &mut [T]) {
        let (rows, run) = (self.dims[self.rank - 2], self.dims[self.rank - 1]);
        let step = self.steps[self.rank - 1] as usize;
        let mut row = start / run;
        let mut rest = out;
        while !rest.is_empty() {
            let along = row % rows;
            let count = (rows - along).min(rest.len() / run);
            let (matrix, later) = rest.split_at_mut(count * run);
            let position = self.seek(row / rows, 2).1 as usize + along;
            for top in (0..count).step_by(TILE) {
                for left in (0..run).step_by(TILE) {
                    let size = [TILE.min(count - top), TILE.min(run - left)];
                    tile(
                        &mut matrix[top * run + left..],
                        run,
                        &x[position + top + left * step..],
                        step,
                        size,
                    );
                }
            }
            row += count;
            rest = later;
        }
    }
}

/// Transposes a square, or what is left of one at the edges: `out[i][j] = x[j][i]`, with rows so many elements apart.
fn tile<T: Element>(out: &mut [T], run: usize, x: &[T], step: usize, [height, width]: [usize; 2]) {
    let mut square = [[T::default(); TILE]; TILE];
    if [height, width] == [TILE; 2] {
        // Of known size, so that the compiler can move whole vectors.
        for (row, square) in square.iter_mut().enumerate() {
            square.copy_from_slice(&x[row * step..][..TILE]);
        }
        for i in 0..TILE {
            let column: [T; TILE] = std::array::from_fn(|j| square[j][i]);
            out[i * run..][..TILE].copy_from_slice(&column);
        }
        return;
    }
    for (row, square) in square[..width].iter_mut().enumerate() {
        square[..height].copy_from_slice(&x[row * step..][..height]);
    }
    for i in 0..height {
        for (out, square) in out[i * run..][..width].iter_mut().zip(&square) {
            *out = square[i];
        }
    }
}

#[inline]
fn copy_run<T: Element>(out: &mut [T], x: &[T], position: isize, step: isize) {
    let (from, count) = (position as usize, out.len());
    match step {
        1 => out.copy_from_slice(&x[from..from + count]),
        0 => out.fill(x[from]),
        -1 => {
            for (out, &x) in out.iter_mut().zip(x[from + 1 - count..=from].iter().rev()) {
                *out = x;
            }
        }
        _ => {
            for (i, out) in out.iter_mut().enumerate() {
                *out = x[(position + i as isize * step) as usize];
            }
        }
    }
}
