//! Failures that other libraries have had, which belong to no operation alone.
#![allow(clippy::unwrap_used)] // a panic is a failed test

use plywood_tensor::simd::Isa;
use plywood_tensor::{Activation, Array, Conv, Float, IntTensor, Result, Seed, Tensor, Threads};

/// Where vectors of every width end, and above what is split among threads.
const LENGTHS: [usize; 16] = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 65, 127, 40_003];

/// Every instruction set, on one thread and on three that split everything.
fn everywhere(run: impl Fn() + Send + Sync) {
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
        Threads::with_isa(1, isa).unwrap().install(&run);
        Threads::with_isa(3, isa).unwrap().split_always().install(&run);
    }
}

fn nan_wins<T: Float>() {
    for length in LENGTHS {
        let mut places: Vec<usize> = (0..length.min(70)).chain(length.saturating_sub(70)..length).collect();
        places.push(length / 2);
        for place in places {
            let mut x = Array::<T>::uniform([length], -1.0, 1.0, &Seed(1).stream()).unwrap();
            x.as_mut_slice()[place] = T::of(f64::NAN);
            // Another behind it: the first is the one that is named.
            x.as_mut_slice()[length - 1] = T::of(f64::NAN);
            let what = format!("NaN at {place} of {length}");
            let number = |x: Result<Array<T>>| x.unwrap().as_slice()[0].to_f64();
            assert!(number(x.max_axes(&[0], false)).is_nan(), "max: {what}");
            assert!(number(x.min_axes(&[0], false)).is_nan(), "min: {what}");
            assert!(number(x.sum_axes(&[0], false)).is_nan(), "sum: {what}");
            assert_eq!(x.argmax(0, false).unwrap().item().unwrap(), place as i64, "argmax: {what}");
            assert_eq!(x.argmin(0, false).unwrap().item().unwrap(), place as i64, "argmin: {what}");
            assert!(!x.is_finite(), "is_finite: {what}");
            // The same down the columns, and in a running maximum.
            let column = x.reshape([length, 1]).unwrap();
            assert!(number(column.max_axes(&[0], false)).is_nan(), "max of a column: {what}");
            let zeros = Array::<T>::zeros([length]).unwrap();
            for y in
                [x.maximum(&zeros).unwrap(), zeros.minimum(&x).unwrap(), x.clamp(T::of(-2.0), T::of(2.0))]
            {
                assert!(y.as_slice()[place].to_f64().is_nan(), "element by element: {what}");
            }
        }
    }
}

/// The largest of numbers lost a NaN in vectors, or at their ends (burn#5290, burn#5155, burn#4859).
#[test]
fn nan_is_lost_in_no_lane() {
    everywhere(nan_wins::<f32>);
    everywhere(nan_wins::<f64>);
}

/// New tensors take over memory that others left, and 0 times what lay there must not be computed (burn#2095).
#[test]
fn what_lay_in_recycled_memory_reaches_nobody() {
    everywhere(|| {
        for length in [1_usize, 3, 16, 100, 1000, 70_000] {
            let side = length.min(100);
            for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                // So many blocks of the size are left behind that every new one is such a one.
                let spoil = || {
                    let blocks: Vec<Tensor> = [length, side * side, side, 4 * side * side, 16 * side]
                        .iter()
                        .flat_map(|&size| (0..4).map(move |_| Tensor::full([size], Float::of(bad)).unwrap()))
                        .collect();
                    drop(blocks);
                };
                let make = |make: &dyn Fn() -> Result<Tensor>, expected: f64, what: &str| {
                    spoil();
                    let x = make().unwrap();
                    let same = x.as_slice().iter().all(|x| x.to_f64() == expected);
                    assert!(same, "{what} of {length} behind {bad}");
                };
                let square = Tensor::ones([side, side]).unwrap();
                let row = Tensor::zeros([side]).unwrap();
                let image = Tensor::ones([1, side, 1]).unwrap();
                let kernel = Tensor::ones([1, 1, 1]).unwrap();
                make(&|| Tensor::zeros([length]), 0.0, "zeros");
                make(&|| Tensor::full([length], 2.0), 2.0, "full");
                make(&|| square.matmul(&square), side as f64, "matmul");
                make(&|| square.linear(&square, Some(&row), Activation::Relu), side as f64, "linear");
                make(&|| image.conv(&kernel, None, &Conv::new().padding([0]), false), 1.0, "conv");
                make(&|| square.sum_axes(&[0], false), side as f64, "sum");
                make(&|| square.transpose(), 1.0, "transpose");
                make(&|| square.pad(&[(1, 1), (1, 1)], 1.0), 1.0, "pad");
                make(&|| Tensor::concat(&[&square, &square], 0), 1.0, "concat");
                make(&|| square.cumsum(1)?.div(&square.cumsum(1)?), 1.0, "cumsum");
                let mask = Tensor::zeros([side, side]).unwrap();
                let masked = || Tensor::select_where(&mask, &Tensor::full([1], Float::of(bad))?, &square);
                make(&masked, 1.0, "select_where");
            }
        }
    });
}

/// Numbers at the end of the range neither wrap nor panic (burn#4486), and no memory is asked for before they are checked
/// (pytorch#136720).
#[test]
fn integers_at_the_end_of_their_range() {
    let extremes = IntTensor::from([i64::MIN, i64::MAX, 0]);
    assert_eq!(extremes.argmax(0, false).unwrap().item().unwrap(), 1);
    assert_eq!(extremes.argmin(0, false).unwrap().item().unwrap(), 0);
    for label in [i64::MIN, -1, i64::MAX] {
        assert!(IntTensor::from([label]).one_hot(4).is_err(), "{label}");
        assert!(Tensor::ones([4]).unwrap().index_select(0, &IntTensor::from([label])).is_err(), "{label}");
    }
    assert!(IntTensor::from([0]).one_hot(usize::MAX).is_err());
    assert!(IntTensor::from([0, 1]).one_hot(usize::MAX / 2).is_err());
}
