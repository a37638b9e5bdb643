//! Linear maps of images and their gradients, which are linear maps too.

use crate::{Keep, Var};
use plywood_tensor::{Resample, Result};

/// The images that `map` makes of `x`; their gradient goes back by the transposed map.
pub(super) fn resample(op: &'static str, x: &Var, map: Resample) -> Result<Var> {
    let y = map.apply(x.value())?;
    Ok(Var::record(op, Keep::Nothing, [x], y, move |[x], _, g| {
        [x.wants(|| resample(op, &g, map.transposed()))]
    }))
}
