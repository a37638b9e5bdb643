//! The gradient for the weight: at each point a product over all tiles.

use super::multiply::multiply;
use super::tiles::{Grid, POINTS, Planes, SIDE, Source, blocks, spread};
use super::vectors::Collect;
use crate::conv::pack::{Panel, panels};
use crate::gemm::{Call, Engine, balanced};
use crate::par::Shared;
use crate::simd::Isa;
use crate::{Element, Float, par};
use std::ops::Range;

/// Tiles that are transformed at a time.
const TILES: usize = 256;
/// Numbers of the transformed tiles of a large gradient that may all be there at once: what the shared cache holds.
const FEW: usize = 5 << 19;
/// Numbers of all sums from which on a gradient is large.
const LARGE: usize = 1 << 22;
/// Inputs and outputs whose sums are worked on at once: what the caches of a thread hold.
const SIZE: usize = 64;
/// Inputs whose sums a thread transforms at once.
const CHUNK: usize = 4;
/// Panels are read where they lie: no rows are packed for them.
const NOT_PACKED: usize = 0;
/// Tiles whose products are summed before the sum goes to memory; fixed, for it decides how sums round.
const DEPTH: usize = 32;

/// The gradient for `[outputs, inputs, 3, 3]`, from the input and the gradient for the result.
pub(super) struct Gradient<'a, T> {
    pub(super) x: Source<'a, T>,
    pub(super) g: Source<'a, T>,
    pub(super) grid: Grid,
}

impl<T: Float> Gradient<'_, T> {
    pub(super) fn write(&self, weight: &mut [T]) {
        let engine = T::engine(Isa::current());
        let (inputs, outputs, tiles) = (self.x.channels, self.g.channels, self.grid.count());
        let weight = Shared::new(weight);
        if POINTS * inputs * outputs >= LARGE && POINTS * (inputs + outputs) * tiles <= FEW {
            self.by_blocks(engine, &weight);
        } else {
            self.by_strips(engine, &weight);
        }
    }

    /// Some tiles at a time, added to the sums for all channels.
    fn by_strips(&self, engine: &Engine<T>, weight: &Shared<'_, T>) {
        let (inputs, outputs, tiles) = (self.x.channels, self.g.channels, self.grid.count());
        let strips = tiles.div_ceil(TILES);
        let rows = tiles.div_ceil(strips);
        let (mut v, mut e) = (Planes::new(rows, inputs), Planes::new(rows, outputs));
        let mut sums = Planes::new(inputs, outputs);
        let panels = panels(engine, outputs, engine.vectors(inputs), NOT_PACKED);
        for (i, strip) in balanced(tiles, strips).enumerate() {
            self.spread(engine, strip.clone(), &mut v, &mut e);
            let tiles = Tiles { inputs: &v, gradients: &e, count: strip.len() };
            let (step, row, to) = (sums.step, sums.row, sums.shared());
            par::pieces(POINTS, POINTS * strip.len() * inputs * outputs, &|point| {
                // SAFETY: each piece has its own plane.
                let to = unsafe { to.piece(point * step, inputs * row) };
                for block in blocks(inputs, SIZE) {
                    for panel in &panels {
                        let to = &mut to[block.start * row + panel.channels.start..];
                        tiles.multiply(engine, point, (&block, panel), i > 0, (to, row));
                    }
                }
            });
        }
        let chunks: Vec<Range<usize>> = blocks(inputs, CHUNK).collect();
        par::pieces(chunks.len(), POINTS * inputs * outputs, &|i| {
            // SAFETY: the weights of an input are written by the thread alone that has it.
            unsafe { finish(engine, &sums, 0, chunks[i].clone(), 0..outputs, inputs, weight) }
        });
    }

    /// Some inputs and outputs at a time, over all tiles: the sums of a large gradient would not stay in any cache.
    fn by_blocks(&self, engine: &Engine<T>, weight: &Shared<'_, T>) {
        let (inputs, outputs, tiles) = (self.x.channels, self.g.channels, self.grid.count());
        let (mut v, mut e) = (Planes::new(tiles, inputs), Planes::new(tiles, outputs));
        self.spread(engine, 0..tiles, &mut v, &mut e);
        let tiles = Tiles { inputs: &v, gradients: &e, count: tiles };
        let panels = panels(engine, outputs, engine.vectors(SIZE), NOT_PACKED);
        let together: Vec<&[Panel]> = panels.chunks(SIZE.div_ceil(panels[0].width)).collect();
        let blocks: Vec<Range<usize>> = blocks(inputs, SIZE).collect();
        par::pieces(blocks.len() * together.len(), POINTS * tiles.count * inputs * outputs, &|i| {
            let (block, panels) = (&blocks[i % blocks.len()], together[i / blocks.len()]);
            let outputs = panels[0].channels.start..panels[panels.len() - 1].channels.end;
            let mut sums = Planes::new(SIZE, outputs.len());
            for point in 0..POINTS {
                for panel in panels {
                    let (row, sums) = (sums.row, sums.plane_mut(point));
                    let to = &mut sums[panel.channels.start - outputs.start..];
                    tiles.multiply(engine, point, (block, panel), false, (to, row));
                }
            }
            // SAFETY: the weights of a block are written by the thread alone that has it.
            unsafe { finish(engine, &sums, block.start, block.clone(), outputs, inputs, weight) }
        });
    }

    fn spread(&self, engine: &Engine<T>, tiles: Range<usize>, v: &mut Planes<T>, e: &mut Planes<T>) {
        spread(&self.x, &self.grid, tiles.clone(), 6, engine.transforms.input, v, false);
        spread(&self.g, &self.grid, tiles, SIDE, engine.transforms.gradient, e, false);
    }
}

