//! The convolution, and the gradient for its input: three steps, for some tiles at a time.

use super::kernel::Kernel;
use super::tiles::{CHUNK, Grid, POINTS, Planes, SIDE, Source, each, spread};
use super::vectors::Collect;
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
/// Channels whose products are summed before the sum goes to memory; fixed, for it decides how sums round. Short sums of
/// sums keep the error of transformed numbers down.
const DEPTH: usize = 64;

/// A convolution of stride 1 with a kernel of 3×3.
pub(super) struct Gather<'a, T> {
    pub(super) source: Source<'a, T>,
    /// The places of the result.
    pub(super) grid: Grid,
    pub(super) targets: usize,
    pub(super) weight: &'a [T],
    /// In the weight, from one channel of the target to the next, and of the source.
    pub(super) steps: [usize; 2],
    pub(super) turned: bool,
    pub(super) bias: Option<&'a [T]>,
    pub(super) rectify: bool,
}

impl<T: Float> Gather<'_, T> {
    pub(super) fn write(&self, target: &mut [T]) {
        let engine = T::engine(Isa::current());
        let (tiles, sources) = (self.grid.count(), self.source.channels);
        let numbers = POINTS * (sources + self.targets);
        let near = tiles.div_ceil((NEAR / numbers).max(LEAST));
        let alone = near >= STRIPS;
        let strips = if alone { near } else { tiles.div_ceil((FAR / numbers).max(LEAST)) };
        let rows = tiles.div_ceil(strips);
        let kernel = Kernel::new(engine, self.weight, [sources, self.targets], self.steps, self.turned, rows);
        let target = par::Shared::new(target);
        let strip = |strip: Range<usize>| {
            let (mut v, mut m) = (Planes::new(rows, sources), Planes::new(rows, self.targets));
            spread(&self.source, &self.grid, strip.clone(), 6, engine.transforms.input, &mut v, alone);
            self.multiply(engine, &kernel, &v, strip.len(), &mut m, alone);
            self.collect(engine, &m, strip, &target, alone);
        };
        if alone {
            let steps = numbers * tiles;
            par::pieces(strips, steps, &|i| strip(part(tiles, strips, 1, i)));
        } else {
            balanced(tiles, strips).for_each(strip);
        }
    }

    /// `M = V U` at each point.
    fn multiply(
        &self,
        engine: &Engine<T>,
        kernel: &Kernel<T>,
        v: &Planes<T>,
        tiles: usize,
        m: &mut Planes<T>,
        alone: bool,
    ) {
        let (sources, targets) = (self.source.channels, self.targets);
        let step = m.step;
        let to = m.shared();
        each(alone, POINTS, POINTS * tiles * sources * targets, &|point| {
            // SAFETY: each piece has its own plane.
            let to = unsafe { to.piece(point * step, tiles * targets) }.as_mut_ptr();
            let a = v.plane(point);
            for block in 0..sources.div_ceil(DEPTH) {
                let depth = DEPTH.min(sources - block * DEPTH);
                for panel in &kernel.panels {
                    let b = &kernel.panel(point, panel)[block * DEPTH * panel.width..];
                    let steps = [sources, panel.width, targets];
                    let accumulate = block > 0;
                    let call = Call { accumulate, ..Call::product(depth, steps, panel.tail(engine.lanes)) };
                    for (tile, kernel) in engine.tiles(tiles, panel.vectors, false) {
                        // SAFETY: both operands hold all that is summed; the tile lies inside the plane.
                        unsafe {
                            let a = a[tile.start * sources + block * DEPTH..].as_ptr();
                            kernel(&call, a, b.as_ptr(), to.add(tile.start * targets + panel.channels.start));
                        }
                    }
                }
            }
        });
    }

    /// Transforms sums to results.
    fn collect(
        &self,
        engine: &Engine<T>,
        m: &Planes<T>,
        tiles: Range<usize>,
        target: &par::Shared<'_, T>,
        alone: bool,
    ) {
        let Grid { height, width, .. } = self.grid;
        let (from, channels) = (m.plane(0), self.targets);
        each(alone, tiles.len().div_ceil(CHUNK), tiles.len() * channels * POINTS * 4, &|i| {
            for tile in (i * CHUNK..tiles.len()).take(CHUNK) {
                let [image, y, x] = self.grid.place(tiles.start + tile);
                // SAFETY: all planes have a row for each tile; the places of a tile lie in the target and are written by the
                // thread alone that has it; the transform is one of an instruction set that this thread may use.
                unsafe {
                    (engine.transforms.output)(&Collect {
                        from: from[tile * channels..].as_ptr(),
                        step: m.step,
                        channels,
                        to: target.first().add(((image * height + y) * width + x) * channels),
                        steps: [width * channels, channels],
                        size: [SIDE.min(height - y), SIDE.min(width - x)],
                        bias: self.bias.map_or(std::ptr::null(), <[T]>::as_ptr),
                        rectify: self.rectify,
                    });
                }
            }
        });
    }
}
