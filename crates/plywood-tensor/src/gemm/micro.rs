//! The micro-kernel: a tile of the result that stays in registers while the inner size goes by.

use crate::simd::prefetch;
use crate::simd::vector::Simd;

/// One call of a micro-kernel: sizes and steps, in numbers.
pub(crate) struct Call<T> {
    /// How many runs of products are summed; a product of matrices has one.
    pub(crate) runs: usize,
    /// Where in A each run begins. The runs of B follow each other.
    pub(crate) offsets: *const usize,
    /// How many products are summed in a run.
    pub(crate) depth: usize,
    /// From one row of A to the next, and from one column to the next.
    pub(crate) a_steps: [usize; 2],
    /// From one row of B to the next.
    pub(crate) b_step: usize,
    /// From one row of C to the next.
    pub(crate) c_step: usize,
    /// Lanes in use of the last vector of each row.
    pub(crate) tail: usize,
    /// Whether to add to what is in C.
    pub(crate) accumulate: bool,
    /// What is added to each row at last, or null.
    pub(crate) bias: *const T,
    /// Whether numbers below 0 become 0, at the very last.
    pub(crate) rectify: bool,
}

impl<T> Call<T> {
    /// One run of products and nothing else: from one row to the next of B and C there are `steps`.
    pub(crate) fn product(
        depth: usize,
        a_steps: [usize; 2],
        [b_step, c_step]: [usize; 2],
        tail: usize,
    ) -> Call<T> {
        let (runs, offsets) = (1, &raw const FIRST);
        let (accumulate, bias, rectify) = (false, std::ptr::null(), false);
        Call { runs, offsets, depth, a_steps, b_step, c_step, tail, accumulate, bias, rectify }
    }
}

/// The beginning of the only run.
static FIRST: usize = 0;

/// Rows and vectors of a tile from which on numbers are asked for ahead: smaller ones have no time for it, or no need.
const LARGE: [usize; 2] = [3, 3];
/// Steps from which on the tile of C is asked for at the first: fewer are done before it comes.
const DEEP: usize = 100;

/// A micro-kernel for a fixed tile.
pub(crate) type Micro<T> = unsafe fn(&Call<T>, *const T, *const T, *mut T);

/// `C = A B`, or `C += A B`, for a tile of `ROWS` rows and `VECTORS` vectors.
///
/// Each number of C is one chain of multiply-adds in the order of the inner index, whatever the tile and the width of
/// vectors: the same bits for all of them.
///
/// # Safety
/// As for [`Simd`], and
/// - `offsets` must hold `runs` numbers;
/// - from each of these on, A must have all that a run reads: `ROWS` rows of `depth` numbers, `a_steps` apart;
/// - B must have `runs` times `depth` rows, `b_step` apart, and C `ROWS` rows, `c_step` apart, of which nobody else has a share;
/// - `bias`, if there is one, and each row of B and C must have `VECTORS` vectors, the last one `tail` numbers, of at least one.
#[inline(always)]
pub(crate) unsafe fn tile<S, T, const ROWS: usize, const VECTORS: usize>(
    call: &Call<T>,
    a: *const T,
    b: *const T,
    c: *mut T,
) where
    S: Simd<T>,
    T: Copy + Default,
{
    // SAFETY: by contract.
    unsafe {
        let mask = S::mask(call.tail);
        let last = VECTORS - 1;
        let [a_row, a_column] = call.a_steps;
        let mut sums = [[S::splat(T::default()); VECTORS]; ROWS];
        let ahead = if ROWS < LARGE[0] || VECTORS < LARGE[1] { 0 } else { S::AHEAD };
        if ahead > 0 && call.depth >= DEEP {
            for i in 0..ROWS {
                prefetch(c.wrapping_add(i * call.c_step), VECTORS * S::LANES);
            }
        }
        let mut b = b;
        for run in 0..call.runs {
            let mut a = a.add(*call.offsets.add(run));
            for _ in 0..call.depth {
                let mut row = [S::splat(T::default()); VECTORS];
                for j in 0..last {
                    row[j] = S::load(b.add(j * S::LANES));
                }
                row[last] = S::load_part(b.add(last * S::LANES), mask);
                if ahead > 0 {
                    prefetch(b.wrapping_add(ahead * call.b_step), VECTORS * S::LANES);
                }
                for i in 0..ROWS {
                    let x = S::splat(*a.add(i * a_row));
                    for j in 0..VECTORS {
                        sums[i][j] = S::multiply_add(x, row[j], sums[i][j]);
                    }
                }
                // The last step leads beyond what may be read, and nothing is read there.
                a = a.wrapping_add(a_column);
                b = b.wrapping_add(call.b_step);
            }
        }
        let at = |i: usize, j: usize| c.add(i * call.c_step + j * S::LANES);
        if call.accumulate {
            for i in 0..ROWS {
                for j in 0..last {
                    sums[i][j] = S::add(S::load(at(i, j)), sums[i][j]);
                }
                sums[i][last] = S::add(S::load_part(at(i, last), mask), sums[i][last]);
            }
        }
        if !call.bias.is_null() {
            for j in 0..VECTORS {
                let from = call.bias.add(j * S::LANES);
                let bias = if j < last { S::load(from) } else { S::load_part(from, mask) };
                for i in 0..ROWS {
                    sums[i][j] = S::add(sums[i][j], bias);
                }
            }
        }
        if call.rectify {
            for i in 0..ROWS {
                for j in 0..VECTORS {
                    sums[i][j] = S::rectify(sums[i][j]);
                }
            }
        }
        for i in 0..ROWS {
            for j in 0..last {
                S::store(at(i, j), sums[i][j]);
            }
            S::store_part(at(i, last), sums[i][last], mask);
        }
    }
}
