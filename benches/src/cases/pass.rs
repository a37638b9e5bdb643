//! A forward pass and the way back.

use plywood::autograd::{Keep, grad};
use plywood::prelude::*;

/// Computes `f` of recorded `inputs` and, for the given gradient of its result, those of the inputs: nothing else is done.
pub(super) fn both<const N: usize>(
    inputs: [&Tensor; N],
    gradient: &Tensor,
    f: impl Fn([&Var; N]) -> Result<Var>,
) -> Result<()> {
    let variables: [Var; N] = inputs.map(|x| Var::variable(x.clone()));
    let references: [&Var; N] = std::array::from_fn(|i| &variables[i]);
    let y = f(references)?;
    // An operation of our own that turns the result into a number at no cost and hands back the gradient it was given.
    let given = gradient.clone();
    let end = Var::record("given", Keep::Nothing, [&y], Tensor::from(0.0), move |[y], _, _| {
        [y.wants(|| Ok(Var::constant(given.clone())))]
    });
    drop(y);
    std::hint::black_box(grad(&end, &references, false)?);
    Ok(())
}
