//! Where the program and the checkpoint that it goes on from do not agree.

use std::fmt;

/// Where the program and the checkpoint that it [goes on](crate::Trainer::resume) from do not agree, which no error tells; prints as
/// a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// What differs: `learning rate`, `optimizer` or `model`.
    pub name: String,
    /// What the checkpoint says.
    pub checkpoint: String,
    /// What the program says.
    pub program: String,
    /// Whether the run goes on with what the checkpoint says; otherwise with what the program says.
    pub checkpoint_counts: bool,
}

impl Difference {
    /// One in which the program counts.
    pub(crate) fn of_program(name: &str, checkpoint: String, program: String) -> Difference {
        Difference { name: name.to_owned(), checkpoint, program, checkpoint_counts: false }
    }

    /// That of the learning rate, which belongs to the state of the optimizer.
    pub(crate) fn of_learning_rate(checkpoint: f64, program: f64) -> Difference {
        let [checkpoint, program] = [checkpoint, program].map(|rate| format!("{rate:?}"));
        Difference { name: "learning rate".to_owned(), checkpoint, program, checkpoint_counts: true }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { name, checkpoint, program, checkpoint_counts } = self;
        match checkpoint_counts {
            true => write!(
                f,
                "{name}: goes on with {checkpoint} of the checkpoint, not with {program} of the program"
            ),
            false => write!(
                f,
                "{name}: goes on with {program} of the program, not with {checkpoint} of the checkpoint"
            ),
        }
    }
}
