//! Products of every kind against loops, in every instruction set of the processor.

use super::Product;
use crate::simd::Isa;
use crate::{Array, Float, Seed, Threads};

/// Sizes `[m, n, k]`: single numbers, edges of tiles and vectors, several blocks, strips and chunks, and work for threads.
const SIZES: &[[usize; 3]] = &[
    [1, 1, 1],
    [1, 1, 100],
    [1, 7, 40],
    [2, 3, 33],
    [1, 64, 6],
    [3, 5, 7],
    [5, 1, 64],
    [40, 2, 35],
    [4, 33, 17],
    [7, 16, 15],
    [13, 129, 30],
    [17, 33, 65],
    [30, 70, 520],
    [32, 128, 30],
    [64, 1, 32],
    [6, 300, 1030],
    [130, 70, 200],
    [300, 260, 40],
    [150, 70, 1025],
    // Groups of rows in wide strips, in double precision; in single precision they are too few.
    [130, 260, 513],
    // Rows of A are turned into columns of tiles, or gathered for them.
    [40, 530, 260],
    [9, 530, 260],
    [300, 25, 130],
    [5, 9, 0],
    [300, 150, 0],
];

/// Sizes that reach every tile of every instruction set: each height with each width, the last vector full or not.
fn every_tile() -> impl Iterator<Item = [usize; 3]> {
    let columns = [1, 8, 15, 16, 17, 24, 32, 33, 40, 48, 49, 64, 65, 80, 81, 96, 97, 112, 113, 128, 129, 145];
    (1..=29).flat_map(move |rows| columns.into_iter().map(move |columns| [rows, columns, 5]))
}

/// Each number as one chain of multiply-adds, in double precision.
fn naive(p: &Product<'_, f64>) -> Vec<f64> {
    let [m, n, k] = p.size;
    let a = |i: usize, p_: usize| if p.a_transposed { p.a[p_ * m + i] } else { p.a[i * k + p_] };
    let b = |p_: usize, j: usize| if p.b_transposed { p.b[j * k + p_] } else { p.b[p_ * n + j] };
    let at = |i: usize, j: usize| {
        let sum = (0..k).fold(0.0, |sum, p_| a(i, p_) * b(p_, j) + sum);
        let sum = sum + p.bias.map_or(0.0, |bias| bias[j]);
        if p.rectify && sum < 0.0 { 0.0 } else { sum }
    };
    (0..m * n).map(|i| at(i / n, i % n)).collect()
}

/// The product of noise, as bits, after it was compared with loops.
fn check<T: Float>(size: [usize; 3], a_transposed: bool, b_transposed: bool, finish: bool) -> Vec<u64> {
    let [m, n, k] = size;
    // Rounded, so that both widths get the same numbers.
    let noise = |count: usize, i: u64| {
        let noise = Array::<f64>::normal([count], 0.0, 1.0, &Seed(7).stream().at(i)).unwrap();
        noise.cast::<f32>().cast::<f64>()
    };
    let (a, b, bias) = (noise(m * k, 0), noise(k * n, 1), noise(n, 2));
    let wide = Product {
        size,
        a: a.as_slice(),
        a_transposed,
        b: b.as_slice(),
        b_transposed,
        bias: finish.then(|| bias.as_slice()),
        rectify: finish,
    };
    // In memory of their own, and no longer than they are: a sanitizer sees who reads behind them.
    let [a, b, bias] = [&a, &b, &bias].map(|x| x.cast::<T>().as_slice().to_vec().into_boxed_slice());
    let product = Product {
        size,
        a: &a,
        a_transposed,
        b: &b,
        b_transposed,
        bias: finish.then_some(&*bias),
        rectify: finish,
    };
    let mut c = vec![T::NAN; m * n];
    product.write(&mut c);
    // Sums of k normal products are about √k large, few of them more; each rounding adds at most half an epsilon of that.
    let steps = (k as f64).max(16.0) * 0.25 * T::EPSILON.to_f64();
    for (i, (got, expected)) in c.iter().zip(naive(&wide)).enumerate() {
        let bound = (k as f64).sqrt().max(expected.abs()) * steps + T::EPSILON.to_f64() * 4.0;
        let error = (got.to_f64() - expected).abs();
        assert!(error <= bound, "{size:?} {a_transposed} {b_transposed} at {i}: {got} for {expected}");
    }
    c.into_iter().map(Float::bits).collect()
}

fn every_kind(isa: Isa, threads: usize) -> Vec<Vec<u64>> {
    let pool = Threads::with_isa(threads, isa).unwrap().split_always();
    let mut results = Vec::new();
    pool.install(|| {
        for &size in SIZES {
            for (a, b, finish) in [
                (false, false, true),
                (true, false, true),
                (false, true, true),
                (true, true, true),
                (false, false, false),
                (false, true, false),
            ] {
                results.push(check::<f32>(size, a, b, finish));
                results.push(check::<f64>(size, a, b, finish));
            }
        }
    });
    results
}

#[test]
fn every_instruction_set_computes_products_and_fused_ones_the_same_bits() {
    let results: Vec<(Isa, Vec<Vec<u64>>)> =
        Isa::ALL.into_iter().filter(|isa| isa.is_supported()).map(|isa| (isa, every_kind(isa, 1))).collect();
    // The portable form of x86 rounds each product.
    let fused: Vec<_> =
        results.iter().filter(|(isa, _)| *isa != Isa::Portable || cfg!(target_arch = "aarch64")).collect();
    for pair in fused.windows(2) {
        assert!(pair[0].1 == pair[1].1, "{} and {} differ", pair[0].0, pair[1].0);
    }
}

#[test]
fn every_tile_computes_the_same_bits() {
    let fused: Vec<_> =
        Isa::ALL.into_iter().filter(|isa| isa.is_supported() && *isa != Isa::Portable).collect();
    let run = |isa| {
        Threads::with_isa(1, isa).unwrap().install(|| {
            every_tile()
                .flat_map(|size| {
                    [(false, false, true), (true, false, false), (false, true, true)].map(|(a, b, finish)| {
                        (check::<f32>(size, a, b, finish), check::<f64>(size, a, b, finish))
                    })
                })
                .collect::<Vec<_>>()
        })
    };
    let results: Vec<_> = fused.into_iter().map(run).collect();
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn threads_change_no_bit() {
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
        let one = every_kind(isa, 1);
        let threads: &[usize] = if isa == Isa::current() { &[2, 3, 8] } else { &[3] };
        for &threads in threads {
            assert!(every_kind(isa, threads) == one, "{isa}, {threads} threads");
        }
    }
}

#[test]
fn nan_and_signs_pass_the_rectifier_as_they_pass_the_function() {
    let (a, b) = ([1.0_f32, 1.0, 1.0, 1.0], [1.0]);
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
        let bias = [f32::NAN, -2.0, 0.5, f32::INFINITY];
        let mut c = [0.0; 4];
        let product = Product {
            size: [1, 4, 1],
            a: &b,
            a_transposed: false,
            b: &a,
            b_transposed: false,
            bias: Some(&bias),
            rectify: true,
        };
        Threads::with_isa(1, isa).unwrap().install(|| product.write(&mut c));
        assert!(c[0].is_nan());
        assert_eq!(c[1..], [0.0, 1.5, f32::INFINITY]);
    }
}
