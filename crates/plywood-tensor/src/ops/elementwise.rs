//! A function of each element, or of each pair.

use super::broadcast::Broadcast;
use super::kernels::{Combined, CombinedRows, Each, Pairs};
use crate::{Array, Element, Result, par, simd};

/// How many elements of an array that is stretched are written down at a time.
const BLOCK: usize = 256;

impl<T: Element> Array<T> {
    /// `f` of each element.
    ///
    /// A short closure runs in full vectors; for a long function see [`Array::map_pieces`].
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Tensor::from([1.0, -2.0]).map(|x| x * x).as_slice(), [1.0, 4.0]);
    /// ```
    #[must_use]
    pub fn map<U: Element>(&self, f: impl Fn(T) -> U + Sync) -> Array<U> {
        self.map_pieces(&|out, x| simd::run(Each { out, x, f: &f }))
    }

    /// An array of the same shape that `work` fills, piece by piece from the same piece of this one.
    ///
    /// Pieces are given to several threads. Inside, a [`simd::Kernel`] runs in full vectors however long it is.
    ///
    /// ```
    /// # use plywood_tensor::{Elem, Tensor, math, simd};
    /// struct Decay<'a>(&'a mut [Elem], &'a [Elem]);
    ///
    /// impl simd::Kernel for Decay<'_> {
    ///     type Output = ();
    ///     #[inline(always)]
    ///     fn run(self) {
    ///         for (y, &x) in self.0.iter_mut().zip(self.1) {
    ///             *y = math::exp(-x * x);
    ///         }
    ///     }
    /// }
    ///
    /// let y = Tensor::from([0.0, 30.0]).map_pieces(&|y, x| simd::run(Decay(y, x)));
    /// assert_eq!(y.as_slice(), [1.0, 0.0]);
    /// ```
    #[must_use]
    pub fn map_pieces<U: Element>(&self, work: &(dyn Fn(&mut [U], &[T]) + Sync)) -> Array<U> {
        let x = self.as_slice();
        Array::build(*self.shape(), |out| {
            par::chunks(out, par::CHUNK, x.len(), |start, out| work(out, &x[start..start + out.len()]));
        })
    }

    /// Replaces each element by `f` of it.
    pub fn map_in_place(&mut self, f: impl Fn(T) -> T + Sync) {
        self.rewrite(par::CHUNK, &|_, x| {
            simd::dispatch(|| {
                for x in x {
                    *x = f(*x);
                }
            });
        });
    }

    /// Calls `work(start, piece)` for every piece of `chunk` elements, which it changes in place.
    ///
    /// Where others share the memory, each piece is copied just before: it is still in a near cache when `work` reads it, as
    /// it would not be after a copy of the whole.
    fn rewrite(&mut self, chunk: usize, work: &(dyn Fn(usize, &mut [T]) + Sync)) {
        let steps = self.numel();
        match self.unshared() {
            Some(x) => par::chunks(x, chunk, steps, work),
            None => {
                let from = self.as_slice();
                let copy = Array::build(*self.shape(), |out| {
                    par::chunks(out, chunk, steps, |start, piece| {
                        piece.copy_from_slice(&from[start..start + piece.len()]);
                        work(start, piece);
                    });
                });
                *self = copy;
            }
        }
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
        self.zip_pieces(op, other, &|out, a, b| simd::run(Pairs { out, a, b, f: &f }))
    }

    /// As [`Array::zip`], where `work` fills the result piece by piece from pieces of both that are as long.
    ///
    /// # Errors
    /// As [`Array::zip`].
    #[allow(clippy::type_complexity)] // slices in, slices out: a name for it would say less
    pub fn zip_pieces<U: Element, V: Element>(
        &self,
        op: &'static str,
        other: &Array<U>,
        work: &(dyn Fn(&mut [V], &[T], &[U]) + Sync),
    ) -> Result<Array<V>> {
        let (a, b) = (self.as_slice(), other.as_slice());
        if self.shape() == other.shape() {
            return Ok(Array::build(*self.shape(), |out| {
                par::chunks(out, par::CHUNK, a.len(), |start, out| {
                    let part = start..start + out.len();
                    work(out, &a[part.clone()], &b[part]);
                });
            }));
        }
        let shape = self.shape().broadcast(op, other.shape())?;
        let plan = Broadcast::new(&shape, [self.shape(), other.shape()]);
        Ok(Array::build(shape, |out| {
            let steps = out.len();
            par::chunks(out, plan.chunk(), steps, |start, out| {
                if plan.run() < BLOCK {
                    short_runs(&plan, start, out, a, b, work)
                } else {
                    long_runs(&plan, start, out, a, b, work)
                }
            });
        }))
    }

    /// Two arrays that `work` fills in one pass, piece by piece from the same pieces of this array and another.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if the shapes differ: nothing is stretched here.
    #[allow(clippy::type_complexity)] // slices in, slices out: a name for it would say less
    pub fn zip_to_two<U: Element, V: Element, W: Element>(
        &self,
        op: &'static str,
        other: &Array<U>,
        work: &(dyn Fn(&mut [V], &mut [W], &[T], &[U]) + Sync),
    ) -> Result<(Array<V>, Array<W>)> {
        if self.shape() != other.shape() {
            let (lhs, rhs) = (*self.shape(), *other.shape());
            return Err(crate::TensorError::Broadcast { op, lhs, rhs }.into());
        }
        let (a, b) = (self.as_slice(), other.as_slice());
        let mut second = Array::build(*self.shape(), |_| ());
        let second_out = second.as_mut_slice();
        let first = Array::build(*self.shape(), |first| {
            par::chunks_of_two((first, second_out), par::CHUNK, |start, first, second| {
                let part = start..start + first.len();
                work(first, second, &a[part.clone()], &b[part]);
            });
        });
        Ok((first, second))
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
        self.combine_pieces(op, other, &|x, y| simd::run(Combined { x, y, f: &f }))
    }

    /// As [`Array::combine`], where `work` rewrites this array piece by piece, beside the same piece of the other.
    ///
    /// # Errors
    /// As [`Array::combine`].
    pub fn combine_pieces<U: Element>(
        &mut self,
        op: &'static str,
        other: &Array<U>,
        work: &(dyn Fn(&mut [T], &[U]) + Sync),
    ) -> Result<()> {
        if self.shape() != other.shape() {
            let (lhs, rhs) = (*self.shape(), *other.shape());
            return Err(crate::TensorError::Broadcast { op, lhs, rhs }.into());
        }
        let y = other.as_slice();
        self.rewrite(par::CHUNK, &|start, x| work(x, &y[start..start + x.len()]));
        Ok(())
    }

    /// Combines every row with the same one in place: `x[.., j] = f(x[.., j], row[j])`.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`](crate::TensorError::Broadcast) if `row` is not as long as the last axis.
    pub fn combine_rows(
        &mut self,
        op: &'static str,
        row: &Array<T>,
        f: impl Fn(T, T) -> T + Sync,
    ) -> Result<()> {
        let width = row.numel();
        if row.shape().rank() != 1 || self.shape().last() != Some(&width) {
            let (lhs, rhs) = (*self.shape(), *row.shape());
            return Err(crate::TensorError::Broadcast { op, lhs, rhs }.into());
        }
        let row = row.as_slice();
        self.rewrite((par::CHUNK / width.max(1)).max(1) * width, &|_, x| {
            simd::run(CombinedRows { x, row, f: &f });
        });
        Ok(())
    }
}

