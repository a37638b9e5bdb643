//! Transformed kernels, packed for the micro-kernel.

use super::tiles::{GAP, POINTS};
use super::vectors::Spread;
use crate::conv::pack::{Panel, panels};
use crate::gemm::Engine;
use crate::storage::Buffer;
use crate::{Element, Float, par};
use std::ops::Range;

/// Channels of the source that a thread transforms at once.
const CHUNK: usize = 4;

/// Kernels of 3×3 for each channel of the target and of the source.
#[derive(Clone, Copy)]
pub(super) struct Weights<'a, T> {
    pub(super) numbers: &'a [T],
    /// From one channel of the target to the next, and of the source.
    pub(super) steps: [usize; 2],
    /// Whether they are turned around.
    pub(super) turned: bool,
}

impl<T: Float> Weights<'_, T> {
    /// Transforms the kernels of some channels of the target for one of the source, `source`: to `to` what belongs to the first
    /// point, and to the others `step` apart. `places` is memory to work with.
    ///
    /// # Safety
    /// At each point there must be room for the channels, and nobody else may have a share of it.
    pub(super) unsafe fn spread(
        &self,
        engine: &Engine<T>,
        source: usize,
        targets: &Range<usize>,
        places: &mut Vec<T>,
        to: *mut T,
        step: usize,
    ) {
        let channels = targets.len();
        places.resize(9 * channels, T::ZERO);
        for (i, target) in targets.clone().enumerate() {
            let from = &self.numbers[target * self.steps[0] + source * self.steps[1]..][..9];
            for k in 0..9 {
                places[k * channels + i] = from[if self.turned { 8 - k } else { k }];
            }
        }
        // Three rows of three; the transform takes no more.
        let rows = [0, 3, 6, 0, 0, 0].map(|k| places[k * channels..].as_ptr());
        let call = Spread { rows, columns: 0..3, ahead: 0, column_step: channels, channels, to, step };
        // SAFETY: each place has all channels; the rest by contract, and the transform is one of an instruction set that this
        // thread may use.
        unsafe { (engine.transforms.weight)(&call) }
    }
}

/// For each point, for each panel of channels of the target, a row for each channel of the source.
pub(super) struct Kernel<T: Element> {
    pub(super) panels: Vec<Panel>,
    /// From one point to the next.
    step: usize,
    buffer: Buffer<T>,
}

impl<T: Float> Kernel<T> {
    /// Of so many channels of source and target, for products with so many rows.
    pub(super) fn new(
        engine: &Engine<T>,
        weights: &Weights<'_, T>,
        [sources, targets]: [usize; 2],
        rows: usize,
    ) -> Kernel<T> {
        let panels = panels(engine, targets, engine.vectors(rows), sources);
        let step = panels.last().map_or(0, |last| last.at + last.width * sources) + GAP;
        let mut buffer: Buffer<T> = Buffer::recycled(POINTS * step);
        let to = par::Shared::new(buffer.get_mut().expect("a new buffer has one owner"));
        par::pieces(sources.div_ceil(CHUNK), POINTS * sources * targets, &|i| {
            let mut places = Vec::new();
            for source in (i * CHUNK..sources).take(CHUNK) {
                for panel in &panels {
                    // SAFETY: the row of a source lies in each panel and is written by the thread alone that has it.
                    unsafe {
                        let to = to.first().add(panel.at + source * panel.width);
                        weights.spread(engine, source, &panel.channels, &mut places, to, step);
                    }
                }
            }
        });
        Kernel { panels, step, buffer }
    }

    /// The weights of a panel at a point.
    pub(super) fn panel(&self, point: usize, panel: &Panel) -> &[T] {
        &self.buffer.as_slice()[point * self.step + panel.at..]
    }
}
