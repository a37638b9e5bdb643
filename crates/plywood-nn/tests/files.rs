//! Models as files: what comes back, and what is refused.

use plywood_autograd::{BufferValue, Var};
use plywood_nn::{Context, Layer, Module, Parameters, Sequential, StateDict, parameters};
use plywood_tensor::{Elem, IntTensor, Result, Seed, Shape, Tensor};

#[derive(Debug, Clone)]
struct Mine;
parameters!(Mine {});

impl Module for Mine {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        Ok(x.clone())
    }
    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        Ok(*input)
    }
}
impl Layer for Mine {}

fn model() -> Sequential {
    Sequential::input([3])
        .normalization(&Tensor::uniform([9, 3], 0.0, 5.0, &Seed(2).stream()).unwrap())
        .linear(4)
        .leaky_relu(0.1)
        .residual(|b| b.linear(4).gelu_tanh().dropout(0.3))
        .linear(2)
        .softmax()
        .build(Seed(7))
        .unwrap()
}

#[test]
fn a_model_comes_back_whole() {
    let path = std::env::temp_dir().join(format!("plywood-whole-{}.safetensors", std::process::id()));
    let mut model = model();
    model.freeze("1.*").unwrap();
    model.save(&path).unwrap();
    let loaded = Sequential::load(&path).unwrap();
    let x: Var = Tensor::uniform([5, 3], 0.0, 5.0, &Seed(3).stream()).unwrap().into();
    let outputs = |model: &Sequential| model.forward(&Context::eval(), &x).unwrap().into_value();
    assert_eq!(outputs(&loaded), outputs(&model));
    assert_eq!(loaded.state_dict(), model.state_dict());
    assert_eq!(loaded.summary().unwrap(), model.summary().unwrap());
    // In training too: the same masks, the same frozen parameters.
    let step = |model: &Sequential| {
        let y = model.forward(&Context::train(Seed(1), 0), &x).unwrap();
        (y.value().clone(), y.sum().backward().unwrap().len())
    };
    assert_eq!(step(&loaded), step(&model));
    // Over itself, and readable by those who only want the weights.
    loaded.save(&path).unwrap();
    assert_eq!(StateDict::load_safetensors(&path).unwrap(), model.state_dict());
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn a_layer_of_ones_own_cannot_be_saved() {
    let model = Sequential::input([3]).linear(2).residual(|b| b.relu().layer(Mine)).build(Seed(0)).unwrap();
    assert_eq!(
        model.to_safetensors().unwrap_err().to_string(),
        "1: Residual: only its own code can make this layer; save the state_dict of the model instead"
    );
    let model = Sequential::input([3]).linear(2).layer(Mine).build(Seed(0)).unwrap();
    assert_eq!(
        model.save("nowhere").unwrap_err().to_string(),
        "1: Mine: only its own code can make this layer; save the state_dict of the model instead"
    );
    assert_eq!(
        Sequential::default().save("nowhere").unwrap_err().to_string(),
        "the model does not know the shape of its samples; tell it by Sequential::with_input"
    );
}

#[test]
fn missing_files_are_named() {
    for error in [
        Sequential::load("no/such/model").unwrap_err(),
        StateDict::load_safetensors("no/such/model").unwrap_err(),
    ] {
        let text = error.to_string();
        assert!(text.starts_with("no/such/model: cannot be read: "), "{text}");
    }
    // A file stands where a folder would have to be.
    let text = model().save("Cargo.toml/model").unwrap_err().to_string();
    assert!(text.starts_with("Cargo.toml/model: cannot be written: "), "{text}");
}

/// The bytes of a file with this header and so many bytes of zeros.
fn file(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(vec![0; data]);
    bytes
}

#[test]
fn damaged_files_are_errors() {
    let tensor = |name: &str, dtype: &str, shape: &str, from: usize, to: usize| {
        format!(r#""{name}":{{"dtype":"{dtype}","shape":{shape},"data_offsets":[{from},{to}]}}"#)
    };
    let w = tensor("w", "F32", "[2]", 0, 8);
    let rows: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", vec![], "expected a safetensors file, got 0 bytes"),
        (
            "a header that is too long",
            file("{}", 0)[..8].iter().map(|_| 255).collect(),
            "expected a safetensors file, got a header of 18446744073709551615 bytes in a file of 8",
        ),
        ("not JSON", file("{w", 0), "damaged header: key must be a string at line 1 column 2"),
        ("not an object", file("[1]", 0), "damaged header: invalid type: sequence, expected an object"),
        ("a name twice", file(&format!("{{{w},{w}}}"), 8), "damaged header: \"w\" comes twice"),
        ("cut off", file(&format!("{{{w}}}"), 7), "expected 8 bytes of data, got 7"),
        ("a byte too much", file(&format!("{{{w}}}"), 9), "expected 8 bytes of data, got 9"),
        (
            "a hole",
            file(&format!("{{{}}}", tensor("w", "F32", "[2]", 4, 12)), 12),
            "tensor \"w\": expected data from byte 0 on, got 4..12",
        ),
        (
            "a shape that does not fit",
            file(&format!("{{{}}}", tensor("w", "F32", "[3]", 0, 8)), 8),
            "tensor \"w\": expected 12 bytes for F32 [3], got 8",
        ),
        (
            "a shape that overflows",
            file(&format!("{{{}}}", tensor("w", "F32", "[4294967296,4294967296]", 0, 8)), 8),
            "tensor \"w\": shape: [4294967296, 4294967296] has more elements than can be addressed",
        ),
        (
            "a shape that overflows behind a zero",
            file(&format!("{{{}}}", tensor("w", "F32", "[0,4294967296,4294967296,4294967296]", 0, 0)), 0),
            "tensor \"w\": shape: [0, 4294967296, 4294967296, 4294967296] has more elements than can be addressed",
        ),
        (
            "too many axes",
            file(&format!("{{{}}}", tensor("w", "F32", "[1,1,1,1,1,1,1,1,1]", 0, 4)), 4),
            "tensor \"w\": expected at most 8 axes, got 9",
        ),
        (
            "a type of numbers that nobody knows",
            file(&format!("{{{}}}", tensor("w", "F33", "[2]", 0, 8)), 8),
            "tensor \"w\": expected numbers of type F64, F32, BF16, F16, I64, I32, I16, I8, U64, U32, U16, U8 or BOOL, got F33",
        ),
        (
            "a type of numbers that we cannot read",
            file(&format!("{{{}}}", tensor("w", "C64", "[1]", 0, 8)), 8),
            "tensor \"w\": expected numbers of type F64, F32, BF16, F16, I64, I32, I16, I8, U64, U32, U16, U8 or BOOL, got C64",
        ),
        (
            "a header beyond the limit",
            [&100_000_001_u64.to_le_bytes()[..], &vec![b' '; 100_000_001]].concat(),
            "expected a header of at most 100000000 bytes, got 100000001",
        ),
        (
            "words behind the header",
            file("{}{}", 0),
            "damaged header: trailing characters at line 1 column 3",
        ),
        (
            "the same bytes twice",
            file(&format!("{{{w},{}}}", tensor("v", "F32", "[2]", 0, 8)), 8),
            "tensor \"w\": expected data from byte 8 on, got 0..8",
        ),
        (
            "a range backwards",
            file(&format!("{{{}}}", tensor("w", "F32", "[0]", 0, 0).replace("[0,0]", "[0,-8]")), 0),
            "damaged header: invalid value: integer `-8`, expected u64",
        ),
        (
            "a field twice",
            file(r#"{"w":{"dtype":"F32","shape":[2],"dtype":"F32","data_offsets":[0,8]}}"#, 8),
            "damaged header: \"dtype\" of \"w\" comes twice",
        ),
        (
            "a field too few",
            file(r#"{"w":{"dtype":"F32","shape":[2]}}"#, 8),
            "damaged header: \"w\" has no data_offsets",
        ),
        (
            "metadata twice",
            file(r#"{"__metadata__":{},"__metadata__":{}}"#, 0),
            "damaged header: \"__metadata__\" comes twice",
        ),
        (
            "metadata that is no text",
            file(r#"{"__metadata__":{"format":1}}"#, 0),
            "damaged header: invalid type: integer `1`, expected a string",
        ),
        (
            "a deep header",
            file(&format!("{{\"w\":{{\"x\":{}{}}}}}", "[".repeat(1000), "]".repeat(1000)), 0),
            "damaged header: \"w\" has no dtype at line 1 column 2011",
        ),
    ];
    for (name, bytes, text) in rows {
        let error = StateDict::from_safetensors(&bytes).unwrap_err().to_string();
        assert!(error.starts_with(text), "{name}: {error}");
    }
    let mut state = StateDict::default();
    state.0.insert("__metadata__".into(), BufferValue::Int(IntTensor::from([1])));
    assert_eq!(
        state.to_safetensors().unwrap_err().to_string(),
        "expected another name of a tensor, got \"__metadata__\""
    );
    // Every way of cutting a real file off, and every flipped byte of its header: an error or a model, never a panic.
    let whole = model().to_safetensors().unwrap();
    for length in 0..whole.len() {
        assert!(Sequential::from_safetensors(&whole[..length]).is_err(), "{length} bytes");
    }
    let header = 8 + u64::from_le_bytes(*whole.first_chunk().unwrap()) as usize;
    for place in 0..header {
        for flip in [1, 2, 4, 16] {
            let mut bytes = whole.clone();
            bytes[place] ^= flip;
            let _ = Sequential::from_safetensors(&bytes);
        }
    }
}

#[test]
fn integers_and_both_widths_are_read() {
    let mut state = StateDict::default();
    state.0.insert("count".into(), BufferValue::Int(IntTensor::from([1, -2, i64::MAX])));
    state.0.insert("empty".into(), BufferValue::Float(Tensor::zeros([0, 3]).unwrap()));
    state.0.insert("scalar".into(), BufferValue::Float(Tensor::from(Elem::NAN)));
    state.0.insert("infinite".into(), BufferValue::Float(Tensor::from([Elem::INFINITY])));
    let again = StateDict::from_safetensors(&state.to_safetensors().unwrap()).unwrap();
    assert_eq!(again.0["count"], state.0["count"]);
    assert_eq!(*again.0["empty"].shape(), [0, 3]);
    assert!(again.0["scalar"].as_float().unwrap().item().unwrap().is_nan());
    assert_eq!(again.0["infinite"], state.0["infinite"]);

    let wide = |x: f64| {
        let mut bytes = file(r#"{"w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, 0);
        bytes.extend(x.to_le_bytes());
        StateDict::from_safetensors(&bytes)
    };
    assert_eq!(wide(0.5).unwrap().0["w"], BufferValue::Float(Tensor::from([0.5])));
    match wide(1e300) {
        Ok(_) => assert_eq!(size_of::<Elem>(), 8),
        Err(error) => {
            assert_eq!(error.to_string(), "tensor \"w\": a number is too large for this build");
        }
    }
    let mut bytes = file(r#"{"w":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}"#, 0);
    bytes.extend(u64::MAX.to_le_bytes());
    assert!(StateDict::from_safetensors(&bytes).is_err());
}

/// Whatever a file calls its parts, a message is one line of a few hundred letters.
#[test]
fn names_from_files_are_escaped_and_shortened() {
    let state = |header: &str, data| StateDict::from_safetensors(&file(header, data)).map(drop);
    let model = |layers: &str| Sequential::from_safetensors(&with_layers(layers)).map(drop);
    // An order to a terminal, a second line, a turn of the direction of writing; and much of it.
    let bad = r"a\u001b[2J\nb\u202e".to_owned() + &"c".repeat(10_000);
    let seen = r"a\u{1b}[2J\nb\u{202e}ccc";
    let w = |name: &str, dtype: &str| {
        format!(r#""{name}":{{"dtype":"{dtype}","shape":[2],"data_offsets":[0,8]}}"#)
    };
    let one = |layer: &str, rest: &str| {
        format!(r#"{{"version":1,"input":[3],"layers":[{{"layer":{layer}}}]{rest}}}"#)
    };
    let linear = r#""Linear","outputs":2,"bias":false"#;
    let note = serde_json::to_string(&one(r#""Relu""#, "")).unwrap();
    let unexpected = format!(r#"{{"__metadata__":{{"plywood.sequential":{note}}},{}}}"#, w(&bad, "F32"));
    let rows: Vec<(&str, Result<()>)> = vec![
        ("a tensor", state(&format!("{{{}}}", w(&bad, "F16")), 8)),
        ("a tensor twice", state(&format!("{{{0},{0}}}", w(&bad, "F32")), 8)),
        ("a type", state(&format!("{{{}}}", w("w", &bad)), 8)),
        ("no type", state(&format!(r#"{{"{bad}":{{}}}}"#), 0)),
        ("a field twice", state(&format!(r#"{{"{bad}":{{"dtype":"F32","dtype":"F32"}}}}"#), 0)),
        ("a text for a tensor", state(&format!(r#"{{"w":"{bad}"}}"#), 0)),
        ("a layer", model(&one(&format!(r#""{bad}""#), ""))),
        ("a setting", model(&one(&format!(r#"{linear},"{bad}":1"#), ""))),
        ("a text for a setting", model(&one(&format!(r#""Linear","outputs":"{bad}""#), ""))),
        ("a frozen parameter", model(&one(linear, &format!(r#","frozen":["{bad}"]"#)))),
        ("a text for a version", model(&format!(r#"{{"version":"{bad}"}}"#))),
        ("a parameter", Sequential::from_safetensors(&file(&unexpected, 8)).map(drop)),
    ];
    for (name, result) in rows {
        let error = result.unwrap_err().to_string();
        assert!(error.contains(seen), "{name}: {error:?}");
        assert!(error.chars().count() < 600 && !error.contains(char::is_control), "{name}: {error:?}");
    }
    // Nor does the number of names make it long.
    let many: Vec<String> =
        (0..1000).map(|i| format!(r#""w{i}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#)).collect();
    let many = format!(r#"{{"__metadata__":{{"plywood.sequential":{note}}},{}}}"#, many.join(","));
    let error = Sequential::from_safetensors(&file(&many, 0)).unwrap_err().to_string();
    assert!(error.ends_with(", w125, w126 and 968 more"), "{error}");
}

/// A model's file with its layers replaced.
fn with_layers(layers: &str) -> Vec<u8> {
    let note = serde_json::to_string(layers).unwrap();
    let weight = r#""0.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}"#;
    file(&format!(r#"{{"__metadata__":{{"plywood.sequential":{note}}},{weight}}}"#), 24)
}

#[test]
fn layers_that_make_no_sense_are_errors() {
    let good = r#"{"version":1,"input":[3],"layers":[{"layer":"Linear","outputs":2,"bias":false}]}"#;
    assert_eq!(Sequential::from_safetensors(&with_layers(good)).unwrap().len(), 1);
    for (layers, text) in [
        ("{", "damaged layers: EOF while parsing an object at line 1 column 1"),
        (r#"{"version":2}"#, "layers in format 2, this version reads 1"),
        (
            r#"{"version":1,"input":[3],"layers":[{"layer":"Linaer"}]}"#,
            "0: unknown layer \"Linaer\"; was the file written by a newer version?",
        ),
        (
            r#"{"version":1,"input":[3],"layers":[{"layer":"Linear","outputs":2,"colour":"red"}]}"#,
            "0: Linear: unknown field `colour`",
        ),
        (r#"{"version":1,"input":[3],"layers":[{"layer":"Linear"}]}"#, "0: Linear: missing field `outputs`"),
        (
            r#"{"version":1,"input":[3],"layers":[{"layer":"Relu"},{"layer":"Dropout","p":2}]}"#,
            "1: Dropout: expected a probability p of at least 0 and at most 1, got 2",
        ),
        // Numbers that would fill any memory.
        (
            r#"{"version":1,"input":[3],"layers":[{"layer":"Linear","outputs":1000000000000,"bias":false}]}"#,
            "0: the model has more parameters than the file has numbers: [1000000000000, 3] is too large",
        ),
        (
            r#"{"version":1,"input":[1000000000000],"layers":[{"layer":"Normalization"}]}"#,
            "0: the model has more parameters than the file has numbers: [1000000000000] is too large",
        ),
        (
            r#"{"version":1,"input":[3],"layers":[{"layer":"Linear","outputs":2,"bias":true}]}"#,
            "0: the model has more parameters than the file has numbers: [2] is too large",
        ),
        (
            r#"{"version":1,"input":[3],"layers":[{"layer":"Linear","outputs":1,"bias":true}]}"#,
            "state does not fit the model: missing 0.bias; 0.weight: expected [1, 3], got [2, 3]",
        ),
        (r#"{"version":1,"input":[3],"layers":[]}"#, "state does not fit the model: unexpected 0.weight"),
        (
            r#"{"version":1,"input":[3],"layers":[{"layer":"Reshape","shape":[4]}]}"#,
            "0: Reshape([4]): expected samples of 4 elements, got [3]",
        ),
    ] {
        let error = Sequential::from_safetensors(&with_layers(layers)).unwrap_err().to_string();
        assert!(error.starts_with(text), "{layers}: {error}");
    }
    // A file within a file within …: an error, not the end of the stack.
    let deep = r#"{"layer":"Residual","inner":"#.repeat(5000);
    let layers =
        format!(r#"{{"version":1,"input":[3],"layers":[{deep}{{"layer":"Relu"}}{}]}}"#, "}".repeat(5000));
    let error = Sequential::from_safetensors(&with_layers(&layers)).unwrap_err().to_string();
    assert!(
        error.starts_with("damaged layers: expected at most 32 lists and objects in each other, got more"),
        "{error}"
    );
}

/// The reference implementation writes the same bytes, and reads ours.
#[test]
fn files_are_those_of_the_reference_implementation() {
    use safetensors::tensor::{Dtype, TensorView};
    let mut state = model().state_dict();
    state.0.insert("count \"of\" ü".into(), BufferValue::Int(IntTensor::from([1, -2, i64::MAX])));
    state.0.insert("empty".into(), BufferValue::Float(Tensor::zeros([0, 3]).unwrap()));
    state.0.insert("scalar".into(), BufferValue::Float(Tensor::from(0.5)));
    let bytes: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = state
        .0
        .iter()
        .map(|(name, value)| {
            let (dtype, bytes) = match value {
                BufferValue::Float(x) => (
                    if size_of::<Elem>() == 8 { Dtype::F64 } else { Dtype::F32 },
                    x.as_slice().iter().flat_map(|x| x.to_le_bytes()).collect(),
                ),
                BufferValue::Int(x) => {
                    (Dtype::I64, x.as_slice().iter().flat_map(|x| x.to_le_bytes()).collect())
                }
            };
            (name.clone(), dtype, value.shape().to_vec(), bytes)
        })
        .collect();
    let views = bytes.iter().map(|(name, dtype, shape, bytes)| {
        (name.as_str(), TensorView::new(*dtype, shape.clone(), bytes).unwrap())
    });
    let theirs = safetensors::serialize(views, None).unwrap();
    assert_eq!(state.to_safetensors().unwrap(), theirs);
    assert_eq!(StateDict::from_safetensors(&theirs).unwrap(), state);
    assert_eq!(StateDict::default().to_safetensors().unwrap(), b"\x08\0\0\0\0\0\0\0{}      ");
}

/// A header may have any length: numbers then lie at odd places.
#[test]
fn data_may_lie_anywhere() {
    for blanks in 0..9 {
        let header = format!(
            r#"{{"w":{{"dtype":"F32","shape":[2],"data_offsets":[1,9]}},"b":{{"data_offsets":[0,1],"shape":[],"dtype":"U8"}}}}{}"#,
            " ".repeat(blanks)
        );
        let mut bytes = file(&header, 0);
        bytes.extend([[7].as_slice(), &1.5_f32.to_le_bytes(), &(-2.0_f32).to_le_bytes()].concat());
        let state = StateDict::from_safetensors(&bytes).unwrap();
        assert_eq!(state.0["w"], BufferValue::Float(Tensor::from([1.5, -2.0])));
        assert_eq!(state.0["b"], BufferValue::Int(IntTensor::from(7)));
    }
}

/// More than is read at once, from a file that ends in the middle of it too.
#[test]
fn large_values_are_read_whole() {
    let path = std::env::temp_dir().join(format!("plywood-large-{}.safetensors", std::process::id()));
    let mut state = StateDict::default();
    state.0.insert("large".into(), BufferValue::Float(Tensor::arange(0.0, 100_003.0, 1.0).unwrap()));
    state.0.insert("counts".into(), BufferValue::Int(IntTensor::arange(0, 50_001, 1).unwrap()));
    state.save_safetensors(&path).unwrap();
    assert_eq!(StateDict::load_safetensors(&path).unwrap(), state);
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(300_000).unwrap();
    let error = StateDict::load_safetensors(&path).unwrap_err().to_string();
    let bytes = 8 * 50_001 + size_of::<Elem>() * 100_003;
    let header = state.to_safetensors().unwrap().len() - bytes;
    assert_eq!(
        error,
        format!("{}: expected {bytes} bytes of data, got {}", path.display(), 300_000 - header)
    );
    std::fs::remove_file(&path).unwrap();
}
