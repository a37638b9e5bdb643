//! The optimizer around the rules: groups, clipping, freezing, bad gradients, and states that do not fit.

use plywood_autograd::{Gradients, Param};
use plywood_nn::{Linear, Parameters, parameters};
use plywood_optim::{
    Adadelta, Adafactor, Adagrad, Adam, AdamW, Lamb, Muon, NAdam, NonFinite, OptimError, Optimizer,
    OptimizerState, ParamGroup, RAdam, RmsProp, Rule, Sam, Sgd, Step,
};
use plywood_tensor::{Elem, Result, Seed, Shape, Tensor};

#[derive(Debug, Clone)]
struct Net {
    layers: Vec<Linear>,
}
parameters!(Net { layers });

impl Net {
    fn new() -> Net {
        let stream = Seed(3).stream();
        let layer = |inputs, outputs, at| Linear::new(inputs, outputs, &stream.at(at)).unwrap();
        Net { layers: vec![layer(4, 3, 0), layer(3, 2, 1)] }
    }

    /// The same number everywhere, in the gradients of all parameters.
    fn gradients(&self, value: Elem) -> Gradients {
        let mut gradients = Gradients::default();
        for (_, param) in self.named_parameters() {
            gradients.set(param, param.value().full_like(value));
        }
        gradients
    }

    fn values(&self) -> Vec<Tensor> {
        self.named_parameters().into_iter().map(|(_, param)| param.value().clone()).collect()
    }
}

/// How far each parameter moved, in the order of `Net`.
fn moves(before: &[Tensor], model: &Net) -> Vec<f64> {
    let moved = |(before, after): (&Tensor, &Tensor)| -> f64 {
        let difference = before.sub(after).unwrap();
        #[allow(clippy::unnecessary_cast)] // needed for the other width
        let first = difference.as_slice()[0] as f64;
        (first * 1e4).round() / 1e4
    };
    before.iter().zip(&model.values()).map(moved).collect()
}

fn sgd(learning_rate: f64) -> Optimizer {
    Optimizer::new(Sgd::new(learning_rate))
}

