//! Files that were damaged, or written to do harm: an error or a model, never a panic, never more memory than is promised.
#![allow(clippy::unwrap_used)] // a panic is a failed test

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
    let _alone = memory::alone();
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
    let _alone = memory::alone();
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
    let _alone = memory::alone();
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

/// A model's file with this description of its layers, and no numbers.
fn described(layers: &str) -> Vec<u8> {
    let note = format!(r#"{{"version":1,"input":[1],"layers":[{layers}],"frozen":[]}}"#);
    let note = serde_json::to_string(&note).unwrap();
    file(&format!(r#"{{"__metadata__":{{"plywood.sequential":{note}}}}}"#), &[])
}

/// Where most memory is needed for a byte of a description.
#[test]
fn the_worst_layers_keep_the_promise() {
    let _alone = memory::alone();
    let list = |element: &str, count: usize| format!("[{}]", vec![element; count].join(","));
    let unknown = |settings: &str| format!(r#"{{"layer":"x","a":{settings}}}"#);
    let known = |settings: &str| format!(r#"{{"layer":"Elu","alpha":{settings}}}"#);
    let around = |layers: &str, depth: usize| {
        (0..depth).fold(layers.to_owned(), |inner, _| format!(r#"{{"layer":"Residual","inner":{inner}}}"#))
    };
    let entries = list(r#"{"":0}"#, 100_000);
    let nested = format!("{}0{}", r#"{"":"#.repeat(30), "}".repeat(30));
    for (name, layers) in [
        ("objects of one entry", unknown(&entries)),
        ("objects in objects", unknown(&list(&nested, 5_000))),
        ("settings of a layer that there is", known(&entries)),
        ("large numbers", unknown(&list("1e15", 100_000))),
        ("numbers in layers in layers", around(&unknown(&list("1e2", 100_000)), 29)),
        ("objects in layers in layers", around(&unknown(&entries), 28)),
        (
            "layers in layers in layers",
            (0..14).fold(unknown(&entries), |inner, _| {
                format!(r#"{{"layer":"Sequential","layers":[{inner}]}}"#)
            }),
        ),
        ("many layers", vec![r#"{"layer":""}"#; 50_000].join(",")),
        ("many that there are", vec![r#"{"layer":"Relu"}"#; 20_000].join(",")),
        ("deeper than can be", around(&unknown("0"), 60)),
        ("much deeper", around(&unknown("0"), 10_000)),
        ("lists in lists", unknown(&"[".repeat(1 << 20))),
    ] {
        let file = described(&layers);
        plywood_tensor::trim_pool();
        let peak = memory::bounded(name, &file, most_of_a_model(&file), |file| {
            drop(Sequential::from_safetensors(file))
        });
        println!("{name}: {} bytes, {:.1} times as much memory", file.len(), peak as f64 / file.len() as f64);
    }
}

/// What can be saved can be loaded.
#[test]
fn layers_that_lie_too_deep_are_not_saved() {
    let _alone = memory::alone();
    let deep = |depth: usize| {
        let inner = (1..depth).fold(Sequential::new(vec![Box::new(plywood_nn::Relu)]), |inner, _| {
            Sequential::new(vec![Box::new(inner)])
        });
        Sequential::input([1]).layer(inner).build(Seed(0)).unwrap().to_safetensors()
    };
    // Each adds a list and an object.
    assert!(Sequential::from_safetensors(&deep(15).unwrap()).is_ok());
    for depth in [16, 17, 40, 200] {
        let error = deep(depth).unwrap_err().to_string();
        assert!(error.contains("expected at most 32 lists and objects in each other, got more"), "{error}");
    }
}
