//! A place in the graph.

use super::record::{Rule, Saved};
use super::walk::Mode;
use super::watch::Watch;
use crate::ParamId;
use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One recorded operation, or a leaf.
pub(crate) struct Node {
    id: u64,
    op: &'static str,
    param: Option<ParamId>,
    watch: Option<Arc<Watch>>,
    is_leaf: bool,
    contents: Mutex<Contents>,
}

/// What an operation leaves behind until a walk takes it; nothing in a leaf.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) inputs: Vec<Saved>,
    /// The output, and the rule for the gradients of the inputs.
    pub(crate) result: Option<(Saved, Rule)>,
}

/// A counted reference to a node.
///
/// Steps record the same graph again and again: the last owner of a node keeps its memory, and that of its list of inputs,
/// for the next operation, so that after the first steps recording allocates nothing.
#[derive(Clone)]
pub(crate) struct NodeRef(Option<Arc<Node>>);

/// A thread keeps at most this many nodes: what a training step of a large model records.
const KEPT: usize = 1024;

thread_local! {
    static FREE: RefCell<Vec<Arc<Node>>> = const { RefCell::new(Vec::new()) };
}

impl NodeRef {
    /// A leaf: a parameter or a variable.
    pub(crate) fn leaf(param: Option<ParamId>, watch: Option<Arc<Watch>>) -> NodeRef {
        NodeRef::new(|node| (node.op, node.is_leaf, node.param, node.watch) = ("leaf", true, param, watch))
    }

    /// The node of an operation, whose contents `fill` writes: they are empty at the start.
    #[inline]
    pub(crate) fn open(
        op: &'static str,
        watch: Option<Arc<Watch>>,
        fill: impl FnOnce(&mut Contents),
    ) -> NodeRef {
        NodeRef::new(|node| {
            (node.op, node.is_leaf, node.param, node.watch) = (op, false, None, watch);
            fill(node.contents_mut());
        })
    }

    #[inline]
    fn new(fill: impl FnOnce(&mut Node)) -> NodeRef {
        let mut arc = FREE.try_with(|free| free.borrow_mut().pop()).ok().flatten().unwrap_or_default();
        let node = Arc::get_mut(&mut arc).expect("a free node has no owner");
        node.id = next_id();
        fill(node);
        NodeRef(Some(arc))
    }
}

impl Deref for NodeRef {
    type Target = Node;
    #[inline]
    fn deref(&self) -> &Node {
        self.0.as_ref().expect("only a dropped reference is empty")
    }
}

impl Drop for NodeRef {
    #[inline]
    fn drop(&mut self) {
        if let Some(arc) = self.0.take().and_then(last) {
            free(arc);
        }
    }
}

/// The node, if this was its last owner.
#[inline]
fn last(arc: Arc<Node>) -> Option<Arc<Node>> {
    if Arc::strong_count(&arc) == 1 {
        return Some(arc);
    }
    // Another owner may go at the same moment: of the two, exactly one gets the node.
    Arc::into_inner(arc).map(Arc::new)
}

/// Frees a node that has no other owner, and all that only it depends on.
///
/// A long graph must not recurse: a chain of a million operations would overflow the stack.
fn free(arc: Arc<Node>) {
    let mut orphans = Vec::new();
    let mut next = Some(arc);
    while let Some(mut arc) = next {
        Arc::get_mut(&mut arc).expect("an orphan has no owner").clear(&mut orphans);
        keep(arc);
        next = orphans.pop();
    }
}

/// Keeps an empty node for its next use if there is room for it.
#[inline]
fn keep(arc: Arc<Node>) {
    // The list is gone when the thread is ending.
    let _ = FREE.try_with(|free| {
        let mut free = free.borrow_mut();
        if free.len() < KEPT {
            free.push(arc);
        }
    });
}

impl Node {
    /// Larger than the id of every node it depends on.
    #[inline]
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    pub(crate) fn op(&self) -> &'static str {
        self.op
    }

    #[inline]
    pub(crate) fn param(&self) -> Option<ParamId> {
        self.param
    }

    #[inline]
    pub(crate) fn watch(&self) -> Option<&Arc<Watch>> {
        self.watch.as_ref()
    }

    /// Whether it is a parameter or a variable.
    #[inline]
    pub(crate) fn is_leaf(&self) -> bool {
        self.is_leaf
    }

    #[inline]
    pub(crate) fn contents(&self) -> MutexGuard<'_, Contents> {
        // A rule that panicked leaves the contents whole: they are read, or taken as one.
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    fn contents_mut(&mut self) -> &mut Contents {
        self.contents.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops all that it holds but the memory of its list; nodes of which it was the last owner go to `orphans`.
    fn clear(&mut self, orphans: &mut Vec<Arc<Node>>) {
        if let Some(watch) = self.watch.take() {
            watch.forget(self.id);
        }
        let contents = self.contents_mut();
        for saved in &mut contents.inputs {
            orphans.extend(saved.parent.take().and_then(|mut parent| parent.0.take()).and_then(last));
        }
        contents.clear();
    }
}

impl Contents {
    pub(crate) const EMPTY: Contents = Contents { inputs: Vec::new(), result: None };

    /// Moves what a walk works with to `taken`, which is empty: the contents themselves where it frees the graph, a copy
    /// where the graph stays.
    #[inline]
    pub(crate) fn hand_over(&mut self, mode: Mode, taken: &mut Contents) {
        match mode {
            Mode::Free => std::mem::swap(self, taken),
            Mode::Keep | Mode::Record => {
                taken.inputs.extend_from_slice(&self.inputs);
                taken.result.clone_from(&self.result);
            }
        }
    }

    /// Drops everything but the memory of the list.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.inputs.clear();
        self.result = None;
    }

    /// Whether a walk has freed the contents of this operation.
    pub(crate) fn is_walked(&self) -> bool {
        self.result.is_none()
    }
}

impl Default for Node {
    fn default() -> Node {
        Node { id: 0, op: "leaf", param: None, watch: None, is_leaf: true, contents: Mutex::default() }
    }
}

/// An operation is recorded after its inputs, so ids order the graph; nothing else is read from them.
#[inline]
fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{}", self.op, self.id)
    }
}
