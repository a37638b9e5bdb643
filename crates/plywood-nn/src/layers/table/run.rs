//! The checks that every row passes.

use super::{Row, hostile, rows};
use crate::{Context, Identity, Layer, Leaf, LeafMut, Module, Parameters, Path, Sequential, StateDict};
use plywood_autograd::{Var, gradcheck};
use plywood_tensor::{Elem, Result, Seed, Shape, Tensor};
use std::collections::BTreeSet;

fn layer(row: &Row, seed: u64) -> Box<dyn Layer> {
    (row.make)(&Seed(seed).stream().named(row.name)).unwrap_or_else(|error| panic!("{}: {error}", row.name))
}

/// A batch of this shape, its numbers clear of the points where differences mean nothing.
fn sample(row: &Row, shape: &[usize]) -> Tensor {
    let x = Tensor::uniform(shape, -row.reach, row.reach, &Seed(5).stream().named(row.name)).unwrap();
    x.map(|x| {
        let near = row.avoid.iter().find(|&&p| (x - p).abs() < 0.1);
        near.map_or(x, |&p| if x < p { p - 0.1 } else { p + 0.1 })
    })
}

/// The same random numbers each time.
fn training() -> Context {
    Context::train(Seed(11), 3)
}

/// The same sizes with another one along an axis.
fn with(shape: &[usize], axis: usize, size: usize) -> Vec<usize> {
    let mut shape = shape.to_vec();
    shape[axis] = size;
    shape
}

fn outputs(layer: &dyn Layer, x: &Tensor) -> Tensor {
    layer.forward(&Context::eval(), &x.clone().into()).unwrap().into_value()
}

/// `Σ weights ⊙ forward(x)`: each output counts, and none like another.
fn weighted(layer: &dyn Layer, x: &Var) -> Result<Var> {
    let y = layer.forward(&training(), x)?;
    let weights = Tensor::uniform(y.shape(), 0.5, 1.5, &Seed(0x5eed).stream())?;
    Ok(y.mul(&weights.into())?.sum())
}

#[test]
fn shapes_and_names_are_those_of_the_row() {
    for row in rows() {
        let layer = layer(&row, 1);
        let y = outputs(&*layer, &sample(&row, row.input));
        assert_eq!(&**y.shape(), row.output, "{}", row.name);
        let mut named = Vec::new();
        layer.visit(&Path::root(), &mut |path, leaf| {
            let shape = match leaf {
                Leaf::Param(param) => *param.shape(),
                Leaf::Buffer(buffer) => *buffer.value().shape(),
            };
            named.push((path.to_string(), shape));
        });
        let expected: Vec<_> = row
            .parameters
            .iter()
            .map(|(name, shape)| (name.to_string(), Shape::new(shape).unwrap()))
            .collect();
        assert_eq!(named, expected, "{}", row.name);
        assert!(layer.describe().starts_with(row.name), "{}", layer.describe());
        if let Some(text) = row.described {
            assert_eq!(layer.describe(), text);
        }
    }
}

#[test]
fn output_shape_tells_what_forward_returns_and_refuses() {
    for row in rows() {
        let layer = layer(&row, 1);
        let shapes: [&[usize]; 9] =
            [row.input, &[], &[0], &[1], &[3], &[0, 3], &[5, 3], &[2, 3, 2], &[1, 2, 3, 3]];
        // And a batch like the row's with nothing along an axis.
        let empty = (0..row.input.len()).map(|axis| with(row.input, axis, 0));
        for shape in shapes.iter().map(|shape| shape.to_vec()).chain(empty) {
            let x = Tensor::ones(&*shape).unwrap();
            let told = layer.output_shape(x.shape());
            for cx in [Context::eval(), training()] {
                match (layer.forward(&cx, &x.clone().into()), &told) {
                    (Ok(y), Ok(told)) => assert_eq!(y.shape(), told, "{} of {shape:?}", row.name),
                    (Err(error), Err(told)) => assert_eq!(error.to_string(), told.to_string()),
                    (got, told) => panic!("{} of {shape:?}: {got:?}, but told {told:?}", row.name),
                }
            }
        }
    }
}

