//! Philox4x32-10: a block of four random words for each value of a counter.
//!
//! Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// The block of four words that belongs to a counter and a key.
#[inline(always)]
pub(super) fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let a = u64::from(MULTIPLIER[0]) * u64::from(counter[0]);
        let b = u64::from(MULTIPLIER[1]) * u64::from(counter[2]);
        counter = [
            (b >> 32) as u32 ^ counter[1] ^ key[0],
            b as u32,
            (a >> 32) as u32 ^ counter[3] ^ key[1],
            a as u32,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

/// The blocks of `N` counters that follow each other, word by word: what [`philox`] gives for each, side by side in vectors.
#[inline(always)]
pub(super) fn blocks<const N: usize>(first: u64, key: [u32; 2]) -> [[u32; N]; 4] {
    let mut counters = [[0; N]; 4];
    for i in 0..N {
        let index = first.wrapping_add(i as u64);
        (counters[0][i], counters[1][i]) = (index as u32, (index >> 32) as u32);
    }
    let mut key = key;
    for _ in 0..10 {
        let [x, y, z, w] = counters;
        for i in 0..N {
            let a = u64::from(MULTIPLIER[0]) * u64::from(x[i]);
            let b = u64::from(MULTIPLIER[1]) * u64::from(z[i]);
            counters[0][i] = (b >> 32) as u32 ^ y[i] ^ key[0];
            counters[1][i] = b as u32;
            counters[2][i] = (a >> 32) as u32 ^ w[i] ^ key[1];
            counters[3][i] = a as u32;
        }
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counters
}

#[cfg(test)]
mod tests {
    use super::{blocks, philox};

    /// The known answers that come with the authors' Random123 library.
    #[test]
    fn known_answers() {
        let rows = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, expected) in rows {
            assert_eq!(philox(counter, key), expected);
        }
    }

    #[test]
    fn blocks_are_those_of_their_counters() {
        for first in [0, 7, u64::from(u32::MAX) - 3, u64::MAX - 2] {
            let key = [0x1234_5678, 0x9abc_def0];
            let words = blocks::<8>(first, key);
            for i in 0..8 {
                let index = first.wrapping_add(i as u64);
                let expected = philox([index as u32, (index >> 32) as u32, 0, 0], key);
                assert_eq!(words.map(|word| word[i]), expected);
            }
        }
    }
}
