//! A line for each epoch.

use crate::{Callback, Flow, Status};
use plywood_tensor::Result;
use std::fmt;
use std::io::{self, Write};

/// Writes a line after each epoch: `epoch  3/10  loss 0.1234  validation loss 0.1100  (12 ms)`.
///
/// The learning rate is the last number where it is no longer what the rule began with.
///
/// Training goes on when nobody reads the lines any more, as after `… | head -1`.
pub struct Lines<W = io::Stdout>(W);

impl Lines {
    /// To standard output.
    pub fn new() -> Lines {
        Lines(io::stdout())
    }
}

impl Default for Lines {
    fn default() -> Lines {
        Lines::new()
    }
}

impl<W: Write> Lines<W> {
    /// To a file or a buffer.
    pub fn to(writer: W) -> Lines<W> {
        Lines(writer)
    }
}

impl<W: Write> Callback for Lines<W> {
    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        if let Some(record) = status.record {
            let width = status.epochs.to_string().len();
            // A closed pipe is no reason to lose what was learnt.
            let _ = writeln!(
                self.0,
                "epoch {:>width$}/{}  {}",
                status.epoch,
                status.epochs,
                record.line(status.moved_learning_rate())
            );
        }
        Ok(Flow::Continue)
    }
}

impl<W> fmt::Debug for Lines<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lines")
    }
}
