//! One parameter's pass, on several threads if it is large.

use crate::{MAX_SLOTS, Rule, Step};
use plywood_tensor::{Elem, Tensor, par};

/// A part of a parameter with the same part of all that belongs to it.
struct Piece<'a> {
    parameter: &'a mut [Elem],
    gradient: &'a [Elem],
    slots: [&'a mut [Elem]; MAX_SLOTS],
}

/// Updates a parameter and its slots by the rule.
pub(super) fn apply(
    rule: &dyn Rule,
    step: &Step,
    parameter: &mut Tensor,
    gradient: &Tensor,
    slots: &mut [Tensor],
) {
    let count = slots.len();
    let mut views: [&mut [Elem]; MAX_SLOTS] = Default::default();
    for (view, slot) in views.iter_mut().zip(slots) {
        *view = slot.as_mut_slice();
    }
    let (parameter, gradient) = (parameter.as_mut_slice(), gradient.as_slice());
    if parameter.len() <= par::CHUNK {
        return rule.update(step, parameter, gradient, &mut views[..count]);
    }
    let mut slots = views.map(|view| view.chunks_mut(par::CHUNK));
    let pairs = parameter.chunks_mut(par::CHUNK).zip(gradient.chunks(par::CHUNK));
    let mut pieces: Vec<Piece<'_>> = pairs
        .map(|(parameter, gradient)| {
            let slots = slots.each_mut().map(|slot| slot.next().unwrap_or_default());
            Piece { parameter, gradient, slots }
        })
        .collect();
    par::chunks(&mut pieces, 1, gradient.len(), |_, pieces| {
        for piece in pieces {
            rule.update(step, piece.parameter, piece.gradient, &mut piece.slots[..count]);
        }
    });
}
