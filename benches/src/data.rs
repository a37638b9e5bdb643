//! Numbers to compute with.

use plywood::prelude::*;

/// Drawn once, then repeated: filling hundreds of megabytes with fresh random numbers would take longer than measuring.
const DRAWN: usize = 1 << 16;

/// A tensor of normal random numbers that repeat after 65,536.
pub(crate) fn normal(shape: impl plywood::tensor::IntoShape, seed: u64) -> Result<Tensor> {
    let mut x = Tensor::zeros(shape)?;
    let count = x.numel();
    let (numbers, drawn) = (x.as_mut_slice(), count.min(DRAWN));
    Seed(seed).stream().fill_normal(&mut numbers[..drawn]);
    for start in (drawn..count).step_by(DRAWN) {
        let end = (start + DRAWN).min(count);
        numbers.copy_within(0..end - start, start);
    }
    Ok(x)
}
