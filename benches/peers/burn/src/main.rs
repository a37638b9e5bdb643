//! The workloads in burn, on its flex backend.

use burn::module::Module;
use burn::nn::loss::{BinaryCrossEntropyLossConfig, CrossEntropyLossConfig};
use burn::nn::{Linear, LinearConfig, Relu};
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, GradientsParams, SgdConfig};
use burn::tensor::{Device, Int, Tensor, TensorData};
use peers_common::{Arguments, BATCHES, Random, rayon_threads};

#[derive(Module, Debug)]
struct Network {
    first: Linear,
    second: Linear,
    third: Linear,
    relu: Relu,
}

impl Network {
    fn new(widths: [usize; 4], device: &Device) -> Network {
        let layer = |i: usize| LinearConfig::new(widths[i], widths[i + 1]).init(device);
        Network { first: layer(0), second: layer(1), third: layer(2), relu: Relu::new() }
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let x = self.relu.forward(self.first.forward(x));
        self.third.forward(self.relu.forward(self.second.forward(x)))
    }
}

fn inputs(random: &mut Random, shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(random.inputs(shape[0] * shape[1]), shape), device)
}

fn labels(random: &mut Random, count: usize, classes: u64) -> Vec<i32> {
    (0..count).map(|_| random.below(classes) as i32).collect()
}

fn main() {
    let arguments = Arguments::parse();
    let device = Device::flex().autodiff();
    if arguments.wants("mlp_keras") {
        mlp_keras(&arguments, &device);
    }
    if arguments.wants("mlp_wide") {
        mlp_wide(&arguments, &device);
    }
}

fn mlp_keras(arguments: &Arguments, device: &Device) {
    let mut random = Random::new(1);
    let batches: Vec<(Tensor<2>, Tensor<2, Int>)> = (0..BATCHES)
        .map(|_| {
            let x = inputs(&mut random, [32, 30], device);
            (x, Tensor::from_data(TensorData::new(labels(&mut random, 32, 2), [32, 1]), device))
        })
        .collect();
    let mut network = Some(Network::new([30, 128, 64, 1], device));
    let mut optimizer = AdamConfig::new().init();
    let loss = BinaryCrossEntropyLossConfig::new().with_logits(true).init(device);
    arguments.time("mlp_keras", "burn", "0.22.1-flex", rayon_threads(), |count| {
        let (x, y) = batches[count % BATCHES].clone();
        let before = network.take().expect("the network is put back after each step");
        let loss = loss.forward(before.forward(x), y);
        let gradients = GradientsParams::from_grads(loss.backward(), &before);
        network = Some(optimizer.step(1e-3, before, gradients));
    });
}

fn mlp_wide(arguments: &Arguments, device: &Device) {
    let mut random = Random::new(1);
    let batches: Vec<(Tensor<2>, Tensor<1, Int>)> = (0..BATCHES)
        .map(|_| {
            let x = inputs(&mut random, [128, 784], device);
            (x, Tensor::from_data(TensorData::new(labels(&mut random, 128, 10), [128]), device))
        })
        .collect();
    let mut network = Some(Network::new([784, 1024, 1024, 10], device));
    let mut optimizer = SgdConfig::new().with_momentum(Some(MomentumConfig::new().with_momentum(0.9))).init();
    let loss = CrossEntropyLossConfig::new().init(device);
    arguments.time("mlp_wide", "burn", "0.22.1-flex", rayon_threads(), |count| {
        let (x, y) = batches[count % BATCHES].clone();
        let before = network.take().expect("the network is put back after each step");
        let loss = loss.forward(before.forward(x), y);
        let gradients = GradientsParams::from_grads(loss.backward(), &before);
        network = Some(optimizer.step(0.01, before, gradients));
    });
}
