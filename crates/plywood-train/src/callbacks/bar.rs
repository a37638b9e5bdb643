//! A bar for the epoch that runs.

use crate::number::Number;
use crate::{Callback, Flow, Status};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use plywood_tensor::Result;
use std::time::{Duration, Instant};

/// Redrawn at most so often.
const EVERY: Duration = Duration::from_millis(100);

/// A bar for the epoch that runs; it vanishes when the epoch is over.
#[derive(Debug)]
pub(super) struct Bar {
    bar: ProgressBar,
    drawn: Instant,
}

impl Bar {
    pub(super) fn new() -> Bar {
        let style = ProgressStyle::with_template("{prefix}  {bar:30.cyan/blue}  {pos}/{len}  {msg}");
        let style = style.expect("the template is valid").progress_chars("━╸ ");
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout_with_hz(10));
        Bar { bar: bar.with_style(style), drawn: Instant::now() }
    }
}

impl Callback for Bar {
    fn on_epoch_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let width = status.epochs.to_string().len();
        self.bar.reset();
        self.bar.set_length(status.batches as u64);
        self.bar.set_prefix(format!("epoch {:>width$}/{}", status.epoch, status.epochs));
        self.bar.set_message("");
        self.drawn = Instant::now();
        Ok(Flow::Continue)
    }

    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        if self.drawn.elapsed() >= EVERY {
            self.drawn = Instant::now();
            self.bar.set_message(format!("loss {}", Number(status.loss)));
            self.bar.set_position(status.batch as u64);
        }
        Ok(Flow::Continue)
    }

    fn on_epoch_end(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.bar.finish_and_clear();
        Ok(Flow::Continue)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        // Also after an error or a stop in the middle of an epoch.
        self.bar.finish_and_clear();
    }
}
