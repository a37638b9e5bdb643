//! Transformed kernels, packed for the micro-kernel.

use super::tiles::{GAP, POINTS};
use super::vectors::Spread;
use crate::conv::pack::{Panel, panels};
use crate::gemm::Engine;
use crate::storage::Buffer;
use crate::{Element, Float, par};

/// Channels of the source that a thread transforms at once.
const CHUNK: usize = 4;

/// For each point, for each panel of channels of the target, a row for each channel of the source.
pub(super) struct Kernel<T: Element> {
    pub(super) panels: Vec<Panel>,
    /// From one point to the next.
    step: usize,
    buffer: Buffer<T>,
}

impl<T: Float> Kernel<T> {
    /// Transforms `weight`, whose channels of the target and of the source are `steps` apart, turned around or not.
    pub(super) fn new(
        engine: &Engine<T>,
        numbers: &[T],
        [sources, targets]: [usize; 2],
        steps: [usize; 2],
        turned: bool,
        rows: usize,
    ) -> Kernel<T> {
        let panels = panels(engine, targets, engine.vectors(rows), sources);
        let step = panels.last().map_or(0, |last| last.at + last.width * sources) + GAP;
        let mut buffer = Buffer::recycled(POINTS * step);
        let to = par::Shared::new(buffer.get_mut().expect("a new buffer has one owner"));
        par::pieces(sources.div_ceil(CHUNK), POINTS * sources * targets, &|i| {
            // The weights of one channel of the source, those of each place side by side.
            let mut places = vec![T::ZERO; 9 * targets];
            for source in (i * CHUNK..sources).take(CHUNK) {
                for target in 0..targets {
                    let from = &numbers[target * steps[0] + source * steps[1]..][..9];
                    for k in 0..9 {
                        places[k * targets + target] = from[if turned { 8 - k } else { k }];
                    }
                }
                for panel in &panels {
                    let first = panel.channels.start;
                    let mut call = Spread {
                        places: [places.as_ptr(); POINTS],
                        channels: panel.channels.len(),
                        to: to.first(),
                        step,
                    };
                    for k in 0..9 {
                        call.places[k] = places[k * targets + first..].as_ptr();
                    }
                    // SAFETY: each place has the panel's channels; the row of a source lies in each panel and is written by the
                    // thread alone that has it; the transform is one of an instruction set that this thread may use.
                    unsafe {
                        call.to = to.first().add(panel.at + source * panel.width);
                        (engine.transforms.weight)(&call);
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
