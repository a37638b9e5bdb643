//! States: what is read is written again, and is the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plywood_nn::StateDict;

fuzz_target!(|file: &[u8]| {
    if let Ok(state) = StateDict::from_safetensors(file) {
        let again = state.to_safetensors().expect("what was read can be written");
        let state = StateDict::from_safetensors(&again).expect("what was written can be read");
        // Bytes, since a NaN equals nothing.
        assert_eq!(state.to_safetensors().expect("once more"), again);
    }
});