#[test]
fn gradients_of_the_input_agree_with_differences() {
    for row in rows() {
        let layer = layer(&row, 1);
        gradcheck(|x| weighted(&*layer, &x[0]), &[sample(&row, row.input)])
            .unwrap_or_else(|error| panic!("{}: {error}", row.name));
    }
}

/// Calls `change` with every parameter in order.
fn each_parameter(layer: &mut dyn Layer, change: &mut dyn FnMut(usize, &mut Tensor)) {
    let mut index = 0;
    layer.visit_mut(&Path::root(), &mut |_, leaf| {
        if let LeafMut::Param(param) = leaf {
            change(index, param.value_mut());
            index += 1;
        }
    });
}

#[test]
fn gradients_of_every_parameter_agree_with_differences() {
    for row in rows() {
        let original = layer(&row, 1);
        let x = Var::from(sample(&row, row.input));
        let values: Vec<Tensor> =
            original.named_parameters().into_iter().map(|(_, param)| param.value().clone()).collect();
        if values.is_empty() {
            continue;
        }
        // As one operation of its parameters: forward by a copy that has these values, backward by the layer's own.
        let f = |given: &[Var]| -> Result<Var> {
            let mut copy = original.clone();
            each_parameter(&mut *copy, &mut |index, value| *value = given[index].value().clone());
            let total = weighted(&*copy, &x)?;
            let gradients = total.backward_keeping()?;
            let found: Vec<Tensor> = copy
                .named_parameters()
                .iter()
                .map(|(name, param)| {
                    gradients.get(param).unwrap_or_else(|| panic!("{name}: no gradient")).clone()
                })
                .collect();
            let inputs: Vec<&Var> = given.iter().collect();
            let keep = plywood_autograd::Keep::Nothing;
            Ok(Var::record_many("layer", keep, &inputs, total.into_value(), move |inputs, _, g| {
                let pairs = inputs.iter().zip(&found);
                pairs.map(|(input, found)| input.wants(|| Var::constant(found.clone()).mul(&g))).collect()
            }))
        };
        gradcheck(f, &values).unwrap_or_else(|error| panic!("{}: {error}", row.name));
    }
}

#[test]
fn a_state_makes_another_layer_the_same() {
    for row in rows() {
        let (trained, mut fresh) = (layer(&row, 1), layer(&row, 2));
        let x = sample(&row, row.input);
        let bytes = trained.state_dict().to_safetensors().unwrap();
        fresh.load_state_dict(&StateDict::from_safetensors(&bytes).unwrap()).unwrap();
        assert_eq!(fresh.state_dict(), trained.state_dict(), "{}", row.name);
        assert_eq!(outputs(&*fresh, &x), outputs(&*trained, &x), "{}", row.name);
        if !row.parameters.is_empty() {
            let error = fresh.load_state_dict(&StateDict::default()).unwrap_err().to_string();
            let names: Vec<&str> = row.parameters.iter().map(|(name, _)| *name).collect();
            assert_eq!(error, format!("state does not fit the model: missing {}", names.join(", ")));
        }
    }
}

#[test]
fn a_file_holds_the_layer_and_its_weights() {
    for row in rows() {
        let (first, x) = (layer(&row, 1), sample(&row, row.input));
        let saved = first.saved().unwrap_or_else(|| panic!("{} cannot be saved", row.name));
        assert_eq!(saved.name(), row.name);
        if row.input.is_empty() {
            continue;
        }
        let model = Sequential::new(vec![first]);
        // A layer that takes a single sample is tried as one of a batch.
        let sample = if row.input.len() == 1 { &row.input[..0] } else { &row.input[1..] };
        let Ok(model) = model.with_input(sample) else { continue };
        let bytes = model.to_safetensors().unwrap();
        assert_eq!(bytes, model.to_safetensors().unwrap(), "{}: the same model, other bytes", row.name);
        let loaded = Sequential::from_safetensors(&bytes).unwrap();
        assert_eq!(outputs(&loaded, &x), outputs(&model, &x), "{}", row.name);
        assert_eq!(loaded[0].describe(), model[0].describe());
        assert_eq!(loaded[0].saved(), Some(saved));
    }
}

