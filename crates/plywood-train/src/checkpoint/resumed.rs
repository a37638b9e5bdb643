//! Where a run goes on.

use super::Difference;
use std::fmt;
use std::path::PathBuf;

/// Where a run goes on, for [`Trainer::resume`](crate::Trainer::resume); prints as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "print it: it says where the run goes on, and what differs in the program"]
#[non_exhaustive]
pub struct Resumed {
    /// The checkpoint; none if there was none, and the run begins.
    pub checkpoint: Option<PathBuf>,
    /// How many steps lie behind.
    pub steps: u64,
    /// How many epochs lie behind.
    pub epochs: usize,
    /// How many batches of the epoch after them do.
    pub batch: usize,
    /// Newer checkpoints that are not whole.
    pub skipped: Vec<Skipped>,
    /// Where the program does not agree with the checkpoint, and what counts: a learning rate other than the one that the rule had, which
    /// [`set_learning_rate`](plywood_optim::Optimizer::set_learning_rate) would set; other settings of the rule; other layers with
    /// the same parameters, such as another activation. Groups, schedules, losses and what a layer of your own does not
    /// [describe](plywood_nn::Module::describe) are not compared.
    pub differences: Vec<Difference>,
}

/// A checkpoint that is not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// Its folder.
    pub path: PathBuf,
    /// What is wrong with it, in a sentence that names the file.
    pub reason: String,
}

impl fmt::Display for Resumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Resumed { checkpoint, steps, epochs, batch, skipped, differences } = self;
        match checkpoint {
            Some(path) => {
                let (steps, epochs) = (Count(*steps, "step"), Count(*epochs as u64, "epoch"));
                write!(f, "resumed from {}: {steps}, {epochs}", path.display())?;
                if *batch > 0 {
                    write!(f, " and {}", Count(*batch as u64, "batch"))?;
                }
            }
            None => f.write_str("no checkpoint: the run begins")?,
        }
        skipped.iter().try_for_each(|skipped| write!(f, "; skipped {}", skipped.reason))?;
        differences.iter().try_for_each(|difference| write!(f, "; {difference}"))
    }
}

/// So many of something: `1 epoch`, `5 batches`.
struct Count(u64, &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Count(count, of) = self;
        let ending = match (count, *of == "batch") {
            (1, _) => "",
            (_, true) => "es",
            (_, false) => "s",
        };
        write!(f, "{count} {of}{ending}")
    }
}
