//! Windows of a series.

use plywood_data::{DataLoader, Dataset, SlidingWindow};
use plywood_tensor::{Elem, Tensor};

/// Steps 0, 1, 2, … in two columns, the second a hundred more.
fn series(steps: usize) -> Tensor {
    let numbers = (0..steps).flat_map(|step| [step as Elem, 100.0 + step as Elem]).collect();
    Tensor::from_vec(numbers, [steps, 2]).unwrap()
}

#[test]
fn windows_begin_by_stride_as_long_as_their_target_is_there() {
    for (steps, window, begins, targets) in [
        (6, SlidingWindow::new(3), &[0, 1, 2][..], &[3, 4, 5][..]),
        (6, SlidingWindow::new(3).ahead(0), &[0, 1, 2, 3], &[2, 3, 4, 5]),
        (6, SlidingWindow::new(3).ahead(3), &[0], &[5]),
        (7, SlidingWindow::new(2).stride(2), &[0, 2, 4], &[2, 4, 6]),
        (8, SlidingWindow::new(2).stride(3).ahead(2), &[0, 3], &[3, 6]),
        (8, SlidingWindow::new(8).ahead(0), &[0], &[7]),
        (9, SlidingWindow::new(1).stride(100), &[0], &[1]),
        (3, SlidingWindow::new(1).stride(usize::MAX), &[0], &[1]),
    ] {
        let data = window.cut(&series(steps)).unwrap();
        assert_eq!(data.len(), begins.len(), "{window:?}");
        for (index, (&begin, &target)) in begins.iter().zip(targets).enumerate() {
            assert_eq!(data.steps(index).unwrap(), (begin, target), "{window:?}");
            let (x, y) = data.get(index).unwrap();
            let first = begin as Elem;
            assert_eq!(x.shape()[1], 2);
            assert_eq!((x.as_slice()[0], x.as_slice()[1]), (first, 100.0 + first));
            assert_eq!(y, Tensor::from([target as Elem, 100.0 + target as Elem]));
        }
        let beyond = data.get(begins.len()).unwrap_err().to_string();
        assert_eq!(beyond, format!("sample {0} is not in 0..{0}", begins.len()));
    }
}

#[test]
fn windows_are_views_until_they_stand_in_a_batch() {
    let series = series(100);
    let data = SlidingWindow::new(90).cut(&series).unwrap();
    let (x, _) = data.get(7).unwrap();
    assert_eq!(x.as_slice().as_ptr(), series.as_slice()[14..].as_ptr());
    let batch = DataLoader::new(&data).batch_size(4).epoch(0).nth(1).unwrap().unwrap();
    assert_eq!((&batch.x.shape()[..], &batch.y.shape()[..]), (&[4, 90, 2][..], &[4, 2][..]));
    assert_eq!(batch.x.as_slice()[2 * 90], 5.0);
    assert_eq!(data.to_string(), "10 windows of [90, 2], targets 1 ahead");
    assert_eq!(data.name(7), "window 7 (steps 7..97)");
}
