//! Where a run stands, for those who go on with it.

use super::position::Position;
use crate::CallbackState;
use crate::checkpoint::manifest::Monitored;
use plywood_nn::StateDict;
use plywood_optim::AverageState;

/// Where a run stands, with all that lies outside of the trainer.
#[derive(Debug, Clone)]
pub(crate) struct Stand {
    pub(crate) position: Position,
    /// The weights of the last step, where the model has others by now: their mean, or the best ones.
    pub(crate) weights: Option<StateDict>,
    /// What callbacks remember.
    pub(crate) callbacks: Vec<CallbackState>,
    /// The mean of the weights, if one is kept.
    pub(crate) average: Option<AverageState>,
    /// The quantity by which the best checkpoint is chosen, if it was measured here.
    pub(crate) monitored: Option<Monitored>,
}
