//! How arrays of smaller shapes are read as if they had a larger one.

use crate::{Array, Element, Float, IntoShape, MAX_RANK, Result, Shape, TensorError, par};

/// The plan of a walk over an output shape and the `N` inputs that broadcast to it.
///
/// Neighbouring axes that all inputs step through alike are merged. What is left of the last axis is a *run*: along it
/// each input steps by 1 or stays in place.
pub(super) struct Broadcast<const N: usize> {
    rank: usize,
    dims: [usize; MAX_RANK],
    steps: [[usize; MAX_RANK]; N],
}

impl<const N: usize> Broadcast<N> {
    /// `shape` must be one that all `inputs` broadcast to.
    pub(super) fn new(shape: &Shape, inputs: [&Shape; N]) -> Self {
        let full = inputs.map(|input| broadcast_strides(input, shape));
        let mut plan = Broadcast { rank: 0, dims: [1; MAX_RANK], steps: [[0; MAX_RANK]; N] };
        for axis in 0..shape.rank() {
            if shape[axis] == 1 {
                continue;
            }
            let last = plan.rank.wrapping_sub(1);
            let merges = plan.rank > 0 && (0..N).all(|k| plan.steps[k][last] == full[k][axis] * shape[axis]);
            if !merges {
                plan.rank += 1;
            }
            let at = plan.rank - 1;
            plan.dims[at] = if merges { plan.dims[at] * shape[axis] } else { shape[axis] };
            for k in 0..N {
                plan.steps[k][at] = full[k][axis];
            }
        }
        plan.rank = plan.rank.max(1);
        plan
    }

    /// How long a run is.
    pub(super) fn run(&self) -> usize {
        self.dims[self.rank - 1]
    }

    /// Whether input `k` lies in memory as the output does: nothing of it is stretched.
    pub(super) fn is_whole(&self, k: usize) -> bool {
        let mut step = 1;
        (0..self.rank).rev().all(|axis| {
            let whole = self.steps[k][axis] == step;
            step *= self.dims[axis];
            whole
        })
    }

    /// Whether input `k` differs between runs.
    pub(super) fn varies(&self, k: usize) -> bool {
        self.steps[k][..self.rank - 1].iter().any(|&step| step != 0)
    }

    /// Writes down input `k` as the output sees it from element `start` on.
    pub(super) fn read<T: Element>(&self, k: usize, start: usize, out: &mut [T], x: &[T]) {
        let along = self.inner_steps()[k] == 1;
        self.runs(start, out, |out, at| {
            let from = at[k];
            if along { out.copy_from_slice(&x[from..from + out.len()]) } else { out.fill(x[from]) }
        });
    }

    /// How each input steps along a run: by 1, or by 0.
    pub(super) fn inner_steps(&self) -> [usize; N] {
        std::array::from_fn(|k| self.steps[k][self.rank - 1])
    }

    /// How many elements of the output to hand to a thread: whole runs, or parts of a long one.
    pub(super) fn chunk(&self) -> usize {
        let run = self.run().max(1);
        if run >= par::CHUNK { par::CHUNK } else { par::CHUNK / run * run }
    }

    /// Calls `f` for each run, or part of one, in a piece of the output that begins at element `start`,
    /// with the position of its first element in each input.
    pub(super) fn runs<V>(&self, start: usize, out: &mut [V], mut f: impl FnMut(&mut [V], [usize; N])) {
        if out.is_empty() {
            return;
        }
        let run = self.run();
        let (mut outer, mut along) = (start / run, start % run);
        let mut index = [0; MAX_RANK];
        let mut offsets = [0; N];
        for axis in (0..self.rank - 1).rev() {
            index[axis] = outer % self.dims[axis];
            outer /= self.dims[axis];
            for k in 0..N {
                offsets[k] += index[axis] * self.steps[k][axis];
            }
        }
        let mut rest = out;
        loop {
            let (piece, later) = rest.split_at_mut(rest.len().min(run - along));
            f(piece, std::array::from_fn(|k| offsets[k] + along * self.steps[k][self.rank - 1]));
            if later.is_empty() {
                return;
            }
            rest = later;
            along = 0;
            // The next run: like an odometer, without a division.
            for axis in (0..self.rank - 1).rev() {
                index[axis] += 1;
                if index[axis] < self.dims[axis] {
                    for k in 0..N {
                        offsets[k] += self.steps[k][axis];
                    }
                    break;
                }
                index[axis] = 0;
                for k in 0..N {
                    offsets[k] -= self.steps[k][axis] * (self.dims[axis] - 1);
                }
            }
        }
    }
}

