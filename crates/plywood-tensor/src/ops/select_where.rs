//! A choice between two arrays, element by element.

use super::broadcast::Broadcast;
use crate::{Array, Element, Result, par, simd};

impl<T: Element> Array<T> {
    /// `a` where the mask is not 0, else `b`; all three broadcast.
    ///
    /// Nothing is computed from the element that is not chosen: a NaN there does no harm. A NaN in the mask chooses `a`.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from([-1.0, 0.0, 4.0]);
    /// let mask = x.greater_equal(&Tensor::from(0.0))?;
    /// assert_eq!(Tensor::select_where(&mask, &x.sqrt(), &Tensor::from(0.0))?.as_slice(), [0.0, 0.0, 2.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    #[doc(alias = "where")]
    pub fn select_where(mask: &Self, a: &Self, b: &Self) -> Result<Self> {
        let op = "select_where";
        if mask.shape() == a.shape() && a.shape() == b.shape() {
            let shape = *mask.shape();
            let (mask, a, b) = (mask.as_slice(), a.as_slice(), b.as_slice());
            return Ok(Array::build(shape, |out| {
                par::chunks(out, par::CHUNK, mask.len(), |start, out| {
                    let part = start..start + out.len();
                    let (mask, a, b) = (&mask[part.clone()], &a[part.clone()], &b[part]);
                    simd::dispatch(|| {
                        for (((out, &mask), &a), &b) in out.iter_mut().zip(mask).zip(a).zip(b) {
                            *out = if mask == T::default() { b } else { a };
                        }
                    });
                });
            }));
        }
        let shape = a.shape().broadcast(op, b.shape())?.broadcast(op, mask.shape())?;
        let plan = Broadcast::new(&shape, [mask.shape(), a.shape(), b.shape()]);
        let (mask, a, b) = (mask.as_slice(), a.as_slice(), b.as_slice());
        Ok(Array::build(shape, |out| {
            let steps = out.len();
            par::chunks(out, plan.chunk(), steps, |start, out| {
                let [mask_step, a_step, b_step] = plan.inner_steps();
                plan.runs(start, out, |out, [i, j, k]| {
                    let part = |x: &[T], from: usize, step: usize| {
                        if step == 1 { from..from + out.len() } else { from..from + x.len().min(1) }
                    };
                    let (m, a, b) =
                        (&mask[part(mask, i, mask_step)], &a[part(a, j, a_step)], &b[part(b, k, b_step)]);
                    // First `a` everywhere, then `b` where the mask is 0.
                    if a_step == 1 {
                        out.copy_from_slice(a)
                    } else {
                        out.fill(a[0])
                    }
                    choose(out, m, b, mask_step == 1, b_step == 1);
                });
            });
        }))
    }
}

/// Overwrites with `b` where the mask is 0; a mask or `b` that does not vary holds one element.
fn choose<T: Element>(out: &mut [T], mask: &[T], b: &[T], mask_varies: bool, b_varies: bool) {
    let zero = T::default();
    match (mask_varies, b_varies) {
        (true, true) => simd::dispatch(|| {
            for ((out, &mask), &b) in out.iter_mut().zip(mask).zip(b) {
                *out = if mask == zero { b } else { *out };
            }
        }),
        (true, false) => simd::dispatch(|| {
            let b = b[0];
            for (out, &mask) in out.iter_mut().zip(mask) {
                *out = if mask == zero { b } else { *out };
            }
        }),
        (false, _) if mask[0] != zero => {}
        (false, true) => out.copy_from_slice(b),
        (false, false) => out.fill(b[0]),
    }
}
