//! Finding the first value that is not finite, and looking at all the others.

use super::node::Node;
use crate::{ParamId, Var};
use plywood_tensor::Tensor;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Remembers the first recorded operation whose result, or whose gradient, was infinite or NaN while what it was given was not.
///
/// Every operation that descends from a leaf made with a watch reports to it, and every walk back through such an operation
/// too. It costs a pass over every result, so training runs a step again with a watch only after a number was not finite.
///
/// ```
/// use plywood_autograd::{Param, Var, Watch};
/// use plywood_tensor::Tensor;
/// use std::sync::Arc;
///
/// let (watch, weight) = (Arc::new(Watch::default()), Param::new(Tensor::from([0.0, 4.0])));
/// let x = Var::watched_parameter(&weight, Some(watch.clone()));
/// let loss = x.mul_scalar(2.0).sqrt().sum(); // finite, but its slope at 0 is not
/// assert_eq!(watch.first(), None);
/// loss.backward()?;
/// let found = watch.first().unwrap();
/// assert_eq!((found.op, found.gradient, found.inside), ("sqrt", true, false));
/// assert_eq!(found.parameter, Some(weight.id())); // of which it was computed
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Watch {
    keeps: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    first: Option<Sighting>,
    /// For each operation that is alive, the parameter that was used last on the way to it.
    origins: BTreeMap<u64, ParamId>,
    results: Vec<Observed>,
}

/// An operation that a [`Watch`] has seen, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// The name of the operation.
    pub op: &'static str,
    /// A parameter that it takes; or else the one that was used last on the way to it, if there was one.
    pub parameter: Option<ParamId>,
    /// Whether it takes the parameter itself.
    pub inside: bool,
    /// Whether it is its gradient that was not finite, not its result.
    pub gradient: bool,
}

/// The result of an operation, as a [`Watch::keeping`] keeps it.
#[derive(Debug, Clone)]
pub struct Observed {
    /// The operation.
    pub operation: Sighting,
    /// What it was given first, such as the input of a layer.
    pub input: Option<Tensor>,
    /// What it returned.
    pub output: Tensor,
}

impl Watch {
    /// A watch that keeps every result, for [`Watch::take_results`].
    pub fn keeping() -> Watch {
        Watch { keeps: true, ..Watch::default() }
    }

    /// The first operation whose result or gradient was not finite, if there was one.
    pub fn first(&self) -> Option<Sighting> {
        self.state().first
    }

    /// The results of all operations since it was asked last, in order; none unless it keeps them.
    pub fn take_results(&self) -> Vec<Observed> {
        std::mem::take(&mut self.state().results)
    }

    /// An operation was recorded as the node of this id.
    #[cold]
    pub(crate) fn recorded(&self, op: &'static str, inputs: &[&Var], output: &Tensor, id: u64) {
        let mut state = self.state();
        let own = inputs.iter().find_map(|input| input.param_id());
        let before = || {
            let nodes = inputs.iter().filter_map(|input| Some(input.node()?.id()));
            let origins = nodes.filter_map(|id| Some((id, *state.origins.get(&id)?)));
            origins.max_by_key(|&(id, _)| id).map(|(_, parameter)| parameter)
        };
        let operation =
            Sighting { op, parameter: own.or_else(before), inside: own.is_some(), gradient: false };
        if let Some(parameter) = operation.parameter {
            state.origins.insert(id, parameter);
        }
        if state.first.is_none() && !output.is_finite() {
            state.first = Some(operation);
        }
        if self.keeps {
            let input = inputs.iter().find(|input| input.param_id().is_none());
            let input = input.map(|input| input.value().clone());
            state.results.push(Observed { operation, input, output: output.clone() });
        }
    }

    /// A gradient reaches an operation; says whether the gradients that come out of it are to be looked at.
    #[cold]
    pub(crate) fn reached(&self, node: &Node, inside: bool, gradient: &Tensor) -> bool {
        if self.first().is_some() {
            return false;
        }
        if gradient.is_finite() {
            return true;
        }
        // Finite gradients have met here, and their sum is not finite.
        self.left(node, inside, gradient);
        false
    }

    /// A gradient leaves an operation.
    #[cold]
    pub(crate) fn left(&self, node: &Node, inside: bool, gradient: &Tensor) {
        let mut state = self.state();
        if state.first.is_none() && !gradient.is_finite() {
            let parameter = state.origins.get(&node.id()).copied();
            state.first = Some(Sighting { op: node.op(), parameter, inside, gradient: true });
        }
    }

    /// The node of this id is no more.
    #[cold]
    pub(crate) fn forget(&self, id: u64) {
        self.state().origins.remove(&id);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