type Work<'a, T, U, V> = &'a (dyn Fn(&mut [V], &[T], &[U]) + Sync);

/// A piece of the output whose runs are long: an input that stays in place along them is written down once for each.
fn long_runs<T: Element, U: Element, V: Element>(
    plan: &Broadcast<2>,
    start: usize,
    out: &mut [V],
    a: &[T],
    b: &[U],
    work: Work<'_, T, U, V>,
) {
    let [along_a, along_b] = plan.inner_steps().map(|step| step == 1);
    let (mut same_a, mut same_b) = ([T::default(); BLOCK], [U::default(); BLOCK]);
    plan.runs(start, out, |out, [i, j]| {
        if along_a && along_b {
            return work(out, &a[i..i + out.len()], &b[j..j + out.len()]);
        }
        if !along_a {
            same_a.fill(a[i]);
        }
        if !along_b {
            same_b.fill(b[j]);
        }
        for (block, out) in out.chunks_mut(BLOCK).enumerate() {
            let (at, count) = (block * BLOCK, out.len());
            let a = if along_a { &a[i + at..][..count] } else { &same_a[..count] };
            let b = if along_b { &b[j + at..][..count] } else { &same_b[..count] };
            work(out, a, b);
        }
    });
}

/// A piece of the output whose runs are short: inputs are written down as the output sees them, some runs at a time.
fn short_runs<T: Element, U: Element, V: Element>(
    plan: &Broadcast<2>,
    start: usize,
    out: &mut [V],
    a: &[T],
    b: &[U],
    work: Work<'_, T, U, V>,
) {
    let [moves_a, moves_b] = [plan.is_whole(0), plan.is_whole(1)];
    let [varies_a, varies_b] = [plan.varies(0), plan.varies(1)];
    let (mut seen_a, mut seen_b) = ([T::default(); BLOCK], [U::default(); BLOCK]);
    let size = BLOCK / plan.run() * plan.run();
    for (block, out) in out.chunks_mut(size).enumerate() {
        let (start, count) = (start + block * size, out.len());
        // What is the same in every run was written down with the first ones.
        if !moves_a && (varies_a || block == 0) {
            plan.read(0, start, &mut seen_a[..count], a);
        }
        if !moves_b && (varies_b || block == 0) {
            plan.read(1, start, &mut seen_b[..count], b);
        }
        let a = if moves_a { &a[start..start + count] } else { &seen_a[..count] };
        let b = if moves_b { &b[start..start + count] } else { &seen_b[..count] };
        work(out, a, b);
    }
}
