//! What a visit shows.

use plywood_autograd::{Buffer, Param};

/// A parameter or a buffer.
#[derive(Debug, Clone, Copy)]
pub enum Leaf<'a> {
    /// Trained.
    Param(&'a Param),
    /// Kept and saved, but not trained.
    Buffer(&'a Buffer),
}

/// A parameter or a buffer, to be changed.
#[derive(Debug)]
pub enum LeafMut<'a> {
    /// Trained.
    Param(&'a mut Param),
    /// Kept and saved, but not trained.
    Buffer(&'a mut Buffer),
}
