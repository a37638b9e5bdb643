//! States that fit a model in part, or under other names.

use plywood_autograd::BufferValue;
use plywood_nn::{BatchNorm, Linear, Load, Parameters, StateDict, parameters};
use plywood_tensor::{IntTensor, Seed};

#[derive(Debug, Clone)]
struct Network {
    body: Linear,
    norm: BatchNorm<1>,
    head: Linear,
}
parameters!(Network { body, norm, head });

fn network(seed: u64, classes: usize) -> Network {
    let stream = Seed(seed).stream();
    Network {
        body: Linear::new(3, 4, &stream.at(0)).unwrap(),
        norm: BatchNorm::new(4).unwrap(),
        head: Linear::new(4, classes, &stream.at(1)).unwrap(),
    }
}

/// The state with each name changed, or left out.
fn renamed(state: &StateDict, name: impl Fn(&str) -> Option<String>) -> StateDict {
    StateDict(state.0.iter().filter_map(|(old, value)| Some((name(old)?, value.clone()))).collect())
}

const ALL: [&str; 9] = [
    "body.weight",
    "body.bias",
    "norm.weight",
    "norm.bias",
    "norm.running_mean",
    "norm.running_var",
    "norm.num_batches_tracked",
    "head.weight",
    "head.bias",
];

#[test]
fn what_is_allowed_is_reported() {
    let state = network(1, 2).state_dict();
    let old = network(0, 2);
    let without_head = renamed(&state, |name| (!name.starts_with("head")).then(|| name.to_owned()));
    let with_more = renamed(&state, |name| Some(name.replace("head.bias", "head.scale")));
    let other_head = network(1, 5).state_dict();
    let prefixed = renamed(&state, |name| Some(format!("module.{name}")));
    let keras =
        renamed(&state, |name| Some(name.replace("weight", "kernel").replace("running_var", "variance")));
    let to_torch = |name: &str| name.replace("kernel", "weight").replace("variance", "running_var");
    let both = renamed(&keras, |name| Some(format!("a.b.{name}")));
    let rows: Vec<(&str, &StateDict, Load, usize, &str)> = vec![
        ("strict", &state, Load::strict(), 9, "loaded 9 of 9"),
        ("partial, but whole", &state, Load::partial(), 9, "loaded 9 of 9"),
        (
            "missing",
            &without_head,
            Load::strict().allow_missing("head.*"),
            7,
            "loaded 7 of 9, missing head.weight, head.bias",
        ),
        (
            "missing and unexpected",
            &with_more,
            Load::strict().allow_missing("head.bias").allow_unexpected("*.scale"),
            8,
            "loaded 8 of 9, missing head.bias, unexpected head.scale",
        ),
        (
            "the same",
            &with_more,
            Load::partial(),
            8,
            "loaded 8 of 9, missing head.bias, unexpected head.scale",
        ),
        (
            "another head",
            &other_head,
            Load::strict().skip_mismatched("head.*"),
            7,
            "loaded 7 of 9, head.weight: expected [2, 4], got [5, 4], head.bias: expected [2], got [5]",
        ),
        ("a prefix", &prefixed, Load::strict().prefix("module."), 9, "loaded 9 of 9"),
        ("other names", &keras, Load::strict().rename(to_torch), 9, "loaded 9 of 9"),
        (
            "both",
            &both,
            Load::strict().prefix("a.").rename(|name| name.replace("b.", "")).rename(to_torch),
            9,
            "loaded 9 of 9",
        ),
        // What lies beside the prefix is not looked at.
        (
            "a part",
            &state,
            Load::strict()
                .prefix("body.")
                .rename(|name| format!("head.{name}"))
                .allow_missing("*")
                .skip_mismatched("*.weight"),
            0,
            "",
        ),
    ];
    for (name, given, how, count, text) in rows {
        let mut model = old.clone();
        let loaded = match model.load_state_dict_with(given, &how) {
            Ok(loaded) => loaded,
            Err(error) => {
                assert_eq!(name, "a part", "{name}: {error}");
                assert_eq!(
                    error.to_string(),
                    "state does not fit the model: head.bias: expected [2], got [4]"
                );
                assert_eq!(model.state_dict(), old.state_dict());
                continue;
            }
        };
        assert_eq!((loaded.loaded.len(), loaded.to_string().as_str()), (count, text), "{name}");
        // What was loaded has the new values, all else its own.
        let (now, before) = (model.state_dict(), old.state_dict());
        for path in ALL {
            let expected = if loaded.loaded.iter().any(|name| name == path) { &state } else { &before };
            assert_eq!(now.0[path], expected.0[path], "{name}: {path}");
        }
    }
}

#[test]
fn what_is_not_allowed_is_listed_at_once_and_changes_nothing() {
    let state = network(1, 2).state_dict();
    let mut old = network(0, 2);
    let before = old.state_dict();
    let mut wrong = renamed(&state, |name| Some(name.replace("head.bias", "tail.bias")));
    wrong.0.insert("body.bias".into(), BufferValue::Int(IntTensor::from([1, 2, 3, 4])));
    wrong.0.insert("norm.num_batches_tracked".into(), state.0["norm.weight"].clone());
    let foreign = renamed(&state, |name| (name == "head.bias").then(|| format!("module.{name}")));
    let body = renamed(&state, |name| name.starts_with("body").then(|| name.to_owned()));
    let rows: Vec<(&StateDict, Load, &str)> = vec![
        (
            &wrong,
            Load::strict(),
            "missing head.bias; unexpected tail.bias; body.bias: expected real numbers, got integers, \
             norm.num_batches_tracked: expected integers, got real numbers",
        ),
        (
            &wrong,
            Load::partial(),
            "body.bias: expected real numbers, got integers, norm.num_batches_tracked: expected integers, got real numbers",
        ),
        (
            &wrong,
            Load::partial().skip_mismatched("norm.*").skip_mismatched("head.*"),
            "body.bias: expected real numbers, got integers",
        ),
        (&wrong, Load::strict().skip_mismatched("*"), "missing head.bias; unexpected tail.bias"),
        (&wrong, Load::strict().skip_mismatched("*").allow_missing("*"), "unexpected tail.bias"),
        // Names that are wrong as a whole, although each may be missing or left over.
        (
            &foreign,
            Load::partial(),
            "missing body.weight, body.bias, norm.weight, norm.bias, norm.running_mean, norm.running_var, \
             norm.num_batches_tracked, head.weight, head.bias; unexpected module.head.bias",
        ),
        (
            &body,
            Load::partial().rename(|_| "head.bias".into()),
            "head.bias: expected one value, got body.bias and body.weight, head.bias: expected [2], got [4, 3]",
        ),
    ];
    for (given, how, text) in rows {
        let error = old.load_state_dict_with(given, &how).unwrap_err();
        assert_eq!(error.to_string(), format!("state does not fit the model: {text}"), "{how:?}");
        assert_eq!(old.state_dict(), before);
    }
}
