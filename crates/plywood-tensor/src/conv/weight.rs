//! The gradient for the weight: sums over all places of all images.

use super::border::Part;
use super::gather::Runs;
use super::geometry::Geometry;
use super::line::Line;
use super::pack::{Panel, panels};
use super::room::Room;
use crate::gemm::{Call, Engine, balanced, part};
use crate::simd::Isa;
use crate::storage::Buffer;
use crate::{Float, par};
use std::ops::Range;

/// Places that are summed in registers before the sum goes to memory; fixed, for it decides how sums round.
const PLACES: usize = 256;
/// Partial sums, each over its own images, are at most so many and take at most so many numbers in all.
const SUMS: usize = 16;
const NUMBERS: usize = 1 << 20;
/// Where there are fewer sums, each is cut into parts.
const PARTS: usize = 8;
/// Places that share one look at what they are added to, at least; images of fewer are taken together.
const TOGETHER: usize = 8 * PLACES;
/// Rows that are gathered at once.
const ROWS: usize = 64;

struct Sums<'a, T: 'static> {
    geometry: &'a Geometry,
    lines: [Line; 3],
    engine: &'static Engine<T>,
    x: &'a [T],
    g: &'a [T],
    panels: Vec<Panel>,
    /// Of the kernel, those that matter.
    places: Vec<usize>,
}

/// How many rows of results are summed in registers.
fn strip(columns: &Line) -> usize {
    PLACES.div_ceil(columns.count)
}

/// Writes the gradient for the weight, `[outputs, inputs / groups, ..]`.
pub(super) fn gradient<T: Float>(geometry: &Geometry, x: &[T], g: &[T], weight: &mut [T]) {
    let engine = T::engine(Isa::current());
    let lines = geometry.axes.map(|axis| Line::forward(&axis));
    let (batch, groups) = (geometry.batch, geometry.groups);
    let (inputs, outputs) = (geometry.inputs / groups, geometry.outputs / groups);
    let places = Line::places(&lines, geometry.kernel());
    let numbers = groups * outputs * inputs * places.len();
    let count = (NUMBERS / numbers).clamp(1, SUMS.min(batch));
    let rows = if groups == 1 && lines[2].is_run() { lines[2].taps.len() * inputs } else { inputs };
    let parts = PARTS.div_ceil(count).min(rows);
    let panels =
        panels(engine, outputs, engine.vectors(rows.div_ceil(parts)), strip(&lines[2]) * lines[2].count);
    let sums = Sums { geometry, lines, engine, x, g, panels, places };
    let mut room = Buffer::recycled(count * numbers);
    let partial: &mut [T] = room.get_mut().expect("a new buffer has one owner");
    let to = par::Shared::new(partial);
    par::pieces(count * parts, geometry.steps(), &|i| {
        let (sum, rows) = (i / parts, part(rows, parts, 1, i % parts));
        // SAFETY: each sum has its own numbers and each part its own rows of them.
        unsafe { sums.write(part(batch, count, 1, sum), rows, to.first().add(sum * numbers)) }
    });
    finish(partial, weight, [groups, outputs, inputs, geometry.kernel_places()], &sums.places);
}

/// Adds up the partial sums, `[group, tap, input, output]`, and writes them as `[group, output, input, place]`: each tap to its
/// place of the kernel, 0 to all others.
pub(super) fn finish<T: Float>(
    partial: &[T],
    weight: &mut [T],
    [groups, outputs, inputs, kernel]: [usize; 4],
    places: &[usize],
) {
    /// Outputs that lie side by side in a sum and are read together.
    const LANES: usize = 16;
    let (taps, blocks) = (places.len(), outputs.div_ceil(LANES));
    let numbers = groups * outputs * inputs * taps;
    let to = par::Shared::new(weight);
    par::pieces(groups * blocks, partial.len(), &|i| {
        let (group, block) = (i / blocks, i % blocks * LANES);
        let lanes = LANES.min(outputs - block);
        let size = inputs * kernel;
        // SAFETY: each piece has its own outputs.
        let to = unsafe { to.piece((group * outputs + block) * size, lanes * size) };
        if taps < kernel {
            to.fill(T::ZERO);
        }
        for input in 0..inputs {
            for (tap, place) in places.iter().enumerate() {
                let at = ((group * taps + tap) * inputs + input) * outputs + block;
                let mut sum = [T::ZERO; LANES];
                sum[..lanes].copy_from_slice(&partial[at..at + lanes]);
                for more in partial.chunks_exact(numbers).skip(1) {
                    sum.iter_mut().zip(&more[at..at + lanes]).for_each(|(sum, &more)| *sum += more);
                }
                for lane in 0..lanes {
                    to[lane * size + input * kernel + place] = sum[lane];
                }
            }
        }
    });
}

