//! IDX, plain or compressed with gzip.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plywood_data::Idx;

fuzz_target!(|file: &[u8]| {
    if let Ok(array) = Idx::read(file) {
        let _ = array.tensor();
        let _ = array.integers();
    }
});