/// The transformed tiles of inputs and of gradients, and how many there are.
struct Tiles<'a, T: Element> {
    inputs: &'a Planes<T>,
    gradients: &'a Planes<T>,
    count: usize,
}

impl<T: Float> Tiles<'_, T> {
    /// `S = Vᵀ E` at a point, for some inputs and the outputs of a panel, in rows that are `row` apart; or adds it.
    fn multiply(
        &self,
        engine: &Engine<T>,
        point: usize,
        (inputs, panel): (&Range<usize>, &Panel),
        accumulate: bool,
        (to, row): (&mut [T], usize),
    ) {
        let (v, e) = (self.inputs, self.gradients);
        for (i, tiles) in balanced(self.count, self.count.div_ceil(DEPTH)).enumerate() {
            let a = &v.plane(point)[tiles.start * v.row + inputs.start..];
            let b = &e.plane(point)[tiles.start * e.row + panel.channels.start..];
            let mut call = Call::product(tiles.len(), [1, v.row], [e.row, row], panel.tail(engine.lanes));
            call.accumulate = accumulate || i > 0;
            multiply(engine, &call, [inputs.len(), panel.vectors], [a, b], to);
        }
    }
}

/// Transforms sums, whose rows begin with that of input `first`, to gradients for some inputs and outputs.
///
/// # Safety
/// Nobody else may have a share of these gradients.
unsafe fn finish<T: Float>(
    engine: &Engine<T>,
    sums: &Planes<T>,
    first: usize,
    some: Range<usize>,
    outputs: Range<usize>,
    inputs: usize,
    weight: &Shared<'_, T>,
) {
    let channels = outputs.len();
    // The gradients of one input, those of each place side by side.
    let mut places = vec![T::ZERO; 9 * channels];
    for input in some {
        // SAFETY: all planes have a row for each input; there is room for the outputs of all places; the transform is one of an
        // instruction set that this thread may use.
        unsafe {
            (engine.transforms.weight_gradient)(&Collect {
                from: sums.plane(0)[(input - first) * sums.row..].as_ptr(),
                step: sums.step,
                channels,
                to: places.as_mut_ptr(),
                steps: [3 * channels, channels],
                size: [3, 3],
                bias: std::ptr::null(),
                rectify: false,
            });
        }
        for (i, output) in outputs.clone().enumerate() {
            // SAFETY: by contract.
            let to = unsafe { weight.piece((output * inputs + input) * 9, 9) };
            for k in 0..9 {
                to[k] = places[k * channels + i];
            }
        }
    }
}
