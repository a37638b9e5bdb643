//! Round trips that hold for every shape.

use crate::noise;
use plywood_tensor::{Array, IntTensor, Shape, TensorError};
use proptest::prelude::*;

fn dims() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0_usize..5, 0..5)
}

proptest! {
    #[test]
    fn a_permutation_and_its_inverse_cancel((dims, order) in dims().prop_flat_map(|dims| {
        let order: Vec<isize> = (0..dims.len() as isize).collect();
        (Just(dims), Just(order).prop_shuffle())
    })) {
        let x = noise(&dims, 0);
        let mut inverse = vec![0; order.len()];
        for (to, &from) in order.iter().enumerate() {
            inverse[from as usize] = to as isize;
        }
        let moved = x.permute(&order).unwrap();
        for (to, &from) in order.iter().enumerate() {
            prop_assert_eq!(moved.shape()[to], dims[from as usize]);
        }
        prop_assert_eq!(moved.permute(&inverse).unwrap(), x);
    }

    #[test]
    fn reshaping_keeps_the_elements(dims in dims()) {
        let x = noise(&dims, 0);
        let flat = x.reshape([x.numel()]).unwrap();
        prop_assert_eq!(flat.as_slice(), x.as_slice());
        prop_assert_eq!(flat.reshape(dims).unwrap(), x);
    }

    #[test]
    fn flipping_twice_is_nothing(dims in dims()) {
        let x = noise(&dims, 0);
        let axes: Vec<isize> = (0..dims.len() as isize).collect();
        prop_assert_eq!(x.flip(&axes).unwrap().flip(&axes).unwrap(), x);
    }

    #[test]
    fn padding_is_undone_by_narrowing(dims in dims(), before in 0_usize..3, behind in 0_usize..3) {
        let x = noise(&dims, 0);
        let mut y = x.pad(&vec![(before, behind); dims.len()], 7.0).unwrap();
        for (axis, &size) in dims.iter().enumerate() {
            y = y.narrow(axis as isize, before, before + size).unwrap();
        }
        prop_assert_eq!(y, x);
    }

    #[test]
    fn splitting_is_undone_by_joining(dims in prop::collection::vec(0_usize..5, 1..5), axis in 0_usize..4, count in 1_usize..4) {
        let x = noise(&dims, 0);
        let axis = (axis % dims.len()) as isize;
        let parts = x.chunk(axis, count).unwrap();
        prop_assert_eq!(Array::concat(&parts.iter().collect::<Vec<_>>(), axis).unwrap(), x);
    }

    /// The sum over what was stretched counts every copy.
    #[test]
    fn broadcasting_is_undone_by_summing(dims in dims(), mask in prop::collection::vec(any::<bool>(), 5), extra in 0_usize..3) {
        let own: Vec<usize> = dims.iter().zip(&mask).map(|(&d, &one)| if one { 1 } else { d }).collect();
        let full = [&vec![2; extra][..], &dims].concat();
        let x = noise(&own, 0);
        let wide = x.broadcast_to(&full[..]).unwrap();
        prop_assert_eq!(&**wide.shape(), &full[..]);
        let copies = if x.numel() == 0 { 0 } else { wide.numel() / x.numel() };
        let back = wide.sum_to(&own[..]).unwrap();
        prop_assert!(back.all_close(&x.mul_scalar(copies as f64), 1e-12, 1e-12));
    }

    /// Two shapes broadcast either way to the same one, to which both expand; or not at all.
    #[test]
    fn broadcasting_is_symmetric(a in dims(), b in dims()) {
        let (a, b) = (Shape::new(&a).unwrap(), Shape::new(&b).unwrap());
        match (a.broadcast("test", &b), b.broadcast("test", &a)) {
            (Ok(common), Ok(other)) => {
                prop_assert_eq!(common, other);
                let sum = noise(&a, 0).add(&noise(&b, 1)).unwrap();
                let wide = noise(&a, 0).broadcast_to(common).unwrap().add(&noise(&b, 1).broadcast_to(common).unwrap());
                prop_assert_eq!(sum, wide.unwrap());
            }
            (Err(error), Err(_)) => {
                let is_broadcast = matches!(error.source_as(), Some(TensorError::Broadcast { .. }));
                prop_assert!(is_broadcast);
            }
            _ => prop_assert!(false, "one way only"),
        }
    }
}

/// A chain of single additions would end a hundredth off.
#[test]
fn an_index_that_repeats_often_adds_up_to_the_last_digit() {
    let count = 200_000;
    let tenths = Array::<f32>::full([count, 1], 0.1).unwrap();
    let sum = (f64::from(0.1_f32) * count as f64) as f32;
    let flat = IntTensor::zeros([count]).unwrap();
    let (zeros, upright) = (Array::<f32>::zeros([3, 1]).unwrap(), flat.reshape([count, 1]).unwrap());
    let expected = Array::<f32>::from([[sum], [0.0], [0.0]]);
    assert_eq!(zeros.index_add(0, &flat, &tenths).unwrap(), expected);
    assert_eq!(zeros.scatter_add(0, &upright, &tenths).unwrap(), expected);
    // Within slabs, too.
    let (two, wide) = (Array::<f32>::zeros([2, 3, 1]).unwrap(), tenths.reshape([2, count / 2, 1]).unwrap());
    let half = (f64::from(0.1_f32) * (count / 2) as f64) as f32;
    let indices = IntTensor::zeros([count / 2]).unwrap();
    let expected = Array::<f32>::from([[[half], [0.0], [0.0]], [[half], [0.0], [0.0]]]);
    assert_eq!(two.index_add(1, &indices, &wide).unwrap(), expected);
}
