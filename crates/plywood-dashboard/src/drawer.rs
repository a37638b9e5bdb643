//! The thread that draws, and listens to the keys.

use crate::keys::{Action, Raised};
use crate::shared::Shared;
use crate::state::{Phase, State};
use plywood_train::Resources;
use ratatui::crossterm::event::KeyEvent;
use std::time::{Duration, Instant};

/// What is drawn on.
pub(crate) trait Surface: Send {
    /// Draws what has changed.
    fn draw(&mut self, state: &State);
    /// A key, if one is pressed within this time.
    fn key(&mut self, wait: Duration) -> Option<KeyEvent>;
    /// Draws everything the next time.
    fn forget(&mut self);
    /// Does what the terminal would have done by itself; that may be the end of the program.
    fn raise(&mut self, signal: Raised, state: &State);
    /// Gives everything back, and leaves the last picture.
    fn close(&mut self, state: &State);
}

/// How long it takes at most until the end of the training is seen.
const TICK: Duration = Duration::from_millis(20);
/// Drawn at most so often, unless a key is pressed.
const EVERY: Duration = Duration::from_millis(100);
/// How often the memory is asked for.
const MEMORY_EVERY: Duration = Duration::from_secs(1);

/// Draws until there is nothing more to come.
pub(crate) fn run(mut surface: Box<dyn Surface>, shared: &Shared) {
    let resources = Resources::new();
    let (mut drawn, mut asked): (Option<Instant>, Option<Instant>) = (None, None);
    let mut memory = None;
    let due = |last: Option<Instant>, every| last.is_none_or(|last| last.elapsed() >= every);
    while !shared.is_done() {
        if due(asked, MEMORY_EVERY) {
            (memory, asked) = (resources.peak_memory(), Some(Instant::now()));
        }
        if due(drawn, EVERY) {
            surface.draw(&shared.look(memory));
            drawn = Some(Instant::now());
        }
        let Some(action) = surface.key(TICK).and_then(Action::of) else { continue };
        match action {
            Action::Stop => {
                shared.stop();
                shared.state().phase = Phase::Stopping;
            }
            Action::Next => shared.state().choose(true),
            Action::Previous => shared.state().choose(false),
            Action::Logarithm => {
                let mut state = shared.state();
                state.logarithmic = !state.logarithmic;
            }
            Action::Redraw => surface.forget(),
            Action::Raise(signal) => {
                surface.raise(signal, &State { phase: Phase::Interrupted, ..shared.look(memory) });
            }
        }
        drawn = None;
    }
    let mut state = shared.look(resources.peak_memory());
    // The end of a training is told, that of one with an error is not.
    if !state.is_over() {
        state.phase = Phase::Failed;
    }
    surface.close(&state);
}
