//! Convolutional networks on batches of images, `[N, H, W, C]`.

use super::{ADAM, MOMENTUM, Step, step, work};
use crate::Work;
use plywood::losses::cross_entropy;
use plywood::nn::{ResNet, ResNetConfig, ResNetStem, summary};
use plywood::prelude::*;

/// Two convolutions of 3 × 3 and two linear layers on 28 × 28 pixels: batch 64, Adam, cross entropy.
pub(super) fn cnn_mnist(infer: bool) -> Result<Step> {
    images_step(infer, small_network()?, MNIST, Adam::new(1e-3).into())
}

pub(super) fn cnn_mnist_work(infer: bool) -> Work {
    images_work(small_network(), MNIST, ADAM, infer)
}

/// The ResNet of 20 layers on 32 × 32 pixels: batch 64, momentum, cross entropy.
pub(super) fn resnet20_cifar(infer: bool) -> Result<Step> {
    images_step(infer, resnet20()?, [64, 32, 32, 3], Sgd::new(0.01).momentum(0.9).into())
}

pub(super) fn resnet20_cifar_work(infer: bool) -> Work {
    images_work(resnet20(), [64, 32, 32, 3], MOMENTUM, infer)
}

/// The ResNet of 18 layers with the stem for 32 × 32 pixels: batch 32, momentum, cross entropy.
pub(super) fn resnet18_cifar(infer: bool) -> Result<Step> {
    images_step(infer, resnet18()?, [32, 32, 32, 3], Sgd::new(0.01).momentum(0.9).into())
}

pub(super) fn resnet18_cifar_work(infer: bool) -> Work {
    images_work(resnet18(), [32, 32, 32, 3], MOMENTUM, infer)
}

const MNIST: [usize; 4] = [64, 28, 28, 1];

/// The network of `cnn_mnist`.
///
/// # Errors
/// Those of the builder, of which there are none.
pub fn small_network() -> Result<Sequential> {
    Sequential::input([28, 28, 1])
        .conv2d(32, 3)
        .relu()
        .conv2d(64, 3)
        .relu()
        .max_pool2d(2)
        .dropout(0.25)
        .flatten()
        .linear(128)
        .relu()
        .dropout(0.5)
        .linear(10)
        .build(Seed(0))
}

fn resnet20() -> Result<ResNet> {
    ResNet::new(3, ResNetConfig::resnet20(10), &Seed(0).stream())
}

fn resnet18() -> Result<ResNet> {
    let config = ResNetConfig { stem: ResNetStem::Cifar, ..ResNetConfig::resnet18(10) };
    ResNet::new(3, config, &Seed(0).stream())
}

/// Steps on random images of ten classes.
fn images_step(
    infer: bool,
    model: impl Module + 'static,
    input: [usize; 4],
    optimizer: Optimizer,
) -> Result<Step> {
    let stream = Seed(1).stream();
    let batches = (0..8).map(|i| {
        let label = |row| stream.at(i).at(1).below(row, 10) as i64;
        let labels = IntTensor::from_vec((0..input[0] as u64).map(label).collect(), [input[0]])?;
        Ok((Tensor::normal(input, 0.0, 1.0, &stream.at(i))?, labels))
    });
    Ok(step(infer, model, optimizer, batches.collect::<Result<_>>()?, |logits, y: &IntTensor| {
        cross_entropy(logits, y)
    }))
}

/// The products of all layers, convolutions counted directly: one that saves products may come out above the limit.
fn images_work(model: Result<impl Module>, input: [usize; 4], optimizer: [usize; 2], infer: bool) -> Work {
    let summary = model.and_then(|model| summary(&model, input)).expect("the network takes its own images");
    let first = summary.rows.iter().map(|row| row.multiply_adds).find(|&count| count > 0).unwrap_or(0);
    let once = summary.multiply_adds();
    // Forward, the gradient of the weights, and that of the input for all layers but the first.
    let multiplications = if infer { once } else { 3 * once - first };
    work(multiplications as usize, summary.parameters(), optimizer, infer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_is_that_of_the_layers() {
        // By hand, for one image: 26² · 32 · 9, 24² · 64 · 32 · 9, 9216 · 128, 128 · 10.
        let once = 64.0 * (194_688.0 + 10_616_832.0 + 1_179_648.0 + 1280.0);
        assert_eq!(cnn_mnist_work(true).flops, 2.0 * once);
        assert_eq!(cnn_mnist_work(false).flops, 2.0 * (3.0 * once - 64.0 * 194_688.0));
        // As published: 41 million for ResNet-20 (0.1 more with projections), 0.56 billion for ResNet-18 on CIFAR.
        let millions = |work: Work, batch: f64| (work.flops / 2.0 / batch / 1e6).round();
        assert_eq!(millions(resnet20_cifar_work(true), 64.0), 41.0);
        assert_eq!(millions(resnet18_cifar_work(true), 32.0), 555.0);
    }

    #[test]
    fn the_small_network_takes_a_step_and_a_forward_pass() {
        let mut step = cnn_mnist(false).unwrap();
        step().unwrap();
        cnn_mnist(true).unwrap()().unwrap();
    }
}
