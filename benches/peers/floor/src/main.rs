//! A training step of the 30-128-64-1 classifier by hand, with preallocated buffers and the products of the `gemm` project: the
//! floor that a library can approach. Batch 32, binary cross entropy on logits, Adam, eight batches in turn, one thread.

use gemm::{Parallelism, gemm};
use peers_common::{Arguments, BATCHES, Random};

const BATCH: usize = 32;
const WIDTHS: [usize; 4] = [30, 128, 64, 1];

fn main() {
    let arguments = Arguments::parse();
    if !arguments.wants("mlp_keras") {
        return;
    }
    let mut network = Network::new();
    let (version, step) = best();
    arguments.time("mlp_keras", "by-hand", version, 1, |count| step(&mut network, count));
    assert!(network.loss.is_finite(), "the loss is {}", network.loss);
}

/// A matrix and where it lies: its rows, its columns, the steps to the next of each.
struct Matrix<'a> {
    numbers: &'a [f32],
    steps: [usize; 2],
}

impl<'a> Matrix<'a> {
    fn new(numbers: &'a [f32], columns: usize) -> Matrix<'a> {
        Matrix { numbers, steps: [columns, 1] }
    }

    fn transposed(numbers: &'a [f32], columns: usize) -> Matrix<'a> {
        Matrix { numbers, steps: [1, columns] }
    }
}

/// `C = A B` of `m x k` and `k x n`.
#[inline(always)]
fn product([m, n, k]: [usize; 3], a: Matrix<'_>, b: Matrix<'_>, c: &mut [f32]) {
    assert!(a.numbers.len() >= m * k && b.numbers.len() >= k * n && c.len() >= m * n);
    let step = |matrix: &Matrix<'_>, axis: usize| matrix.steps[axis] as isize;
    let (c, c_rows) = (c.as_mut_ptr(), n as isize);
    // SAFETY: the matrices are dense, so the asserted lengths hold every element that is read or written, and `c` is borrowed
    // mutably, so it overlaps neither of the others.
    unsafe {
        gemm(
            m,
            n,
            k,
            c,
            1,
            c_rows,
            false,
            a.numbers.as_ptr(),
            step(&a, 1),
            step(&a, 0),
            b.numbers.as_ptr(),
            step(&b, 1),
            step(&b, 0),
            0.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

/// Where the parameters of a layer begin among all of them.
struct Layer {
    inputs: usize,
    outputs: usize,
    weight: usize,
    bias: usize,
}

/// Everything that a step needs, allocated once.
struct Network {
    layers: Vec<Layer>,
    parameters: Vec<f32>,
    gradients: Vec<f32>,
    means: Vec<f32>,
    squares: Vec<f32>,
    inputs: Vec<Vec<f32>>,
    labels: Vec<Vec<f32>>,
    values: Vec<Vec<f32>>,
    slopes: Vec<Vec<f32>>,
    steps: i32,
    loss: f32,
}

impl Network {
    fn new() -> Network {
        let (mut layers, mut count) = (Vec::new(), 0);
        for pair in WIDTHS.windows(2) {
            let (inputs, outputs) = (pair[0], pair[1]);
            layers.push(Layer { inputs, outputs, weight: count, bias: count + inputs * outputs });
            count += inputs * outputs + outputs;
        }
        let mut random = Random::new(1);
        let values: Vec<Vec<f32>> = WIDTHS.iter().map(|width| vec![0.0; BATCH * width]).collect();
        Network {
            layers,
            parameters: (0..count).map(|_| random.uniform() * 0.15).collect(),
            gradients: vec![0.0; count],
            means: vec![0.0; count],
            squares: vec![0.0; count],
            inputs: (0..BATCHES).map(|_| random.inputs(BATCH * WIDTHS[0])).collect(),
            labels: (0..BATCHES).map(|_| (0..BATCH).map(|_| random.below(2) as f32).collect()).collect(),
            slopes: values.clone(),
            values,
            steps: 0,
            loss: 0.0,
        }
    }

    #[inline(always)]
    fn step(&mut self, count: usize) {
        self.values[0].copy_from_slice(&self.inputs[count % BATCHES]);
        self.forward();
        self.loss(count % BATCHES);
        self.backward();
        self.adam();
    }

    #[inline(always)]
    fn forward(&mut self) {
        for (index, layer) in self.layers.iter().enumerate() {
            let (before, after) = self.values.split_at_mut(index + 1);
            let (x, y) = (&before[index], &mut after[0]);
            let (weight, bias) = (&self.parameters[layer.weight..layer.bias], &self.parameters[layer.bias..]);
            let size = [BATCH, layer.outputs, layer.inputs];
            product(size, Matrix::new(x, layer.inputs), Matrix::new(weight, layer.outputs), y);
            let last = index + 1 == self.layers.len();
            for row in y.chunks_exact_mut(layer.outputs) {
                for (y, b) in row.iter_mut().zip(bias) {
                    let sum = *y + *b;
                    *y = if last { sum } else { sum.max(0.0) };
                }
            }
        }
    }

    #[inline(always)]
    fn loss(&mut self, batch: usize) {
        self.loss = 0.0;
        let (logits, slopes) = (&self.values[3], &mut self.slopes[3]);
        for ((&z, slope), &y) in logits.iter().zip(slopes).zip(&self.labels[batch]) {
            self.loss += (z.max(0.0) - z * y + (-z.abs()).exp().ln_1p()) / BATCH as f32;
            *slope = (1.0 / (1.0 + (-z).exp()) - y) / BATCH as f32;
        }
    }

    #[inline(always)]
    fn backward(&mut self) {
        for (index, layer) in self.layers.iter().enumerate().rev() {
            let (before, after) = self.slopes.split_at_mut(index + 1);
            let (d, x) = (&after[0], &self.values[index]);
            let (inputs, outputs) = (layer.inputs, layer.outputs);
            let (for_weight, for_bias) =
                self.gradients[layer.weight..layer.bias + outputs].split_at_mut(inputs * outputs);
            product(
                [inputs, outputs, BATCH],
                Matrix::transposed(x, inputs),
                Matrix::new(d, outputs),
                for_weight,
            );
            for_bias.fill(0.0);
            for row in d.chunks_exact(outputs) {
                for (sum, d) in for_bias.iter_mut().zip(row) {
                    *sum += *d;
                }
            }
            if index > 0 {
                let (weight, below) = (&self.parameters[layer.weight..layer.bias], &mut before[index]);
                let size = [BATCH, inputs, outputs];
                product(size, Matrix::new(d, outputs), Matrix::transposed(weight, outputs), below);
                for (slope, value) in below.iter_mut().zip(x) {
                    *slope = if *value > 0.0 { *slope } else { 0.0 };
                }
            }
        }
    }

    #[inline(always)]
    fn adam(&mut self) {
        self.steps += 1;
        let unbias_mean = 1.0 / (1.0 - 0.9_f32.powi(self.steps));
        let unbias_square = 1.0 / (1.0 - 0.999_f32.powi(self.steps));
        let moments = self.means.iter_mut().zip(&mut self.squares);
        for ((p, &g), (m, v)) in self.parameters.iter_mut().zip(&self.gradients).zip(moments) {
            *m = 0.9 * *m + 0.1 * g;
            *v = 0.999 * *v + 0.001 * g * g;
            *p -= 1e-3 * (*m * unbias_mean) / ((*v * unbias_square).sqrt() + 1e-8);
        }
    }
}

type StepFunction = fn(&mut Network, usize);

/// The step in the widest vectors that the processor has.
fn best() -> (&'static str, StepFunction) {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx2,fma")]
        fn avx512(network: &mut Network, count: usize) {
            network.step(count);
        }
        #[target_feature(enable = "avx2,fma")]
        fn avx2(network: &mut Network, count: usize) {
            network.step(count);
        }
        let has_avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        if has_avx2
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
        {
            // SAFETY: the processor was just asked for these features.
            return ("avx512", |network, count| unsafe { avx512(network, count) });
        }
        if has_avx2 {
            // SAFETY: as above.
            return ("avx2", |network, count| unsafe { avx2(network, count) });
        }
    }
    ("portable", Network::step)
}
