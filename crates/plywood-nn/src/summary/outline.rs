//! How layers tell of themselves.

use crate::parameters::whole::Whole;
use crate::{Leaf, Module, SummaryRow};
use plywood_autograd::{BufferValue, ParamId};
use plywood_tensor::{At, Elem, Result, Shape};
use std::collections::BTreeSet;
use std::fmt::Display;

/// The rows of a [`Summary`](crate::Summary) as layers add them, in [`Module::outline`].
///
/// A module made of others names itself, then its parts in the order in which they are applied:
///
/// ```
/// use plywood_nn::{Context, Linear, Module, Outline, parameters, summary};
/// use plywood_autograd::Var;
/// use plywood_tensor::{Result, Seed, Shape};
///
/// #[derive(Debug, Clone)]
/// struct Block { up: Linear, down: Linear }
/// parameters!(Block { up, down });
///
/// impl Module for Block {
///     # fn forward(&self, cx: &Context, x: &Var) -> Result<Var> { self.down.forward(cx, &self.up.forward(cx, x)?) }
///     # fn output_shape(&self, input: &Shape) -> Result<Shape> { self.down.output_shape(&self.up.output_shape(input)?) }
///     // forward and output_shape …
///     fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
///         outline.group(self.describe(), self.output_shape(input)?);
///         let hidden = outline.part("up", &self.up, input)?;
///         outline.part("down", &self.down, &hidden)
///     }
/// }
///
/// let stream = Seed(0).stream();
/// let block = Block { up: Linear::new(3, 8, &stream)?, down: Linear::new(8, 3, &stream.at(1))? };
/// let rows = summary(&block, [1, 3])?.rows;
/// assert_eq!(rows[1].path, "up");
/// assert_eq!(rows[1].layer, "Linear(3 -> 8)");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Outline {
    rows: Vec<SummaryRow>,
    path: Vec<String>,
    /// What was counted: a parameter that several layers share counts once.
    seen: BTreeSet<ParamId>,
}

impl Outline {
    /// The rows so far, in the order in which they were added.
    pub fn rows(&self) -> &[SummaryRow] {
        &self.rows
    }

    /// Adds a row for a module whose parts follow. Numbers that none of them owns will be counted here.
    pub fn group(&mut self, layer: String, output: Shape) {
        let row = self.row(layer, output);
        self.rows.push(SummaryRow { is_group: true, ..row });
    }

    /// Adds the rows of a part, and returns the shape of its output.
    ///
    /// # Errors
    /// What the part says if it does not take the input, with its name.
    pub fn part<M: Module + ?Sized>(&mut self, name: impl Display, part: &M, input: &Shape) -> Result<Shape> {
        self.path.push(name.to_string());
        let output = part.outline(input, self);
        self.path.pop();
        output.at(name)
    }

    /// Adds the row of a module that is not made of others.
    pub(crate) fn single(
        &mut self,
        layer: String,
        output: Shape,
        multiply_adds: u64,
        module: &dyn Whole<'_>,
    ) {
        let mut row = self.row(layer, output);
        row.multiply_adds = multiply_adds;
        module.show(&mut |_, leaf| self.count(&mut row, leaf));
        self.rows.push(row);
    }

    /// Counts what no part told of for the innermost module that holds it.
    pub(super) fn count_rest(&mut self, model: &dyn Whole<'_>) {
        model.show(&mut |path, leaf| {
            let path = path.to_string();
            let holds = |row: &SummaryRow| {
                row.path.is_empty() || path.strip_prefix(&row.path).is_some_and(|rest| rest.starts_with('.'))
            };
            let innermost = |(_, row): &(usize, &SummaryRow)| row.depth;
            let Some((index, _)) =
                self.rows.iter().enumerate().filter(|(_, row)| holds(row)).max_by_key(innermost)
            else {
                return;
            };
            let mut row = self.rows[index].clone();
            self.count(&mut row, leaf);
            self.rows[index] = row;
        });
    }

    pub(super) fn into_rows(self) -> Vec<SummaryRow> {
        self.rows
    }

    fn row(&self, layer: String, output: Shape) -> SummaryRow {
        SummaryRow {
            path: self.path.join("."),
            depth: self.path.len(),
            layer,
            output,
            trainable: 0,
            frozen: 0,
            buffers: 0,
            bytes: 0,
            multiply_adds: 0,
            is_group: false,
        }
    }

    fn count(&mut self, row: &mut SummaryRow, leaf: Leaf<'_>) {
        let (id, count, width, kind) = match leaf {
            Leaf::Param(param) => {
                let kind = if param.is_trainable() { &mut row.trainable } else { &mut row.frozen };
                (param.id(), param.shape().numel(), size_of::<Elem>(), kind)
            }
            Leaf::Buffer(buffer) => {
                let width = match buffer.value() {
                    BufferValue::Float(_) => size_of::<Elem>(),
                    BufferValue::Int(_) => size_of::<i64>(),
                };
                (buffer.id(), buffer.value().shape().numel(), width, &mut row.buffers)
            }
        };
        if self.seen.insert(id) {
            *kind += count;
            row.bytes += count * width;
        }
    }
}
