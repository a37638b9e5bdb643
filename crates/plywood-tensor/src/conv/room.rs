//! Operands whose rows lie far apart, gathered.

use super::pack::Panel;
use crate::gemm::Engine;
use crate::storage::Buffer;
use crate::{Element, Float};

/// Memory for what is gathered of an operand, where that pays.
pub(super) struct Room<T: Element>(Option<Buffer<T>>);

impl<T: Float> Room<T> {
    /// For so many numbers, if places with so many channels lie far apart for an instruction set.
    pub(super) fn new(engine: &Engine<T>, channels: usize, numbers: usize) -> Room<T> {
        let far = channels * size_of::<T>() >= engine.gathering.places;
        Room(far.then(|| Buffer::recycled(numbers)))
    }

    /// `rows` numbers of each place side by side; places lie `step` apart in runs of `run`.
    pub(super) fn left(
        &mut self,
        from: &[T],
        starts: &[usize],
        run: usize,
        step: usize,
        rows: usize,
    ) -> Option<&[T]> {
        let to = self.0.as_mut()?.get_mut().expect("nobody else holds it");
        let places = starts.iter().flat_map(|start| (0..run).map(move |i| start + i * step));
        for (to, place) in to.chunks_exact_mut(rows).zip(places) {
            to.copy_from_slice(&from[place..place + rows]);
        }
        Some(to)
    }

    /// The channels of each panel side by side; places lie `step` apart.
    pub(super) fn right(&mut self, from: &[T], step: usize, places: usize, panels: &[Panel]) -> Option<&[T]> {
        let to = self.0.as_mut()?.get_mut().expect("nobody else holds it");
        for panel in panels {
            let to = to[panel.at..].chunks_exact_mut(panel.width).take(places);
            for (to, from) in to.zip(from.chunks(step)) {
                to[..panel.channels.len()].copy_from_slice(&from[panel.channels.clone()]);
            }
        }
        Some(to)
    }
}
