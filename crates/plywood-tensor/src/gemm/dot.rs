//! Products with very few rows or columns whose operands both lie along the inner index: each number is a dot product.
//!
//! Gathering columns of B for a tile would cost more than the product: a layer on a single sample reads its weights once.

use super::Product;
use super::split::part;
use crate::simd::Isa;
use crate::simd::vector::Simd;
use crate::{Float, par};

/// Above this many rows or columns gathering is repaid.
const FEW: usize = 2;
/// Below this inner size the sums over lanes cost more than gathering.
const SHALLOW: usize = 32;
/// Dot products with one row at a time: they share its loads.
const GROUP: usize = 4;
/// Multiply-adds that make a piece worth a thread: memory is the limit here.
const PIECE: usize = 1 << 17;

/// Whether a product is computed here: a matter of its sizes alone.
pub(super) fn suits<T>(product: &Product<'_, T>) -> bool {
    let [m, n, k] = product.size;
    !product.a_transposed && product.b_transposed && m.min(n) <= FEW && k >= SHALLOW
}

/// Writes a product that [`suits`] to `c`.
pub(super) fn write<T: Float>(product: &Product<'_, T>, c: &mut [T]) {
    let [m, n, k] = product.size;
    let engine = T::engine(Isa::current());
    // The longer side is walked along, once for each row of the shorter.
    let tall = m > n;
    let (long, short) = if tall { (m, n) } else { (n, m) };
    let (rows, ones) = if tall { (product.a, product.b) } else { (product.b, product.a) };
    let pieces = (m * n * k / PIECE).clamp(1, 16).min(long);
    let to = par::Shared::new(c);
    par::pieces(pieces, m * n * k, &|i| {
        let part = if pieces == 1 { 0..long } else { part(long, pieces, 1, i) };
        for one in 0..short {
            let (at, step) = if tall { (part.start * n + one, n) } else { (one * n + part.start, 1) };
            let bias = product.bias.map(|bias| if tall { &bias[one..] } else { &bias[part.clone()] });
            let finishes = bias.is_some() || product.rectify;
            // SAFETY: `Product::write` checked the lengths; parts do not overlap; the engine suits the processor.
            unsafe {
                (engine.dots)(&Dots {
                    depth: k,
                    x: ones[one * k..(one + 1) * k].as_ptr(),
                    rows: rows[part.start * k..part.end * k].as_ptr(),
                    count: part.len(),
                    to: to.first().add(at),
                    step,
                });
                if finishes {
                    for i in 0..part.len() {
                        let y = to.first().add(at + i * step);
                        let sum = bias.map_or(*y, |bias| *y + bias[if tall { 0 } else { i }]);
                        *y = if product.rectify && sum < T::ZERO { T::ZERO } else { sum };
                    }
                }
            }
        }
    });
}

/// The dot products of one row with others.
pub(super) struct Dots<T> {
    /// Numbers in a row.
    depth: usize,
    /// The one row.
    x: *const T,
    /// The others, one after the other.
    rows: *const T,
    /// How many others.
    count: usize,
    /// Where the results go.
    to: *mut T,
    /// From one result to the next.
    step: usize,
}

/// Writes the dot products. Each is summed in as many chains for every instruction set, in `PARTS` vectors, and the chains are
/// added up by halves: the same bits for all of them.
///
/// # Safety
/// As for [`Simd`]; the pointers must be valid for the rows and results.
#[inline(always)]
pub(super) unsafe fn dots<S: Simd<T>, T: Float, const PARTS: usize>(call: &Dots<T>) {
    let mut done = 0;
    while done < call.count {
        // SAFETY: by contract, for so many rows are left.
        unsafe {
            let (rows, to) = (call.rows.add(done * call.depth), call.to.add(done * call.step));
            if done + GROUP <= call.count {
                group::<S, T, PARTS, GROUP>(call, rows, to);
                done += GROUP;
            } else {
                group::<S, T, PARTS, 1>(call, rows, to);
                done += 1;
            }
        }
    }
}

#[inline(always)]
unsafe fn group<S: Simd<T>, T: Float, const PARTS: usize, const ROWS: usize>(
    call: &Dots<T>,
    rows: *const T,
    to: *mut T,
) {
    // SAFETY: by contract.
    unsafe {
        let mut sums = [[S::splat(T::ZERO); PARTS]; ROWS];
        let whole = call.depth / (PARTS * S::LANES) * (PARTS * S::LANES);
        for at in (0..whole).step_by(PARTS * S::LANES) {
            for part in 0..PARTS {
                let at = at + part * S::LANES;
                let x = S::load(call.x.add(at));
                for i in 0..ROWS {
                    sums[i][part] = S::multiply_add(x, S::load(rows.add(i * call.depth + at)), sums[i][part]);
                }
            }
        }
        if whole < call.depth {
            for part in 0..PARTS {
                let at = (whole + part * S::LANES).min(call.depth);
                let mask = S::mask((call.depth - at).min(S::LANES));
                let x = S::load_part(call.x.add(at), mask);
                for i in 0..ROWS {
                    let y = S::load_part(rows.add(i * call.depth + at), mask);
                    sums[i][part] = S::multiply_add(x, y, sums[i][part]);
                }
            }
        }
        for i in 0..ROWS {
            let mut half = PARTS / 2;
            while half > 0 {
                for part in 0..half {
                    sums[i][part] = S::add(sums[i][part], sums[i][part + half]);
                }
                half /= 2;
            }
            *to.add(i * call.step) = S::sum(sums[i][0]);
        }
    }
}
