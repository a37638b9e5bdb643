//! What an average remembers, by path.

use super::Average;
use crate::by_name::{by_name, try_by_name};
use plywood_tensor::{Elem, Error, Result, Shape, Tensor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All that an [`Average`] needs to go on where another stopped, to the bit; its settings are not part of it.
///
/// It can be written in any format of serde that gives numbers back exactly; the tensors may go to a file of their own.
///
/// ```
/// use plywood_autograd::Param;
/// use plywood_optim::Average;
/// use plywood_tensor::Tensor;
///
/// let model = vec![Param::new(Tensor::from([0.5, 8.0]))];
/// let mut average = Average::uniform();
/// average.update(&model)?;
/// let state = average.state_dict();
/// assert_eq!(state.tensors["0"].as_slice(), [0.5, 8.0]);
/// let mut resumed = Average::uniform();
/// resumed.load_state_dict(&state);
/// assert_eq!(resumed.state_dict(), state);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Plain", into = "Plain")]
pub struct AverageState {
    /// How many updates there were.
    pub updates: u64,
    /// Whether the mean was in the model, and these are the numbers of the model.
    pub swapped: bool,
    /// The mean of every parameter, and of every buffer that is averaged, by path.
    pub tensors: BTreeMap<String, Tensor>,
}

/// An [`AverageState`] as it is written: numbers and lists.
#[derive(Serialize, Deserialize)]
struct Plain {
    updates: u64,
    swapped: bool,
    tensors: BTreeMap<String, (Vec<usize>, Vec<Elem>)>,
}

impl From<AverageState> for Plain {
    fn from(state: AverageState) -> Plain {
        let tensors = state.tensors.into_iter().map(|(path, x)| (path, (x.shape().to_vec(), x.to_vec())));
        Plain { updates: state.updates, swapped: state.swapped, tensors: by_name(tensors) }
    }
}

impl TryFrom<Plain> for AverageState {
    type Error = Error;

    fn try_from(plain: Plain) -> Result<AverageState> {
        let tensor = |(path, (shape, data)): (String, (Vec<usize>, _))| {
            Ok((path, Tensor::from_vec(data, Shape::new(&shape)?)?))
        };
        let tensors = try_by_name(plain.tensors.into_iter().map(tensor))?;
        Ok(AverageState { updates: plain.updates, swapped: plain.swapped, tensors })
    }
}

impl Average {
    /// What it remembers; tensors share their memory until the next update.
    pub fn state_dict(&self) -> AverageState {
        if let Some(pending) = &self.pending {
            return pending.clone();
        }
        let tensors = self.entries.iter().map(|entry| (entry.path.clone(), entry.value.clone()));
        AverageState { updates: self.updates, swapped: self.swapped, tensors: by_name(tensors) }
    }

    /// Goes on from a state, in place of what it remembers; it is compared with the model at the next update or swap.
    pub fn load_state_dict(&mut self, state: &AverageState) {
        (self.updates, self.swapped) = (state.updates, state.swapped);
        self.entries.clear();
        // One from before the first update is a fresh start.
        self.pending = (state.updates > 0).then(|| state.clone());
    }
}
