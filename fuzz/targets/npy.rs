//! Arrays of NumPy's: what is read is written again, and is the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plywood_data::Npy;

fuzz_target!(|file: &[u8]| {
    if let Ok(array) = Npy::read(file) {
        let _ = array.tensor();
        let _ = array.integers();
        let again = array.to_bytes();
        assert_eq!(Npy::read(&again).expect("what was written can be read").to_bytes(), again);
    }
});
