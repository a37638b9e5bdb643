//! A place in the graph.

use super::record::{Pullback, Saved};
use super::walk::Mode;
use super::watch::Watch;
use crate::ParamId;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) type NodeRef = Arc<Node>;

/// One recorded operation, or a leaf.
pub(crate) struct Node {
    id: u64,
    op: &'static str,
    param: Option<ParamId>,
    pub(crate) watch: Option<Arc<Watch>>,
    contents: Mutex<Contents>,
}

/// What a node holds until a walk takes it.
#[allow(clippy::large_enum_variant)] // nearly all nodes are open ones
pub(crate) enum Contents {
    /// A parameter or a variable.
    Leaf,
    /// An operation that no walk has passed.
    Open { inputs: Vec<Saved>, output: Saved, rule: Arc<dyn Pullback> },
    /// An operation whose contents a walk has freed.
    Walked,
}

impl Node {
    pub(crate) fn leaf(param: Option<ParamId>, watch: Option<Arc<Watch>>) -> NodeRef {
        Arc::new(Node { id: next_id(), op: "leaf", param, watch, contents: Mutex::new(Contents::Leaf) })
    }

    pub(crate) fn open(op: &'static str, watch: Option<Arc<Watch>>, contents: Contents) -> NodeRef {
        Arc::new(Node { id: next_id(), op, param: None, watch, contents: Mutex::new(contents) })
    }

    /// Larger than the id of every node it depends on.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    pub(crate) fn op(&self) -> &'static str {
        self.op
    }

    pub(crate) fn param(&self) -> Option<ParamId> {
        self.param
    }

    pub(crate) fn contents(&self) -> MutexGuard<'_, Contents> {
        // A rule that panicked leaves the contents whole: they are read, or taken as one.
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An operation is recorded after its inputs, so ids order the graph; nothing else is read from them.
fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Contents {
    /// Takes what it holds, leaving it walked; a leaf stays a leaf.
    pub(crate) fn take(&mut self) -> Contents {
        match self {
            Contents::Leaf => Contents::Leaf,
            _ => std::mem::replace(self, Contents::Walked),
        }
    }

    /// What a walk works with: the contents themselves where it frees the graph, a copy where the graph stays.
    pub(crate) fn for_walk(&mut self, mode: Mode) -> Contents {
        match (mode, &*self) {
            (Mode::Keep | Mode::Record, Contents::Open { inputs, output, rule }) => {
                Contents::Open { inputs: inputs.clone(), output: output.clone(), rule: rule.clone() }
            }
            (Mode::Keep | Mode::Record, Contents::Walked) => Contents::Walked,
            _ => self.take(),
        }
    }

    fn into_parents(self) -> impl Iterator<Item = NodeRef> {
        let inputs = match self {
            Contents::Open { inputs, .. } => inputs,
            _ => Vec::new(),
        };
        inputs.into_iter().filter_map(|saved| saved.parent)
    }
}

/// Dropping a long graph must not recurse: a chain of a million operations would overflow the stack.
impl Drop for Node {
    fn drop(&mut self) {
        let contents = self.contents.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut orphans: Vec<NodeRef> = contents.take().into_parents().collect();
        while let Some(orphan) = orphans.pop() {
            if let Some(mut node) = Arc::into_inner(orphan) {
                let contents = node.contents.get_mut().unwrap_or_else(PoisonError::into_inner);
                orphans.extend(contents.take().into_parents());
            }
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{}", self.op, self.id)
    }
}