/// An optimizer, what is done to the gradients before the step, and the text of the error.
type Refusal = (Optimizer, fn(&mut Net, &mut Gradients), &'static str);

#[test]
fn bad_gradients_are_refused_by_path_and_nothing_moves() {
    let rows: Vec<Refusal> = vec![
        (
            sgd(0.1),
            |net, gradients| {
                *gradients = Gradients::default();
                gradients.set(&net.layers[0].weight, Tensor::ones([3, 4]).unwrap());
            },
            "layers.0.bias: expected a gradient, got none; freeze the parameter if the loss shall not depend on it",
        ),
        (
            sgd(0.1),
            |net, gradients| gradients.set(&net.layers[1].weight, Tensor::ones([3, 2]).unwrap()),
            "layers.1.weight: expected a gradient of shape [2, 3], got [3, 2]",
        ),
        (
            sgd(0.1),
            |net, gradients| gradients.get_mut(&net.layers[1].weight).unwrap().as_mut_slice()[4] = Elem::NAN,
            "layers.1.weight: expected a finite gradient, got NaN at [1, 1]",
        ),
        (
            sgd(0.1).clip_global_norm(1.0),
            |net, gradients| {
                gradients.get_mut(&net.layers[0].weight).unwrap().as_mut_slice()[7] = Elem::NEG_INFINITY;
            },
            "layers.0.weight: expected a finite gradient, got -inf at [1, 3]",
        ),
        (
            sgd(0.1).clip_value(1.0).clip_parameter_norm(1.0),
            |net, gradients| {
                let bias = net.layers[1].bias.as_ref().unwrap();
                gradients.get_mut(bias).unwrap().as_mut_slice()[0] = Elem::INFINITY;
            },
            "layers.1.bias: expected a finite gradient, got inf at [0]",
        ),
        (
            sgd(0.1).clip_global_norm(1.0).non_finite(NonFinite::Ignore),
            |net, gradients| gradients.get_mut(&net.layers[0].weight).unwrap().as_mut_slice()[0] = Elem::NAN,
            "layers.0.weight: expected a gradient whose norm is finite, got NaN",
        ),
        (
            sgd(0.1).group(ParamGroup::new("encoder.*")),
            |_, _| {},
            "pattern \"encoder.*\" matches none of layers.0.weight, layers.0.bias, layers.1.weight, layers.1.bias",
        ),
        (
            sgd(0.1).group(ParamGroup::new("*.bias").learning_rate(-0.5)),
            |_, _| {},
            "group \"*.bias\": expected a learning rate of at least 0, got -0.5",
        ),
        (
            sgd(0.1).group(ParamGroup::new("*.bias").weight_decay(f64::INFINITY)),
            |_, _| {},
            "group \"*.bias\": expected a weight decay of at least 0, got inf",
        ),
        (sgd(0.1).clip_value(0.0), |_, _| {}, "clip_value: expected a limit above 0, got 0"),
        (
            sgd(0.1).clip_parameter_norm(-1.0),
            |_, _| {},
            "clip_parameter_norm: expected a limit above 0, got -1",
        ),
        (
            sgd(0.1).clip_global_norm(f64::NAN),
            |_, _| {},
            "clip_global_norm: expected a limit above 0, got NaN",
        ),
        (
            sgd(0.1),
            |net, _| net.layers[1] = Linear { bias: net.layers[0].bias.clone(), ..net.layers[1].clone() },
            "layers.1.bias: expected a parameter of its own, got a clone of layers.0.bias; call renew_ids on the clone",
        ),
        (
            Sam::new(Sgd::new(0.1)).into(),
            |_, _| {},
            "Sgd: expected 2 gradients for a step, got 1; use step_with",
        ),
    ];
    for (mut optimizer, change, text) in rows {
        let mut net = Net::new();
        let mut gradients = net.gradients(1.0);
        change(&mut net, &mut gradients);
        let before = net.values();
        for _ in 0..2 {
            assert_eq!(optimizer.step(&mut net, &gradients).unwrap_err().to_string(), text);
            assert_eq!(net.values(), before);
            assert_eq!(optimizer.steps(), 0);
        }
    }
}

#[test]
fn an_error_names_its_path_and_keeps_its_type() {
    let mut net = Net::new();
    let error = sgd(0.1).step(&mut net, &Gradients::default()).unwrap_err();
    assert_eq!(error.path(), "layers.0.weight");
    assert_eq!(error.source_as::<OptimError>(), Some(&OptimError::NoGradient));
}

#[test]
fn a_learning_rate_that_makes_no_sense_is_refused_between_steps_too() {
    let (mut net, mut optimizer) = (Net::new(), sgd(0.1));
    let gradients = net.gradients(1.0);
    optimizer.step(&mut net, &gradients).unwrap();
    optimizer.set_learning_rate(f64::INFINITY);
    let error = optimizer.step(&mut net, &gradients).unwrap_err();
    assert_eq!(error.to_string(), "Sgd: expected a learning rate of at least 0, got inf");
}

#[test]
fn the_policy_says_what_a_nan_does() {
    for (policy, clip) in [(NonFinite::Skip, None), (NonFinite::Skip, Some(1.0)), (NonFinite::Ignore, None)] {
        let (mut net, mut optimizer) = (Net::new(), sgd(0.1).non_finite(policy));
        if let Some(limit) = clip {
            optimizer = optimizer.clip_global_norm(limit);
        }
        let before = net.values();
        let mut gradients = net.gradients(1.0);
        gradients.get_mut(&net.layers[1].weight).unwrap().as_mut_slice()[0] = Elem::NAN;
        let report = optimizer.step(&mut net, &gradients).unwrap();
        if policy == NonFinite::Skip {
            assert_eq!(report.skipped.as_deref(), Some("layers.1.weight"));
            assert_eq!(report.norm, None);
            assert_eq!((net.values(), optimizer.steps()), (before, 0));
        } else {
            assert_eq!(report.skipped, None);
            assert!(net.layers[1].weight.value().as_slice()[0].is_nan());
            assert_eq!(optimizer.steps(), 1);
        }
    }
}

#[test]
fn the_first_group_that_fits_counts_and_follows_schedules() {
    let mut net = Net::new();
    let mut optimizer = sgd(0.1)
        .group(ParamGroup::new("layers.0.bias").learning_rate(0.4))
        .group(ParamGroup::new("*.bias").learning_rate(0.2))
        .group(ParamGroup::new("layers.0.*"));
    let gradients = net.gradients(1.0);
    for (learning_rate, expected) in [(0.1, [0.1, 0.4, 0.1, 0.2]), (0.05, [0.05, 0.2, 0.05, 0.1])] {
        optimizer.set_learning_rate(learning_rate);
        let before = net.values();
        optimizer.step(&mut net, &gradients).unwrap();
        assert_eq!(moves(&before, &net), expected);
    }
}

#[test]
fn factors_multiply_the_rates_that_groups_were_given() {
    let mut net = Net::new();
    let mut optimizer = sgd(0.1).group(ParamGroup::new("*.bias").learning_rate(0.4));
    let gradients = net.gradients(1.0);
    // The learning rate, the factor, that of the group: the moves of weights and biases.
    for (rate, all, group, [weights, biases]) in [
        (0.1, 1.0, None, [0.1, 0.4]),
        (0.1, 0.5, None, [0.05, 0.2]),
        (0.2, 0.5, None, [0.1, 0.4]),
        (0.2, 0.5, Some(0.25), [0.1, 0.2]),
        (0.1, 0.0, Some(1.0), [0.0, 0.4]),
        (0.1, 2.0, None, [0.2, 0.8]),
    ] {
        optimizer.set_learning_rate(rate);
        optimizer.set_rate_factor(all).unwrap();
        optimizer.set_group_rate_factor("*.bias", group).unwrap();
        assert_eq!((optimizer.learning_rate(), optimizer.rate_factor()), (rate, all));
        assert_eq!(optimizer.current_learning_rate(), rate * all);
        let before = net.values();
        optimizer.step(&mut net, &gradients).unwrap();
        assert_eq!(moves(&before, &net), [weights, biases, weights, biases]);
        assert_eq!(optimizer.state_dict().learning_rate, rate);
    }
}

#[test]
fn factors_that_make_no_sense_are_refused() {
    let mut optimizer = sgd(0.1).group(ParamGroup::new("*.bias"));
    optimizer.set_rate_factor(0.5).unwrap();
    for (factor, got) in [(-1.0, "-1"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let text = format!("rate factor: expected a finite number of at least 0, got {got}");
        assert_eq!(optimizer.set_rate_factor(factor).unwrap_err().to_string(), text);
        assert_eq!(optimizer.set_group_rate_factor("*.bias", factor).unwrap_err().to_string(), text);
    }
    assert_eq!(optimizer.rate_factor(), 0.5);
    let error = optimizer.set_group_rate_factor("*.weight", 0.5).unwrap_err();
    assert_eq!(error.to_string(), r#"expected the pattern of a group, one of "*.bias", got "*.weight""#);
    let error = sgd(0.1).set_group_rate_factor("*", None).unwrap_err();
    assert_eq!(error.to_string(), r#"expected the pattern of a group, of which there is none, got "*""#);

    // Both numbers are finite, their product is not.
    let (mut net, mut optimizer) = (Net::new(), sgd(1e300));
    optimizer.set_rate_factor(1e300).unwrap();
    let gradients = net.gradients(1.0);
    let error = optimizer.step(&mut net, &gradients).unwrap_err();
    assert_eq!(error.to_string(), "Sgd: expected a learning rate of at least 0, got inf");
}

#[test]
fn clipping_changes_steps_but_not_gradients() {
    // Every gradient is 3; norms are 3 √numbers, of 12, 3, 6 and 2 numbers, 23 in all.
    let root = |x: f64| x.sqrt();
    let rounded = |x: f64| (x * 1e4).round() / 1e4;
    let rows: [(Optimizer, [f64; 4], Option<f64>); 8] = [
        (sgd(1.0), [3.0; 4], None),
        (sgd(1.0).measure_norm(true), [3.0; 4], Some(3.0 * root(23.0))),
        (sgd(1.0).clip_value(2.0), [2.0; 4], None),
        (sgd(1.0).clip_value(2.0).measure_norm(true), [2.0; 4], Some(2.0 * root(23.0))),
        (sgd(1.0).clip_parameter_norm(6.0), [6.0 / root(12.0), 3.0, 6.0 / root(6.0), 3.0], None),
        (sgd(1.0).clip_global_norm(5.0), [5.0 / root(23.0); 4], Some(3.0 * root(23.0))),
        (sgd(1.0).clip_global_norm(15.0), [3.0; 4], Some(3.0 * root(23.0))),
        (
            sgd(1.0).clip_value(2.0).clip_parameter_norm(1.0).clip_global_norm(0.5),
            [12.0, 3.0, 6.0, 2.0].map(|n| 0.25 / root(n)),
            Some(2.0),
        ),
    ];
    for (mut optimizer, expected, norm) in rows {
        let mut net = Net::new();
        let (before, gradients) = (net.values(), net.gradients(3.0));
        let report = optimizer.step(&mut net, &gradients).unwrap();
        assert_eq!(moves(&before, &net), expected.map(rounded), "{optimizer:?}");
        assert_eq!(report.norm.map(rounded), norm.map(rounded));
        assert!(gradients.iter().all(|(_, g)| g.as_slice().iter().all(|&g| g == 3.0)));
    }
}

/// Who only looks changes nothing: what a limit would refuse is ignored as ever.
#[test]
fn a_norm_that_is_only_measured_is_no_reason_for_an_error() {
    let mut net = Net::new();
    let mut gradients = net.gradients(3.0);
    gradients.get_mut(&net.layers[0].weight).unwrap().as_mut_slice()[0] = Elem::INFINITY;
    let mut optimizer = sgd(1.0).non_finite(NonFinite::Ignore).measure_norm(true);
    let report = optimizer.step(&mut net, &gradients).unwrap();
    assert_eq!((report.norm, report.is_step()), (Some(f64::INFINITY), true));
    optimizer.set_measure_norm(false);
    assert_eq!(optimizer.step(&mut net, &gradients).unwrap().norm, None);
    optimizer.set_non_finite(NonFinite::Error);
    optimizer.set_measure_norm(true);
    let error = optimizer.step(&mut net, &gradients).unwrap_err();
    assert_eq!(error.to_string(), "layers.0.weight: expected a finite gradient, got inf at [0, 0]");
}

#[test]
fn a_parameter_that_was_frozen_starts_its_own_count() {
    let mut net = Net::new();
    net.freeze("layers.0.*").unwrap();
    let mut optimizer = Optimizer::new(Adam::new(0.01));
    let gradients = net.gradients(0.5);
    let before = net.values();
    for _ in 0..5 {
        optimizer.step(&mut net, &gradients).unwrap();
    }
    assert_eq!(moves(&before, &net), [0.0, 0.0, 0.05, 0.05]);
    net.unfreeze("*").unwrap();
    let before = net.values();
    optimizer.step(&mut net, &gradients).unwrap();
    // Bias corrections of a first step: it is as long as the learning rate.
    assert_eq!(moves(&before, &net), [0.01; 4]);
    let state = optimizer.state_dict();
    let counts: Vec<u64> = state.parameters.values().map(|state| state.count).collect();
    assert_eq!((state.steps, counts), (6, vec![1, 1, 6, 6]));
}

#[test]
fn a_state_saved_while_frozen_serves_a_run_that_unfreezes() {
    let (mut net, make) = (Net::new(), || Optimizer::new(Adam::new(0.01)));
    net.freeze("layers.0.*").unwrap();
    let (mut optimizer, mut resumed) = (make(), make());
    let gradients = net.gradients(0.5);
    optimizer.step(&mut net, &gradients).unwrap();
    resumed.load_state_dict(&optimizer.state_dict()).unwrap();
    net.unfreeze("*").unwrap();
    let mut copy = net.clone();
    optimizer.step(&mut net, &gradients).unwrap();
    resumed.step(&mut copy, &gradients).unwrap();
    assert_eq!(net.values(), copy.values());
    assert_eq!(optimizer.state_dict(), resumed.state_dict());
}

fn adam_state() -> OptimizerState {
    let (mut net, mut optimizer) = (Net::new(), Optimizer::new(Adam::default()));
    let gradients = net.gradients(1.0);
    optimizer.step(&mut net, &gradients).unwrap();
    optimizer.state_dict()
}

/// What a message names of it is on one line, and short.
#[test]
fn states_of_strangers_are_told_in_a_line() {
    let hostile = "\u{1b}[2J\n".repeat(50_000);
    let shown = r"\u{1b}[2J\n\u{1b}[2J\n";
    type Change = fn(&mut OptimizerState, String);
    let rows: [(Change, &str); 5] = [
        (|state, text| state.rule = text, "expected a state of Adam, got one of "),
        (
            |state, text| state.parameters.get_mut("layers.0.bias").unwrap().rule = text,
            "state does not fit the optimizer: layers.0.bias: expected the state of Adam, got one of ",
        ),
        (
            |state, text| {
                let slots = &mut state.parameters.get_mut("layers.0.bias").unwrap().slots;
                *slots = [(text, slots["m"].clone())].into();
            },
            "state does not fit the optimizer: layers.0.bias: expected the slots m, v, got ",
        ),
        (
            |state, text| {
                let moved = state.parameters.remove("layers.0.bias").unwrap();
                state.parameters.insert(text, moved);
            },
            "state does not fit the optimizer: missing layers.0.bias; unexpected ",
        ),
        (
            |state, text| {
                let more = state.parameters["layers.0.bias"].clone();
                state.parameters.extend((0..5_000).map(|i| (format!("{}{i}", &text[..50]), more.clone())));
            },
            "state does not fit the optimizer: unexpected ",
        ),
    ];
    for (change, text) in rows {
        let (mut net, mut optimizer, mut state) =
            (Net::new(), Optimizer::from(Adam::default()), adam_state());
        change(&mut state, hostile.clone());
        let gradients = net.gradients(1.0);
        let outcome = optimizer.load_state_dict(&state).and_then(|()| optimizer.step(&mut net, &gradients));
        let error = outcome.unwrap_err().to_string();
        assert!(error.starts_with(&format!("{text}{shown}")), "{error:?}");
        assert!(error.len() <= 8192 && !error.contains(char::is_control), "{} {error:?}", error.len());
    }
}

#[test]
fn states_that_do_not_fit_are_refused_whole() {
    type Row = (fn() -> Optimizer, fn(&mut OptimizerState), &'static str);
    let rows: [Row; 4] = [
        (|| sgd(0.1), |_| {}, "expected a state of Sgd, got one of Adam"),
        (
            || Adam::default().into(),
            |state| {
                let mut moved = state.parameters.remove("layers.0.bias").unwrap();
                moved.shape = *Tensor::zeros([5]).unwrap().shape();
                state.parameters.insert("layers.2.bias".into(), moved);
                state.parameters.get_mut("layers.1.bias").unwrap().shape =
                    *Tensor::zeros([7]).unwrap().shape();
            },
            "state does not fit the optimizer: missing layers.0.bias; unexpected layers.2.bias; \
             layers.1.bias: expected [2], got [7]",
        ),
        (
            || Adam::default().into(),
            |state| {
                let slots = &mut state.parameters.get_mut("layers.0.weight").unwrap().slots;
                slots.insert("m".into(), Tensor::zeros([4, 3]).unwrap());
            },
            "state does not fit the optimizer: layers.0.weight: expected [3, 4], got [4, 3]",
        ),
        (
            || Adam::default().amsgrad().into(),
            |state| state.parameters.retain(|path, _| path != "layers.1.weight" && path != "layers.1.bias"),
            "state does not fit the optimizer: missing layers.1.weight, layers.1.bias; \
             layers.0.weight: expected the slots m, v, v_max, got m, v, \
             layers.0.bias: expected the slots m, v, v_max, got m, v",
        ),
    ];
    for (make, change, text) in rows {
        let mut state = adam_state();
        change(&mut state);
        // Once before the first step, where it shows in the step, and once after.
        let (mut net, mut early) = (Net::new(), make());
        let (before, gradients) = (net.values(), net.gradients(1.0));
        let outcome = early.load_state_dict(&state).and_then(|()| early.step(&mut net, &gradients));
        assert_eq!(outcome.unwrap_err().to_string(), text);
        assert_eq!(net.values(), before);

        let mut late = make();
        late.step(&mut net, &gradients).unwrap();
        let known = late.state_dict();
        assert_eq!(late.load_state_dict(&state).unwrap_err().to_string(), text);
        assert_eq!(late.state_dict(), known);
    }
}

#[test]
fn a_state_is_plain_data_and_broken_data_is_refused() {
    let state = adam_state();
    assert_eq!(
        state.tensors().into_keys().take(3).collect::<Vec<_>>(),
        ["layers.0.bias.m", "layers.0.bias.v", "layers.0.weight.m"]
    );
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<OptimizerState>(&text).unwrap(), state);
    let broken = text.replace("\"shape\":[3,4]", "\"shape\":[3,5]");
    let error = serde_json::from_str::<OptimizerState>(&broken).unwrap_err().to_string();
    assert!(error.starts_with("from_vec: [3, 5] holds 15 elements, got 12"), "{error}");
}

#[test]
fn a_state_from_before_the_first_step_is_a_fresh_start() {
    let (mut net, mut optimizer) = (Net::new(), Optimizer::new(Adagrad::new(0.5).initial_sum(1.0)));
    let (fresh, gradients) = (optimizer.state_dict(), net.gradients(1.0));
    assert!(fresh.parameters.is_empty());
    optimizer.step(&mut net, &gradients).unwrap();
    assert_eq!(optimizer.state_dict().tensors()["layers.1.bias.sum"].as_slice(), [2.0, 2.0]);
    optimizer.load_state_dict(&fresh).unwrap();
    assert_eq!(optimizer.state_dict(), fresh);
    optimizer.step(&mut net, &gradients).unwrap();
    assert_eq!(optimizer.state_dict().tensors()["layers.1.bias.sum"].as_slice(), [2.0, 2.0]);
}

#[test]
fn another_model_does_not_inherit_the_state_in_silence() {
    let (mut net, mut optimizer) = (Net::new(), Optimizer::new(Adam::default()));
    let gradients = net.gradients(1.0);
    optimizer.step(&mut net, &gradients).unwrap();
    // A replica has the same ids, and goes on.
    optimizer.step(&mut net.clone(), &gradients).unwrap();

    let mut other = Net::new();
    let gradients = other.gradients(1.0);
    let error = optimizer.step(&mut other, &gradients).unwrap_err();
    assert_eq!(
        error.to_string(),
        "layers.0.weight: expected the parameter of earlier steps, got another; use a new optimizer, \
         and load_state_dict to go on with this state"
    );
    let mut carried = Optimizer::new(Adam::default());
    carried.load_state_dict(&optimizer.state_dict()).unwrap();
    carried.step(&mut other, &gradients).unwrap();
    assert_eq!(carried.steps(), 3);
}

#[test]
fn a_parameter_may_not_change_its_shape() {
    let (mut net, mut optimizer) = (Net::new(), Optimizer::new(Adam::default()));
    let gradients = net.gradients(1.0);
    optimizer.step(&mut net, &gradients).unwrap();
    *net.layers[0].weight.value_mut() = Tensor::ones([2, 4]).unwrap();
    let gradients = net.gradients(1.0);
    let error = optimizer.step(&mut net, &gradients).unwrap_err();
    assert_eq!(
        error.to_string(),
        "layers.0.weight: expected a parameter of shape [3, 4] as in earlier steps, got [2, 4]"
    );
}

#[test]
fn layers_may_move_within_the_model() {
    let (mut net, mut optimizer) = (Net::new(), Optimizer::new(Adam::default()));
    let gradients = net.gradients(1.0);
    optimizer.step(&mut net, &gradients).unwrap();
    net.layers.insert(0, Linear::new(4, 4, &Seed(9).stream()).unwrap());
    let gradients = net.gradients(1.0);
    optimizer.step(&mut net, &gradients).unwrap();
    let counts: Vec<u64> = optimizer.state_dict().parameters.values().map(|state| state.count).collect();
    assert_eq!(counts, [1, 1, 2, 2, 2, 2]);
}

/// Layers, what is done to them after a step, and how many steps each parameter of the state took after another one.
type Change = (fn(&mut Net), &'static [(&'static str, u64)]);

#[test]
fn a_state_knows_the_parameters_of_the_last_step_by_their_present_paths() {
    let rows: [Change; 4] = [
        (|net| drop(net.layers.remove(0)), &[("layers.0.bias", 2), ("layers.0.weight", 2)]),
        (|net| drop(net.layers.pop()), &[("layers.0.bias", 2), ("layers.0.weight", 2)]),
        (
            |net| {
                net.layers.swap(0, 1);
                net.freeze("layers.1.*").unwrap();
            },
            &[("layers.0.bias", 2), ("layers.0.weight", 2), ("layers.1.bias", 1), ("layers.1.weight", 1)],
        ),
        (
            |net| net.layers[1].bias = None,
            &[("layers.0.bias", 2), ("layers.0.weight", 2), ("layers.1.weight", 2)],
        ),
    ];
    for (change, expected) in rows {
        let (mut net, mut optimizer) = (Net::new(), Optimizer::new(Adam::default()));
        optimizer = optimizer.group(ParamGroup::new("layers.1.bias").weight_decay(0.0));
        let gradients = net.gradients(1.0);
        optimizer.step(&mut net, &gradients).unwrap();
        let whole = net.clone();
        change(&mut net);
        optimizer.step(&mut net, &gradients).unwrap();
        let state = optimizer.state_dict();
        let got: Vec<_> = state.parameters.iter().map(|(path, state)| (path.as_str(), state.count)).collect();
        assert_eq!(got, expected);
        for (path, param) in net.named_parameters() {
            assert_eq!(state.parameters[&path].shape, *param.shape(), "{path}");
        }
        // What was removed goes on when it comes back.
        let mut whole = whole;
        optimizer.step(&mut whole, &gradients).unwrap();
        let state = optimizer.state_dict();
        assert_eq!(state.parameters.len(), 4);
        assert!(state.parameters.values().all(|state| state.count >= 2));
    }
}

#[test]
fn a_closure_that_fails_leaves_the_parameters_where_they_were() {
    let (mut net, mut optimizer) = (Net::new(), Optimizer::from(Sam::new(Sgd::new(0.1)).radius(1.0)));
    let before = net.values();
    let mut calls = 0;
    let outcome: Result<_> = optimizer.step_with(&mut net, |net| {
        calls += 1;
        if calls == 2 {
            assert_ne!(net.values(), before);
            return Err(plywood_tensor::Error::new("out of data"));
        }
        Ok(((), net.gradients(1.0)))
    });
    assert_eq!(outcome.unwrap_err().to_string(), "out of data");
    assert_eq!(net.values(), before);
}

#[test]
fn too_many_slots_are_refused() {
    #[derive(Debug)]
    struct Greedy;
    impl Rule for Greedy {
        fn name(&self) -> &'static str {
            "Greedy"
        }
        fn learning_rate(&self) -> f64 {
            0.1
        }
        fn slots(&self) -> &'static [&'static str] {
            &["a", "b", "c", "d", "e", "f", "g", "h", "i"]
        }
        fn update(&self, _: &Step, _: &mut [Elem], _: &[Elem], _: &mut [&mut [Elem]]) {}
    }
    let mut model = vec![Param::new(Tensor::from([1.0]))];
    let mut gradients = Gradients::default();
    gradients.set(&model[0], Tensor::from([1.0]));
    let error = Optimizer::new(Greedy).step(&mut model, &gradients).unwrap_err();
    assert_eq!(error.to_string(), "Greedy: expected at most 8 slots, got 9");
}

