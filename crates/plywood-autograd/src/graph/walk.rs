//! The walk from a result back to what it depends on.

use super::node::{Contents, NodeRef};
use crate::{AutogradError, Gradients, Var};
use plywood_tensor::Result;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// What a walk does with the graph it passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Frees it: first derivatives, once.
    Free,
    /// Keeps it for another walk.
    Keep,
    /// Keeps it and records the derivatives, so that they can be differentiated.
    Record,
}

/// Gradients on their way back, by the id of the node they wait at.
///
/// Few wait at a time as a rule, and new ones join near the end: a short sorted list is quickest. Where it would grow long,
/// in wide graphs, its older half moves to a tree.
struct Pending {
    few: Vec<Waiting>,
    many: BTreeMap<u64, Waiting>,
    /// Empty contents, in exchange for those of the next node: their list of inputs has memory.
    spare: Contents,
}

struct Waiting {
    id: u64,
    node: NodeRef,
    gradient: Var,
}

/// How long the list may be.
const FEW: usize = 32;

thread_local! {
    /// The memory of the lists, for the next walk.
    static ROOM: Cell<(Vec<Waiting>, Contents)> = const { Cell::new((Vec::new(), Contents::EMPTY)) };
}

impl Pending {
    fn new() -> Pending {
        let (few, spare) = ROOM.try_with(Cell::take).unwrap_or_default();
        Pending { few, many: BTreeMap::new(), spare }
    }

    #[inline]
    fn add(&mut self, node: NodeRef, gradient: Var) -> Result<()> {
        let id = node.id();
        let newer = self.few.iter().rev().take_while(|waiting| waiting.id > id).count();
        let mut place = self.few.len() - newer;
        let known = match place.checked_sub(1).map(|last| &mut self.few[last]) {
            Some(waiting) if waiting.id == id => Some(waiting),
            _ => self.many.get_mut(&id),
        };
        if let Some(waiting) = known {
            return add(&mut waiting.gradient, gradient);
        }
        if self.few.len() == FEW {
            self.many.extend(self.few.drain(..FEW / 2).map(|waiting| (waiting.id, waiting)));
            place = place.saturating_sub(FEW / 2);
        }
        self.few.insert(place, Waiting { id, node, gradient });
        Ok(())
    }

    /// The newest node, with the sum of all that it got.
    #[inline]
    fn pop(&mut self) -> Option<Waiting> {
        let newest = self.few.last().map(|waiting| waiting.id);
        if self.many.last_key_value().map(|(&id, _)| id) > newest {
            return self.many.pop_last().map(|(_, waiting)| waiting);
        }
        self.few.pop()
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.few.clear();
        let room = (std::mem::take(&mut self.few), std::mem::take(&mut self.spare));
        // The room is gone when the thread is ending.
        let _ = ROOM.try_with(|cell| cell.set(room));
    }
}

/// Adds a gradient to another, in place where neither is recorded.
fn add(sum: &mut Var, gradient: Var) -> Result<()> {
    if sum.is_recorded() || gradient.is_recorded() {
        *sum = Var::add(sum, &gradient)?;
        return Ok(());
    }
    sum.value_mut().add_in_place(gradient.value())
}

