//! Convolutions of the reference networks: forward, and both gradients, of each layer.

use crate::data::normal;
use crate::{Case, Work};
use plywood::tensor::Conv;
use std::hint::black_box;

/// Name, input `[N, H, W, C]`, outputs, kernel, stride, padding, groups.
type Layer = (&'static str, [usize; 4], usize, usize, usize, usize, usize);

const LAYERS: &[Layer] = &[
    ("mnist/28_1_32", [64, 28, 28, 1], 32, 3, 1, 0, 1),
    ("mnist/26_32_64", [64, 26, 26, 32], 64, 3, 1, 0, 1),
    ("resnet20/32_3_16", [64, 32, 32, 3], 16, 3, 1, 1, 1),
    ("resnet20/32_16_16", [64, 32, 32, 16], 16, 3, 1, 1, 1),
    ("resnet20/32_16_32_halving", [64, 32, 32, 16], 32, 3, 2, 1, 1),
    ("resnet20/16_32_32", [64, 16, 16, 32], 32, 3, 1, 1, 1),
    ("resnet20/8_64_64", [64, 8, 8, 64], 64, 3, 1, 1, 1),
    ("resnet18/32_3_64", [32, 32, 32, 3], 64, 3, 1, 1, 1),
    ("resnet18/32_64_64", [32, 32, 32, 64], 64, 3, 1, 1, 1),
    ("resnet18/32_64_128_halving", [32, 32, 32, 64], 128, 3, 2, 1, 1),
    ("resnet18/32_64_128_shortcut", [32, 32, 32, 64], 128, 1, 2, 0, 1),
    ("resnet18/16_128_128", [32, 16, 16, 128], 128, 3, 1, 1, 1),
    ("resnet18/8_256_256", [32, 8, 8, 256], 256, 3, 1, 1, 1),
    ("resnet18/4_512_512", [32, 4, 4, 512], 512, 3, 1, 1, 1),
    ("resnet18/224_3_64_stem", [1, 224, 224, 3], 64, 7, 2, 3, 1),
    ("resnet18/56_64_64", [1, 56, 56, 64], 64, 3, 1, 1, 1),
    ("resnet18/56_64_64_one", [1, 56, 56, 64], 64, 1, 1, 0, 1),
    ("depthwise/48_64", [16, 48, 48, 64], 64, 3, 1, 1, 64),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for &layer in LAYERS {
        // Where a form with fewer multiplications is taken, the exact one stands beside it; the limit counts direct products.
        let fast = Conv::new();
        let forms =
            if layer.3 == 3 && layer.4 == 1 && layer.1[3].min(layer.2) >= 16 && layer.6 == 1 { 2 } else { 1 };
        for (suffix, conv) in [("", fast), ("/exact", fast.exact())].into_iter().take(forms) {
            for pass in [Pass::Forward, Pass::Input, Pass::Weight] {
                cases.push(case(layer, pass, conv, suffix));
            }
        }
    }
    cases
}

#[derive(Clone, Copy)]
enum Pass {
    Forward,
    Input,
    Weight,
}

fn case(
    (name, x, outputs, kernel, stride, padding, groups): Layer,
    pass: Pass,
    conv: Conv,
    suffix: &str,
) -> Case {
    let conv = conv.stride([stride; 2]).padding([padding; 2]).groups(groups);
    let [batch, height, width, inputs] = x;
    let size = |axis, size| conv.output_size(axis, size, kernel).expect("the kernel fits");
    let y = [batch, size(0, height), size(1, width), outputs];
    let weight = [outputs, inputs / groups, kernel, kernel];
    let work = Work::product(batch * y[1] * y[2], outputs, weight[1] * kernel * kernel);
    let part = match pass {
        Pass::Forward => "forward",
        Pass::Input => "input_gradient",
        Pass::Weight => "weight_gradient",
    };
    Case::new(format!("{name}/{part}{suffix}"), work, move || {
        let (x, weight, g) = (normal(x, 1)?, normal(weight, 2)?, normal(y, 3)?);
        Ok(move || {
            let (x, weight, g) = (black_box(&x), black_box(&weight), black_box(&g));
            black_box(match pass {
                Pass::Forward => x.conv(weight, None, &conv, false)?,
                Pass::Input => g.conv_input_gradient(weight, &conv, x.shape())?,
                Pass::Weight => x.conv_weight_gradient(g, &conv, weight.shape())?,
            });
            Ok(())
        })
    })
}