/// Gradients that differ from call to call and from number to number.
fn varied(net: &Net, call: usize) -> Gradients {
    let mut gradients = Gradients::default();
    for (i, (_, param)) in net.named_parameters().into_iter().enumerate() {
        let numbers = (0..param.shape().numel()).map(|j| ((i * 7 + j * 5 + call * 3) % 11) as Elem - 5.0);
        gradients.set(param, Tensor::from_vec(numbers.collect(), *param.shape()).unwrap());
    }
    gradients
}

#[test]
fn accumulated_gradients_make_the_step_of_their_mean() {
    let make = || Optimizer::new(Adam::new(0.01).weight_decay(0.1)).clip_global_norm(2.0);
    let (mut net, mut optimizer) = (Net::new(), make().accumulate(4));
    let (mut whole, mut of_whole) = (net.clone(), make());
    for step in 0..3_u64 {
        let mut mean = Gradients::default();
        for call in 0..4 {
            let gradients = varied(&net, step as usize * 4 + call);
            let before = net.values();
            let report = optimizer.step(&mut net, &gradients).unwrap();
            assert_eq!(report.is_step(), call == 3);
            assert_eq!(report.accumulated, (call < 3).then_some(call as u64 + 1));
            assert_eq!(report.norm.is_some(), call == 3);
            assert_eq!(net.values() == before, call < 3);
            assert_eq!(optimizer.steps(), step + u64::from(call == 3));
            mean.merge(gradients).unwrap();
        }
        // Sums of small integers and their quarters are exact.
        mean.scale(0.25);
        of_whole.step(&mut whole, &mean).unwrap();
        assert_eq!(net.values(), whole.values());
    }
    assert_eq!(optimizer.state_dict(), of_whole.state_dict());
}

