//! What a backward walk returns.

use crate::{Param, ParamId};
use plywood_tensor::{Elem, Result, Tensor};
use std::cell::Cell;
use std::collections::VecDeque;

/// The gradient of each parameter that the loss depends on.
///
/// Sorted by id. A walk reaches the last parameters first, and so adds at the front; a list keeps its memory for the next
/// walk, where a tree would not.
#[derive(Debug, Clone, Default)]
pub struct Gradients(VecDeque<(ParamId, Tensor)>);

thread_local! {
    /// The memory of the list, for the next walk.
    static ROOM: Cell<VecDeque<(ParamId, Tensor)>> = const { Cell::new(VecDeque::new()) };
}

impl Drop for Gradients {
    fn drop(&mut self) {
        self.0.clear();
        if self.0.capacity() > 0 {
            let room = std::mem::take(&mut self.0);
            // The room is gone when the thread is ending.
            let _ = ROOM.try_with(|cell| cell.set(room));
        }
    }
}

impl Gradients {
    /// None yet, in the memory of gradients that were dropped before.
    pub(crate) fn with_room() -> Gradients {
        Gradients(ROOM.try_with(Cell::take).unwrap_or_default())
    }

    /// Where the gradient of a parameter is, or would have to be.
    #[inline]
    fn find(&self, id: ParamId) -> std::result::Result<usize, usize> {
        match self.0.front() {
            Some((first, _)) if id > *first => self.0.binary_search_by_key(&id, |(id, _)| *id),
            Some((first, _)) if id == *first => Ok(0),
            _ => Err(0),
        }
    }

    /// The gradient of a parameter; `None` if the loss does not depend on it.
    #[inline]
    pub fn get(&self, param: &Param) -> Option<&Tensor> {
        self.find(param.id()).ok().map(|index| &self.0[index].1)
    }

    /// The gradient of a parameter, to be changed in place.
    pub fn get_mut(&mut self, param: &Param) -> Option<&mut Tensor> {
        self.find(param.id()).ok().map(|index| &mut self.0[index].1)
    }

    /// Sets the gradient of a parameter, in place of the one it had.
    pub fn set(&mut self, param: &Param, gradient: Tensor) {
        match self.find(param.id()) {
            Ok(index) => self.0[index].1 = gradient,
            Err(index) => self.0.insert(index, (param.id(), gradient)),
        }
    }

    /// Adds the gradients of another walk, for example over another part of the batch.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if one parameter has gradients of two shapes.
    pub fn merge(&mut self, mut other: Gradients) -> Result<()> {
        other.0.drain(..).try_for_each(|(id, gradient)| self.add(id, gradient))
    }

    /// Multiplies every gradient by a number.
    pub fn scale(&mut self, factor: Elem) {
        for (_, gradient) in &mut self.0 {
            gradient.map_in_place(|g| g * factor);
        }
    }

    /// The gradients in the order in which the parameters were made.
    pub fn iter(&self) -> impl Iterator<Item = (ParamId, &Tensor)> {
        self.0.iter().map(|(id, gradient)| (*id, gradient))
    }

    /// How many parameters have a gradient.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no parameter has a gradient.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn add(&mut self, id: ParamId, gradient: Tensor) -> Result<()> {
        match self.find(id) {
            Ok(index) => self.0[index].1.add_in_place(&gradient),
            Err(0) => {
                self.0.push_front((id, gradient));
                Ok(())
            }
            Err(index) => {
                self.0.insert(index, (id, gradient));
                Ok(())
            }
        }
    }
}
