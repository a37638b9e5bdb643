//! Files that were damaged, or written to do harm: an error or a model, never a panic, never more memory than is promised.
#![allow(clippy::unwrap_used)] // a test that cannot make its file shall fail

#[path = "mutate/memory.rs"]
mod memory;
mod mutate;

use plywood_autograd::BufferValue;
use plywood_nn::{ConvConfig, Sequential, StateDict};
use plywood_tensor::{IntTensor, Seed, Tensor};

/// What `StateDict::load_safetensors` promises.
fn most(file: &[u8]) -> usize {
    16 * file.len() + (1 << 20)
}

/// As `most`; the layers, each a few words in the file, are made too, and their parameters before they are loaded.
fn most_of_a_model(file: &[u8]) -> usize {
    64 * file.len() + (1 << 20)
}

fn read(name: &str, file: &[u8]) -> usize {
    plywood_tensor::trim_pool();
    memory::bounded(name, file, most(file), |file| drop(StateDict::from_safetensors(file)))
}

/// The bytes of a file with this header and this data.
fn file(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

#[test]
fn damaged_states_are_errors_or_states() {
    let mut state = StateDict::default();
    state.0.insert("0.weight".into(), BufferValue::Float(Tensor::arange(0.0, 6.0, 1.0).unwrap()));
    state.0.insert("0.count".into(), BufferValue::Int(IntTensor::from([1, -2])));
    let ours = state.to_safetensors().unwrap();
    let narrow = file(
        "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},\
         \"b\":{\"dtype\":\"BOOL\",\"shape\":[1,3],\"data_offsets\":[4,7]}}",
        &[0, 0x3c, 0, 0xc0, 1, 0, 1],
    );
    assert_eq!(StateDict::from_safetensors(&narrow).unwrap().0.len(), 2);
    mutate::all(&[&ours, &narrow], 1, 30_000, |file| {
        read("safetensors", file);
    });
    // Larger, from PyTorch.
    let torch = include_bytes!("golden/mixed.safetensors");
    mutate::mutations(&[torch, &ours], 2, 10_000, |file| {
        read("safetensors", file);
    });
}

#[test]
fn damaged_models_are_errors_or_models() {
    let model = Sequential::input([4, 4, 2])
        .layer_with(ConvConfig::<2>::new(2, 3).padding(1).stride(2))
        .relu()
        .flatten()
        .linear(2)
        .build(Seed(0))
        .unwrap();
    let golden = model.to_safetensors().unwrap();
    mutate::all(&[&golden], 3, 20_000, |file| {
        plywood_tensor::trim_pool();
        memory::bounded("model", file, most_of_a_model(file), |file| {
            drop(Sequential::from_safetensors(file))
        });
    });
}

/// Where most memory is needed for a byte of the file.
#[test]
fn the_worst_files_keep_the_promise() {
    // As many tensors as there can be.
    let entries: Vec<String> =
        (0..20_000).map(|i| format!(r#""{i}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#)).collect();
    let many = file(&format!("{{{}}}", entries.join(",")), &[]);
    let ones: Vec<String> = (0..20_000)
        .map(|i| format!(r#""{i}":{{"dtype":"U8","shape":[1],"data_offsets":[{i},{}]}}"#, i + 1))
        .collect();
    let ones = file(&format!("{{{}}}", ones.join(",")), &[7; 20_000]);
    // Each byte becomes eight, and memory comes in steps of a quarter.
    let narrow =
        file(r#"{"w":{"dtype":"U8","shape":[1048577],"data_offsets":[0,1048577]}}"#, &[1; 1_048_577]);
    // What is read and not kept.
    let rank = file(
        &format!(r#"{{"w":{{"dtype":"U8","shape":[{}1],"data_offsets":[0,1]}}}}"#, "1,".repeat(500_000)),
        &[1],
    );
    let words = file(
        &format!(
            r#"{{"__metadata__":{{{}}}}}"#,
            (0..50_000).map(|i| format!(r#""{i}":"""#)).collect::<Vec<_>>().join(",")
        ),
        &[],
    );
    let long = file(&format!(r#"{{"{}":0}}"#, "w".repeat(1 << 20)), &[]);
    let deep = file(&"[".repeat(1 << 20), &[]);
    let mut named = file("{}", &[]);
    named[..8].copy_from_slice(&100_000_000_u64.to_le_bytes());
    for (name, file) in [
        ("many", many),
        ("ones", ones),
        ("narrow", narrow),
        ("rank", rank),
        ("words", words),
        ("long", long),
        ("deep", deep),
        ("header", named),
    ] {
        let peak = read(name, &file);
        println!("{name}: {} bytes, {:.1} times as much memory", file.len(), peak as f64 / file.len() as f64);
    }
}
