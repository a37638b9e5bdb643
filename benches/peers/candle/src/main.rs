//! The workloads in candle. Its SGD has no momentum, so its `mlp_wide` does a little less than that of the others.

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::loss::{binary_cross_entropy_with_logit, cross_entropy};
use candle_nn::{AdamW, Linear, Module, Optimizer, ParamsAdamW, SGD, VarBuilder, VarMap, linear};
use peers_common::{Arguments, BATCHES, Random, rayon_threads};

struct Network(Vec<Linear>);

impl Network {
    fn new(widths: [usize; 4], variables: &VarBuilder<'_>) -> Result<Network> {
        let layer = |i: usize| linear(widths[i], widths[i + 1], variables.pp(i.to_string()));
        (0..3).map(layer).collect::<Result<_>>().map(Network)
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = self.0[0].forward(x)?.relu()?;
        self.0[2].forward(&self.0[1].forward(&x)?.relu()?)
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.wants("mlp_keras") {
        mlp_keras(&arguments)?;
    }
    if arguments.wants("mlp_wide") {
        mlp_wide(&arguments)?;
    }
    Ok(())
}

fn mlp_keras(arguments: &Arguments) -> Result<()> {
    let (device, variables, mut random) = (Device::Cpu, VarMap::new(), Random::new(1));
    let batches: Vec<(Tensor, Tensor)> = (0..BATCHES)
        .map(|_| {
            let x = Tensor::from_vec(random.inputs(32 * 30), (32, 30), &device)?;
            let y: Vec<f32> = (0..32).map(|_| random.below(2) as f32).collect();
            Ok((x, Tensor::from_vec(y, (32, 1), &device)?))
        })
        .collect::<Result<_>>()?;
    let builder = VarBuilder::from_varmap(&variables, DType::F32, &device);
    let network = Network::new([30, 128, 64, 1], &builder)?;
    // Without decay, AdamW is Adam.
    let settings = ParamsAdamW { lr: 1e-3, weight_decay: 0.0, ..Default::default() };
    let mut optimizer = AdamW::new(variables.all_vars(), settings)?;
    let mut step = |(x, y): &(Tensor, Tensor)| {
        optimizer.backward_step(&binary_cross_entropy_with_logit(&network.forward(x)?, y)?)
    };
    step(&batches[0])?;
    arguments.time("mlp_keras", "candle", "0.11.1", rayon_threads(), |count| {
        step(&batches[count % BATCHES]).expect("it worked once");
    });
    Ok(())
}

fn mlp_wide(arguments: &Arguments) -> Result<()> {
    let (device, variables, mut random) = (Device::Cpu, VarMap::new(), Random::new(1));
    let batches: Vec<(Tensor, Tensor)> = (0..BATCHES)
        .map(|_| {
            let x = Tensor::from_vec(random.inputs(128 * 784), (128, 784), &device)?;
            let y: Vec<u32> = (0..128).map(|_| random.below(10) as u32).collect();
            Ok((x, Tensor::from_vec(y, 128, &device)?))
        })
        .collect::<Result<_>>()?;
    let builder = VarBuilder::from_varmap(&variables, DType::F32, &device);
    let network = Network::new([784, 1024, 1024, 10], &builder)?;
    let mut optimizer = SGD::new(variables.all_vars(), 0.01)?;
    let mut step =
        |(x, y): &(Tensor, Tensor)| optimizer.backward_step(&cross_entropy(&network.forward(x)?, y)?);
    step(&batches[0])?;
    arguments.time("mlp_wide", "candle", "0.11.1", rayon_threads(), |count| {
        step(&batches[count % BATCHES]).expect("it worked once");
    });
    Ok(())
}
