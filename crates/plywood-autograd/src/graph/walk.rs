//! The walk from a result back to what it depends on.

use super::node::{Contents, NodeRef};
use super::record::Saved;
use crate::{AutogradError, Gradients, Var};
use plywood_tensor::{Result, Tensor};
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
#[derive(Default)]
struct Pending(BTreeMap<u64, (NodeRef, Var)>);

impl Pending {
    fn add(&mut self, node: &NodeRef, gradient: Var) -> Result<()> {
        match self.0.get_mut(&node.id()) {
            Some((_, sum)) => *sum = add(std::mem::replace(sum, Var::constant(Tensor::from(0.0))), gradient)?,
            None => {
                self.0.insert(node.id(), (node.clone(), gradient));
            }
        }
        Ok(())
    }
}

/// The sum of two gradients, in place where neither is recorded.
fn add(a: Var, b: Var) -> Result<Var> {
    if a.is_recorded() || b.is_recorded() {
        return a.add(&b);
    }
    let mut sum = a.into_value();
    sum.add_in_place(b.value())?;
    Ok(Var::constant(sum))
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
    let mut pending = Pending::default();
    pending.add(root, gradient)?;
    while let Some((_, (node, gradient))) = pending.0.pop_last() {
        if stops(&node) {
            arrive(&node, gradient.clone())?;
        }
        // The lock is released before the rule runs: a rule may compute on other threads, or walk a graph itself.
        let (inputs, output, rule) = match node.contents().for_walk(mode) {
            Contents::Leaf => continue,
            Contents::Walked => return Err(AutogradError::Walked { walk: name, op: node.op() }.into()),
            Contents::Open { inputs, output, rule } => (inputs, output, rule),
        };
        let inputs: Vec<Saved> = if mode == Mode::Record || wanted.is_some() {
            inputs.iter().map(|saved| see(saved, mode, wanted)).collect()
        } else {
            inputs
        };
        let output = if mode == Mode::Record { output.attached(Some(&node)) } else { output };
        rule.pull(&inputs, &output, gradient, &mut |index, gradient| {
            // An error counts even where nobody wants the gradient: it may be the only word of a failed definition.
            let Some(gradient) = gradient.transpose()? else { return Ok(()) };
            let Some(saved) = inputs.get(index).filter(|saved| saved.is_wanted()) else { return Ok(()) };
            let Some(parent) = &saved.parent else { return Ok(()) };
            if gradient.shape() != saved.shape() {
                let (expected, got) = (*saved.shape(), *gradient.shape());
                return Err(AutogradError::GradientShape { op: node.op(), index, expected, got }.into());
            }
            pending.add(parent, gradient)
        })?;
    }
    Ok(())
}

/// An input as the rule shall see it.
fn see(saved: &Saved, mode: Mode, wanted: Option<&BTreeSet<u64>>) -> Saved {
    let mut seen = if mode == Mode::Record { saved.attached(saved.parent.as_ref()) } else { saved.clone() };
    if let Some(wanted) = wanted {
        seen.set_wanted(saved.parent.as_ref().is_some_and(|parent| wanted.contains(&parent.id())));
    }
    seen
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
        let mut gradients = Gradients::default();
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
