//! The graph: what an operation leaves behind, and how gradients walk back through it.

pub(crate) mod grad;
pub(crate) mod node;
pub(crate) mod record;
pub(crate) mod walk;
pub(crate) mod watch;
