//! Transformed kernels, packed for the micro-kernel.

use super::tiles::POINTS;
use super::transform::{LANES, square, weight};
use crate::conv::pack::{Panel, panels};
use crate::gemm::Engine;
use crate::storage::Buffer;
use crate::{Element, Float, par, simd};

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
        let step = panels.last().map_or(0, |last| last.at + last.width * sources) + LANES;
        let mut buffer = Buffer::recycled(POINTS * step);
        let to = par::Shared::new(buffer.get_mut().expect("a new buffer has one owner"));
        // Each piece has up to `LANES` channels of one panel.
        let pieces: Vec<_> = panels
            .iter()
            .flat_map(|panel| panel.channels.clone().step_by(LANES).map(move |first| (panel, first)))
            .collect();
        par::pieces(pieces.len(), numbers.len() * 16, &|i| {
            let (panel, first) = pieces[i];
            let lanes = LANES.min(panel.channels.end - first);
            for source in 0..sources {
                let mut w = [[[T::ZERO; LANES]; 3]; 3];
                for lane in 0..lanes {
                    let from = &numbers[(first + lane) * steps[0] + source * steps[1]..][..9];
                    for k in 0..9 {
                        w[k / 3][k % 3][lane] = from[if turned { 8 - k } else { k }];
                    }
                }
                let u = simd::run(Transform(&w));
                let at = panel.at + source * panel.width + first - panel.channels.start;
                for point in 0..POINTS {
                    // SAFETY: each piece has its own channels of the target.
                    let to = unsafe { to.piece(point * step + at, lanes) };
                    to.copy_from_slice(&u[point / 6][point % 6][..lanes]);
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

struct Transform<'a, T>(&'a [[[T; LANES]; 3]; 3]);

impl<T: Float> simd::Kernel for Transform<'_, T> {
    type Output = [[[T; LANES]; 6]; 6];
    #[inline(always)]
    fn run(self) -> Self::Output {
        square(weight, self.0)
    }
}
