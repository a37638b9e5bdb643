//! Convolutions over a grid of settings, against loops that follow the definition.

use crate::row::{Check, table};
use crate::{near, noise, same_bits};
use plywood_tensor::{Array, Conv, Float, Shape, Threads, simd::Isa};

pub(crate) const CHECKS: &[Check] = &[
    Check { name: "exact", run: || exact_and_fast() },
    Check { name: "conv", run: || CASES.iter().for_each(forward) },
    Check { name: "conv_input_gradient", run: || CASES.iter().for_each(input_gradient) },
    Check { name: "conv_weight_gradient", run: || CASES.iter().for_each(weight_gradient) },
    Check { name: "stride", run: || assert_eq!(Conv::new().stride([2, 3]).stride, [2, 3, 1]) },
    Check { name: "padding", run: || assert_eq!(Conv::new().padding([2]).padding, [[2, 2], [0, 0], [0, 0]]) },
    Check { name: "dilation", run: || assert_eq!(Conv::new().dilation([1, 1, 4]).dilation, [1, 1, 4]) },
    Check { name: "groups", run: || assert_eq!(Conv::new().groups(3).groups, 3) },
    Check {
        name: "output_size",
        run: || {
            let conv =
                Conv { padding: [[1, 2], [0; 2], [0; 2]], ..Conv::new() }.stride([2, 0]).dilation([3, 1, 0]);
            assert_eq!(conv.output_size(0, 10, 3), Some((10 + 3 - 7) / 2 + 1));
            assert_eq!(conv.output_size(0, 3, 3), None);
            assert_eq!(conv.output_size(0, 3, 0), None);
            assert_eq!(conv.output_size(1, 3, 1), None);
            assert_eq!(conv.output_size(2, 3, 1), None);
            assert_eq!(conv.output_size(0, usize::MAX, 1), None);
        },
    },
    Check {
        name: "padded",
        run: || {
            let shape = |dims: &[usize]| Shape::new(dims).unwrap();
            let conv = Conv { padding: [[1, 2], [0, 4], [9, 9]], ..Conv::new() };
            let padded = |x: &[usize], y: &[usize]| conv.padded("conv", &shape(x), &shape(y));
            assert_eq!(padded(&[2, 5, 6, 3], &[2, 1, 1, 7]).unwrap(), [2, 8, 10, 3]);
            assert_eq!(padded(&[0, 5, 3], &[0, 5, 7]).unwrap(), [0, 8, 3]);
            // As many as there may be, and one more; of the result's channels if they are more.
            let most = |size, channels| {
                Conv::new().padding([size]).padded("conv", &shape(&[1, 2, 1]), &shape(&[1, 1, channels]))
            };
            assert_eq!(most((1 << 27) - 1, 1).unwrap(), [1, 1 << 28, 1]);
            assert!(most(1 << 27, 1).is_err());
            assert!(most((1 << 26) - 1, 2).is_ok() && most(1 << 26, 2).is_err());
            // Patches of pictures: few results of many channels, and no padding at all.
            let patches = Conv::new().stride([16, 16]);
            let (x, y) = (shape(&[64, 224, 224, 3]), shape(&[64, 14, 14, 768]));
            assert_eq!(patches.padded("conv", &x, &y).unwrap(), x);
            // A large input may have as much more.
            let large = |size| {
                Conv::new().padding([size]).padded("conv", &shape(&[1, 1 << 23, 1]), &shape(&[1, 1 << 23, 1]))
            };
            assert!(large(508 << 20).is_ok() && large(509 << 20).is_err());
        },
    },
    Check {
        name: "transposed_size",
        run: || {
            let conv =
                Conv { padding: [[1, 2], [0; 2], [0; 2]], ..Conv::new() }.stride([2, 1]).dilation([3, 1]);
            let size = conv.transposed_size(0, 5, 3, 1).unwrap();
            assert_eq!((size, conv.output_size(0, size, 3)), (4 * 2 + 7 + 1 - 3, Some(5)));
            assert_eq!(conv.transposed_size(0, 1, 2, 0), Some(1));
            assert_eq!(conv.transposed_size(0, 1, 1, 0), None);
            assert_eq!(conv.transposed_size(0, 0, 3, 0), None);
            assert_eq!(conv.transposed_size(0, 5, 0, 0), None);
            assert_eq!(conv.transposed_size(1, usize::MAX, 3, 0), None);
        },
    },
];

