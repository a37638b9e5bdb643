//! Models with their layers: what is read is written again, and is the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plywood_nn::Sequential;

fuzz_target!(|file: &[u8]| {
    if let Ok(model) = Sequential::from_safetensors(file) {
        let _ = model.summary();
        let again = model.to_safetensors().expect("what was read can be written");
        let read = Sequential::from_safetensors(&again).expect("what was written can be read");
        assert_eq!(read.to_safetensors().expect("once more"), again);
    }
});
