//! The reference workloads: the same layers, batches, losses and optimizers as in the programs for the rivals.

pub(crate) mod images;

use crate::{Streams, Work};
use plywood::losses::{Losses, binary_cross_entropy_with_logits, cross_entropy};
use plywood::prelude::*;

/// A named training step, or with `infer` a forward pass, on eight fixed batches in turn.
#[derive(Debug, Clone, Copy)]
pub struct Workload {
    /// The name it has in every program.
    pub name: &'static str,
    /// Makes the step: a closure that runs it once on each call.
    pub prepare: fn(infer: bool) -> Result<Step>,
    /// What a step, or a forward pass, cannot do without.
    pub work: fn(infer: bool) -> Work,
}

/// How many numbers an optimizer reads and writes for each parameter, of how many arrays.
const ADAM: [usize; 2] = [7, 4];
const MOMENTUM: [usize; 2] = [5, 3];

/// The products and the optimizer's traffic of a step of linear layers.
pub(crate) fn network_work(widths: &[usize], batch: usize, optimizer: [usize; 2], infer: bool) -> Work {
    let layers = || widths.windows(2).map(|pair| pair[0] * pair[1]);
    let once: usize = layers().sum();
    // Forward, the gradient of the weights, and that of the input for all layers but the first.
    let multiplications = if infer { once } else { 3 * once - layers().next().unwrap_or(0) };
    let parameters = once + widths[1..].iter().sum::<usize>();
    work(batch * multiplications, parameters, optimizer, infer)
}

/// So many multiplications with an addition, and in training the optimizer's traffic for so many parameters.
fn work(multiplications: usize, parameters: usize, optimizer: [usize; 2], infer: bool) -> Work {
    let products = Work::product(multiplications, 1, 1);
    if infer {
        return products;
    }
    products.and(Work::traffic(Streams::Update, parameters, optimizer[0], optimizer[1]))
}

/// One step of a workload.
pub type Step = Box<dyn FnMut() -> Result<()> + Send>;

/// All workloads whose layers exist.
pub const WORKLOADS: &[Workload] = &[
    Workload {
        name: "mlp_keras",
        prepare: mlp_keras,
        work: |infer| network_work(&[30, 128, 64, 1], 32, ADAM, infer),
    },
    Workload {
        name: "mlp_wide",
        prepare: mlp_wide,
        work: |infer| network_work(&[784, 1024, 1024, 10], 128, MOMENTUM, infer),
    },
    Workload { name: "cnn_mnist", prepare: images::cnn_mnist, work: images::cnn_mnist_work },
    Workload { name: "resnet20_cifar", prepare: images::resnet20_cifar, work: images::resnet20_cifar_work },
    Workload { name: "resnet18_cifar", prepare: images::resnet18_cifar, work: images::resnet18_cifar_work },
];

/// The 128-64-1 binary classifier on 30 features: batch 32, Adam, binary cross entropy on logits.
fn mlp_keras(infer: bool) -> Result<Step> {
    let model = Sequential::input([30]).linear(128).relu().linear(64).relu().linear(1).build(Seed(0))?;
    let stream = Seed(1).stream();
    let batches = (0..8).map(|i| {
        let mut y = Tensor::zeros([32, 1])?;
        stream.at(i).at(1).fill_bernoulli(y.as_mut_slice(), 0.5);
        Ok((Tensor::normal([32, 30], 0.0, 1.0, &stream.at(i))?, y))
    });
    let optimizer = Optimizer::new(Adam::new(1e-3));
    Ok(step(infer, model, optimizer, batches.collect::<Result<_>>()?, |logits, y: &Tensor| {
        binary_cross_entropy_with_logits(logits, y)
    }))
}

/// 784-1024-1024-10: batch 128, momentum, cross entropy.
fn mlp_wide(infer: bool) -> Result<Step> {
    momentum_step(&[784, 1024, 1024, 10], 128, infer)
}

/// A classifier with relu between its layers of these widths, momentum and cross entropy.
pub(crate) fn momentum_step(widths: &[usize], batch: usize, infer: bool) -> Result<Step> {
    let (inputs, classes) = (widths[0], widths[widths.len() - 1]);
    let mut builder = Sequential::input([inputs]);
    for &width in &widths[1..widths.len() - 1] {
        builder = builder.linear(width).relu();
    }
    let model = builder.linear(classes).build(Seed(0))?;
    let stream = Seed(1).stream();
    let batches = (0..8).map(|i| {
        let label = |row| stream.at(i).at(1).below(row, classes) as i64;
        let labels = IntTensor::from_vec((0..batch as u64).map(label).collect(), [batch])?;
        Ok((Tensor::normal([batch, inputs], 0.0, 1.0, &stream.at(i))?, labels))
    });
    let optimizer = Optimizer::new(Sgd::new(0.01).momentum(0.9));
    Ok(step(infer, model, optimizer, batches.collect::<Result<_>>()?, |logits, y: &IntTensor| {
        cross_entropy(logits, y)
    }))
}

/// The loop of every training step, as a user would write it by hand.
fn step<Y: Send + 'static>(
    infer: bool,
    mut model: impl Module + 'static,
    mut optimizer: Optimizer,
    batches: Vec<(Tensor, Y)>,
    loss: impl Fn(&Var, &Y) -> Result<Losses> + Send + 'static,
) -> Step {
    let mut count = 0;
    Box::new(move || {
        let (x, y) = &batches[count % batches.len()];
        if infer {
            let cx = Context::eval();
            std::hint::black_box(model.forward(&cx, &cx.input(x.clone()))?);
        } else {
            let cx = Context::train(Seed(0), count as u64);
            let prediction = model.forward(&cx, &cx.input(x.clone()))?;
            let gradients = loss(&prediction, y)?.mean().backward()?;
            optimizer.step(&mut model, &gradients)?;
            cx.commit(&mut model)?;
        }
        count += 1;
        Ok(())
    })
}
