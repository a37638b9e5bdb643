//! Results that are each gathered from their neighbourhood in the source.

use super::border::{Part, View};
use super::geometry::Geometry;
use super::line::Line;
use super::pack::Packed;
use crate::gemm::{Call, Engine, part};
use crate::simd::Isa;
use crate::{Element, Float, par};

/// Numbers of the source that a strip copies at most, unless a single row of results needs more: what a near cache holds.
const ROOM: usize = 64 * 1024;
/// Results that share a look at the kernel: of smaller images several are computed at once.
const PLACES: usize = 128;
/// Multiply-adds that make a strip worth a thread.
const STRIP: usize = 1 << 20;
/// Strips that keep threads evenly busy.
const STRIPS: usize = 16;

/// A pass: results along three lines, each a sum over channels of the source and taps of the lines.
pub(super) struct Gather<'a, T> {
    pub(super) geometry: &'a Geometry,
    pub(super) lines: &'a [Line; 3],
    pub(super) source: &'a [T],
    /// Of the source and of the target.
    pub(super) channels: [usize; 2],
    pub(super) weight: &'a [T],
    /// In the weight, from one channel of the target to the next, and of the source.
    pub(super) steps: [usize; 2],
    pub(super) bias: Option<&'a [T]>,
    pub(super) rectify: bool,
}

impl<T: Float> Gather<'_, T> {
    /// Writes the results of this pass to the target; other places of it stay as they are.
    pub(super) fn write(&self, target: &mut [T]) {
        let Geometry { batch, groups, .. } = *self.geometry;
        let places: usize = self.lines.iter().map(|line| line.target).product();
        assert!(target.len() == batch * places * self.channels[1]);
        let results: usize = self.lines.iter().map(|line| line.count).product();
        if results * batch == 0 {
            return;
        }
        let engine = T::engine(Isa::current());
        let [sources, targets] = self.channels.map(|channels| channels / groups);
        let kernel = self.geometry.kernel();
        let group_step = self.weight.len() / groups;
        let packed = Packed::new(
            engine,
            engine.vectors(self.lines[2].count),
            self.lines,
            self.weight,
            [groups, targets, sources],
            [self.steps[0], self.steps[1], group_step],
            kernel,
        );
        let taps: usize = self.lines.iter().map(|line| line.taps.len()).product();
        let steps = batch * results * targets * groups * sources * taps;
        let to = par::Shared::new(target);
        let parts = Parts::new(self.lines, batch, self.channels[0], steps);
        par::pieces(parts.count, steps, &|i| {
            self.part(engine, &packed, &parts.get(i), &to);
        });
    }

    fn part(&self, engine: &Engine<T>, packed: &Packed<T>, part: &Part, to: &par::Shared<'_, T>) {
        let [sources, targets] = self.channels;
        let groups = self.geometry.groups;
        let columns = &self.lines[2];
        let view = part.view(self.lines, self.source, sources);
        let runs = Runs::new(self.lines, &view, sources, groups);
        for group in 0..groups {
            let (a_start, c_start) = (group * (sources / groups), group * (targets / groups));
            for panel in &packed.panels {
                let b = packed.panel(group, panel);
                let first = c_start + panel.channels.start;
                let a_steps = [columns.step * sources, 1];
                let steps = [panel.width, columns.target_step * targets];
                let call = Call {
                    runs: runs.offsets.len(),
                    offsets: runs.offsets.as_ptr(),
                    bias: self.bias.map_or(std::ptr::null(), |bias| bias[first..].as_ptr()),
                    rectify: self.rectify,
                    ..Call::product(runs.depth, a_steps, steps, panel.tail(engine.lanes))
                };
                for row in part.rows() {
                    let from = part.at(&view, row, self.lines) + a_start;
                    let place = part.place(row, self.lines) * targets + first;
                    for (tile, kernel) in engine.tiles(part.results[2].len(), panel.vectors) {
                        // SAFETY: the view holds all that the results of the part are made of, the packed kernel all weights
                        // of the panel; the tile lies inside the target, and no other part has its places.
                        unsafe {
                            let a = view.numbers().as_ptr().add(from + tile.start * a_steps[0]);
                            kernel(&call, a, b, to.first().add(place + tile.start * call.c_step));
                        }
                    }
                }
            }
        }
    }
}

/// Parts of about the same size that make up all results.
pub(super) struct Parts {
    batch: usize,
    /// Groups of images; where there is one for each, planes are parts of their own.
    groups: usize,
    planes: usize,
    /// Strips of rows, or of the columns of a single row.
    strips: usize,
    counts: [usize; 3],
    pub(super) count: usize,
}

impl Parts {
    /// Cuts the results of so many images by their number alone; a place of the source has so many channels.
    pub(super) fn new(lines: &[Line; 3], batch: usize, channels: usize, steps: usize) -> Parts {
        let [planes, rows, columns] = lines;
        let [z, y, x] = lines.each_ref().map(|line| line.count);
        let (results, counts) = (z * y * x, [z, y, x]);
        if results < PLACES {
            let groups = batch.div_ceil(PLACES.div_ceil(results));
            return Parts { batch, groups, planes: 1, strips: 1, counts, count: groups };
        }
        let (cut, across) = if y > 1 { (rows, columns.extent(x)) } else { (columns, rows.extent(1)) };
        let fit = (ROOM / (planes.extent(1) * across * channels)).saturating_sub(cut.reach()) / cut.step;
        let strips = cut.count.div_ceil(fit.clamp(1, cut.count));
        // More of them while there are few.
        let more = (steps / STRIP).min(STRIPS) / (batch * z);
        let strips = strips.max(more).min(cut.count);
        Parts { batch, groups: batch, planes: z, strips, counts, count: batch * z * strips }
    }

    /// One of them.
    pub(super) fn get(&self, i: usize) -> Part {
        let [z, y, x] = self.counts;
        let (i, strip) = (i / self.strips, i % self.strips);
        let images = part(self.batch, self.groups, 1, i / self.planes);
        let planes = part(z, self.planes, 1, i % self.planes);
        let [rows, columns] = if y > 1 {
            [part(y, self.strips, 1, strip), 0..x]
        } else {
            [0..1, part(x, self.strips, 1, strip)]
        };
        Part { images, results: [planes, rows, columns] }
    }
}

/// What a result is made of, as runs of numbers that lie next to each other.
pub(super) struct Runs {
    /// Where each begins, from the first number of a result.
    pub(super) offsets: Vec<usize>,
    /// How long each is.
    pub(super) depth: usize,
}

impl Runs {
    /// Of a source with so many channels in so many groups.
    pub(super) fn new<T: Element>(
        lines: &[Line; 3],
        view: &View<'_, T>,
        channels: usize,
        groups: usize,
    ) -> Runs {
        let [planes, rows, columns] = lines;
        let merged = groups == 1 && columns.is_run();
        let across: Vec<usize> =
            if merged { vec![0] } else { columns.distances().map(|x| x * channels).collect() };
        let depth = if merged { columns.taps.len() * channels } else { channels / groups };
        let mut offsets = Vec::new();
        for z in planes.distances() {
            for y in rows.distances() {
                offsets.extend(across.iter().map(|x| z * view.steps[1] + y * view.steps[2] + x));
            }
        }
        Runs { offsets, depth }
    }
}
