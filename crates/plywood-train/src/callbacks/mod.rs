//! Who watches a training, and may stop or steer it.

mod bar;
mod beside;
mod closures;
mod csv_log;
mod early_stopping;
mod json_lines;
mod lines;
mod pace;
pub(crate) mod progress;
mod reduce_on_plateau;
mod resources;
mod restored;
mod row_file;
mod state;
mod status;
mod stop_file;
#[cfg(test)]
mod testing;
mod time_limit;

pub use closures::{Outcome, on_batch_end, on_epoch_end, on_gradients, on_train_begin, on_train_end};
pub use csv_log::CsvLog;
pub use early_stopping::EarlyStopping;
pub use json_lines::JsonLines;
pub use lines::Lines;
pub use pace::Pace;
pub use progress::Progress;
pub use reduce_on_plateau::ReduceOnPlateau;
pub use resources::Resources;
pub use restored::Restored;
pub use state::CallbackState;
pub use status::Status;
pub use stop_file::StopFile;
pub use time_limit::TimeLimit;

use plywood_tensor::Result;

/// Someone who watches a training, and may stop or steer it.
///
/// Every method does nothing unless written. A stop takes effect at once: after the batch, or after the epoch.
///
/// ```
/// use plywood_tensor::Result;
/// use plywood_train::{Callback, Flow, Status};
///
/// /// Halves the learning rate after every ten epochs.
/// struct Halve;
///
/// impl Callback for Halve {
///     fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
///         if status.epoch % 10 == 0 {
///             status.optimizer.set_learning_rate(status.optimizer.learning_rate() / 2.0);
///         }
///         Ok(Flow::Continue)
///     }
/// }
/// ```
/// # Errors
/// An error of any method ends the training with it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no callback",
    note = "a closure becomes one by `on_epoch_end(|status| …)`, `on_batch_end`, `on_train_begin` or `on_train_end`; a type of your own by `impl Callback for {Self} {{}}`, with the methods that it needs"
)]
pub trait Callback {
    /// What it is called where it has ended a training: the name of its type unless written.
    fn name(&self) -> &str {
        let name = std::any::type_name::<Self>();
        name.split('<').next().unwrap_or(name).rsplit("::").next().unwrap_or(name)
    }

    /// Before the first epoch.
    ///
    /// # Errors
    /// Your own.
    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let _ = status;
        Ok(Flow::Continue)
    }

    /// Before the first batch of an epoch.
    ///
    /// # Errors
    /// Your own.
    fn on_epoch_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let _ = status;
        Ok(Flow::Continue)
    }

    /// Whether it wants to see [`Status::gradients`] after the next step; it does not unless written.
    ///
    /// Asked before each step: [`Status::batch`] counts the batches that are done.
    fn wants_gradients(&self, status: &Status<'_>) -> bool {
        let _ = status;
        false
    }

    /// After the step of a batch; not after one that was skipped because a number was not finite.
    ///
    /// # Errors
    /// Your own.
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let _ = status;
        Ok(Flow::Continue)
    }

    /// After the validation of an epoch; [`Status::record`] is there.
    ///
    /// # Errors
    /// Your own.
    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let _ = status;
        Ok(Flow::Continue)
    }

    /// After the last epoch, or after a stop, but not after an error; [`Status::interrupted`] tells whose stop it was.
    ///
    /// # Errors
    /// Your own.
    fn on_train_end(&mut self, status: &mut Status<'_>) -> Result<()> {
        let _ = status;
        Ok(())
    }

    /// After [`Callback::on_train_end`] of all, if one of them has given the model [earlier weights](Status::restored).
    ///
    /// # Errors
    /// Your own.
    fn on_restored(&mut self, status: &mut Status<'_>, restored: &Restored) -> Result<()> {
        let _ = (status, restored);
        Ok(())
    }

    /// Whether it shows the progress of the training by itself, so that [`Progress::Auto`] has nothing to show; asked before the
    /// training begins.
    fn shows_progress(&self) -> bool {
        false
    }

    /// What it remembers, for a checkpoint; nothing unless written.
    ///
    /// A callback that has a state has one from the beginning, under the same name: that is how it is found again.
    ///
    /// # Errors
    /// Your own.
    fn state(&self) -> Result<Option<CallbackState>> {
        Ok(None)
    }

    /// Goes on from a state of [`Callback::state`], where a run is resumed; called after [`Callback::on_train_begin`].
    ///
    /// # Errors
    /// Your own, for a state that does not fit.
    fn load_state(&mut self, state: &CallbackState) -> Result<()> {
        let _ = state;
        Ok(())
    }
}

/// Whether training goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// It does.
    Continue,
    /// It ends here.
    Stop,
}

/// What points at a callback is one.
macro_rules! forward {
    ($pointer:ty) => {
        impl<C: Callback + ?Sized> Callback for $pointer {
            fn name(&self) -> &str {
                (**self).name()
            }
            fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
                (**self).on_train_begin(status)
            }
            fn on_epoch_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
                (**self).on_epoch_begin(status)
            }
            fn wants_gradients(&self, status: &Status<'_>) -> bool {
                (**self).wants_gradients(status)
            }
            fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
                (**self).on_batch_end(status)
            }
            fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
                (**self).on_epoch_end(status)
            }
            fn on_train_end(&mut self, status: &mut Status<'_>) -> Result<()> {
                (**self).on_train_end(status)
            }
            fn on_restored(&mut self, status: &mut Status<'_>, restored: &Restored) -> Result<()> {
                (**self).on_restored(status, restored)
            }
            fn shows_progress(&self) -> bool {
                (**self).shows_progress()
            }
            fn state(&self) -> Result<Option<CallbackState>> {
                (**self).state()
            }
            fn load_state(&mut self, state: &CallbackState) -> Result<()> {
                (**self).load_state(state)
            }
        }
    };
}

forward!(&mut C);
forward!(Box<C>);