/// Input, kernel, and the settings: stride, zeros in front and behind, dilation, groups.
struct Case {
    x: &'static [usize],
    weight: &'static [usize],
    conv: Conv,
}

const fn case(
    x: &'static [usize],
    weight: &'static [usize],
    stride: [usize; 3],
    padding: [[usize; 2]; 3],
    dilation: [usize; 3],
    groups: usize,
) -> Case {
    Case { x, weight, conv: Conv { stride, padding, dilation, groups, exact: false } }
}

const NONE: [[usize; 2]; 3] = [[0; 2]; 3];
const ONE: [[usize; 2]; 3] = [[1; 2]; 3];
const UNEVEN: [[usize; 2]; 3] = [[0, 2], [3, 1], [1, 0]];

const CASES: &[Case] = &[
    // One axis.
    case(&[2, 7, 3], &[5, 3, 3], [1; 3], ONE, [1; 3], 1),
    case(&[1, 1, 1], &[1, 1, 1], [1; 3], NONE, [1; 3], 1),
    case(&[0, 7, 3], &[5, 3, 3], [1; 3], ONE, [1; 3], 1),
    case(&[2, 9, 4], &[6, 2, 4], [3; 3], UNEVEN, [2; 3], 2),
    case(&[3, 1, 4], &[6, 4, 3], [2; 3], ONE, [1; 3], 1),
    // A phase of the stride whose only number lies beyond the gradient.
    case(&[1, 3, 1], &[2, 1, 3], [3; 3], [[4; 2]; 3], [4; 3], 1),
    // Strides beyond counting, which are never taken.
    case(&[2, 3, 2], &[4, 2, 3], [usize::MAX; 3], ONE, [1; 3], 1),
    case(&[2, 3, 5, 4], &[4, 1, 2, 3], [1 << 62; 3], UNEVEN, [1; 3], 4),
    case(&[1, 2, 2, 2, 3], &[2, 3, 2, 2, 2], [1 << 63; 3], NONE, [1; 3], 1),
    // One long signal, cut along itself.
    case(&[1, 9000, 16], &[3, 16, 5], [2; 3], UNEVEN, [1; 3], 1),
    case(&[1, 9000, 24], &[24, 1, 5], [1; 3], ONE, [1; 3], 24),
    // Two axes: plain, halving, dilated, one number under the kernel, more padding than kernel.
    case(&[2, 8, 8, 3], &[4, 3, 3, 3], [1; 3], ONE, [1; 3], 1),
    case(&[2, 8, 7, 3], &[18, 3, 3, 3], [2; 3], ONE, [1; 3], 1),
    case(&[2, 8, 7, 3], &[18, 3, 1, 1], [1; 3], NONE, [1; 3], 1),
    case(&[2, 8, 7, 3], &[18, 3, 1, 1], [2; 3], NONE, [1; 3], 1),
    case(&[2, 8, 7, 3], &[18, 3, 2, 2], [3; 3], NONE, [1; 3], 1),
    case(&[2, 6, 5, 2], &[3, 2, 1, 2], [1; 3], [[3; 2], [2, 4], [0; 2]], [1; 3], 1),
    case(&[1, 9, 11, 5], &[7, 5, 3, 2], [2, 1, 1], UNEVEN, [1, 3, 1], 1),
    case(&[2, 9, 11, 2], &[33, 2, 5, 3], [2, 3, 1], UNEVEN, [2, 2, 1], 1),
    case(&[1, 40, 35, 1], &[20, 1, 5, 5], [1; 3], [[2; 2]; 3], [1; 3], 1),
    case(&[9, 4, 4, 40], &[70, 40, 3, 3], [1; 3], ONE, [1; 3], 1),
    case(&[5, 6, 6, 17], &[9, 17, 3, 3], [1; 3], NONE, [1; 3], 1),
    case(&[3, 2, 2, 8], &[130, 8, 3, 3], [1; 3], ONE, [1; 3], 1),
    // Strips of a large image, and enough work for threads.
    case(&[2, 30, 60, 32], &[32, 32, 3, 3], [1; 3], ONE, [1; 3], 1),
    case(&[1, 64, 64, 20], &[6, 20, 3, 3], [2; 3], UNEVEN, [1; 3], 1),
    // Fewer multiplications: tiles that reach beyond the end, vectors that are not full, several blocks of channels, paddings of
    // all kinds, and enough tiles for several strips.
    case(&[2, 8, 7, 16], &[18, 16, 3, 3], [1; 3], ONE, [1; 3], 1),
    case(&[3, 9, 14, 17], &[33, 17, 3, 3], [1; 3], NONE, [1; 3], 1),
    case(&[1, 12, 8, 150], &[16, 150, 3, 3], [1; 3], UNEVEN, [1; 3], 1),
    case(&[9, 4, 4, 40], &[150, 40, 3, 3], [1; 3], ONE, [1; 3], 1),
    case(&[9, 29, 30, 48], &[40, 48, 3, 3], [1; 3], ONE, [1; 3], 1),
    // Large kernels over few tiles.
    case(&[2, 7, 8, 130], &[150, 130, 3, 3], [1; 3], ONE, [1; 3], 1),
    case(&[1, 8, 7, 350], &[340, 350, 3, 3], [1; 3], ONE, [1; 3], 1),
    // Gaps wider than the input: some places of the kernel, or all of them, lie beyond its ends for every result.
    case(&[2, 6, 7, 3], &[4, 3, 3, 3], [1; 3], [[9; 2]; 3], [9; 3], 1),
    case(&[2, 6, 7, 4], &[6, 2, 3, 5], [1, 2, 1], [[8; 2], [13, 12], [0; 2]], [8, 6, 1], 2),
    case(&[2, 6, 7, 16], &[16, 1, 3, 3], [1; 3], [[9; 2]; 3], [9; 3], 16),
    case(&[2, 3, 4], &[5, 4, 2], [1; 3], [[8; 2]; 3], [16; 3], 1),
    // Groups; channels on their own; several results for each channel.
    case(&[2, 6, 5, 6], &[4, 3, 3, 3], [1; 3], ONE, [1; 3], 2),
    case(&[2, 6, 5, 6], &[9, 2, 2, 3], [2, 1, 1], UNEVEN, [1; 3], 3),
    case(&[2, 6, 7, 19], &[19, 1, 3, 3], [1; 3], ONE, [1; 3], 19),
    case(&[2, 9, 7, 32], &[32, 1, 3, 3], [2; 3], ONE, [1; 3], 32),
    case(&[3, 9, 7, 16], &[16, 1, 2, 3], [3, 2, 1], UNEVEN, [2, 1, 1], 16),
    case(&[2, 6, 7, 3], &[6, 1, 3, 3], [1; 3], ONE, [1; 3], 3),
    case(&[1, 50, 50, 40], &[40, 1, 3, 3], [1; 3], ONE, [1; 3], 40),
    // One, three and seven taps, which are summed side by side, and eight, five and one result.
    case(&[2, 6, 8, 17], &[17, 1, 1, 1], [1; 3], NONE, [1; 3], 17),
    case(&[2, 6, 11, 17], &[17, 1, 1, 7], [1; 3], NONE, [1; 3], 17),
    case(&[2, 6, 3, 16], &[16, 1, 1, 3], [1; 3], NONE, [1; 3], 16),
    // Three axes.
    case(&[2, 4, 5, 6, 3], &[5, 3, 3, 3, 3], [1; 3], ONE, [1; 3], 1),
    case(&[1, 6, 5, 7, 4], &[6, 2, 2, 3, 1], [2, 1, 3], UNEVEN, [1, 2, 1], 2),
    case(&[1, 3, 12, 13, 3], &[4, 3, 2, 2, 2], [1, 2, 2], UNEVEN, [1; 3], 1),
    case(&[2, 4, 5, 6, 8], &[8, 1, 2, 3, 3], [1; 3], ONE, [1; 3], 8),
];

