//! Rows of windows over images, of images of another size, and of normalisation.

use crate::noise;
use crate::row::{ANY, Check, Row, TIES, at, real, row, table};
use plywood_tensor::{Array, Float, Groups, Resample, Result, Scaling, Shape, Tensor, Window};

/// Sizes 0 and 1, channels around the widths of vectors, windows of one byte, two and four, work for several threads.
const IMAGES: [&str; 8] =
    ["2 5 4 3", "1 1 1 1", "0 4 4 2", "2 3 3 0", "1 20 20 3", "2 7 9 33", "2 20 21 40", "1 257 257 1"];

/// Size, step, border and gap of the windows that rows use, the same for both axes.
const SLIDING: [[usize; 4]; 4] = [[3, 2, 1, 1], [2, 2, 1, 1], [3, 1, 2, 2], [1, 3, 0, 1]];

fn sliding([kernel, stride, padding, dilation]: [usize; 4], ceil: bool) -> Window {
    Window::new([kernel; 2]).stride([stride; 2]).padding([padding; 2]).dilation([dilation; 2]).ceil(ceil)
}

fn windows() -> Vec<Window> {
    let sliding = SLIDING.into_iter().flat_map(|s| [sliding(s, false), sliding(s, true)]);
    sliding.chain([Window::adaptive([1, 1]), Window::adaptive([3, 2])]).collect()
}

/// For each result of an axis the places that its window holds, and how many it has with the border.
fn places(window: usize, size: usize, axis: usize) -> Vec<(Vec<usize>, usize)> {
    let outputs = match window {
        8 => [1, 1][axis],
        9 => [3, 2][axis],
        _ => usize::MAX,
    };
    if outputs != usize::MAX {
        let inside = |i: usize| (i * size / outputs..((i + 1) * size).div_ceil(outputs)).collect::<Vec<_>>();
        return (0..outputs).map(inside).map(|inside| (inside.clone(), inside.len())).collect();
    }
    let [kernel, stride, padding, dilation] = SLIDING[window / 2].map(|v| v as isize);
    let (size, ceil) = (size as isize, window % 2 == 1);
    let mut found = Vec::new();
    for start in (-padding..).step_by(stride as usize) {
        let last = start + dilation * (kernel - 1);
        if if ceil { start >= size || last - stride >= size + padding - 1 } else { last >= size + padding } {
            break;
        }
        let all: Vec<isize> = (0..kernel).map(|k| start + k * dilation).collect();
        let counted = all.iter().filter(|&&i| i < size + padding).count();
        let inside = all.into_iter().filter(|i| (0..size).contains(i)).map(|i| i as usize).collect();
        found.push((inside, counted));
    }
    found
}

/// The largest elements, their places, and the gradient of `Σ y` times the position of each result in memory plus 1.
fn pooled(x: &Array<f64>, window: usize) -> [Array<f64>; 3] {
    let [n, h, w, c] = **x.shape() else { panic!("not an image") };
    let (rows, columns) = (places(window, h, 0), places(window, w, 1));
    let dims = [n, rows.len(), columns.len(), c];
    let mut slope = vec![0.0; x.numel()];
    let mut chosen = Vec::new();
    let mut count = 0.0;
    let y = table(&dims, |i| {
        let mut best = (f64::NEG_INFINITY, None);
        for &r in &rows[i[1]].0 {
            for &k in &columns[i[2]].0 {
                let value = at(x, &[i[0], r, k, i[3]]);
                if best.1.is_none() || value > best.0 || value.is_nan() {
                    best = (value, Some(r * w + k));
                }
            }
        }
        count += 1.0;
        let place = best.1.unwrap();
        chosen.push(place as f64);
        slope[(i[0] * h * w + place) * c + i[3]] += count;
        best.0
    });
    let indices = Array::from_vec(chosen, [n, rows.len() * columns.len(), c]).unwrap();
    [y, indices, Array::from_vec(slope, x.shape()).unwrap()]
}

/// All weights of an axis: `rows[output][place]`.
type Matrix = Vec<Vec<f64>>;

fn means(window: usize, size: usize, axis: usize, counted: bool) -> Matrix {
    let row = |(inside, padded): (Vec<usize>, usize)| {
        let divisor = if counted { padded } else { inside.len() };
        (0..size).map(|i| f64::from(u8::from(inside.contains(&i))) / divisor as f64).collect()
    };
    places(window, size, axis).into_iter().map(row).collect()
}

