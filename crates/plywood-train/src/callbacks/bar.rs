//! A bar for the epoch that runs.

use crate::number::Number;
use crate::{Callback, Flow, Status};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use plywood_tensor::Result;
use std::time::{Duration, Instant};

/// Redrawn at most so often; an epoch that takes no longer shows no bar at all.
const EVERY: Duration = Duration::from_millis(100);

/// A bar for the epoch that runs; it vanishes when the epoch is over.
#[derive(Debug)]
pub(super) struct Bar {
    bar: Option<ProgressBar>,
    drawn: Instant,
}

impl Bar {
    pub(super) fn new() -> Bar {
        Bar { bar: None, drawn: Instant::now() }
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// A bar at its beginning.
fn start(status: &Status<'_>) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix}  {bar:30.cyan/blue}  {pos}/{len}  {msg}");
    let style = style.expect("the template is valid").progress_chars("━╸ ");
    let length = Some(status.batches as u64);
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stdout_with_hz(10)).with_style(style);
    let width = status.epochs.to_string().len();
    bar.with_prefix(format!("epoch {:>width$}/{}", status.epoch, status.epochs))
}

impl Callback for Bar {
    fn on_epoch_begin(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.drawn = Instant::now();
        Ok(Flow::Continue)
    }

    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        if self.drawn.elapsed() >= EVERY {
            self.drawn = Instant::now();
            let bar = self.bar.get_or_insert_with(|| start(status));
            let rate = status.moved_learning_rate();
            let rate = rate.map_or_else(String::new, |rate| format!("  learning rate {}", Number(rate)));
            bar.set_message(format!("loss {}{rate}", Number(status.loss)));
            bar.set_position(status.batch as u64);
        }
        Ok(Flow::Continue)
    }

    fn on_epoch_end(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.clear();
        Ok(Flow::Continue)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        // Also after an error or a stop in the middle of an epoch.
        self.clear();
    }
}