/// Sizes with the missing axes put in front.
struct Sizes {
    x: [usize; 5],
    weight: [usize; 5],
    y: [usize; 5],
    /// The settings of each of the three axes.
    axes: [[usize; 3]; 3],
    groups: usize,
    output: Vec<usize>,
}

impl Case {
    fn sizes(&self) -> Sizes {
        let rank = self.x.len();
        let missing = 5 - rank;
        let (mut x, mut weight, mut y, mut axes) = ([1; 5], [1; 5], [1; 5], [[1, 0, 1]; 3]);
        (x[0], x[4], y[0], y[4]) = (self.x[0], self.x[rank - 1], self.x[0], self.weight[0]);
        weight[..2].copy_from_slice(&self.weight[..2]);
        for i in 0..rank - 2 {
            let at = missing + i;
            (x[1 + at], weight[2 + at]) = (self.x[1 + i], self.weight[2 + i]);
            axes[at] = [self.conv.stride[i], self.conv.padding[i][0], self.conv.dilation[i]];
            let room = x[1 + at] + self.conv.padding[i][0] + self.conv.padding[i][1];
            y[1 + at] = (room - self.conv.dilation[i] * (weight[2 + at] - 1) - 1) / self.conv.stride[i] + 1;
        }
        let mut output = vec![y[0]];
        output.extend(&y[1 + missing..]);
        Sizes { x, weight, y, axes, groups: self.conv.groups, output }
    }

