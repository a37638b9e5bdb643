//! Averages of a model: PyTorch's numbers, places in memory, swaps, and states.

use plywood_autograd::{Buffer, Param};
use plywood_nn::{Parameters, parameters};
use plywood_optim::{Average, AverageState};
use plywood_tensor::{Elem, Float, IntTensor, Tensor, Threads};
use serde_json::Value;

/// A parameter, a buffer that may be averaged, and one that never is.
#[derive(Debug, Clone)]
struct Model {
    mean: Buffer,
    weight: Param,
    count: Buffer,
}
parameters!(Model { mean, weight, count });

impl Model {
    fn new(value: &Value) -> Model {
        let of = |name: &str| {
            let numbers = value[name].as_array().unwrap().iter();
            numbers.map(|x| Elem::of(x.as_f64().unwrap())).collect::<Vec<_>>()
        };
        Model {
            mean: Buffer::new(Tensor::from_vec(of("mean"), [2]).unwrap()),
            weight: Param::new(Tensor::from_vec(of("weight"), [2, 3]).unwrap()),
            count: Buffer::new(IntTensor::from_vec(vec![3], [1]).unwrap()),
        }
    }
}

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/averages.json")).unwrap()
}

fn make(name: &str) -> Average {
    let decay = golden()["decay"].as_f64().unwrap();
    let average =
        if name.starts_with("exponential") { Average::exponential(decay) } else { Average::uniform() };
    let average = if name.contains("warm_up") { average.warm_up() } else { average };
    if name.contains("buffers") { average.buffers() } else { average }
}

/// Every case with the models it averages.
fn cases() -> Vec<(String, Vec<Model>)> {
    let golden = golden();
    let values = golden["values"].as_array().unwrap();
    let models = || values.iter().map(Model::new).collect();
    golden["cases"].as_object().unwrap().keys().map(|name| (name.clone(), models())).collect()
}

#[test]
fn means_are_those_of_pytorch() {
    let (golden, close) = (golden(), if size_of::<Elem>() == 8 { 1e-14 } else { 1e-6 });
    for (name, mut models) in cases() {
        let mut average = make(&name);
        models.iter().for_each(|model| average.update(model).unwrap());
        let last = models.last_mut().unwrap();
        average.swap(last).unwrap();
        let expected = Model::new(&golden["cases"][&name]);
        for (path, value) in last.state_dict().0 {
            let expected = &expected.state_dict().0[&path];
            match (value.as_float(), expected.as_float()) {
                (Some(got), Some(expected)) => {
                    assert!(got.all_close(expected, close, close), "{name}, {path}: {got}")
                }
                _ => assert_eq!(value, *expected),
            }
        }
    }
}

#[test]
fn an_average_that_is_saved_and_resumed_ends_in_the_same_bits() {
    for (name, models) in cases() {
        let (mut whole, mut first, mut second) = (make(&name), make(&name), make(&name));
        models.iter().for_each(|model| whole.update(model).unwrap());
        models[..5].iter().for_each(|model| first.update(model).unwrap());
        let text = serde_json::to_string(&first.state_dict()).unwrap();
        let state: AverageState = serde_json::from_str(&text).unwrap();
        assert_eq!(state, first.state_dict());
        second.load_state_dict(&state);
        assert_eq!(second.state_dict(), state);
        models[5..].iter().for_each(|model| second.update(model).unwrap());
        assert_eq!(second.state_dict(), whole.state_dict(), "{name}");
        assert_eq!(second.updates(), models.len() as u64);
    }
}

#[test]
fn an_average_that_was_saved_in_the_model_comes_out_of_it() {
    let (name, mut models) = cases().remove(0);
    let mut average = make(&name);
    models.iter().for_each(|model| average.update(model).unwrap());
    let mut model = models.pop().unwrap();
    let raw = model.state_dict();
    average.swap(&mut model).unwrap();
    assert_ne!(model.state_dict(), raw);
    let error = average.update(&model).unwrap_err();
    assert_eq!(error.to_string(), "expected the model's own numbers, got the average; swap it out first");
    let mut resumed = make(&name);
    resumed.load_state_dict(&average.state_dict());
    assert!(resumed.is_swapped());
    resumed.swap(&mut model).unwrap();
    assert_eq!(model.state_dict(), raw);
    resumed.update(&model).unwrap();
}

#[test]
fn after_the_first_update_all_is_written_in_place_and_nothing_is_shared_with_the_model() {
    for (name, models) in cases() {
        let mut average = make(&name);
        average.update(&models[0]).unwrap();
        let places = |average: &Average| -> Vec<*const Elem> {
            average.state_dict().tensors.values().map(|x| x.as_slice().as_ptr()).collect()
        };
        let before = places(&average);
        assert!(!before.contains(&models[0].weight.value().as_slice().as_ptr()));
        models.iter().for_each(|model| average.update(model).unwrap());
        assert_eq!(places(&average), before, "{name}");
    }
}

#[test]
fn bits_do_not_depend_on_threads() {
    let model = |factor: usize| {
        vec![Param::new(
            Tensor::from_vec((0..100_000).map(|i| Elem::of((i * factor % 1009) as f64)).collect(), [100_000])
                .unwrap(),
        )]
    };
    let states = [1, 2, 3, 8].map(|count| {
        Threads::new(count).unwrap().split_always().install(|| {
            let mut average = Average::exponential(0.9);
            (1..5).for_each(|factor| average.update(&model(factor)).unwrap());
            average.state_dict()
        })
    });
    assert!(states.iter().all(|state| *state == states[0]));
}

#[test]
fn errors_say_what_is_wrong_and_nothing_is_changed() {
    let param = |x: Elem| Param::new(Tensor::from([x, x]));
    let (small, large) = (vec![param(1.0)], vec![param(1.0), param(2.0)]);
    let shaped = vec![Param::new(Tensor::from([1.0]))];
    let mut average = Average::exponential(0.5);
    let text = |result: plywood_tensor::Result<()>| result.unwrap_err().to_string();
    assert_eq!(
        text(average.swap(&mut small.clone())),
        "expected an update before the average is used, got none"
    );
    average.update(&small).unwrap();
    let before = average.state_dict();
    for (model, expected) in [
        (&large, "average does not fit the model: missing 1"),
        (&Vec::new(), "average does not fit the model: unexpected 0"),
        (&shaped, "average does not fit the model: 0: expected [1], got [2]"),
    ] {
        assert_eq!(text(average.update(model)), expected);
        let mut fresh = Average::exponential(0.5);
        fresh.load_state_dict(&before);
        assert_eq!(text(fresh.update(model)), expected);
        assert_eq!((average.state_dict(), fresh.state_dict()), (before.clone(), before.clone()));
    }
    assert_eq!(
        text(Average::exponential(1.5).update(&small)),
        "Average: expected a decay of at least 0 and at most 1, got 1.5"
    );
}

#[test]
fn the_largest_count_goes_no_further() {
    let model = vec![Param::new(Tensor::from([1.0, 2.0]))];
    for make in [Average::uniform, || Average::exponential(0.5).warm_up()] {
        let (mut first, mut resumed) = (make(), make());
        first.update(&model).unwrap();
        resumed.load_state_dict(&AverageState { updates: u64::MAX, ..first.state_dict() });
        resumed.update(&model).unwrap();
        assert_eq!(
            (resumed.updates(), &resumed.state_dict().tensors),
            (u64::MAX, &first.state_dict().tensors)
        );
    }
}