#[test]
fn four_small_batches_are_one_large_batch_up_to_rounding() {
    use plywood_nn::{Context, Module};
    let x = Tensor::normal([8, 4], 0.0, 1.0, &Seed(5).stream()).unwrap();
    let gradients = |net: &Net, x: Tensor| {
        let cx = Context::train(Seed(0), 0);
        let hidden = net.layers[0].forward(&cx, &cx.input(x)).unwrap().tanh();
        net.layers[1].forward(&cx, &hidden).unwrap().square().mean().backward().unwrap()
    };
    let (mut small, mut optimizer) = (Net::new(), sgd(0.1).accumulate(4));
    let (mut large, mut of_large) = (small.clone(), sgd(0.1));
    for _ in 0..5 {
        for part in 0..4 {
            let of_part = gradients(&small, x.rows(part * 2, part * 2 + 2).unwrap());
            optimizer.step(&mut small, &of_part).unwrap();
        }
        let of_all = gradients(&large, x.clone());
        of_large.step(&mut large, &of_all).unwrap();
    }
    for (small, large) in small.values().iter().zip(&large.values()) {
        assert!(small.all_close(large, 1e-5, 1e-6), "{small} instead of {large}");
    }
}

#[test]
fn a_run_that_is_resumed_in_the_midst_of_a_sum_ends_in_the_same_bits() {
    let make = || Optimizer::new(Adam::new(0.01)).accumulate(3).gradient_noise(0.1, 0.55, Seed(1));
    let run = |net: &mut Net, optimizer: &mut Optimizer, calls: std::ops::Range<usize>| {
        for call in calls {
            let gradients = varied(net, call);
            optimizer.step(net, &gradients).unwrap();
        }
    };
    let (start, mut whole, mut of_whole) = (Net::new(), Net::new(), make());
    run(&mut whole, &mut of_whole, 0..10);
    for calls in 0..7 {
        let (mut net, mut optimizer, mut resumed) = (start.clone(), make(), make());
        run(&mut net, &mut optimizer, 0..calls);
        let text = serde_json::to_string(&optimizer.state_dict()).unwrap();
        let state: OptimizerState = serde_json::from_str(&text).unwrap();
        assert_eq!(state, optimizer.state_dict());
        let sums = state.tensors().into_keys().filter(|name| name.ends_with(".accumulated")).count();
        assert_eq!((state.accumulated, sums), (calls as u64 % 3, if calls % 3 == 0 { 0 } else { 4 }));
        resumed.load_state_dict(&state).unwrap();
        run(&mut net, &mut resumed, calls..10);
        assert_eq!(net.values(), whole.values());
        assert_eq!(resumed.state_dict(), of_whole.state_dict());
    }
}

