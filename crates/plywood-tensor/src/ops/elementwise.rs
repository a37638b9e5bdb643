//! A function of each element, or of each pair.

use super::broadcast::Broadcast;
use crate::{Array, Element, Result, par, simd};

impl<T: Element> Array<T> {
    /// `f` of each element.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Tensor::from([1.0, -2.0]).map(|x| x * x).as_slice(), [1.0, 4.0]);
    /// ```
    #[must_use]
    pub fn map<U: Element>(&self, f: impl Fn(T) -> U + Sync) -> Array<U> {
        let x = self.as_slice();
        Array::build(*self.shape(), |out| {
            par::chunks(out, par::CHUNK, x.len(), |start, out| {
                let x = &x[start..start + out.len()];
                simd::dispatch(|| {
                    for (out, &x) in out.iter_mut().zip(x) {
                        *out = f(x);
                    }
                });
            });
        })
    }

    /// Replaces each element by `f` of it.
    pub fn map_in_place(&mut self, f: impl Fn(T) -> T + Sync) {
        let x = self.as_mut_slice();
        let steps = x.len();
        par::chunks(x, par::CHUNK, steps, |_, x| {
            simd::dispatch(|| {
                for x in x {
                    *x = f(*x);
                }
            });
        });
    }

    /// `f` of each pair of elements, after both arrays were broadcast to a common shape; `op` names it in errors.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn zip<U: Element, V: Element>(
        &self,
        op: &'static str,
        other: &Array<U>,
        f: impl Fn(T, U) -> V + Sync,
    ) -> Result<Array<V>> {
        let (a, b) = (self.as_slice(), other.as_slice());
        if self.shape() == other.shape() {
            return Ok(Array::build(*self.shape(), |out| {
                par::chunks(out, par::CHUNK, a.len(), |start, out| {
                    let (a, b) = (&a[start..start + out.len()], &b[start..start + out.len()]);
                    pairs(out, a, b, &f);
                });
            }));
        }
        let shape = self.shape().broadcast(op, other.shape())?;
        let plan = Broadcast::new(&shape, [self.shape(), other.shape()]);
        Ok(Array::build(shape, |out| {
            let steps = out.len();
            par::chunks(out, plan.chunk(), steps, |start, out| {
                plan.runs(start, out, |out, [i, j]| match plan.inner_steps() {
                    [1, 1] => pairs(out, &a[i..i + out.len()], &b[j..j + out.len()], &f),
                    [1, _] => with_right(out, &a[i..i + out.len()], b[j], &f),
                    [_, 1] => with_left(out, a[i], &b[j..j + out.len()], &f),
                    _ => out.fill(f(a[i], b[j])),
                });
            });
        }))
    }

    /// Adds up, or otherwise combines in place, an array of the same shape: `x = f(x, y)`.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes differ.
    pub fn combine(
        &mut self,
        op: &'static str,
        other: &Array<T>,
        f: impl Fn(T, T) -> T + Sync,
    ) -> Result<()> {
        if self.shape() != other.shape() {
            let (lhs, rhs) = (*self.shape(), *other.shape());
            return Err(crate::TensorError::Broadcast { op, lhs, rhs }.into());
        }
        let (x, y) = (self.as_mut_slice(), other.as_slice());
        par::chunks(x, par::CHUNK, y.len(), |start, x| {
            let y = &y[start..start + x.len()];
            simd::dispatch(|| {
                for (x, &y) in x.iter_mut().zip(y) {
                    *x = f(*x, y);
                }
            });
        });
        Ok(())
    }
}

#[inline(always)]
fn pairs<T: Element, U: Element, V: Element>(out: &mut [V], a: &[T], b: &[U], f: &impl Fn(T, U) -> V) {
    simd::dispatch(|| {
        for ((out, &a), &b) in out.iter_mut().zip(a).zip(b) {
            *out = f(a, b);
        }
    });
}

#[inline(always)]
fn with_right<T: Element, U: Element, V: Element>(out: &mut [V], a: &[T], b: U, f: &impl Fn(T, U) -> V) {
    simd::dispatch(|| {
        for (out, &a) in out.iter_mut().zip(a) {
            *out = f(a, b);
        }
    });
}

#[inline(always)]
fn with_left<T: Element, U: Element, V: Element>(out: &mut [V], a: T, b: &[U], f: &impl Fn(T, U) -> V) {
    simd::dispatch(|| {
        for (out, &b) in out.iter_mut().zip(b) {
            *out = f(a, b);
        }
    });
}
