//! Where a run goes on.

use std::fmt;
use std::path::PathBuf;

/// Where a run goes on, for [`Trainer::resume`](crate::Trainer::resume); prints as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
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
        let Resumed { checkpoint, steps, epochs, batch, skipped } = self;
        match checkpoint {
            Some(path) => {
                write!(f, "resumed from {}: {steps} steps, {epochs} epochs", path.display())?;
                if *batch > 0 {
                    write!(f, " and {batch} batches")?;
                }
            }
            None => f.write_str("no checkpoint: the run begins")?,
        }
        skipped.iter().try_for_each(|skipped| write!(f, "; skipped {}", skipped.reason))
    }
}
