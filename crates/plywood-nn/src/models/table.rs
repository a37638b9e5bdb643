//! The table of networks: rows from each one's file, the same checks for every row. That they compute what those of other
//! libraries do is in `tests/torch_models.rs`.

use crate::{Context, Layer, Leaf, LeafMut, Module, Parameters, Path, Sequential, StateDict, summary};
use plywood_autograd::Var;
use plywood_tensor::{Elem, Result, Seed, Shape, Stream, Tensor, Threads};
use std::collections::BTreeSet;

type Make<M> = Box<dyn Fn(&Stream) -> Result<Box<M>> + Send + Sync>;

/// A setting that is refused, and the exact text.
type Refused = (fn() -> Result<()>, &'static str);

/// A network, a sample, and what it must be.
pub(super) struct Row {
    name: &'static str,
    make: Make<dyn Module>,
    /// The same as what a `Sequential` holds and a file keeps, if it is.
    layer: Option<Make<dyn Layer>>,
    input: &'static [usize],
    output: &'static [usize],
    errors: &'static [(&'static [usize], &'static str)],
    refused: &'static [Refused],
}

impl Row {
    pub(super) fn new<L: Layer>(name: &'static str, make: fn(&Stream) -> Result<L>) -> Row {
        let layer: Make<dyn Layer> = Box::new(move |stream| Ok(Box::new(make(stream)?)));
        Row { layer: Some(layer), ..Row::module(name, make) }
    }

    /// A part that only its network holds.
    pub(super) fn module<M: Module + 'static>(name: &'static str, make: fn(&Stream) -> Result<M>) -> Row {
        let make: Make<dyn Module> = Box::new(move |stream| Ok(Box::new(make(stream)?)));
        Row { name, make, layer: None, input: &[], output: &[], errors: &[], refused: &[] }
    }

    pub(super) fn shapes(self, input: &'static [usize], output: &'static [usize]) -> Row {
        Row { input, output, ..self }
    }

    pub(super) fn errors(self, errors: &'static [(&'static [usize], &'static str)]) -> Row {
        Row { errors, ..self }
    }

    pub(super) fn refused(self, refused: &'static [Refused]) -> Row {
        Row { refused, ..self }
    }
}

fn rows() -> Vec<Row> {
    let rows =
        [super::le_net::rows(), super::mobile_net_v2::rows(), super::res_net::rows(), super::u_net::rows()];
    rows.into_iter().flatten().collect()
}

fn model(row: &Row, seed: u64) -> Box<dyn Module> {
    (row.make)(&Seed(seed).stream()).unwrap_or_else(|error| panic!("{}: {error}", row.name))
}

fn sample(row: &Row) -> Tensor {
    Tensor::normal(row.input, 0.0, 1.0, &Seed(5).stream()).unwrap()
}

fn training() -> Context {
    Context::train(Seed(11), 3)
}

fn outputs(model: &dyn Module, x: &Tensor) -> Tensor {
    model.forward(&Context::eval(), &x.clone().into()).unwrap().into_value()
}

/// Gives running statistics other values than those that all networks start with.
fn train_once(model: &mut dyn Module, x: &Tensor) {
    let cx = training();
    model.forward(&cx, &x.clone().into()).unwrap();
    cx.commit(model).unwrap();
}

#[test]
fn output_shape_tells_what_forward_returns_and_refuses() {
    for row in rows() {
        let model = model(&row, 1);
        let smaller: Vec<usize> = row.input.iter().map(|&size| size / 2).collect();
        let wrong: Vec<&[usize]> = row.errors.iter().map(|(shape, _)| *shape).collect();
        let others: [&[usize]; 5] = [row.input, &[], &[2, 3], &smaller, &[2, 1, 1, 2]];
        for shape in others.into_iter().chain(wrong) {
            let x = Tensor::ones(shape).unwrap();
            let told = model.output_shape(x.shape());
            match (model.forward(&Context::eval(), &x.clone().into()), &told) {
                (Ok(y), Ok(told)) => assert_eq!(y.shape(), told, "{} of {shape:?}", row.name),
                (Err(error), Err(told)) => assert_eq!(error.to_string(), told.to_string()),
                (got, told) => panic!("{} of {shape:?}: {got:?}, but told {told:?}", row.name),
            }
        }
        let output = model.output_shape(&Shape::new(row.input).unwrap()).unwrap();
        assert_eq!(&*output, row.output, "{}", row.name);
        assert!(model.describe().starts_with(row.name), "{}", model.describe());
    }
}

#[test]
fn the_summary_counts_everything_once() {
    for row in rows() {
        let model = model(&row, 1);
        let summary = summary(&*model, row.input).unwrap();
        assert_eq!(&*summary.output, row.output, "{}", row.name);
        assert_eq!(summary.parameters(), model.parameter_count(), "{}", row.name);
        let mut buffers = 0;
        model.visit(&Path::root(), &mut |_, leaf| {
            if let Leaf::Buffer(buffer) = leaf {
                buffers += buffer.value().shape().numel();
            }
        });
        assert_eq!(summary.buffers(), buffers, "{}", row.name);
        assert_eq!(summary.multiply_adds(), model.multiply_adds(&summary.input), "{}", row.name);
        // Nothing is left to the group itself: every parameter belongs to a layer that has a row.
        let counted = |row: &&crate::SummaryRow| row.is_group && row.trainable + row.buffers > 0;
        assert_eq!(summary.rows.iter().find(counted), None, "{}", row.name);
    }
}