#[test]
fn a_call_that_is_refused_or_skipped_is_no_part_of_the_sum() {
    for policy in [NonFinite::Error, NonFinite::Skip] {
        let (mut net, mut optimizer) = (Net::new(), sgd(0.1).accumulate(2).non_finite(policy));
        let good = net.gradients(1.0);
        optimizer.step(&mut net, &good).unwrap();
        let state = optimizer.state_dict();
        for value in [Elem::NAN, Elem::INFINITY] {
            let bad = net.gradients(value);
            match optimizer.step(&mut net, &bad) {
                Ok(report) => {
                    assert_eq!((policy, report.accumulated), (NonFinite::Skip, Some(1)));
                    assert_eq!(report.skipped.as_deref(), Some("layers.0.weight"));
                }
                Err(_) => assert_eq!(policy, NonFinite::Error),
            }
            assert_eq!(optimizer.state_dict(), state);
        }
        // Each is finite, but not their sum: the step is refused with all that waits, or given up.
        let huge = net.gradients(Elem::MAX);
        let mut optimizer = sgd(0.1).accumulate(2).non_finite(policy);
        optimizer.step(&mut net, &huge).unwrap();
        let (before, state) = (net.values(), optimizer.state_dict());
        match optimizer.step(&mut net, &huge) {
            Ok(report) => {
                assert!(!report.is_step());
                assert_eq!(optimizer.state_dict().accumulated, 0);
            }
            Err(_) => assert_eq!(optimizer.state_dict(), state),
        }
        assert_eq!((net.values(), optimizer.steps()), (before, 0));
    }
}

