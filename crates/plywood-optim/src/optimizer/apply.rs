//! One parameter's pass, on several threads if it is large.

use super::prepare::Prepare;
use crate::{MAX_SLOTS, Rule, Step};
use plywood_tensor::{Elem, Tensor, par};

/// Where gradient or parameter have to be prepared, it is in blocks that stay in the nearest cache until the rule has used
/// them.
const BLOCK: usize = 2048;
/// A large parameter is cut into at most this many pieces: enough to keep threads evenly busy, few enough for the stack.
const PIECES: usize = 32;

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
        if self.rule.is_whole() {
            return self.apply_whole(parameter, gradient, slots);
        }
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
        let mut split = whole.split(piece_size(steps));
        let mut pieces: [Option<Piece<'_>>; PIECES] = std::array::from_fn(|_| split.next());
        par::chunks(&mut pieces, 1, steps, |_, pieces| {
            pieces.iter_mut().filter_map(Option::take).for_each(|piece| self.apply_to(piece, count));
        });
    }

    /// Lets the rule see all of a parameter at once.
    fn apply_whole(&self, parameter: &mut Tensor, gradient: &Tensor, slots: &mut [Tensor]) {
        let Update { rule, step, prepare } = self;
        let step = Step { shape: *parameter.shape(), ..*step };
        let mut views: [&mut [Elem]; MAX_SLOTS] = Default::default();
        let count = slots.len();
        for (view, slot) in views.iter_mut().zip(slots) {
            *view = slot.as_mut_slice();
        }
        let prepared = prepare.changes_gradient().then(|| prepare.whole(parameter, gradient));
        let (parameter, gradient) = (parameter.as_mut_slice(), prepared.as_ref().unwrap_or(gradient));
        let steps = parameter.len();
        if prepare.decays() {
            par::chunks(parameter, par::CHUNK, steps, |_, piece| prepare.decay(piece));
        }
        rule.update(&step, parameter, gradient.as_slice(), &mut views[..count]);
    }

    fn apply_to(&self, mut whole: Piece<'_>, slots: usize) {
        let Update { rule, step, prepare } = self;
        if prepare.changes_gradient() {
            let mut room = [0.0; BLOCK];
            for mut block in whole.split(BLOCK) {
                let gradient = &mut room[..block.gradient.len()];
                prepare.gradient(block.parameter, block.gradient, gradient);
                prepare.decay(block.parameter);
                rule.update(step, block.parameter, gradient, &mut block.slots[..slots]);
            }
        } else if prepare.decays() {
            for mut block in whole.split(BLOCK) {
                prepare.decay(block.parameter);
                rule.update(step, block.parameter, block.gradient, &mut block.slots[..slots]);
            }
        } else {
            rule.update(step, whole.parameter, whole.gradient, &mut whole.slots[..slots]);
        }
    }
}

/// How many elements a piece of a large parameter has: whole cache lines, and no less than what is worth a thread.
fn piece_size(elements: usize) -> usize {
    elements.div_ceil(PIECES).next_multiple_of(64).max(par::CHUNK)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_elements_lie_in_some_piece() {
        for elements in [par::CHUNK + 1, 100_000, par::CHUNK * PIECES, par::CHUNK * PIECES + 1, 25_000_007] {
            assert!(piece_size(elements) * PIECES >= elements, "{elements}");
        }
    }
}