fn nearest(size: usize, outputs: usize) -> Matrix {
    (0..outputs).map(|o| (0..size).map(|i| f64::from(u8::from(i == o * size / outputs))).collect()).collect()
}

fn lines(size: usize, outputs: usize, corners: bool) -> Matrix {
    let row = |o: usize| {
        let at = match (corners, outputs) {
            (true, 1) => 0.0,
            (true, _) => o as f64 * (size - 1) as f64 / (outputs - 1) as f64,
            _ => (o as f64 + 0.5) * size as f64 / outputs as f64 - 0.5,
        };
        // A hat over each pixel; beyond the edge the last one goes on.
        let at = at.clamp(0.0, (size - 1) as f64);
        (0..size).map(|i| (1.0 - (at - i as f64).abs()).max(0.0)).collect()
    };
    (0..outputs).map(row).collect()
}

fn turned(matrix: &Matrix, size: usize) -> Matrix {
    (0..size).map(|i| matrix.iter().map(|row| row[i]).collect()).collect()
}

fn mapped(x: &Array<f64>, rows: &Matrix, columns: &Matrix) -> Array<f64> {
    let [n, h, w, c] = **x.shape() else { panic!("not an image") };
    let half = table(&[n, rows.len(), w, c], |i| {
        (0..h).map(|r| rows[i[1]][r] * at(x, &[i[0], r, i[2], i[3]])).sum()
    });
    table(&[n, rows.len(), columns.len(), c], |i| {
        (0..w).map(|k| columns[i[2]][k] * at(&half, &[i[0], i[1], k, i[3]])).sum()
    })
}

/// What a map makes of an image, and its transpose of that.
fn there_and_back(x: &Array<f64>, rows: Matrix, columns: Matrix) -> [Array<f64>; 2] {
    let (h, w) = (x.shape()[1], x.shape()[2]);
    let y = mapped(x, &rows, &columns);
    let back = mapped(&y, &turned(&rows, h), &turned(&columns, w));
    [y, back]
}

fn maps(shape: &Shape) -> Result<Vec<Resample>> {
    let mut maps = Vec::new();
    for (i, window) in windows().iter().enumerate() {
        maps.push(Resample::average("average", shape, window, i % 3 == 0)?);
    }
    for sizes in [[3, 8], [1, 1], [13, 2]] {
        maps.push(Resample::nearest("nearest", shape, &sizes)?);
        maps.push(Resample::linear("linear", shape, &sizes, false)?);
        maps.push(Resample::linear("linear", shape, &sizes, true)?);
    }
    Ok(maps)
}

fn resampled(x: &Array<f64>) -> Vec<Array<f64>> {
    let (h, w) = (x.shape()[1], x.shape()[2]);
    let mut found = Vec::new();
    for window in 0..windows().len() {
        let counted = window % 3 == 0;
        found.extend(there_and_back(x, means(window, h, 0, counted), means(window, w, 1, counted)));
    }
    for [a, b] in [[3, 8], [1, 1], [13, 2]] {
        found.extend(there_and_back(x, nearest(h, a), nearest(w, b)));
        found.extend(there_and_back(x, lines(h, a, false), lines(w, b, false)));
        found.extend(there_and_back(x, lines(h, a, true), lines(w, b, true)));
    }
    found
}

/// Channels around the widths of vectors; rows that fill no block, one, and several.
const NORMAL: [&str; 6] = ["3 5 4", "1 1 2", "0 3 6", "2 0 2", "3 150 34", "2 300 64"];

/// The channels of a batch, then each image in two groups, then each channel of each image.
fn groups(shape: &Shape) -> Result<[Groups; 3]> {
    Ok([
        Groups::of_batch("norm", shape)?,
        Groups::of_samples("norm", shape, 2)?,
        Groups::of_samples("norm", shape, shape[2])?,
    ])
}

