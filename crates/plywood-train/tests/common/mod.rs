//! A small model and small data for the tests.
#![allow(dead_code)] // two programs share it, and each uses a part

pub(crate) mod shifts;

use plywood_autograd::Var;
use plywood_data::ArrayDataset;
use plywood_losses::{Accuracy, BinaryCrossEntropyWithLogits};
use plywood_nn::{Context, Linear, Module, parameters};
use plywood_optim::Adam;
use plywood_tensor::{At, Elem, Float, IntTensor, Result, Seed, Shape, Tensor};
use plywood_train::{Callback, Fit, Flow, Progress, Status, Trainer};

/// Two linear layers with noise between them, as dropout would be.
#[derive(Debug, Clone)]
pub(crate) struct Mlp {
    pub(crate) up: Linear,
    pub(crate) down: Linear,
    pub(crate) noise: f64,
}
parameters!(Mlp { up, down } skip { noise });

impl Mlp {
    pub(crate) fn new(inputs: usize, hidden: usize, outputs: usize) -> Mlp {
        let stream = Seed(7).stream();
        let up = Linear::new(inputs, hidden, &stream.at(0)).unwrap();
        Mlp { up, down: Linear::new(hidden, outputs, &stream.at(1)).unwrap(), noise: 0.0 }
    }

    pub(crate) fn noisy(self) -> Mlp {
        Mlp { noise: 0.1, ..self }
    }
}

impl Module for Mlp {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let mut hidden = self.up.forward(cx, x).at("up")?.tanh();
        if cx.is_training() && self.noise > 0.0 {
            let noise = Tensor::normal(*hidden.shape(), 0.0, self.noise, &cx.stream())?;
            hidden = hidden.add(&noise.into())?;
        }
        self.down.forward(cx, &hidden).at("down")
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        self.down.output_shape(&self.up.output_shape(input).at("up")?).at("down")
    }
}

/// Points of the plane, of class 1 inside a ring.
pub(crate) fn ring(count: usize) -> ArrayDataset {
    let x = Tensor::uniform([count, 2], -1.0, 1.0, &Seed(3).stream()).unwrap();
    let inside = |p: &[Elem]| i64::from(p[0] * p[0] + p[1] * p[1] < 0.5);
    let y: Vec<i64> = x.as_slice().chunks(2).map(inside).collect();
    ArrayDataset::new(x, IntTensor::from_vec(y, [count]).unwrap()).unwrap()
}

pub(crate) type RingTrainer = Trainer<Mlp>;

pub(crate) fn trainer() -> RingTrainer {
    let model = Mlp::new(2, 16, 1).noisy();
    Trainer::compile(model, Adam::new(0.02), BinaryCrossEntropyWithLogits).metric(Accuracy.threshold(0.0))
}

pub(crate) fn quiet<'a>(epochs: usize) -> Fit<'a> {
    Fit::epochs(epochs).progress(Progress::Silent)
}

pub(crate) fn number(x: &Tensor) -> f64 {
    x.item().unwrap().to_f64()
}

/// An empty folder of this name.
pub(crate) fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A callback that is told that the run goes on with another one.
pub(crate) fn resumed<'a>(callback: impl Callback + 'a) -> Box<dyn Callback + 'a> {
    struct Resumed<C>(C);
    impl<C: Callback> Callback for Resumed<C> {
        fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
            status.resumed = true;
            let flow = self.0.on_train_begin(status);
            status.resumed = false;
            flow
        }
        fn on_epoch_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
            self.0.on_epoch_begin(status)
        }
        fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
            self.0.on_batch_end(status)
        }
        fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
            self.0.on_epoch_end(status)
        }
        fn on_train_end(&mut self, status: &mut Status<'_>) -> Result<()> {
            self.0.on_train_end(status)
        }
    }
    Box::new(Resumed(callback))
}