/// Walks from `root`, newest node first, so that a node's gradient is complete when it is reached.
///
/// `arrive` is called at every leaf and at every node that `stops` names; `wanted` narrows the walk to those nodes.
pub(crate) fn walk(
    name: &'static str,
    root: &NodeRef,
    gradient: Var,
    mode: Mode,
    wanted: Option<&BTreeSet<u64>>,
    stops: impl Fn(&NodeRef) -> bool,
    mut arrive: impl FnMut(&NodeRef, Var) -> Result<()>,
) -> Result<()> {
    let mut pending = Pending::new();
    let mut taken = std::mem::take(&mut pending.spare);
    pending.add(root.clone(), gradient)?;
    while let Some(Waiting { node, gradient, .. }) = pending.pop() {
        let stops = stops(&node);
        if node.is_leaf() {
            if stops {
                arrive(&node, gradient)?;
            }
            continue;
        }
        if stops {
            arrive(&node, gradient.clone())?;
        }
        // The lock is released before the rule runs: a rule may compute on other threads, or walk a graph itself.
        node.hand_over(mode, &mut taken);
        let Contents { inputs, result } = &mut taken;
        let Some((output, rule)) = result else {
            return Err(AutogradError::Walked { walk: name, op: node.op() }.into());
        };
        if mode == Mode::Record {
            inputs.iter_mut().for_each(|saved| saved.attach(saved.parent.clone()));
            output.attach(node.clone());
        }
        if let Some(wanted) = wanted {
            for saved in inputs.iter_mut() {
                saved.set_wanted(saved.parent.as_some().is_some_and(|parent| wanted.contains(&parent.id())));
            }
        }
        // Nearly always nobody watches.
        let watched = node.watch().map(|watch| {
            let inside =
                inputs.iter().any(|saved| saved.parent.as_some().is_some_and(|leaf| leaf.param().is_some()));
            (watch, inside, watch.reached(&node, inside, gradient.value()))
        });
        rule.pull(inputs, output, gradient, &mut |index, saved, gradient| {
            // An error counts even where nobody wants the gradient: it may be the only word of a failed definition.
            let Some(gradient) = gradient.transpose()? else { return Ok(()) };
            let Some(saved) = saved.filter(|saved| saved.is_wanted()) else { return Ok(()) };
            if gradient.shape() != saved.shape() {
                let (expected, got) = (*saved.shape(), *gradient.shape());
                return Err(AutogradError::GradientShape { op: node.op(), index, expected, got }.into());
            }
            if let Some((watch, inside, true)) = watched {
                watch.left(&node, inside, gradient.value());
            }
            match saved.parent.take() {
                Some(parent) => pending.add(parent, gradient),
                None => Ok(()),
            }
        })?;
        taken.clear();
    }
    pending.spare = taken;
    Ok(())
}

impl Var {
    /// The gradients of this single number with respect to every parameter it depends on; frees the graph.
    ///
    /// ```
    /// use plywood_autograd::{Param, Var};
    /// use plywood_tensor::Tensor;
    ///
    /// let weight = Param::new(Tensor::from([1.0, 2.0]));
    /// let loss = Var::parameter(&weight).mul(&Tensor::from([3.0, 4.0]).into())?.sum();
    /// assert_eq!(loss.backward()?.get(&weight).unwrap().as_slice(), [3.0, 4.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`AutogradError::NotScalar`] for more than one number, [`AutogradError::Constant`] if nothing was recorded,
    /// [`AutogradError::Walked`] if a part of the graph was freed by an earlier walk.
    pub fn backward(&self) -> Result<Gradients> {
        self.gradients(Mode::Free)
    }

    /// As [`Var::backward`], but keeps the graph for another walk.
    ///
    /// # Errors
    /// As [`Var::backward`].
    pub fn backward_keeping(&self) -> Result<Gradients> {
        self.gradients(Mode::Keep)
    }

    fn gradients(&self, mode: Mode) -> Result<Gradients> {
        let op = "backward";
        let root = self.node().ok_or(AutogradError::Constant { op })?;
        if self.value().numel() != 1 {
            return Err(AutogradError::NotScalar { op, shape: *self.shape() }.into());
        }
        let mut gradients = Gradients::with_room();
        let one = Var::constant(self.value().full_like(1.0));
        walk(
            op,
            root,
            one,
            mode,
            None,
            |node| node.param().is_some(),
            |node, gradient| {
                let id = node.param().expect("the walk stops at parameters only");
                gradients.add(id, gradient.into_value())
            },
        )?;
        Ok(gradients)
    }
}
