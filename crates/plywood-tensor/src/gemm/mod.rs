//! Products of matrices.
//!
//! [`Product`] says which; [`engine`] holds the micro-kernels of each instruction set; [`piece`] walks through a part of the
//! result; [`dot`] serves products with few rows or few columns.

mod dot;
mod engine;
mod micro;
mod pack;
mod piece;
mod split;
#[cfg(test)]
mod tests;
mod tiles;

pub(crate) use engine::{Engine, HasEngine};
pub(crate) use micro::Call;
pub(crate) use split::{balanced, part};

use crate::Float;
use crate::par::Shared;
use crate::simd::Isa;
use piece::Piece;

/// A product of two dense matrices, `C = A B`, of sizes `[m, n, k]`.
#[derive(Clone, Copy)]
pub(crate) struct Product<'a, T> {
    /// Rows of C, columns of C, and what is summed over.
    pub(crate) size: [usize; 3],
    /// `[m, k]`, or `[k, m]` if it is to be read as its transpose.
    pub(crate) a: &'a [T],
    pub(crate) a_transposed: bool,
    /// `[k, n]`, or `[n, k]` if it is to be read as its transpose.
    pub(crate) b: &'a [T],
    pub(crate) b_transposed: bool,
    /// Added to each row, `[n]`.
    pub(crate) bias: Option<&'a [T]>,
    /// Whether numbers below 0 become 0, after the bias.
    pub(crate) rectify: bool,
}

impl<T: Float> Product<'_, T> {
    /// Writes the product to `c`, `[m, n]`, on several threads if it is large.
    pub(crate) fn write(&self, c: &mut [T]) {
        let [m, n, k] = self.size;
        assert!(c.len() == m * n && self.a.len() == m * k && self.b.len() == k * n);
        assert!(self.bias.is_none_or(|bias| bias.len() == n));
        if c.is_empty() {
            return;
        }
        if k == 0 {
            return self.write_empty_sums(c);
        }
        if dot::suits(self) {
            return dot::write(self, c);
        }
        let engine = T::engine(Isa::current());
        let (piece, to) = (Piece { product: self, engine }, Shared::new(c));
        let gathered = [self.a_transposed, true];
        split::each_piece(self.size, gathered, |rows, columns| {
            // SAFETY: the lengths were checked above, the pieces lie inside the result and do not overlap, and the engine
            // is one of an instruction set that this thread may use.
            unsafe { piece.write(rows, columns, to.first()) }
        });
    }

    /// Writes what sums of nothing become.
    fn write_empty_sums(&self, c: &mut [T]) {
        for row in c.chunks_exact_mut(self.size[1]) {
            for (j, y) in row.iter_mut().enumerate() {
                let sum = self.bias.map_or(T::ZERO, |bias| T::ZERO + bias[j]);
                *y = if self.rectify && sum < T::ZERO { T::ZERO } else { sum };
            }
        }
    }
}
