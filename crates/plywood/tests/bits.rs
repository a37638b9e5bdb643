//! The same bits after fifty steps of the reference workloads, whoever computes them: any number of threads, any
//! instruction set that fuses multiplication and addition.
#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

use plywood::losses::{Losses, binary_cross_entropy_with_logits, cross_entropy};
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
