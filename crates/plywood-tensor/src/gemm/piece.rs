//! A part of a product's result, computed by one thread.

use super::Product;
use super::engine::Engine;
use super::micro::Call;
use super::pack;
use super::split::balanced;
use super::tiles::{Group, Tiles};
use crate::Element;
use crate::storage::Buffer;
use std::ops::Range;

/// Inner steps that are summed in registers before the sum goes to memory; fixed, for it decides how sums round.
const DEPTH: usize = 512;
/// Columns that are gathered at once: a few tiles wide, and more where rows of A are used several times in a row.
const STRIP: usize = 64;
const WIDE_STRIP: usize = 256;
/// From this many rows or columns on that use what is gathered, gathering is repaid.
const USES: usize = 24;

/// What is needed to compute any part.
pub(super) struct Piece<'a, T: 'static> {
    pub(super) product: &'a Product<'a, T>,
    pub(super) engine: &'static Engine<T>,
}

impl<T: Element> Piece<'_, T> {
    /// Writes the given rows and columns of the result, which lies dense at `c`.
    ///
    /// # Safety
    /// The operands must be as long as the sizes of the product say, `c` valid for its result and these rows and columns of
    /// it written by nobody else; the engine must be one for this processor.
    pub(super) unsafe fn write(&self, rows: Range<usize>, columns: Range<usize>, c: *mut T) {
        let mut room = [Room::default(), Room::default()];
        for chunk in balanced(rows.len(), rows.len().div_ceil(self.engine.gathering.chunk)) {
            let rows = rows.start + chunk.start..rows.start + chunk.end;
            // SAFETY: by contract; the chunk lies inside the rows.
            unsafe { self.chunk(&mut room, rows, columns.clone(), c) }
        }
    }

    unsafe fn chunk(&self, room: &mut [Room<T>; 2], rows: Range<usize>, columns: Range<usize>, c: *mut T) {
        let Piece { product, engine } = *self;
        let [_, n, k] = product.size;
        let blocks = k.div_ceil(DEPTH).max(1);
        let tiles = Tiles { rows: rows.len(), most: engine.rows[engine.vectors(rows.len()) - 1] };
        let bytes = rows.len() * k.min(DEPTH) * size_of::<T>();
        let (groups, strip) = match engine.gathering.near {
            near if bytes > near => (bytes.div_ceil(near / 2), WIDE_STRIP),
            _ => (1, STRIP),
        };
        let strips = columns.len().div_ceil(strip.max(engine.vectors(rows.len()) * engine.lanes));
        let [a_room, b_room] = room;
        for block in 0..blocks {
            let depth = block * DEPTH..k.min((block + 1) * DEPTH);
            let last = block + 1 == blocks;
            // SAFETY: by contract; the block lies inside the depth.
            let a = unsafe { self.left(a_room, depth.clone(), rows.start, tiles, columns.len()) };
            let (accumulate, rectify) = (block > 0, product.rectify && last);
            let mut call = Call { accumulate, rectify, ..Call::product(depth.len(), a.steps, [n, n], 0) };
            for strip in balanced(columns.len().div_ceil(engine.lanes), strips) {
                let strip = columns.start + strip.start * engine.lanes
                    ..columns.end.min(columns.start + strip.end * engine.lanes);
                // SAFETY: by contract, and since the strip lies inside the columns.
                let (b, b_step) = unsafe { self.right(b_room, depth.clone(), strip.clone(), rows.len()) };
                call.b_step = b_step;
                let vectors = strip.len().div_ceil(engine.lanes);
                for group in tiles.groups(groups) {
                    for panel in balanced(vectors, vectors.div_ceil(engine.vectors(rows.len()))) {
                        let at = panel.start * engine.lanes;
                        let columns = strip.start + at..strip.end.min(strip.start + panel.end * engine.lanes);
                        call.tail = columns.len() - (panel.len() - 1) * engine.lanes;
                        if let Some(bias) = product.bias.filter(|_| last) {
                            call.bias = bias[columns.clone()].as_ptr();
                        }
                        // SAFETY: by contract; the panel lies inside the strip, the group inside the rows.
                        unsafe {
                            let c = c.add(rows.start * n + columns.start);
                            self.panel(&call, panel.len(), a, b.add(at), c, group.clone());
                        }
                    }
                }
            }
        }
    }

    /// Writes rows of a panel of the result, tile by tile; `a` and `c` point at what belongs to the first row of the chunk.
    unsafe fn panel(&self, call: &Call<T>, vectors: usize, a: Left<T>, b: *const T, c: *mut T, group: Group) {
        if let Some(tiles) = a.tiles {
            for (i, tile) in tiles.iter().enumerate().skip(group.tiles.start).take(group.tiles.len()) {
                let kernel = (self.engine.micro)(tile.len(), vectors);
                // SAFETY: by contract of `write`; the tile lies inside the rows and the panel, and was gathered as one.
                unsafe {
                    kernel(call, a.first.add(i * a.steps[1] * call.depth), b, c.add(tile.start * call.c_step))
                }
            }
            return;
        }
        for (tile, kernel) in self.engine.tiles(group.rows.len(), vectors) {
            let row = group.rows.start + tile.start;
            // SAFETY: by contract of `write`; the tile lies inside the rows and the panel.
            unsafe { kernel(call, a.first.add(row * a.steps[0]), b, c.add(row * call.c_step)) }
        }
    }

    /// Rows of A from the `first` on: in place, or in `room`, as tiles, if gathering is repaid.
    unsafe fn left(
        &self,
        room: &mut Room<T>,
        depth: Range<usize>,
        first: usize,
        tiles: Tiles,
        columns: usize,
    ) -> Left<T> {
        let Product { size: [m, _, k], a, a_transposed, .. } = *self.product;
        // From a row, or a column, to the next.
        // SAFETY: A has a row of length `k` for each row of the result, or one of length `m` for each inner step.
        let (step, from) = unsafe {
            if a_transposed {
                (m, a.as_ptr().add(depth.start * m + first))
            } else {
                (k, a.as_ptr().add(first * k + depth.start))
            }
        };
        if !self.gathers(step, columns) || !a_transposed && columns <= self.engine.gathering.turns {
            return Left {
                first: from,
                steps: if a_transposed { [1, step] } else { [step, 1] },
                tiles: None,
            };
        }
        let unit = if a_transposed { 1 } else { self.engine.lanes };
        let height = tiles.highest().next_multiple_of(unit);
        let to = room.of(depth.len() * tiles.count() * height);
        // SAFETY: as above; there is room for all.
        unsafe {
            if a_transposed {
                pack::tiles(from, m, depth.len(), tiles.iter(), to, height);
            } else {
                for (i, tile) in tiles.iter().enumerate() {
                    let (from, to) = (from.add(tile.start * k), to.add(i * depth.len() * height));
                    pack::transposed(self.engine, from, k, [depth.len(), tile.len()], to, height);
                }
            }
        }
        Left { first: to, steps: [1, height], tiles: Some(tiles) }
    }

    /// Where columns of B begin and how far apart their rows are: in place, or in `room` if gathering is repaid.
    unsafe fn right(
        &self,
        room: &mut Room<T>,
        depth: Range<usize>,
        columns: Range<usize>,
        rows: usize,
    ) -> (*const T, usize) {
        let Product { size: [_, n, k], b, b_transposed, .. } = *self.product;
        let size = [depth.len(), columns.len()];
        let width = columns.len().next_multiple_of(self.engine.lanes);
        if b_transposed {
            let to = room.of(depth.len() * width);
            // SAFETY: B has a row of length `k` for each column; there is room for all.
            unsafe {
                let from = b.as_ptr().add(columns.start * k + depth.start);
                pack::transposed(self.engine, from, k, size, to, width);
            }
            return (to, width);
        }
        // SAFETY: B has a row of length `n` for each inner step.
        let from = unsafe { b.as_ptr().add(depth.start * n + columns.start) };
        if self.gathers(n, rows) {
            let to = room.of(depth.len() * width);
            // SAFETY: as above; there is room for all.
            unsafe { (self.engine.copy)(from, n, size, to, width) }
            return (to, width);
        }
        (from, n)
    }

    /// Whether it pays to gather numbers whose rows are `step` apart and that are used so many times.
    fn gathers(&self, step: usize, uses: usize) -> bool {
        step * size_of::<T>() >= self.engine.gathering.far && uses >= USES
    }
}

/// Where numbers of A begin.
#[derive(Clone, Copy)]
struct Left<T> {
    first: *const T,
    /// From one row to the next, and from one column to the next.
    steps: [usize; 2],
    /// How they are gathered: each tile has its columns side by side, and the tiles follow each other. A tile reads a few numbers
    /// of each column, so that it would fetch whole cache lines for a part of them otherwise.
    tiles: Option<Tiles>,
}

/// Memory for what is gathered, taken when it is first needed.
struct Room<T: Element>(Option<Buffer<T>>);

impl<T: Element> Default for Room<T> {
    fn default() -> Self {
        Room(None)
    }
}

impl<T: Element> Room<T> {
    fn of(&mut self, count: usize) -> *mut T {
        if self.0.as_mut().is_none_or(|buffer| buffer.as_slice().len() < count) {
            self.0 = Some(Buffer::recycled(count));
        }
        let buffer = self.0.as_mut().expect("it was just made");
        buffer.get_mut().expect("nobody else holds it").as_mut_ptr()
    }
}
