//! The differentiable value.

use crate::graph::node::NodeRef;
use crate::graph::watch::Watch;
use crate::{Param, ParamId};
use plywood_tensor::{Shape, Tensor};
use std::fmt;
use std::sync::Arc;

/// A tensor that remembers how it was computed, if anything it depends on wants a gradient.
///
/// A clone costs nothing. A `Var` without a place in a graph is a *constant*: operations on constants record nothing
/// and run at the speed of the tensors.
#[derive(Clone)]
pub struct Var {
    value: Tensor,
    node: NodeRef,
}

impl Var {
    /// A value that takes part in computations but wants no gradient.
    #[inline]
    pub fn constant(value: Tensor) -> Var {
        Var { value, node: NodeRef::NONE }
    }

    /// A value whose gradient can be asked for with [`grad`](crate::grad), such as an input of the network.
    pub fn variable(value: Tensor) -> Var {
        Var { value, node: NodeRef::leaf(None, None) }
    }

    /// The value of a parameter, whose gradient [`Var::backward`] will report; a constant if it is frozen.
    pub fn parameter(param: &Param) -> Var {
        Var::watched_parameter(param, None)
    }

    /// A parameter as a leaf whose descendants report to `watch`, even if it is frozen; without a watch, as
    /// [`Var::parameter`].
    pub fn watched_parameter(param: &Param, watch: Option<Arc<Watch>>) -> Var {
        let enters = param.is_trainable() || watch.is_some();
        let node = if enters { NodeRef::leaf(Some(param.id()), watch) } else { NodeRef::NONE };
        Var { value: param.value().clone(), node }
    }

    /// A [`Var::variable`] whose descendants report to `watch`.
    pub fn watched_variable(value: Tensor, watch: Arc<Watch>) -> Var {
        Var { value, node: NodeRef::leaf(None, Some(watch)) }
    }

    #[inline]
    pub(crate) fn with_node(value: Tensor, node: NodeRef) -> Var {
        Var { value, node }
    }

    pub(crate) fn set_node(&mut self, node: NodeRef) {
        self.node = node;
    }

    #[inline]
    pub(crate) fn node(&self) -> Option<&NodeRef> {
        self.node.as_some()
    }

    /// The numbers.
    #[inline]
    pub fn value(&self) -> &Tensor {
        &self.value
    }

    pub(crate) fn value_mut(&mut self) -> &mut Tensor {
        &mut self.value
    }

    /// The numbers, without the graph.
    #[inline]
    pub fn into_value(self) -> Tensor {
        self.value
    }

    /// The sizes along each axis.
    #[inline]
    pub fn shape(&self) -> &Shape {
        self.value.shape()
    }

    /// The same value as a constant: gradients end here.
    #[must_use]
    pub fn detach(&self) -> Var {
        Var::constant(self.value.clone())
    }

    /// Whether the value has a place in a graph, so that gradients flow through it.
    #[inline]
    pub fn is_recorded(&self) -> bool {
        self.node().is_some()
    }

    /// The parameter that this is the leaf of.
    pub(crate) fn param_id(&self) -> Option<ParamId> {
        self.node().and_then(|node| node.param())
    }
}

impl From<Tensor> for Var {
    fn from(value: Tensor) -> Var {
        Var::constant(value)
    }
}

impl fmt::Debug for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.node() {
            Some(node) => write!(f, "{} {:?}", node.op(), self.value),
            None => write!(f, "constant {:?}", self.value),
        }
    }
}
