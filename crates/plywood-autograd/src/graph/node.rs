//! A place in the graph.

use super::record::{Rule, Saved};
use super::walk::Mode;
use super::watch::Watch;
use crate::ParamId;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One recorded operation, or a leaf.
pub(crate) struct Node {
    id: u64,
    op: &'static str,
    param: Option<ParamId>,
    watch: Option<Arc<Watch>>,
    is_leaf: bool,
    /// Whether a walk has taken the contents. May still be unset when it has; then they are looked at.
    is_spent: AtomicBool,
    contents: Mutex<Contents>,
}

/// What an operation leaves behind until a walk takes it; nothing in a leaf.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) inputs: Vec<Saved>,
    /// The output, and the rule for the gradients of the inputs.
    pub(crate) result: Option<(Saved, Rule)>,
}

/// A counted reference to a node, or to none.
///
/// An `Option` of it would be twice as large, and a [`Var`](crate::Var) with it.
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
    /// No place in a graph.
    pub(crate) const NONE: NodeRef = NodeRef(None);

    /// The reference, if it leads to a node.
    #[inline]
    pub(crate) fn as_some(&self) -> Option<&NodeRef> {
        self.0.is_some().then_some(self)
    }

    /// The reference, which leaves none behind.
    #[inline]
    pub(crate) fn take(&mut self) -> Option<NodeRef> {
        self.0.take().map(|arc| NodeRef(Some(arc)))
    }

    /// A leaf: a parameter or a variable.
    pub(crate) fn leaf(param: Option<ParamId>, watch: Option<Arc<Watch>>) -> NodeRef {
        NodeRef::new(0, |node| (node.op, node.is_leaf, node.param, node.watch) = ("leaf", true, param, watch))
    }

    /// The node of an operation on nodes of ids up to `after`, whose contents `fill` writes: they are empty at the start.
    #[inline]
    pub(crate) fn open(
        op: &'static str,
        after: u64,
        watch: Option<Arc<Watch>>,
        fill: impl FnOnce(&mut Contents),
    ) -> NodeRef {
        NodeRef::new(after, |node| {
            (node.op, node.is_leaf, node.param, node.watch) = (op, false, None, watch);
            fill(node.contents_mut());
        })
    }

    #[inline]
    fn new(after: u64, fill: impl FnOnce(&mut Node)) -> NodeRef {
        let mut arc = FREE.try_with(|free| free.borrow_mut().pop()).ok().flatten().unwrap_or_default();
        let node = Arc::get_mut(&mut arc).expect("a free node has no owner");
        node.id = next_id(after);
        *node.is_spent.get_mut() = false;
        fill(node);
        NodeRef(Some(arc))
    }
}

impl Deref for NodeRef {
    type Target = Node;
    #[inline]
    fn deref(&self) -> &Node {
        self.0.as_ref().expect("who asks for a node has seen that there is one")
    }
}

impl Drop for NodeRef {
    #[inline]
    fn drop(&mut self) {
        if let Some(arc) = self.0.take().and_then(last) {
            if arc.is_empty() { keep(arc) } else { free(arc) }
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

    /// Whether it surely holds nothing that is to be dropped. For most nodes this spares [`free`], which must first make sure
    /// that nobody else has them.
    #[inline]
    fn is_empty(&self) -> bool {
        self.watch.is_none() && (self.is_leaf || self.is_spent.load(Ordering::Relaxed))
    }

    /// Moves what a walk works with to `taken`, which is empty: the contents themselves where it frees the graph, a copy
    /// where the graph stays.
    #[inline]
    pub(crate) fn hand_over(&self, mode: Mode, taken: &mut Contents) {
        let mut contents = self.contents();
        match mode {
            Mode::Free => {
                std::mem::swap(&mut *contents, taken);
                self.is_spent.store(true, Ordering::Relaxed);
            }
            Mode::Keep | Mode::Record => {
                taken.inputs.extend_from_slice(&contents.inputs);
                taken.result.clone_from(&contents.result);
            }
        }
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
            orphans.extend(saved.parent.0.take().and_then(last));
        }
        contents.clear();
    }
}

impl Contents {
    pub(crate) const EMPTY: Contents = Contents { inputs: Vec::new(), result: None };

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
        Node {
            id: 0,
            op: "leaf",
            param: None,
            watch: None,
            is_leaf: true,
            is_spent: AtomicBool::new(false),
            contents: Mutex::default(),
        }
    }
}

/// How many ids a thread takes at once, so that threads seldom meet.
const IDS: u64 = 1024;

thread_local! {
    /// The next id of this thread, and the end of those that it has taken.
    static NEXT: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// An operation has a larger id than its inputs, so ids order the graph; nothing else is read from them.
#[inline]
fn next_id(after: u64) -> u64 {
    let (next, end) = NEXT.get();
    if after < next && next < end {
        NEXT.set((next + 1, end));
        return next;
    }
    take_ids()
}

/// Takes ids that are larger than all that were taken before, on whatever thread.
#[cold]
fn take_ids() -> u64 {
    static TAKEN: AtomicU64 = AtomicU64::new(1);
    let first = TAKEN.fetch_add(IDS, Ordering::Relaxed);
    NEXT.set((first + 1, first + IDS));
    first
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{}", self.op, self.id)
    }
}