#[test]
fn noise_belongs_to_seed_step_path_and_place() {
    let moved = |seed: u64, steps: usize, skip: bool| {
        let (mut net, mut optimizer) = (Net::new(), sgd(1.0).gradient_noise(0.5, 0.55, Seed(seed)));
        if skip {
            net.freeze("layers.0.weight").unwrap();
        }
        let (mut before, gradients) = (net.values(), net.gradients(0.0));
        for _ in 0..steps {
            before = net.values();
            optimizer.step(&mut net, &gradients).unwrap();
        }
        let pairs = before.iter().zip(net.values());
        pairs.map(|(before, after)| before.sub(&after).unwrap()).collect::<Vec<_>>()
    };
    let first = moved(1, 1, false);
    assert_eq!(first, moved(1, 1, false));
    assert_ne!(first, moved(2, 1, false));
    assert_ne!(first, moved(1, 2, false));
    assert_ne!(first[1].as_slice()[..2], first[3].as_slice()[..2]);
    // Another parameter more or less changes nothing.
    assert_eq!(first[1..], moved(1, 1, true)[1..]);
}

#[test]
fn the_adaptive_limit_leaves_out_what_it_shall_and_other_limits_follow() {
    let mut net = Net::new();
    for layer in &mut net.layers {
        *layer.weight.value_mut() = layer.weight.value().full_like(1.0);
        let bias = layer.bias.as_mut().unwrap();
        *bias.value_mut() = bias.value().full_like(0.0);
    }
    let (before, gradients) = (net.values(), net.gradients(1.0));
    let last = ParamGroup::new("layers.1.*").without_clip_adaptive();
    let mut optimizer = sgd(1.0).clip_adaptive(0.5).clip_value(0.75).clip_parameter_norm(0.9).group(last);
    optimizer.step(&mut net, &gradients).unwrap();
    let got = moves(&before, &net);
    // Of the norm 2 of a row a half, and of the three rows together, √3, 0.9 is left: in each of 12 numbers 0.9 / √12. The
    // second layer is cut by the other limits alone: 0.9 / √6 in each of 6.
    let rounded = |x: f64| (x * 1e4).round() / 1e4;
    assert_eq!([got[0], got[2]], [rounded(0.9 / 12.0_f64.sqrt()), rounded(0.9 / 6.0_f64.sqrt())]);
    // Biases of 0 count as if their norm were 0.001.
    let bias = net.layers[0].bias.as_ref().unwrap().value();
    assert!(bias.as_slice().iter().all(|b| b.abs() < 1.0));
    // A half of that, shared by three numbers.
    let expected = Tensor::zeros([3]).unwrap().full_like(-5e-4 / (3.0 as Elem).sqrt());
    assert!(bias.all_close(&expected, 0.0, 1e-7), "{bias}");
}

