//! Gradients with respect to chosen values, differentiable again if wanted.

use super::node::NodeRef;
use super::record::{Gradient, Keep, Saved};
use super::walk::{Mode, walk};
use crate::{AutogradError, Var};
use plywood_tensor::{Result, TensorError};
use std::collections::{BTreeMap, BTreeSet};

/// The gradient of a single number `y` with respect to each of `xs`.
///
/// With `create_graph` the graph stays and the gradients have their place in it, so that they can be differentiated again;
/// without, the graph is freed. An `x` is a [`Var::variable`], the leaf of a parameter, or any recorded value on the way.
///
/// ```
/// use plywood_autograd::{Var, grad};
/// use plywood_tensor::Tensor;
///
/// let x = Var::variable(Tensor::from([1.0, 2.0]));
/// let y = x.mul(&x)?.sum();
/// assert_eq!(grad(&y, &[&x], false)?[0].value().as_slice(), [2.0, 4.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`AutogradError::NotScalar`] for more than one number, [`AutogradError::Constant`] and
/// [`AutogradError::ConstantInput`] where nothing was recorded, [`AutogradError::Unused`] for an `x` that `y` does not
/// depend on, [`AutogradError::Walked`] if a part of the graph was freed by an earlier walk.
pub fn grad(y: &Var, xs: &[&Var], create_graph: bool) -> Result<Vec<Var>> {
    if y.value().numel() != 1 {
        return Err(AutogradError::NotScalar { op: "grad", shape: *y.shape() }.into());
    }
    let one = Var::constant(y.value().full_like(1.0));
    let gradients = collect(y, xs, one, if create_graph { Mode::Record } else { Mode::Free }, Beyond::Look)?;
    let found = gradients.into_iter().enumerate();
    found.map(|(index, gradient)| gradient.ok_or_else(|| AutogradError::Unused { index }.into())).collect()
}

/// The gradients of `⟨definition(inputs), gradient⟩` with respect to each input, recorded: the higher derivatives of
/// an operation that has a kernel for its first.
pub fn pull<const N: usize>(
    definition: &dyn Fn([&Var; N]) -> Result<Var>,
    inputs: [&Saved; N],
    gradient: &Var,
) -> [Gradient; N] {
    // An input may itself depend on another one. Walking to copies of the inputs counts only the paths inside the
    // definition.
    let aliases: [Var; N] = std::array::from_fn(|i| alias(inputs[i]));
    let wanted: Vec<&Var> = aliases.iter().filter(|alias| alias.is_recorded()).collect();
    let walked = definition(std::array::from_fn(|i| &aliases[i]))
        .and_then(|y| collect(&y, &wanted, gradient.clone(), Mode::Record, Beyond::Stop));
    match walked {
        Ok(found) => {
            let mut found = found.into_iter();
            std::array::from_fn(|i| {
                let gradient = aliases[i].is_recorded().then(|| found.next().flatten()).flatten();
                inputs[i]
                    .wants(|| Ok(gradient.unwrap_or_else(|| Var::constant(inputs[i].value().zeros_like()))))
            })
        }
        Err(error) => {
            let mut error = Some(error);
            std::array::from_fn(|_| error.take().map(Err))
        }
    }
}

fn alias(x: &Var) -> Var {
    Var::record("alias", Keep::Nothing, [x], x.value().clone(), |[x], _, g| [x.wants(|| Ok(g))])
}

/// Whether a value that a gradient is wanted for may depend on another one.
#[derive(Clone, Copy, PartialEq)]
enum Beyond {
    /// It may: the search goes on behind it.
    Look,
    /// It does not, as aliases do not. Without this the cost of a chain of fused operations would grow with its square.
    Stop,
}

/// Walks from `y` with a given gradient and collects what arrives at each of `xs`.
fn collect(y: &Var, xs: &[&Var], gradient: Var, mode: Mode, beyond: Beyond) -> Result<Vec<Option<Var>>> {
    let root = y.node().ok_or(AutogradError::Constant { op: "grad" })?;
    if gradient.shape() != y.shape() {
        return Err(TensorError::Broadcast { op: "grad", lhs: *y.shape(), rhs: *gradient.shape() }.into());
    }
    // One parameter may have several leaves: all of them count.
    let mut params = BTreeMap::new();
    let mut nodes = BTreeMap::new();
    for (index, x) in xs.iter().enumerate() {
        let node = x.node().ok_or(AutogradError::ConstantInput { index })?;
        match x.param_id() {
            Some(id) => params.insert(id, index),
            None => nodes.insert(node.id(), index),
        };
    }
    let target = |node: &NodeRef| match node.param() {
        Some(id) => params.get(&id),
        None => nodes.get(&node.id()),
    };
    let wanted = leading_to(root, |node| target(node).is_some(), beyond);
    let mut found: Vec<Option<Var>> = vec![None; xs.len()];
    walk(
        "grad",
        root,
        gradient,
        mode,
        Some(&wanted),
        |node| target(node).is_some(),
        |node, gradient| {
            if let Some(&index) = target(node) {
                found[index] = Some(match found[index].take() {
                    Some(sum) => sum.add(&gradient)?,
                    None => gradient,
                });
            }
            Ok(())
        },
    )?;
    // The same value given twice has one gradient, which both shall get.
    for index in 0..xs.len() {
        if let Some(&first) = xs[index].node().and_then(target)
            && first != index
        {
            found[index] = found[first].clone();
        }
    }
    Ok(found)
}

/// The ids of all nodes from which a target is reached: the others need no gradient.
fn leading_to(root: &NodeRef, is_target: impl Fn(&NodeRef) -> bool, beyond: Beyond) -> BTreeSet<u64> {
    let mut nodes: BTreeMap<u64, (bool, Vec<u64>)> = BTreeMap::new();
    let mut open = vec![root.clone()];
    while let Some(node) = open.pop() {
        if nodes.contains_key(&node.id()) {
            continue;
        }
        let mut parents = Vec::new();
        let ends = beyond == Beyond::Stop && is_target(&node);
        let contents = node.contents();
        let freed = !node.is_leaf() && contents.is_walked();
        if !ends {
            for parent in contents.inputs.iter().filter_map(|saved| saved.parent.as_some()) {
                parents.push(parent.id());
                open.push(parent.clone());
            }
        }
        drop(contents);
        // Nobody knows what lay behind a freed node. The walk shall reach it and say so.
        let leads = freed || is_target(&node);
        nodes.insert(node.id(), (leads, parents));
    }
    let mut leading = BTreeSet::new();
    // In the order of ids a node comes after those it depends on.
    for (id, (leads, parents)) in nodes {
        if leads || parents.iter().any(|parent| leading.contains(parent)) {
            leading.insert(id);
        }
    }
    leading
}
