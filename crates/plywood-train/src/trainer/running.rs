//! A training in its course.

use super::position::{Course, Tally};
use super::stand::Stand;
use crate::checkpoint::saver::Saver;
use crate::{Callback, CallbackState, Progress, Restored};
use plywood_autograd::Gradients;
use plywood_nn::Parameters;
use plywood_optim::Average;
use plywood_tensor::Result;

/// A training in its course.
pub(super) struct Run<'a> {
    pub(super) epoch: usize,
    pub(super) epochs: usize,
    pub(super) batch: usize,
    pub(super) batches: usize,
    pub(super) tally: Tally,
    pub(super) interrupted: bool,
    /// The callback that has ended it.
    pub(super) stopped_by: Option<String>,
    /// The earlier weights that the model has ended with.
    pub(super) restored: Option<Restored>,
    pub(super) resumed: bool,
    /// Whether no batch has got the weights of its classes yet.
    pub(super) unweighted: bool,
    /// Whether the next epoch has begun before the run was resumed.
    pub(super) within: bool,
    /// The last place at which it could be resumed, in epochs and batches, and the one at which it was saved.
    pub(super) stands: (usize, usize),
    pub(super) saved: Option<(usize, usize)>,
    pub(super) course: Course,
    /// The names of what each epoch will bring.
    pub(super) quantities: Vec<String>,
    pub(super) average: Option<Average>,
    pub(super) saver: Option<Saver>,
    pub(super) progress: Progress,
    pub(super) watchers: Vec<Box<dyn Callback + 'a>>,
    /// The gradients of the last step, until all who want them have seen them, and the norm over them.
    pub(super) gradients: Option<Gradients>,
    pub(super) gradient_norm: Option<f64>,
}

impl Run<'_> {
    /// Gives everyone what they remember from before: each state to the first of its name that has none yet, and the mean to
    /// whoever keeps it.
    pub(super) fn take_up(&mut self, stand: Option<&Stand>) -> Result<()> {
        let Some(stand) = stand else { return Ok(()) };
        let mut left: Vec<&CallbackState> = stand.callbacks.iter().collect();
        for watcher in &mut self.watchers {
            let Some(own) = watcher.state()? else { continue };
            if let Some(at) = left.iter().position(|state| state.name() == own.name()) {
                watcher.load_state(left.remove(at))?;
            }
        }
        if let (Some(average), Some(state)) = (&mut self.average, &stand.average) {
            average.load_state_dict(state);
        }
        Ok(())
    }

    /// Exchanges the weights of the model with their mean, if there is one.
    pub(super) fn swap(&mut self, model: &mut impl Parameters) -> Result<()> {
        match &mut self.average {
            Some(average) if average.updates() > 0 => average.swap(model),
            _ => Ok(()),
        }
    }
}
