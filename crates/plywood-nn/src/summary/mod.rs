//! What a model is made of, as a table.

mod display;
pub(crate) mod grouped;
pub(crate) mod outline;
pub(crate) mod row;

use crate::{Module, Outline, SummaryRow};
use plywood_tensor::{IntoShape, Result, Shape};

/// The layers of a model with their output shapes, their sizes and their work; prints as a table.
///
/// Made by [`summary`], or by [`Sequential::summary`](crate::Sequential::summary) for a single sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The shape that the model was given.
    pub input: Shape,
    /// The shape that it returns.
    pub output: Shape,
    /// One for each layer, in the order in which they are applied; what holds layers stands before them.
    pub rows: Vec<SummaryRow>,
}

/// What a model is made of, for an input of this shape, the axis of the batch included.
///
/// Each layer tells of its parts by [`Module::outline`]; a parameter that several layers share counts once.
///
/// ```
/// use plywood_nn::{Sequential, summary};
/// use plywood_tensor::Seed;
///
/// let model = Sequential::input([30]).linear(64).relu().linear(1).build(Seed(7))?;
/// let summary = summary(&model, [32, 30])?;
/// assert_eq!(summary.parameters(), 30 * 64 + 64 + 64 + 1);
/// assert_eq!(summary.multiply_adds(), 32 * (30 * 64 + 64));
/// assert_eq!(summary.output, [32, 1]);
/// println!("{summary}");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// What the layer says that does not take its input, by its path.
pub fn summary<M: Module + ?Sized>(model: &M, input: impl IntoShape) -> Result<Summary> {
    let input = input.into_shape()?;
    let mut outline = Outline::default();
    let output = model.outline(&input, &mut outline)?;
    outline.count_rest(&model);
    Ok(Summary { input, output, rows: outline.into_rows() })
}

impl Summary {
    /// The rows that are worth showing: the model itself needs none if everything lies in its parts.
    pub fn shown(&self) -> impl Iterator<Item = &SummaryRow> {
        self.rows.iter().filter(|row| row.depth > 0 || row.has_numbers())
    }

    /// How many numbers there are in parameters, trained or frozen.
    pub fn parameters(&self) -> usize {
        self.trainable() + self.frozen()
    }

    /// How many numbers are trained.
    pub fn trainable(&self) -> usize {
        self.rows.iter().map(|row| row.trainable).sum()
    }

    /// How many numbers of parameters are frozen.
    pub fn frozen(&self) -> usize {
        self.rows.iter().map(|row| row.frozen).sum()
    }

    /// How many numbers there are in buffers.
    pub fn buffers(&self) -> usize {
        self.rows.iter().map(|row| row.buffers).sum()
    }

    /// What parameters and buffers take in memory.
    pub fn bytes(&self) -> usize {
        self.rows.iter().map(|row| row.bytes).sum()
    }

    /// How many multiplications with an addition a pass takes.
    pub fn multiply_adds(&self) -> u64 {
        self.rows.iter().map(|row| row.multiply_adds).sum()
    }
}