#[test]
fn a_group_may_have_a_rule_of_its_own() {
    let mut net = Net::new();
    let make = || {
        let biases = ParamGroup::new("*.bias").rule(Sgd::new(0.5).momentum(0.5));
        Optimizer::new(Adam::new(0.01)).group(biases)
    };
    let mut optimizer = make();
    let (before, gradients) = (net.values(), net.gradients(1.0));
    optimizer.step(&mut net, &gradients).unwrap();
    assert_eq!(moves(&before, &net), [0.01, 0.5, 0.01, 0.5]);
    let names: Vec<String> = optimizer.state_dict().tensors().into_keys().take(3).collect();
    assert_eq!(names, ["layers.0.bias.momentum", "layers.0.weight.m", "layers.0.weight.v"]);

    // It follows the learning rate and the factors, and goes on from a state.
    let mut resumed = make();
    resumed.load_state_dict(&optimizer.state_dict()).unwrap();
    resumed.set_learning_rate(0.005);
    resumed.set_rate_factor(0.5).unwrap();
    let before = net.values();
    resumed.step(&mut net, &gradients).unwrap();
    assert_eq!(moves(&before, &net), [0.0025, 0.1875, 0.0025, 0.1875]);

    let refused = |group: ParamGroup| {
        let error = Optimizer::new(Adam::new(0.01)).group(group).step(&mut Net::new(), &gradients);
        error.unwrap_err().to_string()
    };
    assert_eq!(
        refused(ParamGroup::new("*.bias").rule(Sgd::new(-1.0))),
        "Sgd: expected a learning rate of at least 0, got -1"
    );
    assert_eq!(
        refused(ParamGroup::new("*.bias").rule(Sam::new(Sgd::new(0.1)))),
        "group \"*.bias\": expected a rule of 1 gradient for a step, got 2"
    );
}

#[test]
fn settings_of_sums_noise_and_adaptive_limits_are_checked() {
    let rows: [(Optimizer, &str); 5] = [
        (sgd(0.1).accumulate(0), "accumulate: expected at least 1 call for a step, got 0"),
        (sgd(0.1).clip_adaptive(0.0), "clip_adaptive: expected a limit above 0, got 0"),
        (
            sgd(0.1).gradient_noise(-1.0, 0.55, Seed(0)),
            "gradient_noise: expected a finite eta of at least 0, got -1",
        ),
        (
            sgd(0.1).gradient_noise(1.0, f64::NAN, Seed(0)),
            "gradient_noise: expected a finite gamma of at least 0, got NaN",
        ),
        (
            Optimizer::new(Sam::new(Sgd::new(0.1))).accumulate(2),
            "accumulate: expected a rule of 1 gradient for a step, got 2",
        ),
    ];
    for (mut optimizer, text) in rows {
        let mut net = Net::new();
        let gradients = net.gradients(1.0);
        let outcome = optimizer.step_with(&mut net, |_| Ok(((), gradients.clone())));
        assert_eq!(outcome.unwrap_err().to_string(), text);
    }
}

#[test]
fn a_parameter_that_comes_under_another_rule_starts_anew() {
    let (mut net, momentum) = (Net::new(), Sgd::new(0.1).momentum(0.9));
    let mut optimizer = Optimizer::new(Adam::default()).group(ParamGroup::new("layers.0.*").rule(momentum));
    let gradients = net.gradients(1.0);
    optimizer.step(&mut net, &gradients).unwrap();
    net.layers.insert(0, Linear::new(4, 4, &Seed(9).stream()).unwrap());
    let gradients = net.gradients(1.0);
    optimizer.step(&mut net, &gradients).unwrap();
    let state = optimizer.state_dict();
    let counts: Vec<u64> = state.parameters.values().map(|state| state.count).collect();
    assert_eq!(counts, [1, 1, 1, 1, 2, 2]);
    let slots: Vec<usize> = state.parameters.values().map(|state| state.slots.len()).collect();
    assert_eq!(slots, [1, 1, 2, 2, 2, 2]);
}

#[test]
fn an_epsilon_that_vanishes_in_single_precision_divides_nothing_by_0() {
    let rows: [(&str, Optimizer); 13] = [
        // What PyTorch divides by 0 with these.
        ("Adam", Adam::new(0.1).epsilon(0.0).into()),
        ("Adam with the largest means", Adam::new(0.1).epsilon(0.0).amsgrad().into()),
        ("AdamW", AdamW::new(0.1).epsilon(0.0).weight_decay(0.0).into()),
        ("NAdam", NAdam::new(0.1).epsilon(1e-60).into()),
        ("RAdam", RAdam::new(0.1).epsilon(0.0).into()),
        ("Adagrad", Adagrad::new(0.1).epsilon(0.0).into()),
        ("RmsProp", RmsProp::new(0.1).epsilon(0.0).centered().momentum(0.9).into()),
        // The paper's value, whose square is used.
        ("Adafactor", Adafactor::new(0.1).epsilon(1e-30).into()),
        ("Adafactor in double precision", Adafactor::new(0.1).epsilon(1e-200).into()),
        ("Adadelta", Adadelta::default().epsilon(1e-60).into()),
        ("Lamb", Lamb::new(0.1).epsilon(1e-60).weight_decay(0.0).into()),
        ("Muon", Muon::new(0.1).epsilon(1e-60).weight_decay(0.0).others(AdamW::new(0.1)).into()),
        (
            "Muon in double precision",
            Muon::new(0.1).epsilon(1e-310).weight_decay(0.0).others(AdamW::new(0.1)).into(),
        ),
    ];
    for (name, mut optimizer) in rows {
        let row = |first: Elem| Tensor::from([[first, first], [0.0, 0.0]]);
        let mut model = vec![
            Param::new(Tensor::ones([2, 2]).unwrap()),
            Param::new(Tensor::ones([2, 2]).unwrap()),
            Param::new(Tensor::ones([2]).unwrap()),
        ];
        let mut gradients = Gradients::default();
        gradients.set(&model[0], row(1.0));
        gradients.set(&model[1], row(0.0));
        gradients.set(&model[2], Tensor::from([1.0, 0.0]));
        for _ in 0..2 {
            optimizer.step(&mut model, &gradients).unwrap();
        }
        for (i, param) in model.iter().enumerate() {
            assert!(param.value().is_finite(), "{name}, {i}: {}", param.value());
        }
        assert_eq!(model[1].value().as_slice(), [1.0; 4], "{name}");
        assert_eq!(model[0].value().as_slice()[2..], [1.0; 2], "{name}");
    }
}

