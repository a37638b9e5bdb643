//! Kernels as micro-kernels like to read them.

use super::line::Line;
use crate::gemm::{Engine, balanced};
use crate::storage::Buffer;
use crate::{Element, par};
use std::ops::Range;

/// A kernel in panels: for each group and panel, for each tap, for each channel of the source, the weights of the panel's
/// channels of the target side by side.
pub(super) struct Packed<T: Element> {
    pub(super) panels: Vec<Panel>,
    /// From one group to the next.
    pub(super) step: usize,
    buffer: Buffer<T>,
}

/// Some neighbouring channels of the target.
pub(super) struct Panel {
    pub(super) channels: Range<usize>,
    /// Vectors that hold them.
    pub(super) vectors: usize,
    /// From one channel of the source to the next.
    pub(super) width: usize,
    /// Where it begins.
    pub(super) at: usize,
}

impl Panel {
    /// Channels in its last vector.
    pub(super) fn tail(&self, lanes: usize) -> usize {
        self.channels.len() - (self.vectors - 1) * lanes
    }
}

/// Cuts channels into panels of about `vectors` vectors, for kernels with so many rows.
pub(super) fn panels<T>(engine: &Engine<T>, channels: usize, vectors: usize, rows: usize) -> Vec<Panel> {
    let all = channels.div_ceil(engine.lanes);
    let mut at = 0;
    let panels = balanced(all, all.div_ceil(vectors)).map(|panel| {
        let channels = panel.start * engine.lanes..channels.min(panel.end * engine.lanes);
        let width = panel.len() * engine.lanes;
        let panel = Panel { channels, vectors: panel.len(), width, at };
        at += width * rows;
        panel
    });
    panels.collect()
}

impl<T: Element> Packed<T> {
    /// Packs `weight`, where the next channel of the target, of the source and the next group are `steps` apart.
    pub(super) fn new(
        engine: &Engine<T>,
        vectors: usize,
        lines: &[Line; 3],
        weight: &[T],
        [groups, targets, sources]: [usize; 3],
        steps: [usize; 3],
        kernel: [usize; 3],
    ) -> Packed<T> {
        let taps = Line::places(lines, kernel);
        let rows = taps.len() * sources;
        let panels = panels(engine, targets, vectors, rows);
        let step = panels.last().map_or(0, |last| last.at + last.width * rows);
        let mut buffer = Buffer::recycled(groups * step);
        let count = groups * panels.len();
        let mut parts = Vec::with_capacity(count);
        let mut rest = buffer.get_mut().expect("a new buffer has one owner");
        for group in 0..groups {
            for panel in &panels {
                let (part, more) = rest.split_at_mut(panel.width * rows);
                parts.push((group, panel, part));
                rest = more;
            }
        }
        par::chunks(&mut parts, 1, groups * step, |_, parts| {
            for (group, panel, part) in parts {
                // In this order both sides are walked along: few lines of either are open at a time.
                for source in 0..sources {
                    for (lane, target) in panel.channels.clone().enumerate() {
                        let from = &weight[*group * steps[2] + target * steps[0] + source * steps[1]..];
                        for (i, &tap) in taps.iter().enumerate() {
                            part[(i * sources + source) * panel.width + lane] = from[tap];
                        }
                    }
                }
            }
        });
        Packed { panels, step, buffer }
    }

    /// The weights of a panel.
    pub(super) fn panel(&self, group: usize, panel: &Panel) -> *const T {
        self.buffer.as_slice()[group * self.step + panel.at..].as_ptr()
    }
}
