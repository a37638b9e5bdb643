//! One parameter's pass, on several threads if it is large.

use super::prepare::Prepare;
use crate::{MAX_SLOTS, Rule, Step};
use plywood_tensor::{Elem, Tensor, par};

/// Where a gradient has to be prepared, it is in blocks that stay in the nearest cache until the rule has used them.
const BLOCK: usize = 2048;

/// A part of a parameter with the same part of all that belongs to it.
struct Piece<'a> {
    parameter: &'a mut [Elem],
    gradient: &'a [Elem],
    slots: [&'a mut [Elem]; MAX_SLOTS],
}

/// A rule with all it needs to update any piece of a parameter.
#[derive(Clone, Copy)]
pub(super) struct Update<'r> {
    pub(super) rule: &'r dyn Rule,
    pub(super) step: Step,
    pub(super) prepare: Prepare,
}

impl Update<'_> {
    /// Updates a parameter and its slots, in one pass over their memory.
    pub(super) fn apply(&self, parameter: &mut Tensor, gradient: &Tensor, slots: &mut [Tensor]) {
        let count = slots.len();
        let mut views: [&mut [Elem]; MAX_SLOTS] = Default::default();
        for (view, slot) in views.iter_mut().zip(slots) {
            *view = slot.as_mut_slice();
        }
        let (parameter, gradient) = (parameter.as_mut_slice(), gradient.as_slice());
        let steps = parameter.len();
        let whole = Piece { parameter, gradient, slots: views };
        if steps <= par::CHUNK {
            return self.apply_to(whole, count);
        }
        let mut pieces: Vec<Option<Piece<'_>>> = whole.split(par::CHUNK).map(Some).collect();
        par::chunks(&mut pieces, 1, steps, |_, pieces| {
            pieces.iter_mut().filter_map(Option::take).for_each(|piece| self.apply_to(piece, count));
        });
    }

    fn apply_to(&self, mut whole: Piece<'_>, slots: usize) {
        if !self.prepare.changes_gradient() {
            let Piece { parameter, gradient, slots: views } = &mut whole;
            self.prepare.decay(parameter);
            return self.rule.update(&self.step, parameter, gradient, &mut views[..slots]);
        }
        let mut room = [0.0; BLOCK];
        for mut block in whole.split(BLOCK) {
            let gradient = &mut room[..block.gradient.len()];
            self.prepare.gradient(block.parameter, block.gradient, gradient);
            self.prepare.decay(block.parameter);
            self.rule.update(&self.step, block.parameter, gradient, &mut block.slots[..slots]);
        }
    }
}

impl<'a> Piece<'a> {
    /// Pieces of `size` elements; the last may be shorter.
    fn split(self, size: usize) -> impl Iterator<Item = Piece<'a>> {
        let mut slots = self.slots.map(|slot| slot.chunks_mut(size));
        let pairs = self.parameter.chunks_mut(size).zip(self.gradient.chunks(size));
        pairs.map(move |(parameter, gradient)| {
            let slots = slots.each_mut().map(|slot| slot.next().unwrap_or_default());
            Piece { parameter, gradient, slots }
        })
    }
}