/// What `normalize` gives for each kind of group, plain and rectified, by its own mean and variance.
fn of_all_groups<T: Float>(
    x: &[Array<T>],
    normalize: impl Fn(&Groups, &Scaling<'_, T>) -> Result<Array<T>>,
) -> Result<Vec<Array<T>>> {
    let mut found = Vec::new();
    for groups in groups(x[0].shape())? {
        for rectify in [false, true] {
            let [mean, variance] = &groups.moments(&x[0])?;
            let (weight, bias, epsilon) = (&x[1], &x[2], EPSILON);
            let scaling = Scaling { mean, variance, epsilon, weight, bias, rectify };
            found.push(normalize(&groups, &scaling)?);
        }
    }
    Ok(found)
}

/// Mean and variance of the group of each element.
fn moments(x: &Array<f64>, kind: usize) -> [Array<f64>; 2] {
    let [n, r, c] = **x.shape() else { panic!("not three axes") };
    let dims = [[1, c], [n, 2], [n, c]][kind];
    let members = |i: &[usize]| {
        let first = if kind == 1 { i[1] * (c / 2) } else { i[1] };
        let mut found = Vec::new();
        for sample in if kind == 0 { 0..n } else { i[0]..i[0] + 1 } {
            for row in 0..r {
                for channel in first..first + if kind == 1 { c / 2 } else { 1 } {
                    found.push(at(x, &[sample, row, channel]));
                }
            }
        }
        found
    };
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let means = table(&dims, |i| mean(&members(i)));
    let variances = table(&dims, |i| {
        let v = members(i);
        let m = mean(&v);
        mean(&v.iter().map(|x| (x - m) * (x - m)).collect::<Vec<_>>())
    });
    [means, variances]
}

fn of_group(list: &Array<f64>, kind: usize, i: &[usize], channels: usize) -> f64 {
    match kind {
        0 => at(list, &[0, i[2]]),
        1 => at(list, &[i[0], i[2] / (channels / 2)]),
        _ => at(list, &[i[0], i[2]]),
    }
}

const EPSILON: f64 = 0.125;

/// The normalised, weighted, shifted and perhaps rectified elements, without and with mean and variance as constants.
fn normalized(x: &[Array<f64>], kind: usize, rectify: bool) -> Array<f64> {
    let c = x[0].shape()[2];
    let [mean, variance] = moments(&x[0], kind);
    table(x[0].shape(), |i| {
        let deviation = (of_group(&variance, kind, i, c) + EPSILON).sqrt();
        let y = (at(&x[0], i) - of_group(&mean, kind, i, c)) / deviation * at(&x[1], &i[2..])
            + at(&x[2], &i[2..]);
        if rectify { y.max(0.0) } else { y }
    })
}

/// The gradients for the three inputs by the formulas of the paper, group by group.
fn slopes(x: &[Array<f64>], kind: usize, rectify: bool, constant: bool) -> [Array<f64>; 3] {
    let (c, shape) = (x[0].shape()[2], x[0].shape());
    let [mean, variance] = moments(&x[0], kind);
    let y = normalized(x, kind, rectify);
    let inverse = table(shape, |i| 1.0 / (of_group(&variance, kind, i, c) + EPSILON).sqrt());
    let hat = table(shape, |i| (at(&x[0], i) - of_group(&mean, kind, i, c)) * at(&inverse, i));
    let g = table(shape, |i| if rectify && at(&y, i) <= 0.0 { 0.0 } else { at(&x[3], i) });
    let gw = table(shape, |i| at(&g, i) * at(&x[1], &i[2..]));
    let dims = [[1, c], [shape[0], 2], [shape[0], c]][kind];
    let place = |i: &[usize]| match kind {
        0 => i[2],
        1 => i[0] * 2 + i[2] / (c / 2),
        _ => i[0] * c + i[2],
    };
    let (mut plain, mut products) = (vec![0.0; dims[0] * dims[1]], vec![0.0; dims[0] * dims[1]]);
    let (mut weight, mut bias, mut count) = (vec![0.0; c], vec![0.0; c], vec![0.0; dims[0] * dims[1]]);
    table(shape, |i| {
        plain[place(i)] += at(&gw, i);
        products[place(i)] += at(&gw, i) * at(&hat, i);
        count[place(i)] += 1.0;
        weight[i[2]] += at(&g, i) * at(&hat, i);
        bias[i[2]] += at(&g, i);
        0.0
    });
    let for_x = table(shape, |i| {
        let (p, n) = (place(i), count[place(i)]);
        let own = if constant { 0.0 } else { plain[p] / n + at(&hat, i) * products[p] / n };
        (at(&gw, i) - own) * at(&inverse, i)
    });
    [for_x, Array::from_vec(weight, [c]).unwrap(), Array::from_vec(bias, [c]).unwrap()]
}

/// Rows of the last axis, or of the last two.
fn row_slopes(x: &[Array<f64>], centred: bool) -> [Array<f64>; 4] {
    let width = x[1].numel();
    let rows = x[0].numel() / width;
    let flat = |a: &Array<f64>| a.as_slice().to_vec();
    let (v, w, b, g) = (flat(&x[0]), flat(&x[1]), flat(&x[2]), flat(&x[3]));
    let (mut y, mut dx, mut dw, mut db) = (v.clone(), v.clone(), vec![0.0; width], vec![0.0; width]);
    for r in 0..rows {
        let row = &v[r * width..][..width];
        let n = width as f64;
        let mean = if centred { row.iter().sum::<f64>() / n } else { 0.0 };
        let variance = row.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
        let inverse = 1.0 / (variance + EPSILON).sqrt();
        let hat: Vec<f64> = row.iter().map(|v| (v - mean) * inverse).collect();
        let gw: Vec<f64> = (0..width).map(|j| g[r * width + j] * w[j]).collect();
        let plain = if centred { gw.iter().sum::<f64>() / n } else { 0.0 };
        let product = gw.iter().zip(&hat).map(|(g, h)| g * h).sum::<f64>() / n;
        for j in 0..width {
            y[r * width + j] = hat[j] * w[j] + b[j];
            dx[r * width + j] = (gw[j] - plain - hat[j] * product) * inverse;
            dw[j] += g[r * width + j] * hat[j];
            db[j] += g[r * width + j];
        }
    }
    let [rows, own] = [x[0].shape(), x[1].shape()];
    let list = |v, shape: &Shape| Array::from_vec(v, shape).unwrap();
    [list(y, rows), list(dx, rows), list(dw, own), list(db, own)]
}

/// The gradient that tests of pooling send back: the number of each result.
fn numbers<T: plywood_tensor::Float>(shape: &Shape) -> Array<T> {
    Array::from_vec((1..=shape.numel()).map(|i| T::of(i as f64)).collect(), shape).unwrap()
}

pub(crate) const ROWS: &[Row] = &[
    row!(
        "max_pool",
        IMAGES,
        TIES,
        0.0,
        |x| {
            let mut found = Vec::new();
            for window in windows() {
                found.push(x[0].max_pool(&window)?);
            }
            found
        },
        |x| (0..windows().len()).map(|window| pooled(&x[0], window)[0].clone()).collect::<Vec<_>>()
    ),
    row!(
        "max_pool_with_choice",
        IMAGES,
        TIES,
        0.0,
        |x| {
            let mut found = Vec::new();
            for window in windows() {
                let (y, choice) = x[0].max_pool_with_choice(&window)?;
                found.extend([y, real(&choice.indices())]);
            }
            found
        },
        |x| {
            (0..windows().len())
                .flat_map(|window| {
                    let [y, indices, _] = pooled(&x[0], window);
                    [y, indices]
                })
                .collect::<Vec<_>>()
        }
    ),
    row!(
        "spread",
        IMAGES,
        TIES,
        1e-15,
        |x| {
            let mut found = Vec::new();
            for window in windows() {
                let (y, choice) = x[0].max_pool_with_choice(&window)?;
                found.push(choice.spread(&numbers(y.shape()))?);
            }
            found
        },
        |x| (0..windows().len()).map(|window| pooled(&x[0], window)[2].clone()).collect::<Vec<_>>()
    ),
    row!(
        "apply",
        ["2 5 4 3", "1 1 1 1", "0 4 4 2", "2 3 3 0", "2 7 9 33", "2 20 21 40"],
        ANY,
        1e-14,
        |x| {
            let mut found = Vec::new();
            for map in maps(x[0].shape())? {
                let y = map.apply(&x[0])?;
                let back = map.transposed().apply(&y)?;
                found.extend([y, back]);
            }
            found
        },
        |x| resampled(&x[0])
    ),
    row!(
        "moments",
        NORMAL,
        |x| x + 3.0,
        1e-14,
        |x| {
            let mut found = Vec::new();
            for groups in groups(x[0].shape())? {
                found.extend(groups.moments(&x[0])?);
            }
            found
        },
        |x| (0..3).flat_map(|kind| moments(&x[0], kind)).collect::<Vec<_>>()
    ),
    row!(
        "normalize",
        ["3 5 4 | 4 | 4", "1 1 2 | 2 | 2", "0 3 6 | 6 | 6", "3 150 34 | 34 | 34", "2 300 64 | 64 | 64"],
        ANY,
        1e-14,
        |x| of_all_groups(x, |groups, scaling| groups.normalize(&x[0], scaling))?,
        |x| (0..3)
            .flat_map(|kind| [normalized(x, kind, false), normalized(x, kind, true)])
            .collect::<Vec<_>>()
    ),
    row!(
        "normalize_onto",
        [
            "3 5 4 | 4 | 4 | 3 5 4",
            "1 1 2 | 2 | 2 | 1 1 2",
            "0 3 6 | 6 | 6 | 0 3 6",
            "3 150 34 | 34 | 34 | 3 150 34"
        ],
        ANY,
        1e-14,
        |x| of_all_groups(x, |groups, scaling| groups.normalize_onto(&x[0], &x[3], scaling))?,
        |x| (0..3)
            .map(|kind| &normalized(x, kind, false) + &x[3])
            .flat_map(|y| [y.clone(), y.map(|y| y.max(0.0))])
            .collect::<Vec<_>>()
    ),
    row!(
        "gradients",
        [
            "3 5 4 | 4 | 4 | 3 5 4",
            "1 1 2 | 2 | 2 | 1 1 2",
            "0 3 6 | 6 | 6 | 0 3 6",
            "3 150 34 | 34 | 34 | 3 150 34",
            "2 300 64 | 64 | 64 | 2 300 64"
        ],
        ANY,
        1e-14,
        |x| {
            let mut found = Vec::new();
            for groups in groups(x[0].shape())? {
                for (rectify, constant) in [(false, false), (true, false), (false, true), (true, true)] {
                    let [mean, variance] = &groups.moments(&x[0])?;
                    let (weight, bias, epsilon) = (&x[1], &x[2], EPSILON);
                    let scaling = Scaling { mean, variance, epsilon, weight, bias, rectify };
                    found.extend(groups.gradients(&x[0], x[3].clone(), &scaling, constant)?);
                }
            }
            found
        },
        |x| {
            let cases = [(false, false), (true, false), (false, true), (true, true)];
            (0..3)
                .flat_map(|kind| cases.map(|(rectify, constant)| slopes(x, kind, rectify, constant)))
                .flatten()
                .collect::<Vec<_>>()
        }
    ),
    row!(
        "normalize_rows",
        [
            "3 5 | 5 | 5 | 3 5",
            "1 1 | 1 | 1 | 1 1",
            "0 3 | 3 | 3 | 0 3",
            "2 3 4 | 3 4 | 3 4 | 2 3 4",
            "400 100 | 100 | 100 | 400 100",
            "2 33000 | 33000 | 33000 | 2 33000"
        ],
        ANY,
        // The naive sum of a long row rounds more than the kernel's.
        1e-13,
        |x| {
            let mut found = Vec::new();
            for centred in [true, false] {
                let (y, statistics) = x[0].normalize_rows(&x[1], &x[2], EPSILON, centred)?;
                found.push(y);
                found.extend(statistics.row_gradients(&x[0], x[3].clone(), &x[1])?);
            }
            found
        },
        |x| [true, false].into_iter().flat_map(|centred| row_slopes(x, centred)).collect::<Vec<_>>()
    ),
];

fn windows_tell_shapes() {
    let shape = |dims: &[usize]| Shape::new(dims).unwrap();
    for (window, input, output) in [
        (Window::new([3]), &[2, 9, 5][..], &[2, 3, 5][..]),
        (Window::new([3]).stride([2]), &[2, 9, 5], &[2, 4, 5]),
        (Window::new([2]).ceil(true), &[2, 9, 5], &[2, 5, 5]),
        // A last window that begins in the border behind does not count.
        (Window::new([2]).padding([1]).ceil(true), &[2, 4, 5], &[2, 3, 5]),
        (Window::new([3]).dilation([4]), &[2, 9, 5], &[2, 1, 5]),
        (Window::new([2, 2, 2]), &[1, 4, 6, 8, 3], &[1, 2, 3, 4, 3]),
        (Window::adaptive([4, 5]), &[1, 9, 3, 3], &[1, 4, 5, 3]),
    ] {
        assert_eq!(window.output_shape("pool", &shape(input)).unwrap(), shape(output), "{window:?}");
    }
}

fn maps_are_made_for_1_to_3_axes() {
    let x = Tensor::arange(0.0, 8.0, 1.0).unwrap();
    let cube = x.reshape([1, 2, 2, 2, 1]).unwrap();
    let mean = Resample::average("mean", cube.shape(), &Window::adaptive([1, 1, 1]), true).unwrap();
    assert_eq!(mean.apply(&cube).unwrap().as_slice(), [3.5]);
    let series = x.reshape([1, 8, 1]).unwrap();
    let half = Resample::nearest("nearest", series.shape(), &[4]).unwrap();
    assert_eq!(half.apply(&series).unwrap().as_slice(), [0.0, 2.0, 4.0, 6.0]);
    let line = Resample::linear("linear", series.shape(), &[3], true).unwrap();
    assert_eq!(line.apply(&series).unwrap().as_slice(), [0.0, 3.5, 7.0]);
    assert_eq!(*line.transposed().apply(&line.apply(&series).unwrap()).unwrap().shape(), [1, 8, 1]);
}

fn a_mean_far_from_0_costs_no_digits() {
    let shape = Shape::new(&[8, 700, 3]).unwrap();
    let x = noise(&shape, 3).map(|x| (x + 1000.0) as f32);
    let groups = Groups::of_batch("norm", &shape).unwrap();
    assert_eq!(groups.count(), 5600);
    let wide = x.cast::<f64>();
    let (single, double) = (groups.moments(&x).unwrap(), groups.moments(&wide).unwrap());
    let exact = [wide.mean_axes(&[0, 1], false).unwrap(), wide.variance_axes(&[0, 1], 0, false).unwrap()];
    for k in 0..2 {
        let flat = |x: &Array<f64>| x.reshape([3]).unwrap();
        assert!(flat(&double[k]).all_close(&exact[k], 1e-13, 0.0), "{} {}", double[k], exact[k]);
        let error = (&flat(&single[k].cast()) - &exact[k]).abs();
        // The mean is rounded to a number near 1000; the variance is not.
        assert!(error.as_slice().iter().all(|&e| e <= [4e-5, 1e-6][k]), "{error}");
    }
}

fn groups_are_of_a_batch_or_of_its_samples() {
    let shape = Shape::new(&[2, 3, 4, 6]).unwrap();
    assert_eq!(Groups::of_batch("norm", &shape).unwrap().count(), 24);
    assert_eq!(Groups::of_samples("norm", &shape, 6).unwrap().count(), 12);
    assert_eq!(Groups::of_samples("norm", &shape, 2).unwrap().count(), 36);
    // No channels are nothing to do, but no fault.
    let (x, none) = (Tensor::zeros([2, 0]).unwrap(), Tensor::zeros([0]).unwrap());
    let groups = Groups::of_batch("norm", x.shape()).unwrap();
    let [mean, variance] = &groups.moments(&x).unwrap();
    let scaling = Scaling { mean, variance, epsilon: EPSILON, weight: &none, bias: &none, rectify: false };
    assert_eq!(groups.normalize(&x, &scaling).unwrap(), x);
    assert_eq!(groups.gradients(&x, x.clone(), &scaling, false).unwrap()[0], x);
}

fn choices_and_statistics_keep_their_shapes() {
    let x = Tensor::ones([2, 4, 6, 3]).unwrap();
    let (_, choice) = x.max_pool_with_choice(&Window::new([2, 3])).unwrap();
    assert_eq!(*choice.indices().shape(), [2, 4, 3]);
    let (weight, bias) = (Tensor::ones([6, 3]).unwrap(), Tensor::zeros([6, 3]).unwrap());
    let (y, statistics) = x.normalize_rows(&weight, &bias, EPSILON, true).unwrap();
    let [for_x, for_weight, for_bias] = statistics.row_gradients(&x, y, &weight).unwrap();
    assert_eq!(
        (for_x.shape(), for_weight.shape(), for_bias.shape()),
        (x.shape(), weight.shape(), bias.shape())
    );
}

macro_rules! checks {
    ($($name:ident: $run:ident;)*) => {
        pub(crate) const CHECKS: &[Check] = &[$(Check { name: stringify!($name), run: $run }),*];
    };
}
checks! {
    new: windows_tell_shapes;
    adaptive: windows_tell_shapes;
    stride: windows_tell_shapes;
    padding: windows_tell_shapes;
    dilation: windows_tell_shapes;
    ceil: windows_tell_shapes;
    output_shape: windows_tell_shapes;
    average: maps_are_made_for_1_to_3_axes;
    nearest: maps_are_made_for_1_to_3_axes;
    transposed: maps_are_made_for_1_to_3_axes;
    count: a_mean_far_from_0_costs_no_digits;
    of_batch: groups_are_of_a_batch_or_of_its_samples;
    of_samples: groups_are_of_a_batch_or_of_its_samples;
    // Their values are in the rows of `max_pool_with_choice` and `normalize_rows`.
    indices: choices_and_statistics_keep_their_shapes;
    row_gradients: choices_and_statistics_keep_their_shapes;
}