    fn noise(&self, dims: &[usize], branch: u64) -> Array<f64> {
        noise(dims, branch).map(|x| x / 4.0)
    }
}

/// Calls `each(x, weight, y)` with the places of every product of the convolution.
fn products(sizes: &Sizes, mut each: impl FnMut(usize, usize, usize)) {
    let Sizes { x, weight, y, axes, groups, .. } = sizes;
    let flat = |dims: &[usize; 5], index: [usize; 5]| (0..5).fold(0, |at, i| at * dims[i] + index[i]);
    let count: usize = y.iter().product();
    for place in 0..count {
        let mut rest = place;
        let mut o = [0; 5];
        for i in (0..5).rev() {
            (o[i], rest) = (rest % y[i], rest / y[i]);
        }
        let group = o[4] / (y[4] / groups);
        for kz in 0..weight[2] {
            for ky in 0..weight[3] {
                for kx in 0..weight[4] {
                    let k = [kz, ky, kx];
                    let at: [Option<usize>; 3] = std::array::from_fn(|i| {
                        let [stride, low, dilation] = axes[i];
                        let at = (o[1 + i] * stride + k[i] * dilation).checked_sub(low);
                        at.filter(|&at| at < x[1 + i])
                    });
                    let [Some(z), Some(h), Some(w)] = at else { continue };
                    for c in 0..weight[1] {
                        let from = flat(x, [o[0], z, h, w, group * weight[1] + c]);
                        each(from, flat(weight, [o[4], c, kz, ky, kx]), place);
                    }
                }
            }
        }
    }
}

/// What loops give, as an array of this shape.
fn naive(case: &Case, dims: &[usize], add: impl Fn(&mut [f64], usize, usize, usize)) -> Array<f64> {
    let mut sums = vec![0.0; dims.iter().product()];
    products(&case.sizes(), |x, weight, y| add(&mut sums, x, weight, y));
    Array::from_vec(sums, dims).unwrap()
}

/// Compares a result in double precision with loops, that in single precision with it, and the bits between numbers of
/// threads and instruction sets.
fn check(
    case: &Case,
    inputs: &[Array<f64>],
    expected: &Array<f64>,
    single: impl Fn(&[Array<f32>]) -> Array<f32> + Sync,
    double: impl Fn(&[Array<f64>]) -> Array<f64> + Sync,
) {
    let what = format!("{:?} of {:?} on {:?}", case.conv, case.weight, case.x);
    let narrow: Vec<Array<f32>> = inputs.iter().map(Array::cast).collect();
    let (y, narrow_y) = (double(inputs), single(&narrow));
    near(&y, expected, 1e-14, &what);
    near(&narrow_y.cast(), &y, 3e-6, &what);
    let mut pools: Vec<Threads> = [1, 3, 8].map(|count| Threads::new(count).unwrap().split_always()).into();
    let fused = Isa::ALL.iter().filter(|&&isa| isa != Isa::Portable && isa.is_supported());
    pools.extend(fused.map(|&isa| Threads::with_isa(2, isa).unwrap()));
    for pool in pools {
        let what = format!("{what} with {pool:?}");
        same_bits(&[pool.install(|| double(inputs))], std::slice::from_ref(&y), &what);
        same_bits(&[pool.install(|| single(&narrow))], std::slice::from_ref(&narrow_y), &what);
    }
    // The portable form rounds products and sums apart.
    let portable = Threads::with_isa(2, Isa::Portable).unwrap().install(|| (double(inputs), single(&narrow)));
    near(&portable.0, expected, 1e-14, &what);
    near(&portable.1.cast(), &y, 3e-6, &what);
}

