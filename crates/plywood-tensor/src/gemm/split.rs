//! How a product is cut: by its sizes alone.

use crate::par;
use std::ops::Range;

/// Multiply-adds that make a piece worth a thread: about 9 µs of a fast core.
const PIECE: usize = 1 << 19;
/// A product is cut into at most this many pieces.
const MOST: usize = 16;
/// Pieces are at least so many rows high, where there are as many.
const ROWS: usize = 128;
/// Pieces are at least so many columns wide, where there are as many: a tile of four wide vectors.
const COLUMNS: usize = 64;
/// Columns are cut at multiples of this, so that all vectors but the last are full.
const VECTOR: usize = 16;

/// Calls `work(rows, columns)` for pieces that cover the result of a product `[m, n, k]`.
///
/// `packs` says that columns of B are gathered before they are used: cutting rows would do it again for each piece.
pub(super) fn each_piece(
    [m, n, k]: [usize; 3],
    packs: bool,
    work: impl Fn(Range<usize>, Range<usize>) + Sync,
) {
    let steps = m.saturating_mul(n).saturating_mul(k);
    if steps < 2 * PIECE {
        return work(0..m, 0..n);
    }
    let pieces = (steps / PIECE).clamp(1, MOST);
    let most = [(m / ROWS).clamp(1, pieces), (n / COLUMNS).clamp(1, pieces)];
    let first = usize::from(packs && n * 4 >= m);
    let mut counts = [1; 2];
    counts[first] = most[first];
    counts[1 - first] = (pieces / most[first]).clamp(1, most[1 - first]);
    let [down, across] = counts;
    par::pieces(down * across, steps, &|i| {
        work(part(m, down, 1, i / across), part(n, across, VECTOR, i % across));
    });
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
pub(crate) fn balanced(size: usize, parts: usize) -> impl Iterator<Item = Range<usize>> {
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
    fn pieces_cover_the_result_once() {
        for size in [[1, 1, 1], [33, 1000, 3], [1000, 17, 64], [512, 512, 512], [1, 100_000, 64], [7, 0, 3]] {
            for packs in [false, true] {
                let [m, n, _] = size;
                let seen = Mutex::new(vec![0; m * n]);
                each_piece(size, packs, |rows, columns| {
                    for i in rows {
                        columns.clone().for_each(|j| seen.lock().unwrap()[i * n + j] += 1);
                    }
                });
                assert!(seen.into_inner().unwrap().iter().all(|&count| count == 1), "{size:?}");
            }
        }
    }
}