#[test]
fn counts_at_the_end_of_their_type_go_no_further() {
    let rows: [fn() -> Optimizer; 5] = [
        || sgd(0.1).accumulate(3),
        || sgd(0.1).accumulate(u64::MAX),
        || Adam::new(0.1).into(),
        || NAdam::new(0.1).into(),
        || Optimizer::new(RAdam::new(0.1)).gradient_noise(0.1, 0.55, Seed(1)),
    ];
    for make in rows {
        let (mut net, mut first, mut resumed) = (Net::new(), make(), make());
        let gradients = net.gradients(1.0);
        first.step(&mut net, &gradients).unwrap();
        let mut state = first.state_dict();
        (state.steps, state.accumulated) = (u64::MAX, u64::MAX);
        state.parameters.values_mut().for_each(|state| state.count = u64::MAX);
        resumed.load_state_dict(&state).unwrap();
        for _ in 0..2 {
            resumed.step(&mut net, &gradients).unwrap();
        }
        assert!(net.values().iter().all(Tensor::is_finite));
        assert_eq!(resumed.steps(), u64::MAX);
    }
}

#[test]
fn the_state_of_another_rule_is_refused_for_a_group_too() {
    type Make = fn() -> Optimizer;
    let rows: [(Make, Make, &str); 3] = [
        (
            || {
                Optimizer::new(Adam::new(0.01))
                    .group(ParamGroup::new("layers.1.weight").rule(Sgd::new(0.1).momentum(0.9)))
            },
            || Optimizer::new(Adam::new(0.01)).group(ParamGroup::new("layers.1.weight").rule(Muon::new(0.1))),
            "state does not fit the optimizer: layers.1.weight: expected the state of Muon, got one of Sgd",
        ),
        (
            || Optimizer::new(Adam::new(0.01)).group(ParamGroup::new("*.0.bias").rule(NAdam::new(0.1))),
            || Adam::new(0.01).into(),
            "state does not fit the optimizer: layers.0.bias: expected the state of Adam, got one of NAdam",
        ),
        (
            || Muon::new(0.1).others(AdamW::new(0.1)).into(),
            || Optimizer::new(Muon::new(0.1)).group(ParamGroup::new("*.bias").rule(RAdam::new(0.1))),
            "state does not fit the optimizer: layers.0.bias: expected the state of RAdam, got one of AdamW, \
             layers.1.bias: expected the state of RAdam, got one of AdamW",
        ),
    ];
    for (saved, make, text) in rows {
        let (mut net, mut optimizer, mut early) = (Net::new(), saved(), make());
        let gradients = net.gradients(1.0);
        optimizer.step(&mut net, &gradients).unwrap();
        let state = optimizer.state_dict();
        let outcome = early.load_state_dict(&state).and_then(|()| early.step(&mut net, &gradients));
        assert_eq!(outcome.unwrap_err().to_string(), text);
        let mut late = make();
        late.step(&mut net, &gradients).unwrap();
        assert_eq!(late.load_state_dict(&state).unwrap_err().to_string(), text);
    }
}

#[test]
fn a_frozen_parameter_of_another_rule_has_no_state_to_refuse() {
    let mut net = Net::new();
    net.freeze("layers.1.weight").unwrap();
    let group = ParamGroup::new("layers.1.weight").rule(Sgd::new(0.1).momentum(0.9));
    let mut optimizer = Optimizer::new(Adam::new(0.01)).group(group);
    let gradients = net.gradients(1.0);
    optimizer.step(&mut net, &gradients).unwrap();
    let mut resumed = Optimizer::new(Adam::new(0.01));
    resumed.load_state_dict(&optimizer.state_dict()).unwrap();
    resumed.step(&mut net, &gradients).unwrap();
    assert_eq!(resumed.steps(), 2);
}

/// A rule of a user: what it says of itself, and the rule that it hands matrices to.
#[derive(Debug, Default)]
struct Custom {
    slots: &'static [&'static str],
    flat: bool,
    whole: bool,
    instead: Option<Box<Custom>>,
}

impl Rule for Custom {
    fn name(&self) -> &'static str {
        if self.instead.is_some() { "Outer" } else { "Custom" }
    }
    fn learning_rate(&self) -> f64 {
        0.1
    }
    fn slots(&self) -> &'static [&'static str] {
        self.slots
    }
    fn slot_shape(&self, _: usize, parameter: &Shape) -> Option<Shape> {
        if self.flat { parameter.with(0, 1).ok() } else { Some(*parameter) }
    }
    fn is_whole(&self) -> bool {
        self.whole
    }
    fn instead(&self, parameter: &Shape) -> Option<&dyn Rule> {
        self.instead.as_deref().filter(|_| parameter.rank() == 2).map(|rule| rule as &dyn Rule)
    }
    fn update(&self, _: &Step, _: &mut [Elem], _: &[Elem], _: &mut [&mut [Elem]]) {}
}

#[test]
fn rules_that_break_their_contract_are_refused_by_path() {
    const NINE: &[&str] = &["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    const NO_SLOT: &str =
        "expected the name of a slot, got accumulated, which is that of the sum of gradients";
    let slots = |slots| Custom { slots, ..Custom::default() };
    let inner = |rule| Custom { instead: Some(Box::new(rule)), ..Custom::default() };
    let flat = || Custom { flat: true, ..slots(&["a", "b"]) };
    let rows: Vec<(Custom, String)> = vec![
        (inner(slots(NINE)), "layers.0.weight: Custom: expected at most 8 slots, got 9".into()),
        (slots(&["a", "accumulated"]), format!("layers.0.weight: Custom: {NO_SLOT}")),
        (inner(slots(&["accumulated"])), format!("layers.0.weight: Custom: {NO_SLOT}")),
        (
            flat(),
            "layers.0.weight: Custom: expected the slot a in the shape [3, 4] of the parameter, for the rule does not \
             see it as a whole, got [1, 4]"
                .into(),
        ),
        (
            inner(flat()),
            "layers.0.weight: Custom: expected the slot a in the shape [3, 4] of the parameter, for the rule does not \
             see it as a whole, got [1, 4]"
                .into(),
        ),
    ];
    for (rule, text) in rows {
        let (mut net, mut optimizer) = (Net::new(), Optimizer::new(rule));
        let gradients = net.gradients(1.0);
        for _ in 0..2 {
            assert_eq!(optimizer.step(&mut net, &gradients).unwrap_err().to_string(), text);
            assert_eq!(optimizer.steps(), 0);
        }
    }
    // What it may do.
    for rule in [slots(&NINE[..8]), inner(slots(&NINE[..8])), Custom { whole: true, ..flat() }] {
        let (mut net, mut optimizer) = (Net::new(), Optimizer::new(rule));
        let gradients = net.gradients(1.0);
        optimizer.step(&mut net, &gradients).unwrap();
    }
}
