//! A line for each epoch.

use super::pace::EpochTime;
use crate::number::{Left, Number};
use crate::{Callback, Flow, Restored, Status};
use plywood_tensor::Result;
use std::fmt;
use std::io::{self, IsTerminal, Write};

/// Writes a line after each epoch: `epoch  3/10  loss 0.1234  validation loss 0.1100  (12 ms)`.
///
/// The learning rate is the last number where it is no longer what the rule began with. Beside the time of the epoch stands what
/// is left of the training, `(31.4 s, 26 min left)`, where that is more than a second.
///
/// A loss ten times as large as after the first epoch is told, once, with what to try.
///
/// A training that ends with [earlier weights](Restored) says so in a last line, and so does one that has nothing left to do.
///
/// On a terminal, what does not fit goes on under the first quantity, so that no number is broken in two. Training goes on when
/// nobody reads the lines any more, as after `… | head -1`.
pub struct Lines<W = io::Stdout> {
    writer: W,
    /// Asks how many columns there are; none where lines may have any length.
    columns: fn() -> Option<usize>,
    /// Whether the training has done anything.
    seen: bool,
    times: EpochTime,
    /// The loss of the first epoch, until a much larger one is told.
    first_loss: Option<f64>,
}

/// What is so many times as large as at first grows without end, or nearly.
const GROWN: f64 = 10.0;

impl Lines {
    /// To standard output.
    pub fn new() -> Lines {
        let columns = || io::stdout().is_terminal().then(|| console::Term::stdout().size().1.into());
        Lines { columns, ..Lines::to(io::stdout()) }
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
        let times = EpochTime::default();
        Lines { writer, columns: || None, seen: false, times, first_loss: None }
    }

    /// Tells of a loss that grows, as it does before it is no number any more: the training may take long to get there.
    fn look_at(&mut self, loss: f64, is_first: bool) {
        if is_first {
            // A loss below 0 has no such scale.
            self.first_loss = Some(loss).filter(|&loss| loss > 0.0);
        }
        if let Some(before) = self.first_loss.filter(|&before| loss > GROWN * before) {
            self.first_loss = None;
            let (before, now) = (Number(before), Number(loss));
            let _ = writeln!(
                self.writer,
                "the loss has grown from {before} to {now}: try a smaller learning rate or Optimizer::clip_global_norm"
            );
        }
    }
}

impl<W: Write> Callback for Lines<W> {
    fn on_train_begin(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        (self.seen, self.times, self.first_loss) = (false, EpochTime::default(), None);
        Ok(Flow::Continue)
    }

    fn on_batch_end(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.seen = true;
        Ok(Flow::Continue)
    }

    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.seen = true;
        let is_first = self.times.mean().is_none();
        if let Some(record) = status.record {
            let width = status.epochs.to_string().len();
            self.times.add(record.seconds);
            let of_epoch = self.times.mean().unwrap_or(record.seconds);
            let left = Left::of((status.epochs - status.epoch) as f64 * of_epoch);
            let first = format!("epoch {:>width$}/{}", status.epoch, status.epochs);
            let parts = record.parts(status.moved_learning_rate(), left);
            let text = folded(first, &parts, (self.columns)().unwrap_or(usize::MAX));
            // A closed pipe is no reason to lose what was learnt.
            let _ = writeln!(self.writer, "{text}");
            self.look_at(record.training.loss(), is_first);
        }
        Ok(Flow::Continue)
    }

    fn on_train_end(&mut self, status: &mut Status<'_>) -> Result<()> {
        let Status { epoch, epochs, interrupted, stopped_by, .. } = *status;
        let by = stopped_by.unwrap_or("a callback");
        let text = match self.seen {
            _ if interrupted => format!("stopped in epoch {epoch} of {epochs} by the stop signal"),
            true if epoch < epochs => format!("stopped in epoch {epoch} of {epochs} by {by}"),
            true => return Ok(()),
            false if epoch >= epochs => format!("nothing left to do: {epoch} of {epochs} epochs are done"),
            false => format!("nothing left to do: {by} ends the run after epoch {epoch} of {epochs}"),
        };
        let _ = writeln!(self.writer, "{text}");
        Ok(())
    }

    fn on_restored(&mut self, _: &mut Status<'_>, restored: &Restored) -> Result<()> {
        let _ = writeln!(self.writer, "{restored}");
        Ok(())
    }
}

/// Parts side by side, as many in a line as there are columns for; lines after the first are set in by its first part.
fn folded(first: String, parts: &[String], columns: usize) -> String {
    let indent = first.chars().count();
    let (mut text, mut used) = (first, indent);
    for (i, part) in parts.iter().enumerate() {
        let width = 2 + part.chars().count();
        if i > 0 && used + width > columns {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', indent));
            used = indent;
        }
        text.push_str("  ");
        text.push_str(part);
        used += width;
    }
    text
}

impl<W> fmt::Debug for Lines<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lines")
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, folded};
    use crate::Callback;
    use crate::callbacks::testing::{end_epoch, in_first_epoch};
    use plywood_optim::{Optimizer, Sgd};

    #[test]
    fn a_loss_that_grows_is_told_once() {
        let told = |losses: &[f64]| {
            let (mut lines, mut optimizer) = (Lines::to(Vec::new()), Optimizer::new(Sgd::new(0.1)));
            in_first_epoch(|status| lines.on_train_begin(status)).unwrap();
            for (epoch, &loss) in (1..).zip(losses) {
                end_epoch(&mut lines, &mut optimizer, epoch, loss);
            }
            let text = String::from_utf8(lines.writer).unwrap();
            text.lines()
                .filter(|line| line.contains("grown"))
                .map(str::to_owned)
                .collect::<Vec<_>>()
                .join("\n")
        };
        let advice = "try a smaller learning rate or Optimizer::clip_global_norm";
        for (losses, text) in [
            (&[0.5, 0.4, 4.9][..], String::new()),
            (&[0.5, 5.1, 80.0], format!("the loss has grown from 0.5000 to 5.1000: {advice}")),
            (&[0.5, 0.1, f64::INFINITY, 1.0], format!("the loss has grown from 0.5000 to inf: {advice}")),
            // One that may be negative, and one that was perfect.
            (&[-0.5, 8.0], String::new()),
            (&[0.0, 1e-3], String::new()),
        ] {
            assert_eq!(told(losses), text, "{losses:?}");
        }
    }

    #[test]
    fn lines_are_folded_between_quantities() {
        let parts = ["loss 0.1234", "accuracy 0.9", "(12 ms)"].map(str::to_owned);
        for (columns, text) in [
            (usize::MAX, "epoch 1/9  loss 0.1234  accuracy 0.9  (12 ms)"),
            (45, "epoch 1/9  loss 0.1234  accuracy 0.9  (12 ms)"),
            (44, "epoch 1/9  loss 0.1234  accuracy 0.9\n           (12 ms)"),
            (30, "epoch 1/9  loss 0.1234\n           accuracy 0.9\n           (12 ms)"),
            (0, "epoch 1/9  loss 0.1234\n           accuracy 0.9\n           (12 ms)"),
        ] {
            assert_eq!(folded("epoch 1/9".to_owned(), &parts, columns), text, "{columns}");
        }
    }
}