/// Row-major steps of `input` seen as `shape`: 0 along every axis that is stretched.
fn broadcast_strides(input: &Shape, shape: &Shape) -> [usize; MAX_RANK] {
    let own = input.strides();
    let missing = shape.rank() - input.rank();
    let mut strides = [0; MAX_RANK];
    for axis in 0..input.rank() {
        if input[axis] != 1 {
            strides[axis + missing] = own[axis];
        }
    }
    strides
}

impl<T: Element> Array<T> {
    /// The array repeated along missing axes and axes of size 1, until it has this shape.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`] if it does not broadcast to the shape.
    pub fn broadcast_to(&self, shape: impl IntoShape) -> Result<Self> {
        let shape = shape.into_shape()?;
        if *self.shape() == shape {
            return Ok(self.clone());
        }
        if self.shape().broadcast("broadcast_to", &shape)? != shape {
            return Err(TensorError::Broadcast { op: "broadcast_to", lhs: *self.shape(), rhs: shape }.into());
        }
        let x = self.as_slice();
        if let &[x] = x {
            return Ok(Array::filled(shape, x));
        }
        let plan = Broadcast::new(&shape, [self.shape()]);
        Ok(Array::build(shape, |out| {
            let steps = out.len();
            par::chunks(out, plan.chunk(), steps, |start, out| {
                plan.runs(start, out, |out, [i]| match plan.inner_steps() {
                    [1] => out.copy_from_slice(&x[i..i + out.len()]),
                    _ => out.fill(x[i]),
                });
            });
        }))
    }
}

impl<T: Float> Array<T> {
    /// The sum over every axis that broadcasting this shape to the array's would have stretched.
    ///
    /// This is the gradient of [`Array::broadcast_to`].
    ///
    /// # Errors
    /// [`TensorError::Broadcast`] if the shape does not broadcast to the array's.
    pub fn sum_to(&self, shape: impl IntoShape) -> Result<Self> {
        let shape = shape.into_shape()?;
        let own = *self.shape();
        if own == shape {
            return Ok(self.clone());
        }
        if shape.broadcast("sum_to", &own)? != own {
            return Err(TensorError::Broadcast { op: "sum_to", lhs: shape, rhs: own }.into());
        }
        let missing = own.rank() - shape.rank();
        let mut axes = [0; MAX_RANK];
        let mut count = 0;
        for axis in 0..own.rank() {
            if axis < missing || (shape[axis - missing] == 1 && own[axis] != 1) {
                axes[count] = axis as isize;
                count += 1;
            }
        }
        self.sum_axes(&axes[..count], false)?.reshape(shape)
    }
}

#[cfg(test)]
mod tests {
    use crate::Tensor;

    #[test]
    fn sum_to_undoes_broadcasting() {
        let x = Tensor::arange(0.0, 24.0, 1.0).unwrap().reshape([2, 3, 4]).unwrap();
        for (shape, first) in
            [(&[4][..], 60.0), (&[3, 1], 60.0), (&[2, 1, 1], 66.0), (&[], 276.0), (&[2, 3, 4], 0.0)]
        {
            let sum = x.sum_to(shape).unwrap();
            assert_eq!(&**sum.shape(), shape);
            assert_eq!(sum.as_slice()[0], first, "{shape:?}");
        }
    }

    #[test]
    fn runs_cover_every_pattern() {
        let a = Tensor::arange(0.0, 6.0, 1.0).unwrap();
        let (row, column) = (a.reshape([1, 6]).unwrap(), a.reshape([6, 1]).unwrap());
        let table = row.zip("test", &column, |r, c| 10.0 * c + r).unwrap();
        assert_eq!(table.at(&[4, 3]).unwrap(), 43.0);
        let middle = a.reshape([2, 1, 3]).unwrap().broadcast_to([2, 2, 3]).unwrap();
        assert_eq!(middle.as_slice(), [0., 1., 2., 0., 1., 2., 3., 4., 5., 3., 4., 5.]);
        assert_eq!(Tensor::zeros([0, 3]).unwrap().broadcast_to([2, 0, 3]).unwrap().numel(), 0);
    }
}
