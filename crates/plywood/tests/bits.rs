//! The same bits after fifty steps of the reference workloads, whoever computes them: any number of threads, any
//! instruction set that fuses multiplication and addition.

use plywood::augment::Pipeline;
use plywood::losses::{Losses, binary_cross_entropy_with_logits, cross_entropy};
use plywood::nn::ConvConfig;
use plywood::prelude::*;
use plywood::tensor::simd::Isa;

const STEPS: u64 = 50;

/// The 128-64-1 classifier on 30 features: batch 32, Adam.
fn small() -> Result<u64> {
    let model = Sequential::input([30]).linear(128).relu().linear(64).relu().linear(1).build(Seed(0))?;
    let stream = Seed(1).stream();
    let batch = |i: u64| {
        let mut y = Tensor::zeros([32, 1])?;
        stream.at(i).at(1).fill_bernoulli(y.as_mut_slice(), 0.5);
        Ok((Tensor::normal([32, 30], 0.0, 1.0, &stream.at(i))?, y))
    };
    train(model, Optimizer::new(Adam::new(1e-3)), batch, binary_cross_entropy_with_logits)
}

/// 784-1024-1024-10: batch 128, momentum.
fn wide() -> Result<u64> {
    let model = Sequential::input([784]).linear(1024).relu().linear(1024).relu().linear(10).build(Seed(0))?;
    let stream = Seed(1).stream();
    let batch = |i: u64| {
        let labels = (0..128).map(|row| stream.at(i).at(1).below(row, 10) as i64).collect();
        Ok((Tensor::normal([128, 784], 0.0, 1.0, &stream.at(i))?, IntTensor::from_vec(labels, [128])?))
    };
    train(model, Optimizer::new(Sgd::new(0.01).momentum(0.9)), batch, cross_entropy)
}

/// The hash of the weights at the end.
fn train<Y>(
    mut model: Sequential,
    mut optimizer: Optimizer,
    batch: impl Fn(u64) -> Result<(Tensor, Y)>,
    loss: impl Fn(&Var, &Y) -> Result<Losses>,
) -> Result<u64> {
    for step in 0..STEPS {
        let (x, y) = batch(step % 8)?;
        let cx = Context::train(Seed(0), step);
        let prediction = model.forward(&cx, &cx.input(x))?;
        let gradients = loss(&prediction, &y)?.mean().backward()?;
        optimizer.step(&mut model, &gradients)?;
        cx.commit(&mut model)?;
    }
    Ok(weights_hash(&model))
}

/// A name, and what trains and gives the hash.
type Workload = (&'static str, fn() -> Result<u64>);

const WORKLOADS: [Workload; 2] = [("small", small), ("wide", wide)];

#[test]
fn threads_change_no_bit_of_fifty_steps() {
    for (name, run) in WORKLOADS {
        let expected = Threads::new(1).unwrap().install(run).unwrap();
        for count in [2, 3, 8] {
            assert_eq!(
                Threads::new(count).unwrap().install(run).unwrap(),
                expected,
                "{name}, {count} threads"
            );
        }
    }
}

#[test]
fn instruction_sets_that_fuse_change_no_bit_of_fifty_steps() {
    // On x86 the portable form rounds each product by itself.
    let fuses = |isa: &Isa| *isa != Isa::Portable || cfg!(target_arch = "aarch64");
    for (name, run) in WORKLOADS {
        let hashes: Vec<(Isa, u64)> = Isa::ALL
            .into_iter()
            .filter(|isa| isa.is_supported() && fuses(isa))
            .map(|isa| (isa, Threads::with_isa(2, isa).unwrap().install(run).unwrap()))
            .collect();
        assert!(hashes.windows(2).all(|pair| pair[0].1 == pair[1].1), "{name}: {hashes:?}");
    }
}

/// Two epochs of a network with convolutions of both forms, batch normalisation and dropout, on pictures that are turned and
/// cropped anew in each epoch; the hash of its weights at the end.
fn images(workers: usize) -> Result<u64> {
    let stream = Seed(3).stream();
    let pictures = Tensor::uniform([50, 12, 12, 3], 0.0, 1.0, &stream)?;
    let labels = (0..50).map(|i| stream.at(1).below(i, 4) as i64).collect();
    let data = ArrayDataset::new(pictures, IntTensor::from_vec(labels, [50])?)?;
    let model = Sequential::input([12, 12, 3])
        .conv2d(16, 3)
        .batch_norm2d()
        .relu()
        .layer_with(ConvConfig::<2>::new(16, 3).padding(1)) // few multiplications
        .relu()
        .max_pool2d(2)
        .layer_with(ConvConfig::<2>::new(16, 3).groups(16))
        .flatten()
        .dropout(0.3)
        .linear(4)
        .build(Seed(4))?;
    let pipeline = Pipeline::builder().flip_horizontal(0.5).rotate(15.0).crop_padded([12, 12], 2).build()?;
    let mut trainer = Trainer::compile(model, Adam::new(1e-3), CrossEntropy::default());
    trainer.fit(
        &data,
        Fit::epochs(2)
            .batch_size(16)
            .augment(move |x, y, draw| Ok((pipeline.tensor(x, draw)?, y)))
            .workers(workers)
            .progress(Progress::Silent),
    )?;
    Ok(weights_hash(trainer.model()))
}

#[test]
fn neither_threads_nor_workers_change_a_bit_of_training_on_pictures() {
    let expected = Threads::new(1).unwrap().install(|| images(0)).unwrap();
    for (threads, workers) in [(1, 1), (1, 4), (2, 0), (3, 1), (8, 4)] {
        let got = Threads::new(threads).unwrap().install(|| images(workers)).unwrap();
        assert_eq!(got, expected, "{threads} threads, {workers} workers");
    }
}
