//! What a callback remembers.

use crate::TrainError;
use crate::codec::{self, Bytes, Kind};
use plywood_nn::StateDict;
use plywood_tensor::Result;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const KIND: Kind = Kind::new("callback");

/// What a [`Callback`](crate::Callback) remembers, so that it goes on with a run that is resumed.
///
/// A value of any type that serde knows, and tensors by name. The value goes through [`codec`]; what was written for
/// another type is an error, never another value.
///
/// ```
/// use plywood_train::CallbackState;
///
/// let state = CallbackState::new("early stopping", &(0.25, 3_usize))?;
/// assert_eq!(state.name(), "early stopping");
/// assert_eq!(state.value::<(f64, usize)>()?, (0.25, 3));
///
/// let error = state.value::<u8>().unwrap_err();
/// assert_eq!(error.to_string(), "state of early stopping: the value ends 15 bytes before the content does");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallbackState {
    name: String,
    value: Bytes,
    /// They lie in a file of their own.
    #[serde(skip)]
    tensors: StateDict,
}

impl CallbackState {
    /// The state of the callback of this name: by the name it is found again.
    ///
    /// # Errors
    /// [`TrainError::CallbackState`] for a value that cannot be written, such as a list whose length is not known.
    pub fn new(name: impl Into<String>, value: &impl Serialize) -> Result<CallbackState> {
        let name = name.into();
        match codec::encode(KIND, value) {
            Ok(value) => Ok(CallbackState { name, value: Bytes(value), tensors: StateDict::default() }),
            Err(defect) => Err(TrainError::CallbackState { name, defect }.into()),
        }
    }

    /// With tensors too; they share the memory of the originals until those are changed.
    #[must_use]
    pub fn with_tensors(self, tensors: StateDict) -> CallbackState {
        CallbackState { tensors, ..self }
    }

    /// Whose state it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value.
    ///
    /// # Errors
    /// [`TrainError::CallbackState`] if it is of another type.
    pub fn value<T: DeserializeOwned>(&self) -> Result<T> {
        let value = codec::decode(KIND, &self.value.0);
        Ok(value.map_err(|defect| TrainError::CallbackState { name: self.name.clone(), defect })?)
    }

    /// The tensors; empty unless there were some.
    pub fn tensors(&self) -> &StateDict {
        &self.tensors
    }

    pub(crate) fn tensors_mut(&mut self) -> &mut StateDict {
        &mut self.tensors
    }
}
