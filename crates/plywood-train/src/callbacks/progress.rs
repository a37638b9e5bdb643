//! What is shown during training.

use super::bar::Bar;
use super::lines::Lines;
use crate::Callback;
use std::io::{IsTerminal, stdout};

/// What is shown during training, on standard output.
///
/// A bar shows how much of the epoch is done, the loss and the metrics so far, how many samples pass in a second, and what is left
/// of the whole training, as much of it as fits on a line of the terminal:
///
/// ```text
/// epoch  2/12  ━━━━━━╸           57/141  loss 0.2310  accuracy 0.9298  41 s left
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[doc(alias = "verbose")]
pub enum Progress {
    /// A bar on a terminal, plain lines elsewhere; nothing where a callback [shows the progress](Callback::shows_progress).
    #[default]
    Auto,
    /// A line for each epoch, and a bar for the one that runs.
    Bar,
    /// A line for each epoch.
    Lines,
    /// Nothing, which costs nothing.
    Silent,
}

/// Those who show it beside the callbacks of the user.
pub(crate) fn watchers<'a>(
    progress: Progress,
    callbacks: &[Box<dyn Callback + 'a>],
) -> Vec<Box<dyn Callback + 'a>> {
    let shown = || callbacks.iter().any(|callback| callback.shows_progress());
    let bar = match progress {
        Progress::Silent => return Vec::new(),
        Progress::Auto if shown() => return Vec::new(),
        Progress::Auto => stdout().is_terminal(),
        Progress::Bar => true,
        Progress::Lines => false,
    };
    // The bar clears itself before the line is written.
    let mut watchers: Vec<Box<dyn Callback + 'a>> = Vec::new();
    if bar {
        watchers.push(Box::new(Bar::new()));
    }
    watchers.push(Box::new(Lines::new()));
    watchers
}

#[cfg(test)]
mod tests {
    use super::{Progress, watchers};
    use crate::Callback;

    struct Shows(bool);

    impl Callback for Shows {
        fn shows_progress(&self) -> bool {
            self.0
        }
    }

    #[test]
    fn nothing_is_shown_twice_unless_told() {
        for (progress, shows, shown) in [
            (Progress::Auto, false, true),
            (Progress::Auto, true, false),
            (Progress::Lines, true, true),
            (Progress::Bar, true, true),
            (Progress::Silent, false, false),
        ] {
            let callbacks: Vec<Box<dyn Callback>> = vec![Box::new(Shows(false)), Box::new(Shows(shows))];
            assert_eq!(!watchers(progress, &callbacks).is_empty(), shown, "{progress:?}, {shows}");
        }
    }
}
