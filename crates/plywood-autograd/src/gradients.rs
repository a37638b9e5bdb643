//! What a backward walk returns.

use crate::{Param, ParamId};
use plywood_tensor::{Elem, Result, Tensor};
use std::collections::BTreeMap;

/// The gradient of each parameter that the loss depends on.
#[derive(Debug, Clone, Default)]
pub struct Gradients(BTreeMap<ParamId, Tensor>);

impl Gradients {
    /// The gradient of a parameter; `None` if the loss does not depend on it.
    #[inline]
    pub fn get(&self, param: &Param) -> Option<&Tensor> {
        self.0.get(&param.id())
    }

    /// The gradient of a parameter, to be changed in place.
    pub fn get_mut(&mut self, param: &Param) -> Option<&mut Tensor> {
        self.0.get_mut(&param.id())
    }

    /// Sets the gradient of a parameter, in place of the one it had.
    pub fn set(&mut self, param: &Param, gradient: Tensor) {
        self.0.insert(param.id(), gradient);
    }

    /// Adds the gradients of another walk, for example over another part of the batch.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if one parameter has gradients of two shapes.
    pub fn merge(&mut self, other: Gradients) -> Result<()> {
        other.0.into_iter().try_for_each(|(id, gradient)| self.add(id, gradient))
    }

    /// Multiplies every gradient by a number.
    pub fn scale(&mut self, factor: Elem) {
        for gradient in self.0.values_mut() {
            gradient.map_in_place(|g| g * factor);
        }
    }

    /// The gradients in the order in which the parameters were made.
    pub fn iter(&self) -> impl Iterator<Item = (ParamId, &Tensor)> {
        self.0.iter().map(|(&id, gradient)| (id, gradient))
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
        match self.0.get_mut(&id) {
            Some(sum) => sum.add_in_place(&gradient),
            None => {
                self.0.insert(id, gradient);
                Ok(())
            }
        }
    }
}