impl<T: Float> Sums<'_, T> {
    /// Writes the given rows of each tap's block of a sum over these images.
    ///
    /// # Safety
    /// `to` must have as many numbers as the gradient, and nobody else may have a share of these rows.
    unsafe fn write(&self, images: Range<usize>, rows: Range<usize>, to: *mut T) {
        let together = (TOGETHER / self.geometry.output_places()).max(1);
        for unit in balanced(images.len(), images.len().div_ceil(together)) {
            let images = images.start + unit.start..images.start + unit.end;
            // SAFETY: by contract.
            unsafe { self.add(images, rows.clone(), unit.start > 0, to) }
        }
    }

    /// Sums over some images; `more` adds to what is there.
    ///
    /// # Safety
    /// As for [`Sums::write`]; with `more` the rows must have been written.
    unsafe fn add(&self, images: Range<usize>, rows: Range<usize>, more: bool, to: *mut T) {
        let Geometry { groups, inputs: sources, outputs: targets, .. } = *self.geometry;
        let (inputs, outputs) = (sources / groups, targets / groups);
        let columns = &self.lines[2];
        let whole = Part::whole(&self.lines, images.clone());
        let view = whole.view(&self.lines, self.x, sources);
        let taps = Runs::new(&self.lines, &view, sources, groups);
        let starts: Vec<usize> = whole.rows().map(|row| whole.at(&view, row, &self.lines)).collect();
        let strip = strip(columns);
        let mut left_room = Room::new(self.engine, sources, strip * columns.count * ROWS);
        let width: usize = self.panels.iter().map(|panel| panel.width).sum();
        let mut right_room = Room::new(self.engine, targets, strip * columns.count * width);
        for (i, starts) in starts.chunks(strip).enumerate() {
            let places = starts.len() * columns.count;
            let place = images.start * self.geometry.output_places() + i * strip * columns.count;
            for group in 0..groups {
                let g = &self.g[place * targets + group * outputs..];
                let right = right_room.right(g, targets, places, &self.panels);
                for (tap, &offset) in taps.offsets.iter().enumerate() {
                    let block = (group * self.places.len() * inputs + tap * taps.depth) * outputs;
                    for chunk in balanced(rows.len(), rows.len().div_ceil(ROWS)) {
                        let row = rows.start + chunk.start;
                        let from = &view.numbers()[offset + group * inputs + row..];
                        let a_step = columns.step * sources;
                        let left = left_room.left(from, starts, columns.count, a_step, chunk.len());
                        for panel in &self.panels {
                            let (b, b_step) = match right {
                                Some(b) => (b[panel.at..].as_ptr(), panel.width),
                                None => (g[panel.channels.start..].as_ptr(), targets),
                            };
                            let (a, a_step, depth) = match left {
                                Some(left) => (left.as_ptr(), chunk.len(), places),
                                None => (from.as_ptr(), a_step, columns.count),
                            };
                            let (steps, tail) = ([b_step, outputs], panel.tail(self.engine.lanes));
                            let mut call = Call::product(depth, [1, a_step], steps, tail);
                            call.accumulate = more || i > 0;
                            if left.is_none() {
                                (call.runs, call.offsets) = (starts.len(), starts.as_ptr());
                            }
                            let at = block + row * outputs + panel.channels.start;
                            for (tile, kernel) in self.engine.tiles(chunk.len(), panel.vectors) {
                                // SAFETY: `a` and `b` hold what is summed; the tile lies inside the block of the tap, whose
                                // rows are this caller's.
                                unsafe {
                                    kernel(&call, a.add(tile.start), b, to.add(at + tile.start * outputs))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
