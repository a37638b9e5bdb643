//! Many elements that become one, in an order that only their number decides.

use crate::simd::{self, Kernel};
use crate::{Float, par};

/// Elements of a run that are combined lane by lane: short chains keep rounding small.
pub(super) const BLOCK: usize = 1024;
/// Rows that are combined one by one before their result is combined with others.
pub(super) const ROWS: usize = 128;
/// Independent chains within a block: they fill the vectors.
const LANES: usize = 32;
/// Chains within runs of less than [`MANY`] elements, where it would take longer to combine the lanes than the elements.
const FEW_LANES: usize = 8;
const MANY: usize = 256;

/// `combine` of what `each` makes of the elements, from `start` on: `Σ x`, `Σ x²`, the largest.
pub(super) struct Fold<T, E, C> {
    pub(super) start: T,
    pub(super) each: E,
    pub(super) combine: C,
}

impl<T: Float, E: Fn(T) -> T + Sync, C: Fn(T, T) -> T + Sync> Fold<T, E, C> {
    /// The same for what was folded before, and is to be folded again.
    pub(super) fn again(&self) -> Fold<T, impl Fn(T) -> T + Sync, &C> {
        Fold { start: self.start, each: |x| x, combine: &self.combine }
    }

    /// All elements, on several threads.
    pub(super) fn all(&self, x: &[T]) -> T {
        let blocks = x.len().div_ceil(par::CHUNK);
        if blocks <= 1 {
            return self.run(x);
        }
        let partial =
            par::map(blocks, x.len(), |i| self.run(&x[i * par::CHUNK..x.len().min((i + 1) * par::CHUNK)]));
        self.again().run(&partial)
    }

    /// Neighbouring elements: halves of halves down to blocks, so that rounding grows with the logarithm.
    pub(super) fn run(&self, x: &[T]) -> T {
        if x.len() <= BLOCK {
            return simd::run(Block { x, fold: self });
        }
        let (left, right) = x.split_at((x.len() / 2).next_multiple_of(BLOCK));
        (self.combine)(self.run(left), self.run(right))
    }

    /// Each run of `size` neighbouring elements, one after the other.
    pub(super) fn runs(&self, out: &mut [T], x: &[T], size: usize) {
        if size == 0 {
            out.fill(self.start);
        } else if size <= BLOCK {
            simd::run(Runs { out, x, size, fold: self });
        } else {
            for (out, run) in out.iter_mut().zip(x.chunks_exact(size)) {
                *out = self.run(run);
            }
        }
    }

    /// A run of at most [`BLOCK`] elements.
    #[inline(always)]
    pub(super) fn block(&self, x: &[T]) -> T {
        if x.len() >= MANY {
            self.lanes::<LANES>(x)
        } else if x.len() >= FEW_LANES {
            self.lanes::<FEW_LANES>(x)
        } else {
            x.iter().fold(self.start, |all, &x| (self.combine)(all, (self.each)(x)))
        }
    }

    #[inline(always)]
    fn lanes<const L: usize>(&self, x: &[T]) -> T {
        let mut lanes = [self.start; L];
        let mut pieces = x.chunks_exact(L);
        for piece in &mut pieces {
            for (lane, &x) in lanes.iter_mut().zip(piece) {
                *lane = (self.combine)(*lane, (self.each)(x));
            }
        }
        for (lane, &x) in lanes.iter_mut().zip(pieces.remainder()) {
            *lane = (self.combine)(*lane, (self.each)(x));
        }
        let mut half = L / 2;
        while half > 0 {
            for i in 0..half {
                lanes[i] = (self.combine)(lanes[i], lanes[i + half]);
            }
            half /= 2;
        }
        lanes[0]
    }

    /// Groups of `size` rows, block by block of [`ROWS`] rows: `out` has one row for each block of each group.
    pub(super) fn blocks(&self, out: &mut [T], x: &[T], size: usize, inner: usize) {
        let blocks = size.div_ceil(ROWS).max(1);
        // A piece is some whole rows of the result, or a part of a long one.
        let columns = par::CHUNK / size.clamp(1, ROWS);
        let chunk = if columns > inner { columns / inner.max(1) * inner } else { columns };
        par::chunks(out, chunk, x.len(), |begin, out| {
            let mut position = begin;
            let mut rest = out;
            while !rest.is_empty() {
                let (row, column) = (position / inner, position % inner);
                let (piece, later) = rest.split_at_mut(rest.len().min(inner - column));
                let (group, block) = (row / blocks, row % blocks);
                let (first, last) =
                    (group * size + block * ROWS, group * size + size.min((block + 1) * ROWS));
                let rows = &x[first * inner..last * inner];
                position += piece.len();
                if inner <= LANES / 2 && rows.len() >= 4 * LANES {
                    self.narrow(piece, rows);
                } else {
                    self.columns(piece, rows, inner, column);
                }
                rest = later;
            }
        });
    }

    /// The columns `column..` of rows of length `inner`, as many as `out` is long.
    fn columns(&self, out: &mut [T], rows: &[T], inner: usize, column: usize) {
        simd::dispatch(|| {
            let end = column + out.len();
            out.fill(self.start);
            for row in rows.chunks_exact(inner) {
                for (out, &x) in out.iter_mut().zip(&row[column..end]) {
                    *out = (self.combine)(*out, (self.each)(x));
                }
            }
        });
    }

    /// Rows that are shorter than a vector, several side by side.
    fn narrow(&self, out: &mut [T], rows: &[T]) {
        let inner = out.len();
        let width = LANES / inner * inner;
        simd::dispatch(|| {
            let mut lanes = [self.start; LANES];
            for piece in rows.chunks(width) {
                for (lane, &x) in lanes.iter_mut().zip(piece) {
                    *lane = (self.combine)(*lane, (self.each)(x));
                }
            }
            out.fill(self.start);
            for lanes in lanes[..width].chunks(inner) {
                for (out, &lane) in out.iter_mut().zip(lanes) {
                    *out = (self.combine)(*out, lane);
                }
            }
        });
    }
}

struct Block<'a, T, E, C> {
    x: &'a [T],
    fold: &'a Fold<T, E, C>,
}

impl<T: Float, E: Fn(T) -> T + Sync, C: Fn(T, T) -> T + Sync> Kernel for Block<'_, T, E, C> {
    type Output = T;
    #[inline(always)]
    fn run(self) -> T {
        self.fold.block(self.x)
    }
}

struct Runs<'a, T, E, C> {
    out: &'a mut [T],
    x: &'a [T],
    size: usize,
    fold: &'a Fold<T, E, C>,
}

impl<T: Float, E: Fn(T) -> T + Sync, C: Fn(T, T) -> T + Sync> Kernel for Runs<'_, T, E, C> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for (out, run) in self.out.iter_mut().zip(self.x.chunks_exact(self.size)) {
            *out = self.fold.block(run);
        }
    }
}
