//! The convolution, and the gradient for its input: transform, multiply at each point, transform back.

use super::kernel::{Kernel, Weights};
use super::multiply::multiply;
use super::tiles::{CHUNK, Grid, POINTS, Planes, SIDE, Source, blocks, each, spread};
use super::vectors::Collect;
use crate::conv::pack::panels;
use crate::gemm::{Call, Engine, balanced, part};
use crate::simd::Isa;
use crate::{Float, par};
use std::ops::Range;

/// Numbers of all planes of a strip of tiles that a thread works on by itself: what its own caches hold.
const NEAR: usize = 5 << 15;
/// Tiles that are worth reading a kernel for.
const LEAST: usize = 32;
/// Strips that keep threads evenly busy; where there are fewer, all threads work on the same one.
const STRIPS: usize = 8;
/// Numbers of all planes of such a strip: what the shared cache holds.
const FAR: usize = 3 << 19;
/// Numbers of a transformed kernel from which on it is not kept whole, if the planes of all tiles have no more than [`FEW`].
const LARGE: usize = 1 << 19;
const FEW: usize = 1 << 21;
/// Channels whose products are summed before the sum goes to memory; fixed, for it decides how sums round. Short sums of
/// sums keep the error of transformed numbers down.
const DEPTH: usize = 64;

/// A convolution of stride 1 with a kernel of 3×3.
pub(super) struct Gather<'a, T> {
    pub(super) source: Source<'a, T>,
    /// The places of the result.
    pub(super) grid: Grid,
    pub(super) targets: usize,
    pub(super) weights: Weights<'a, T>,
    pub(super) bias: Option<&'a [T]>,
    pub(super) rectify: bool,
}

impl<T: Float> Gather<'_, T> {
    pub(super) fn write(&self, target: &mut [T]) {
        let engine = T::engine(Isa::current());
        let target = par::Shared::new(target);
        let (tiles, sources) = (self.grid.count(), self.source.channels);
        if POINTS * sources * self.targets >= LARGE && POINTS * sources * tiles <= FEW {
            self.by_panels(engine, &target);
        } else {
            self.by_strips(engine, &target);
        }
    }

    /// Some tiles at a time, with the kernel transformed before.
    fn by_strips(&self, engine: &Engine<T>, target: &par::Shared<'_, T>) {
        let (tiles, sources) = (self.grid.count(), self.source.channels);
        let numbers = POINTS * (sources + self.targets);
        let near = tiles.div_ceil((NEAR / numbers).max(LEAST));
        let alone = near >= STRIPS;
        let strips = if alone { near } else { tiles.div_ceil((FAR / numbers).max(LEAST)) };
        let rows = tiles.div_ceil(strips);
        let kernel = Kernel::new(engine, &self.weights, [sources, self.targets], rows);
        let strip = |strip: Range<usize>| {
            let (mut v, mut m) = (Planes::new(rows, sources), Planes::new(rows, self.targets));
            spread(&self.source, &self.grid, strip.clone(), 6, engine.transforms.input, &mut v, alone);
            let (step, row, to) = (m.step, m.row, m.shared());
            each(alone, POINTS, POINTS * strip.len() * sources * self.targets, &|point| {
                // SAFETY: each piece has its own plane.
                let to = unsafe { to.piece(point * step, strip.len() * row) };
                for block in blocks(sources, DEPTH) {
                    let a = &v.plane(point)[block.start..];
                    for panel in &kernel.panels {
                        let b = &kernel.panel(point, panel)[block.start * panel.width..];
                        let (steps, tail) = ([panel.width, row], panel.tail(engine.lanes));
                        let mut call = Call::product(block.len(), [v.row, 1], steps, tail);
                        call.accumulate = block.start > 0;
                        let (size, to) = ([strip.len(), panel.vectors], &mut to[panel.channels.start..]);
                        multiply(engine, &call, size, [a, b], to);
                    }
                }
            });
            self.collect(engine, &m, strip, 0..self.targets, target, alone);
        };
        if alone {
            par::pieces(strips, numbers * tiles, &|i| strip(part(tiles, strips, 1, i)));
        } else {
            balanced(tiles, strips).for_each(strip);
        }
    }

    /// Some channels of the result at a time, of all tiles: the transformed kernel of a large one would not stay in any cache,
    /// and for few tiles it takes longer to write and read it than to multiply.
    fn by_panels(&self, engine: &Engine<T>, target: &par::Shared<'_, T>) {
        let (tiles, sources) = (self.grid.count(), self.source.channels);
        let mut v = Planes::new(tiles, sources);
        spread(&self.source, &self.grid, 0..tiles, 6, engine.transforms.input, &mut v, false);
        // Narrow, so that there are enough of them for all threads.
        let panels = panels(engine, self.targets, engine.vectors(tiles).min(2), DEPTH);
        par::pieces(panels.len(), POINTS * tiles * sources * self.targets, &|i| {
            let panel = &panels[i];
            let (mut u, mut m) = (Planes::<T>::new(DEPTH, panel.width), Planes::new(tiles, panel.width));
            let mut places = Vec::new();
            for block in blocks(sources, DEPTH) {
                let (step, width, to) = (u.step, u.row, u.shared());
                for (row, source) in block.clone().enumerate() {
                    // SAFETY: there is a row for each channel of a block, and this thread has them all.
                    unsafe {
                        let to = to.first().add(row * width);
                        self.weights.spread(engine, source, &panel.channels, &mut places, to, step);
                    }
                }
                let (steps, tail) = ([u.row, m.row], panel.tail(engine.lanes));
                let mut call = Call::product(block.len(), [v.row, 1], steps, tail);
                call.accumulate = block.start > 0;
                for point in 0..POINTS {
                    let operands = [&v.plane(point)[block.start..], u.plane(point)];
                    multiply(engine, &call, [tiles, panel.vectors], operands, m.plane_mut(point));
                }
            }
            self.collect(engine, &m, 0..tiles, panel.channels.clone(), target, true);
        });
    }

    /// Transforms sums to some channels of results.
    fn collect(
        &self,
        engine: &Engine<T>,
        m: &Planes<T>,
        tiles: Range<usize>,
        channels: Range<usize>,
        target: &par::Shared<'_, T>,
        alone: bool,
    ) {
        let Grid { height, width, .. } = self.grid;
        let (from, targets) = (m.plane(0), self.targets);
        each(alone, tiles.len().div_ceil(CHUNK), tiles.len() * channels.len() * POINTS * 4, &|i| {
            for tile in (i * CHUNK..tiles.len()).take(CHUNK) {
                let [image, y, x] = self.grid.place(tiles.start + tile);
                let place = (image * height + y) * width + x;
                // SAFETY: all planes have a row for each tile; the channels of the places of a tile lie in the target and are
                // written by the thread alone that has them; the transform is one of an instruction set that this thread may use.
                unsafe {
                    (engine.transforms.output)(&Collect {
                        from: from[tile * m.row..].as_ptr(),
                        step: m.step,
                        channels: channels.len(),
                        to: target.first().add(place * targets + channels.start),
                        steps: [width * targets, targets],
                        size: [SIDE.min(height - y), SIDE.min(width - x)],
                        bias: self.bias.map_or(std::ptr::null(), |bias| bias[channels.start..].as_ptr()),
                        rectify: self.rectify,
                    });
                }
            }
        });
    }
}
