//! What a run leaves on disk, so that another can continue it.

use super::Trainer;
use crate::codec::{self, Kind};
use crate::{History, TrainError, weights_hash};
use plywood_nn::{Parameters, StateDict, write_atomically};
use plywood_optim::OptimizerState;
use plywood_tensor::Result;
use serde::{Deserialize, Serialize};
use std::path::Path;

const KIND: Kind = Kind::new("training state");

/// All that a trainer knows besides the weights.
#[derive(Serialize, Deserialize)]
struct TrainingState {
    weights: u64,
    steps: u64,
    optimizer: OptimizerState,
    history: History,
}

impl<M: Parameters, X, Y> Trainer<M, X, Y> {
    /// Writes every parameter and buffer of the model to a `safetensors` file, which PyTorch reads too.
    ///
    /// # Errors
    /// [`NnError::File`](plywood_nn::NnError::File) if the file cannot be written.
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<()> {
        self.model.state_dict().save_safetensors(path)
    }

    /// Takes over every parameter and buffer of a `safetensors` file; nothing is changed if it does not fit.
    ///
    /// # Errors
    /// [`NnError::File`](plywood_nn::NnError::File) if it cannot be read or is damaged,
    /// [`NnError::State`](plywood_nn::NnError::State) if it does not fit the model.
    pub fn load_weights(&mut self, path: impl AsRef<Path>) -> Result<()> {
        self.model.load_state_dict(&StateDict::load_safetensors(path)?)
    }

    /// Writes the state of the optimizer, the history and the number of steps to a file; the weights go elsewhere, by
    /// [`Trainer::save_weights`].
    ///
    /// A trainer that is compiled in the same way, loads both and fits with
    /// [`initial_epoch`](crate::Fit::initial_epoch) set to the last epoch of the history ends in the same bits as one
    /// that was never interrupted. The promise has two limits:
    ///
    /// - The state is to be taken at the end of an epoch. After a stop in the midst of one, by a
    ///   [`StopSignal`](crate::StopSignal) or a callback, its steps are in the state, but the epoch is not in the history:
    ///   the run that goes on learns, but repeats the epoch from its start.
    /// - What callbacks remember is not in the state: the best epoch of an [`EarlyStopping`](crate::EarlyStopping) or a
    ///   [`ReduceOnPlateau`](crate::ReduceOnPlateau) and how long it has waited begin anew; the learning rate to which the
    ///   latter came is kept. Where it has taken weights back, the optimizer is still that of the last step.
    ///
    /// # Errors
    /// [`NnError::File`](plywood_nn::NnError::File) if the file cannot be written.
    pub fn save_state(&self, path: impl AsRef<Path>) -> Result<()> {
        let state = TrainingState {
            weights: weights_hash(&self.model),
            steps: self.steps,
            optimizer: self.optimizer.state_dict(),
            history: self.history.clone(),
        };
        let path = path.as_ref();
        let file = codec::encode(KIND, &state).map_err(|defect| TrainError::file(path, defect))?;
        write_atomically(path, &file)
    }

    /// Goes on from a state of [`Trainer::save_state`], where is said what it does not hold; nothing is changed if it
    /// cannot be.
    ///
    /// # Errors
    /// [`TrainError::File`] if the file cannot be read or is damaged; [`TrainError::OtherWeights`] if the weights are not
    /// those with which it was saved; what the optimizer refuses.
    pub fn load_state(&mut self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let file = std::fs::read(path).map_err(|error| TrainError::file(path, error))?;
        let state: TrainingState =
            codec::decode(KIND, &file).map_err(|defect| TrainError::file(path, defect))?;
        if state.weights != weights_hash(&self.model) {
            return Err(TrainError::OtherWeights.into());
        }
        self.optimizer.load_state_dict(&state.optimizer)?;
        self.steps = state.steps;
        self.history = state.history;
        Ok(())
    }
}