#[test]
fn a_state_makes_another_network_the_same() {
    for row in rows() {
        let (mut trained, mut fresh, x) = (model(&row, 1), model(&row, 2), sample(&row));
        train_once(&mut *trained, &x);
        assert_ne!(outputs(&*fresh, &x), outputs(&*trained, &x), "{}", row.name);
        let bytes = trained.state_dict().to_safetensors().unwrap();
        fresh.load_state_dict(&StateDict::from_safetensors(&bytes).unwrap()).unwrap();
        assert_eq!(outputs(&*fresh, &x), outputs(&*trained, &x), "{}", row.name);
    }
}

#[test]
fn a_file_holds_the_network_and_its_weights() {
    for row in rows() {
        let Some(make) = &row.layer else { continue };
        let (layer, x) = (make(&Seed(1).stream()).unwrap(), sample(&row));
        assert_eq!(layer.saved().unwrap().name(), row.name);
        let mut model = Sequential::new(vec![layer]).with_input(&row.input[1..]).unwrap();
        train_once(&mut model, &x);
        let loaded = Sequential::from_safetensors(&model.to_safetensors().unwrap()).unwrap();
        assert_eq!(outputs(&loaded, &x), outputs(&model, &x), "{}", row.name);
        assert_eq!(loaded[0].describe(), model[0].describe());
    }
}

#[test]
fn whatever_a_file_says_is_refused_or_works() {
    let mut panics = Vec::new();
    for row in rows() {
        let Some(make) = &row.layer else { continue };
        let saved = make(&Seed(1).stream()).unwrap().saved().unwrap();
        panics.extend(crate::layers::table::hostile::check(&saved, row.input));
    }
    assert_eq!(panics, [""; 0]);
}

/// A last layer for other classes is saved with the network.
#[test]
fn an_exchanged_last_layer_is_saved() {
    use crate::{Linear, MobileNetV2, MobileNetV2Config, ResNet, ResNetConfig};
    let stream = Seed(1).stream();
    let mut res_net =
        ResNet::new(3, ResNetConfig { width: 2, ..ResNetConfig::resnet20(10) }, &stream).unwrap();
    res_net.fc = Linear::new(8, 3, &stream).unwrap();
    let config = MobileNetV2Config { last: 8, ..MobileNetV2Config::new(10) };
    let mut mobile = MobileNetV2::new(3, config, &stream).unwrap();
    mobile.classifier.layers_mut()[1] = Box::new(Linear::new(8, 3, &stream).unwrap());
    let models: [Box<dyn Layer>; 2] = [Box::new(res_net), Box::new(mobile)];
    for model in models {
        let model = Sequential::new(vec![model]).with_input([8, 8, 3]).unwrap();
        let loaded = Sequential::from_safetensors(&model.to_safetensors().unwrap()).unwrap();
        assert_eq!(loaded.state_dict(), model.state_dict());
    }
}

#[test]
fn steps_lower_the_loss_and_reach_every_parameter() {
    for row in rows() {
        let (mut model, x) = (model(&row, 1), sample(&row));
        let target = Tensor::normal(row.output, 0.0, 1.0, &Seed(2).stream()).unwrap();
        let loss = |model: &dyn Module| -> Result<Var> {
            let error = model.forward(&training(), &x.clone().into())?.sub(&target.clone().into())?;
            Ok(error.mul(&error)?.mean())
        };
        let before = loss(&*model).unwrap();
        let gradients = before.backward_keeping().unwrap();
        model.visit_mut(&Path::root(), &mut |path, leaf| {
            let LeafMut::Param(param) = leaf else { return };
            let Some(gradient) = gradients.get(param) else { panic!("{}, {path}: no gradient", row.name) };
            *param.value_mut() = param.value().sub(&gradient.mul_scalar(1e-3)).unwrap();
        });
        let (before, after): (Elem, Elem) =
            (before.value().item().unwrap(), loss(&*model).unwrap().value().item().unwrap());
        assert!(after < before, "{}: {before} became {after}", row.name);
    }
}

#[test]
fn every_number_of_threads_gives_the_same_bits() {
    for row in rows() {
        let x = sample(&row);
        let run = |count: usize| {
            Threads::new(count).unwrap().split_always().install(|| {
                let mut model = model(&row, 1);
                train_once(&mut *model, &x);
                outputs(&*model, &x)
            })
        };
        let expected = run(1);
        for count in [2, 3, 8] {
            assert_eq!(run(count), expected, "{} on {count} threads", row.name);
        }
    }
}

#[test]
fn errors_say_exactly_what_the_row_says() {
    for row in rows() {
        for &(shape, text) in row.errors {
            let x = Var::from(Tensor::ones(shape).unwrap());
            assert_eq!(model(&row, 1).forward(&Context::eval(), &x).unwrap_err().to_string(), text);
        }
        for (make, text) in row.refused {
            assert_eq!(make().unwrap_err().to_string(), *text);
        }
    }
}

#[test]
fn every_network_has_a_row() {
    let names: BTreeSet<&str> = rows().iter().map(|row| row.name).collect();
    let mut files = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/models"))];
    let mut found = BTreeSet::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let names = text.lines().filter_map(|line| line.strip_prefix("impl Module for "));
        found.extend(names.map(|rest| rest.split(' ').next().unwrap().to_owned()));
    }
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), names);
}
