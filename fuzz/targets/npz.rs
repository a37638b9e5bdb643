//! Archives of NumPy's.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plywood_data::Npz;

fuzz_target!(|file: &[u8]| {
    let Ok(arrays) = Npz::read(file) else { return };
    for name in arrays.names() {
        if let Ok(array) = arrays.get(name) {
            let _ = array.tensor();
        }
    }
});
