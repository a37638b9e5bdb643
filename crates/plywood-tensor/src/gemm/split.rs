//! How a product is cut: by its sizes and the number of threads, for no bit of it depends on the cut.

use crate::par;
use std::cmp::Reverse;
use std::ops::Range;

/// Multiply-adds that make a piece worth a thread: about 9 µs of a fast core.
const PIECE: usize = 1 << 19;
/// Pieces for each thread, so that one which is held up has less to do.
const EACH: usize = 4;
/// Pieces are at least so many rows high, where there are as many.
const ROWS: usize = 128;
/// Pieces are at least so many columns wide, where there are as many: a tile of four wide vectors.
const COLUMNS: usize = 64;
/// Columns are cut at multiples of this, so that all vectors but the last are full.
const VECTOR: usize = 16;
/// How much dearer numbers are that are gathered for each piece than those that are read where they are.
const GATHERED: usize = 4;

/// Calls `work(rows, columns)` for pieces that cover the result of a product `[m, n, k]`.
///
/// `gathered` says whether rows of A and columns of B are gathered before they are used: each piece does it for itself. The cut
/// may depend on the number of threads here, since no number of the result depends on the cut.
pub(super) fn each_piece(
    size: [usize; 3],
    gathered: [bool; 2],
    work: impl Fn(Range<usize>, Range<usize>) + Sync,
) {
    let [m, n, k] = size;
    let steps = m.saturating_mul(n).saturating_mul(k);
    if steps < 2 * PIECE {
        return work(0..m, 0..n);
    }
    let threads = par::threads();
    if threads == 1 {
        return work(0..m, 0..n);
    }
    let [down, across] = cut(size, gathered, threads, (steps / PIECE).min(threads * EACH));
    par::pieces(down * across, steps, &|i| {
        work(part(m, down, 1, i / across), part(n, across, VECTOR, i % across));
    });
}

/// Into how many pieces rows and columns are cut, so that every thread has as many and little is gathered twice.
fn cut([m, n, _]: [usize; 3], gathered: [bool; 2], threads: usize, pieces: usize) -> [usize; 2] {
    let most = [(m / ROWS).clamp(1, pieces), (n / COLUMNS).clamp(1, pieces)];
    let [of_a, of_b] = gathered.map(|gathered| if gathered { GATHERED } else { 1 });
    let cuts = (1..=most[0]).map(|down| [down, (pieces / down).min(most[1])]);
    let best = cuts.max_by_key(|&[down, across]| {
        let read = across.saturating_mul(m * of_a).saturating_add(down.saturating_mul(n * of_b));
        let count = down * across;
        // All threads have as many, or there are as many pieces as there can be.
        let even = if count < threads { count } else { count / threads * threads };
        (even, Reverse(read))
    });
    best.unwrap_or([1, 1])
}

/// Part `i` of `0..size`, cut into so many near equal parts at multiples of a unit.
pub(crate) fn part(size: usize, parts: usize, unit: usize, i: usize) -> Range<usize> {
    let units = size.div_ceil(unit);
    let cut = |i: usize| (units * i / parts * unit).min(size);
    cut(i)..cut(i + 1)
}

/// `0..size` in so many near equal parts, the longer ones first.
///
/// One division for all of them: for a small tile one for each would cost as much as the tile.
pub(crate) fn balanced(size: usize, parts: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    let (low, extra) = if parts == 1 { (size, 0) } else { (size / parts, size % parts) };
    let mut start = 0;
    (0..parts).map(move |i| {
        let end = start + low + usize::from(i < extra);
        std::mem::replace(&mut start, end)..end
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn no_thread_is_idle_where_it_could_have_a_piece() {
        // What is gathered least often, for two threads and for many.
        assert_eq!(cut([512, 512, 512], [false, true], 2, 8), [2, 4]);
        assert_eq!(cut([128, 512, 512], [false, true], 2, 8), [1, 8]);
        assert_eq!(cut([512, 512, 512], [true, false], 2, 8), [4, 2]);
        for size in [[512, 128, 784], [1024, 64, 512], [640, 64, 256], [512, 512, 512], [128, 9000, 70]] {
            for gathered in [[false, false], [false, true], [true, false], [true, true]] {
                for threads in 2..40 {
                    let pieces = (size.iter().product::<usize>() / PIECE).min(threads * EACH);
                    let [down, across] = cut(size, gathered, threads, pieces);
                    let most = (size[0] / ROWS).clamp(1, pieces) * (size[1] / COLUMNS).clamp(1, pieces);
                    let possible = most.min(pieces).min(threads);
                    // Not every number of pieces is a product of two.
                    assert!(
                        down * across * 4 >= possible * 3,
                        "{size:?} {threads}: {down} x {across} of {possible}"
                    );
                }
            }
        }
    }

    #[test]
    fn pieces_cover_the_result_once() {
        for size in [[1, 1, 1], [33, 1000, 3], [1000, 17, 64], [512, 512, 512], [1, 100_000, 64], [7, 0, 3]] {
            for gathered in [[false, false], [false, true], [true, false], [true, true]] {
                let [m, n, _] = size;
                let seen = Mutex::new(vec![0; m * n]);
                each_piece(size, gathered, |rows, columns| {
                    for i in rows {
                        columns.clone().for_each(|j| seen.lock().unwrap()[i * n + j] += 1);
                    }
                });
                assert!(seen.into_inner().unwrap().iter().all(|&count| count == 1), "{size:?}");
            }
        }
    }
}
