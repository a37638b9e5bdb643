//! A bar for the epoch that runs.

use super::beside::Beside;
use crate::{Callback, Flow, Pace, Status};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use plywood_tensor::Result;
use std::time::{Duration, Instant};

/// Redrawn at most so often; an epoch that takes no longer shows no bar at all.
const EVERY: Duration = Duration::from_millis(100);
/// Drawing takes at most this share of the time: some metrics look at all that they have seen when they are asked.
const SHARE: u32 = 20;
/// How many columns the bar itself has.
const BAR: usize = 16;

/// A bar for the epoch that runs; it vanishes when the epoch is over.
#[derive(Debug)]
pub(super) struct Bar {
    bar: Option<ProgressBar>,
    /// When the next one is drawn.
    due: Instant,
    pace: Pace,
}

impl Bar {
    pub(super) fn new() -> Bar {
        Bar { bar: None, due: Instant::now() + EVERY, pace: Pace::new() }
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn begin(&mut self, status: &Status<'_>) -> Result<Flow> {
        self.pace.begin(status);
        self.due = Instant::now() + EVERY;
        Ok(Flow::Continue)
    }
}

/// A bar at its beginning.
fn start(status: &Status<'_>) -> ProgressBar {
    let style = ProgressStyle::with_template(&format!(
        "{{prefix}}  {{bar:{BAR}.cyan/blue}}  {{pos}}/{{len}}  {{msg}}"
    ));
    let style = style.expect("the template is valid").progress_chars("━╸ ");
    let length = Some(status.batches as u64);
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stdout_with_hz(10)).with_style(style);
    bar.with_prefix(prefix(status))
}

fn prefix(status: &Status<'_>) -> String {
    let width = status.epochs.to_string().len();
    format!("epoch {:>width$}/{}", status.epoch, status.epochs)
}

/// How many columns are left beside the bar. The last one stays empty: some terminals break the line after it.
fn room(status: &Status<'_>, columns: usize) -> usize {
    let count = format!("{}/{}", status.batch, status.batches);
    columns.saturating_sub(prefix(status).len() + 2 + BAR + 2 + count.len() + 2 + 1)
}

impl Callback for Bar {
    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        // An epoch that a resumed run goes on with has no beginning.
        self.begin(status)
    }

    fn on_epoch_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.begin(status)
    }

    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let now = Instant::now();
        if now >= self.due {
            let beside = Beside {
                loss: status.loss,
                metrics: status.metrics(),
                learning_rate: status.moved_learning_rate(),
                samples_per_second: self.pace.samples_per_second(status),
                left: self.pace.left(status),
            };
            let (_, columns) = console::Term::stdout().size();
            let bar = self.bar.get_or_insert_with(|| start(status));
            bar.set_message(beside.text(room(status, columns.into())));
            bar.set_position(status.batch as u64);
            self.due = now + EVERY.max(now.elapsed() * SHARE);
        }
        Ok(Flow::Continue)
    }

    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.pace.end(status);
        self.clear();
        Ok(Flow::Continue)
    }

    fn on_train_end(&mut self, _: &mut Status<'_>) -> Result<()> {
        // After a stop in the middle of an epoch: before those who come after it print something.
        self.clear();
        Ok(())
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        // Also after an error.
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::Bar;
    use crate::callbacks::testing::in_first_epoch;
    use crate::{Callback, Status};
    use indicatif::ProgressBar;
    use plywood_tensor::Result;

    #[test]
    fn the_bar_is_gone_when_something_else_is_printed() {
        type Call = fn(&mut Bar, &mut Status<'_>) -> Result<()>;
        let calls: [(&str, Call); 2] = [
            ("on_epoch_end", |bar, status| bar.on_epoch_end(status).map(|_| ())),
            ("on_train_end", |bar, status| bar.on_train_end(status)),
        ];
        for (name, call) in calls {
            let (shown, mut bar) = (ProgressBar::hidden(), Bar::new());
            bar.bar = Some(shown.clone());
            assert!(!shown.is_finished());
            in_first_epoch(|status| call(&mut bar, status).unwrap());
            assert!(shown.is_finished() && bar.bar.is_none(), "{name}");
        }
    }
}
