//! A whole training run against PyTorch: the same weights, the same batches, the same losses for 200 steps.

use plywood::autograd::Param;
use plywood::losses::binary_cross_entropy_with_logits;
use plywood::nn::{Context, Linear, Module, Relu, Sequential};
use plywood::optim::{Adam, Optimizer};
use plywood::tensor::{Elem, Float, Seed, Tensor};

/// A linear congruential generator (Knuth's MMIX constants), the same as in `golden/make_whole_run.py`.
struct Numbers(u64);

impl Numbers {
    fn tensor(&mut self, shape: &[usize], scale: f64) -> Tensor {
        let count = shape.iter().product();
        let numbers = (0..count).map(|_| {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            // Rounded to single precision as there, also where elements are wider.
            let number = ((self.0 >> 40) as f64 / f64::from(1 << 24) - 0.5) as f32 * scale as f32;
            Elem::from(number)
        });
        Tensor::from_vec(numbers.collect(), shape).unwrap()
    }
}

#[test]
fn a_run_follows_the_losses_of_pytorch() {
    let golden: serde_json::Value = serde_json::from_str(include_str!("golden/whole_run.json")).unwrap();
    let expected: Vec<f64> =
        golden["losses"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();

    let mut numbers = Numbers(1);
    let mut linear = |inputs: usize, outputs: usize| {
        let mut layer = Linear::new(inputs, outputs, &Seed(0).stream()).unwrap();
        let scale = 2.0 / (inputs as f64).sqrt();
        layer.weight = Param::new(numbers.tensor(&[outputs, inputs], scale));
        layer.bias = Some(Param::new(numbers.tensor(&[outputs], scale)));
        layer
    };
    let mut model = Sequential::default();
    model.push(linear(30, 128));
    model.push(Relu);
    model.push(linear(128, 64));
    model.push(Relu);
    model.push(linear(64, 1));
    let batches: Vec<(Tensor, Tensor)> = (0..8)
        .map(|_| {
            let x = numbers.tensor(&[32, 30], 2.0);
            let noise = numbers.tensor(&[32], 1.0);
            let label = |row: usize| {
                let sum = x.as_slice()[row * 30..row * 30 + 5].iter().fold(0.0, |s: Elem, &v| s + v);
                if sum + noise.as_slice()[row] > 0.0 { 1.0 } else { 0.0 }
            };
            (x.clone(), Tensor::from_vec((0..32).map(label).collect(), [32, 1]).unwrap())
        })
        .collect();

    let mut optimizer = Optimizer::new(Adam::new(1e-3));
    for (step, expected) in expected.into_iter().enumerate() {
        let (x, y) = &batches[step % 8];
        let cx = Context::train(Seed(0), step as u64);
        let logits = model.forward(&cx, &cx.input(x.clone())).unwrap();
        let loss = binary_cross_entropy_with_logits(&logits, y).unwrap().mean();
        let got = loss.value().item().unwrap().to_f64();
        assert!((got / expected - 1.0).abs() < 1e-4, "step {step}: {got} instead of {expected}");
        optimizer.step(&mut model, &loss.backward().unwrap()).unwrap();
    }
}