fn forward(case: &Case) {
    let sizes = case.sizes();
    let inputs = [case.noise(case.x, 0), case.noise(case.weight, 1), case.noise(&[case.weight[0]], 2)];
    let [x, weight, bias] = inputs.each_ref().map(Array::as_slice);
    let sums = naive(case, &sizes.output, |y, i, j, o| y[o] += x[i] * weight[j]);
    check(
        case,
        &inputs,
        &sums,
        |v| v[0].conv(&v[1], None, &case.conv, false).unwrap(),
        |v| v[0].conv(&v[1], None, &case.conv, false).unwrap(),
    );
    let channels = bias.len();
    let finished = table(&sizes.output, |index| {
        (sums.at(index).unwrap() + bias[index[index.len() - 1] % channels]).max(0.0)
    });
    check(
        case,
        &inputs,
        &finished,
        |v| v[0].conv(&v[1], Some(&v[2]), &case.conv, true).unwrap(),
        |v| v[0].conv(&v[1], Some(&v[2]), &case.conv, true).unwrap(),
    );
}

fn input_gradient(case: &Case) {
    let inputs = [case.noise(&case.sizes().output, 3), case.noise(case.weight, 1)];
    let [g, weight] = inputs.each_ref().map(Array::as_slice);
    let expected = naive(case, case.x, |x, i, j, o| x[i] += g[o] * weight[j]);
    fn call<T: Float>(v: &[Array<T>], case: &Case) -> Array<T> {
        v[0].conv_input_gradient(&v[1], &case.conv, &Shape::new(case.x).unwrap()).unwrap()
    }
    check(case, &inputs, &expected, |v| call(v, case), |v| call(v, case));
}

fn weight_gradient(case: &Case) {
    let inputs = [case.noise(case.x, 0), case.noise(&case.sizes().output, 3)];
    let [x, g] = inputs.each_ref().map(Array::as_slice);
    let expected = naive(case, case.weight, |weight, i, j, o| weight[j] += x[i] * g[o]);
    fn call<T: Float>(v: &[Array<T>], case: &Case) -> Array<T> {
        v[0].conv_weight_gradient(&v[1], &case.conv, &Shape::new(case.weight).unwrap()).unwrap()
    }
    check(case, &inputs, &expected, |v| call(v, case), |v| call(v, case));
}

/// The fast form is one of its own, and at most so much worse than the exact one as its documentation says, for all three
/// results and up to 512 channels.
fn exact_and_fast() {
    for channels in [16, 64, 128, 256, 512] {
        let case = Case { x: &[], weight: &[], conv: Conv::new().padding([1, 1]) };
        let [x, g] = [0, 1].map(|i| case.noise(&[16, 16, 16, channels], i));
        let weight = case.noise(&[channels, channels, 3, 3], 2);
        let (input, kernel) = (*x.shape(), *weight.shape());
        let all = |conv: Conv| {
            let [x, g, weight] = [&x, &g, &weight].map(|x| x.cast::<f32>());
            let y = x.conv(&weight, None, &conv, false).unwrap();
            let for_x = g.conv_input_gradient(&weight, &conv, &input).unwrap();
            [y, for_x, x.conv_weight_gradient(&g, &conv, &kernel).unwrap()].map(|x| x.cast::<f64>())
        };
        let exact = case.conv.exact();
        let truth = [
            x.conv(&weight, None, &exact, false).unwrap(),
            g.conv_input_gradient(&weight, &exact, &input).unwrap(),
            x.conv_weight_gradient(&g, &exact, &kernel).unwrap(),
        ];
        let size = |x: &Array<f64>| x.norm().item().unwrap();
        let (exact, fast) = (all(exact), all(case.conv));
        for (i, name) in ["forward", "input", "weight"].into_iter().enumerate() {
            let error = |y: &Array<f64>| size(&(y - &truth[i])) / size(&truth[i]);
            let (exact, fast) = (error(&exact[i]), error(&fast[i]));
            println!(
                "{channels} channels, {name}: {exact:.1e} exact, {fast:.1e} fast, {:.1} times",
                fast / exact
            );
            assert!(fast != exact, "{channels} channels, {name}: both forms are the same");
            assert!(fast < 3.0 * exact, "{channels} channels, {name}: {fast:e}, {exact:e} exact");
        }
    }
}
