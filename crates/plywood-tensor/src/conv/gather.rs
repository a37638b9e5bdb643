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
        let kernel = self.geometry.axes.map(|axis| axis.kernel);
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
            self.part(engine, &packed, parts.get(i), to.first());
        });
    }

    fn part(&self, engine: &Engine<T>, packed: &Packed<T>, part: Part, to: *mut T) {
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
                let call = Call {
                    runs: runs.offsets.len(),
                    offsets: runs.offsets.as_ptr(),
                    depth: runs.depth,
                    a_step: columns.step * sources,
                    b_step: panel.width,
                    c_step: columns.target_step * targets,
                    tail: panel.channels.len() - (panel.vectors - 1) * engine.lanes,
                    accumulate: false,
                    bias: self.bias.map_or(std::ptr::null(), |bias| bias[first..].as_ptr()),
                    rectify: self.rectify,
                };
                for [image, z, y] in part.rows() {
                    let from = part.at(&view, [image, z, y], self.lines) + a_start;
                    let place = place(self.lines, [image, z, y]) * targets + first;
                    for (tile, kernel) in engine.tiles(columns.count, panel.vectors, false) {
                        // SAFETY: the view holds all that the results of the part are made of, the packed kernel all weights
                        // of the panel; the tile lies inside the target, and no other part has its places.
                        unsafe {
                            let a = view.numbers().as_ptr().add(from + tile.start * call.a_step);
                            kernel(&call, a, b, to.add(place + tile.start * call.c_step));
                        }
                    }
                }
            }
        }
    }
}

/// The place in the target of the first result of a row.
pub(super) fn place(lines: &[Line; 3], [image, z, y]: [usize; 3]) -> usize {
    let [planes, rows, columns] = lines;
    let z = planes.start + z * planes.target_step;
    let y = rows.start + y * rows.target_step;
    ((image * planes.target + z) * rows.target + y) * columns.target + columns.start
}

/// Parts of equal size that make up all results.
pub(super) struct Parts {
    batch: usize,
    images: usize,
    /// Planes of a part: one or all.
    planes: usize,
    strips: usize,
    counts: [usize; 3],
    pub(super) count: usize,
}

impl Parts {
    /// Cuts the results of so many images by their number alone; a place of the source has so many channels.
    pub(super) fn new(lines: &[Line; 3], batch: usize, channels: usize, steps: usize) -> Parts {
        let [planes, rows, columns] = lines;
        let [z, y, x] = lines.each_ref().map(|line| line.count);
        let results = z * y * x;
        if results < PLACES {
            let images = PLACES.div_ceil(results).min(batch);
            return Parts {
                batch,
                images,
                planes: z,
                strips: 1,
                counts: [z, y, x],
                count: batch.div_ceil(images),
            };
        }
        let row = planes.extent(1) * columns.extent(x) * channels;
        let fit = (ROOM / row).saturating_sub(rows.reach()) / rows.step;
        let strips = y.div_ceil(fit.clamp(1, y));
        // More of them while there are few.
        let more = (steps / STRIP).min(STRIPS) / (batch * z);
        let strips = strips.max(more).min(y);
        Parts { batch, images: 1, planes: 1, strips, counts: [z, y, x], count: batch * z * strips }
    }

    /// One of them.
    pub(super) fn get(&self, i: usize) -> Part {
        let [z, y, x] = self.counts;
        let (i, strip) = (i / self.strips, i % self.strips);
        let layers = z / self.planes;
        let (i, layer) = (i / layers, i % layers);
        let images = i * self.images..((i + 1) * self.images).min(self.batch);
        let planes = layer * self.planes..(layer + 1) * self.planes;
        Part { images, results: [planes, part(y, self.strips, 1, strip), 0..x] }
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