#[test]
fn whatever_a_file_says_is_refused_or_works() {
    let rows = rows();
    let panics = rows.iter().flat_map(|row| hostile::check(&layer(row, 1).saved().unwrap(), row.input));
    assert_eq!(panics.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn evaluation_is_deterministic_and_records_nothing() {
    for row in rows() {
        let (layer, x) = (layer(&row, 1), sample(&row, row.input));
        let cx = Context::eval();
        let first = layer.forward(&cx, &x.clone().into()).unwrap();
        assert!(!first.is_recorded(), "{}", row.name);
        assert_eq!(layer.forward(&cx, &x.clone().into()).unwrap().value(), first.value(), "{}", row.name);
        assert_eq!(layer.clone().forward(&cx, &x.into()).unwrap().value(), first.value(), "{}", row.name);
    }
}

#[test]
fn one_step_lowers_the_loss() {
    for row in rows() {
        let mut layer = layer(&row, 1);
        let mut x = Var::variable(sample(&row, row.input));
        let target = Tensor::uniform(row.output, -1.0, 1.0, &Seed(2).stream()).unwrap();
        let loss = |layer: &dyn Layer, x: &Var| -> Result<Var> {
            let error = layer.forward(&training(), x)?.sub(&target.clone().into())?;
            Ok(error.mul(&error)?.sum())
        };
        let before = loss(&*layer, &x).unwrap();
        let gradients = before.backward_keeping().unwrap();
        let of_x = plywood_autograd::grad(&before, &[&x], false).unwrap().remove(0).into_value();
        // Far below what curvature allows.
        let rate = 1e-3;
        layer.visit_mut(&Path::root(), &mut |path, leaf| {
            if let LeafMut::Param(param) = leaf {
                let Some(gradient) = gradients.get(param) else { panic!("{path}: no gradient") };
                *param.value_mut() = param.value().sub(&gradient.mul_scalar(rate)).unwrap();
            }
        });
        x = Var::variable(x.value().sub(&of_x.mul_scalar(rate)).unwrap());
        let (before, after) = (before.value().item().unwrap(), loss(&*layer, &x).unwrap());
        let after: Elem = after.value().item().unwrap();
        assert!(after < before, "{}: {before} became {after}", row.name);
    }
}

#[test]
fn errors_say_exactly_what_the_row_says() {
    for row in rows() {
        let layer = layer(&row, 1);
        for &(shape, text) in row.errors {
            let x = Var::from(Tensor::ones(shape).unwrap());
            assert_eq!(layer.forward(&Context::eval(), &x).unwrap_err().to_string(), text);
            let model = Sequential::new(vec![Box::new(Identity), layer.clone()]);
            let error = model.forward(&Context::eval(), &x).unwrap_err();
            assert!(error.path().starts_with('1'), "{error}");
            assert!(error.to_string().ends_with(text.rsplit(": ").next().unwrap()), "{error}");
        }
        for (make, text) in &row.refused {
            assert_eq!(make().unwrap_err().to_string(), *text);
        }
    }
}

/// Every public module in the files of the layers has a row of its name.
#[test]
fn every_layer_has_a_row() {
    let names: BTreeSet<&str> = rows().iter().map(|row| row.name).collect();
    let mut files = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/layers"))];
    let mut found = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines() {
            // A layer for images has three names, which its list says.
            let listed = line.strip_suffix("], D);").and_then(|line| line.split_once("sides::name(["));
            let listed = listed.map(|(_, list)| list);
            let listed = listed.into_iter().flat_map(|list| list.split('"').skip(1).step_by(2));
            let single = line.strip_prefix("impl Module for ").or_else(|| line.strip_prefix("activation!("));
            for name in
                single.map(|rest| rest.split([' ', ',', '<']).next().unwrap()).into_iter().chain(listed)
            {
                found += 1;
                assert!(names.contains(name), "{}: `{name}` has no row", path.display());
            }
        }
    }
    assert!(found >= 61, "the layers were not found: only {found}");
}
