//! Checks of what makes arrays, and of conversions between kinds of numbers.

use crate::row::Check;
use plywood_tensor::{Array, Elem, IntTensor, Tensor, Transposed};

pub(crate) const CHECKS: &[Check] = &[
    Check {
        name: "full",
        run: || {
            assert_eq!(Tensor::full([2, 1], 3.0).unwrap().as_slice(), [3.0, 3.0]);
            assert_eq!(Tensor::full([2, 0], 3.0).unwrap().numel(), 0);
        },
    },
    Check { name: "zeros", run: || assert_eq!(IntTensor::zeros([2]).unwrap().as_slice(), [0, 0]) },
    Check { name: "ones", run: || assert_eq!(Array::<u8>::ones([1, 2]).unwrap().as_slice(), [1, 1]) },
    Check {
        name: "full_like",
        run: || assert_eq!(Tensor::from([[1.0, 2.0]]).full_like(5.0), Tensor::from([[5.0, 5.0]])),
    },
    Check {
        name: "zeros_like",
        run: || assert_eq!(Tensor::from([1.0, 2.0]).zeros_like().as_slice(), [0.0, 0.0]),
    },
    Check {
        name: "arange",
        run: || {
            assert_eq!(Tensor::arange(2.0, -1.0, -1.5).unwrap().as_slice(), [2.0, 0.5]);
            assert_eq!(Tensor::arange(1.0, 1.0, 0.5).unwrap().numel(), 0);
            assert_eq!(Tensor::arange(1.0, 0.0, 0.5).unwrap().numel(), 0);
            let rows: [(i64, i64, i64, &[i64]); 7] = [
                (0, 3, 1, &[0, 1, 2]),
                (0, 3, 2, &[0, 2]),
                (3, 0, -2, &[3, 1]),
                (3, 0, 1, &[]),
                (0, 0, -1, &[]),
                (5, 6, i64::MAX, &[5]),
                (i64::MIN, i64::MAX, 1 << 62, &[i64::MIN, -1 << 62, 0, 1 << 62]),
            ];
            for (start, end, step, expected) in rows {
                assert_eq!(
                    IntTensor::arange(start, end, step).unwrap().as_slice(),
                    expected,
                    "{start} {end} {step}"
                );
            }
        },
    },
    Check {
        name: "linspace",
        run: || {
            assert_eq!(Tensor::linspace(1.0, 2.0, 0).unwrap().numel(), 0);
            assert_eq!(Tensor::linspace(1.0, 2.0, 1).unwrap().as_slice(), [1.0]);
            assert_eq!(Tensor::linspace(1.0, 2.0, 5).unwrap().as_slice(), [1.0, 1.25, 1.5, 1.75, 2.0]);
        },
    },
    Check {
        name: "eye",
        run: || {
            assert_eq!(Tensor::eye(0).unwrap().numel(), 0);
            assert_eq!(Tensor::eye(2).unwrap().as_slice(), [1.0, 0.0, 0.0, 1.0]);
        },
    },
    Check {
        name: "one_hot",
        run: || {
            let classes = IntTensor::from([[1, 0], [2, 2]]);
            let hot = classes.one_hot(3).unwrap();
            assert_eq!(*hot.shape(), [2, 2, 3]);
            assert_eq!(hot.argmax(-1, false).unwrap(), classes);
            assert_eq!(hot.sum().item().unwrap(), 4.0);
            assert_eq!(*IntTensor::zeros([0]).unwrap().one_hot(0).unwrap().shape(), [0, 0]);
            assert_eq!(IntTensor::from(0).one_hot(1).unwrap().as_slice(), [1.0]);
        },
    },
    Check {
        name: "to_float",
        run: || {
            assert_eq!(IntTensor::from([-3, 1 << 53]).to_float().as_slice(), [-3.0, 9_007_199_254_740_992.0]);
            assert_eq!(Array::<u8>::from([0, 7, 255]).to_float().as_slice(), [0.0, 7.0, 255.0]);
        },
    },
    Check {
        name: "to_int",
        run: || {
            let x = Tensor::from([-0.75, 0.0, 2.5, -9_223_372_036_854_775_808.0]);
            assert_eq!(x.to_int().unwrap().as_slice(), [0, 0, 2, i64::MIN]);
            assert_eq!(Tensor::zeros([0]).unwrap().to_int().unwrap().numel(), 0);
        },
    },
    Check {
        name: "left",
        run: || assert_eq!([Transposed::Left, Transposed::Right].map(Transposed::left), [true, false]),
    },
    Check {
        name: "right",
        run: || assert_eq!([Transposed::Both, Transposed::Neither].map(Transposed::right), [true, false]),
    },
    Check {
        name: "from_flags",
        run: || {
            for transposed in [Transposed::Neither, Transposed::Left, Transposed::Right, Transposed::Both] {
                assert_eq!(Transposed::from_flags(transposed.left(), transposed.right()), transposed);
            }
        },
    },
];

#[test]
fn a_mask_of_nan_chooses_the_first_and_the_other_never_leaks() {
    let (nan, one) = (Tensor::from([Elem::NAN, 0.0]), Tensor::from(1.0));
    assert_eq!(Tensor::select_where(&nan, &one, &Tensor::from(2.0)).unwrap().as_slice(), [1.0, 2.0]);
    let mask = Tensor::from([1.0, 0.0]);
    let chosen = Tensor::select_where(&mask, &one, &Tensor::from([Elem::NAN, 3.0])).unwrap();
    assert_eq!(chosen.as_slice(), [1.0, 3.0]);
}

#[test]
fn random_numbers_stay_below_the_open_end() {
    let stream = plywood_tensor::Seed(1).stream();
    for (low, high) in [(1.0, 2.0), (-1.0, 3.0), (-2.0, -1.0), (0.0, 1.0), (-3.0, 0.0), (1000.0, 1001.0)] {
        let x = Array::<f32>::uniform([1 << 20], low, high, &stream).unwrap();
        let (smallest, largest) = (x.min_axes(&[], false).unwrap(), x.max_axes(&[], false).unwrap());
        let (smallest, largest) = (f64::from(smallest.item().unwrap()), f64::from(largest.item().unwrap()));
        assert!(low <= smallest && largest < high, "{low} {high}: {smallest} {largest}");
    }
}

#[test]
fn a_mean_is_its_sum_divided_and_rounded_once() {
    for count in 1..50_u8 {
        let x = Array::<f32>::full([usize::from(count), 3], 0.1).unwrap();
        let (sum, mean) = (x.sum_axes(&[0], false).unwrap(), x.mean_axes(&[0], false).unwrap());
        assert_eq!(mean, sum.map(|sum| sum / f32::from(count)), "{count}");
        assert_eq!(x.mean().item().unwrap(), x.sum().item().unwrap() / f32::from(3 * u16::from(count)));
    }
}

#[test]
fn narrowing_rows_shares_memory_and_writing_does_not() {
    let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    let mut row = x.narrow(0, 1, 2).unwrap();
    assert_eq!(row.as_slice().as_ptr(), x.as_slice()[2..].as_ptr());
    row.as_mut_slice()[0] = 9.0;
    assert_eq!(x.as_slice(), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(row.as_slice(), [9.0, 4.0]);
}

#[test]
#[should_panic(expected = "has more elements than can be addressed")]
fn an_array_type_without_elements_does_not_make_an_impossible_shape() {
    let _ = Tensor::from([[0.0; 0]; usize::MAX]);
}
