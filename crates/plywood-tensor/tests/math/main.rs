//! The functions of `math` against higher precision, at every magnitude, and the same to the bit in all vectors.
#![allow(clippy::type_complexity)] // rows of functions and what they give: names for their types would say less

use plywood_tensor::simd::{self, Isa, Kernel};
use plywood_tensor::{Array, Float, Threads, math};

/// A function, its form in double precision by another library, and how many units of the last place it may err.
struct Row {
    name: &'static str,
    single: fn(f32) -> f32,
    double: fn(f64) -> f64,
    reference: fn(f64) -> f64,
    /// For `f32`, and for `f64` against golden values that are rounded themselves.
    ulps: [f64; 2],
    /// Below this argument a result is not a normal number, and what holds is said in the documentation.
    above: f32,
}

macro_rules! row {
    ($name:ident, $ulps:expr, $reference:expr) => {
        row!($name, $ulps, $reference, f32::NEG_INFINITY)
    };
    ($name:ident, $ulps:expr, $reference:expr, $above:expr) => {{
        // Inside a kernel, as the functions are meant to be called.
        struct One<T>(T);
        impl<T: Float> Kernel for One<T> {
            type Output = T;
            #[inline(always)]
            fn run(self) -> T {
                math::$name(self.0)
            }
        }
        Row {
            name: stringify!($name),
            single: |x| simd::run(One(x)),
            double: |x| simd::run(One(x)),
            reference: $reference,
            ulps: $ulps,
            above: $above,
        }
    }};
}

fn normal_share(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}

fn sigmoid(x: f64) -> f64 {
    if x < 0.0 { libm::exp(x) / (1.0 + libm::exp(x)) } else { 1.0 / (1.0 + libm::exp(-x)) }
}

fn mish(x: f64) -> f64 {
    let w = libm::exp(-x.abs());
    if x > 0.0 {
        x * (1.0 + 2.0 * w) / (1.0 + 2.0 * w + 2.0 * w * w)
    } else {
        x * (w * (w + 2.0) / (w * (w + 2.0) + 2.0))
    }
}

fn rows() -> Vec<Row> {
    vec![
        row!(exp, [1.0, 1.0], libm::exp),
        row!(expm1, [1.5, 1.0], libm::expm1),
        row!(ln, [1.0, 1.0], libm::log),
        row!(log1p, [1.0, 1.0], libm::log1p),
        row!(sin, [0.51, 1.0], libm::sin),
        row!(cos, [0.51, 1.0], libm::cos),
        row!(tanh, [1.5, 1.0], libm::tanh),
        row!(erf, [1.5, 1.0], libm::erf),
        row!(erfc, [4.0, 4.0], libm::erfc),
        row!(sigmoid, [2.5, 2.0], sigmoid),
        row!(softplus, [3.0, 2.0], softplus),
        row!(normal_share, [6.0, 5.0], normal_share, -13.0),
        row!(gelu, [6.0, 5.0], |x| x * normal_share(x), -13.0),
        row!(mish, [4.0, 3.0], mish, -80.0),
    ]
}

/// The distance of the numbers of the format around a value.
fn ulp(value: f64) -> f64 {
    let exponent = (value.abs().to_bits() >> 52) as i32 - 1023;
    2.0_f64.powi(exponent.max(-126) - 23)
}

/// Every exponent, of both signs, and so many mantissas of each.
fn arguments(mantissas: u32) -> impl Iterator<Item = f32> {
    let step = (1 << 23) / mantissas;
    (0..2_u32).flat_map(move |sign| {
        (0..255_u32).flat_map(move |exponent| {
            // An odd step, and another start for each exponent, so that the low bits vary too.
            (0..mantissas).map(move |i| {
                let mantissa = (i * (step | 1) + exponent * 7919) & 0x007f_ffff;
                f32::from_bits(sign << 31 | exponent << 23 | mantissa)
            })
        })
    })
}

#[test]
fn single_precision_errs_by_few_units_at_every_magnitude() {
    for row in rows() {
        let mut worst = (0.0, 0.0);
        for x in arguments(4096).filter(|&x| x >= row.above) {
            let (got, exact) = ((row.single)(x), (row.reference)(f64::from(x)));
            // Where the format ends, infinity is as near as its largest number.
            if exact.is_nan() || exact.abs() >= f64::from(f32::MAX) || got.is_infinite() {
                let near = (exact.abs() / f64::from(f32::MAX) - 1.0).abs() < 1e-7;
                let same = got.is_nan() == exact.is_nan() && (near || got == exact as f32 || got.is_nan());
                assert!(same, "{} of {x:e}: {got:e} instead of {exact:e}", row.name);
                continue;
            }
            let error = (f64::from(got) - exact).abs() / ulp(exact);
            if error > worst.0 {
                worst = (error, x);
            }
        }
        assert!(worst.0 <= row.ulps[0], "{}: {:.3} ulp at {:e}", row.name, worst.0, worst.1);
        println!("{:12} {:.3} ulp at {:e}", row.name, worst.0, worst.1);
    }
}

#[test]
fn double_precision_agrees_with_golden_values() {
    let rows = rows();
    let number = |word: &str| f64::from_bits(u64::from_str_radix(word, 16).unwrap());
    for line in include_str!("golden.txt").lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let (got, golden, ulps) = match words[..] {
            ["pow", x, e, y] => (math::pow(number(x), number(e)), number(y), 1.0),
            [name, x, y] => {
                let row = rows.iter().find(|row| row.name == name).unwrap();
                ((row.double)(number(x)), number(y), row.ulps[1])
            }
            _ => panic!("{line}"),
        };
        // Numbers of one sign are as many steps apart as their bits.
        let steps = got.to_bits().abs_diff(golden.to_bits());
        assert!(steps as f64 <= ulps, "{line}: {got:e} instead of {golden:e}");
    }
}

#[test]
fn powers_in_single_precision_are_rounded_once() {
    let bases = arguments(64).filter(|&x| x > 0.0);
    for (i, x) in bases.enumerate() {
        let e = (i as f32 * 0.618).fract() * 200.0 - 100.0;
        for e in [e, e / 40.0] {
            let (got, exact) = (math::pow(x, e), libm::pow(f64::from(x), f64::from(e)));
            let close = (f64::from(got) - exact).abs() <= 0.51 * ulp(exact) || got == exact as f32;
            assert!(close, "pow({x:e}, {e}): {got:e} instead of {exact:e}");
        }
    }
}

/// Inside a kernel, as it is meant to be called.
struct Quotient<T>(T, T);
impl<T: Float> Kernel for Quotient<T> {
    type Output = T;
    #[inline(always)]
    fn run(self) -> T {
        math::quotient(self.0, self.1)
    }
}

#[test]
fn quotients_err_by_few_units_whatever_the_divisor() {
    let mut worst = (0.0, 0.0, 0.0);
    let divisors = arguments(1 << 13).filter(|d| (1e-30..=1e30).contains(d));
    for (i, d) in divisors.enumerate() {
        // Of both signs, and large and small enough for quotients of any size.
        let share = ((i as f32 + 0.5) * 0.618_034).fract() + 1.0;
        for a in [share, -share * 1e4, share * 1e-30 * d, share * 1e30 * d.min(1e8)] {
            let (got, exact) = (simd::run(Quotient(a, d)), f64::from(a) / f64::from(d));
            let error = (f64::from(got) - exact).abs() / ulp(exact);
            if error > worst.0 {
                worst = (error, a, d);
            }
            let (a, d) = (f64::from(a), f64::from(d));
            assert_eq!(math::quotient(a, d).to_bits(), (a / d).to_bits());
        }
    }
    println!("{worst:?}");
    assert!(worst.0 <= 1.8, "{worst:?}");
}

#[test]
fn ends_of_the_line_of_quotients() {
    let rows = [
        (0.0, 1e-30, 0.0..=0.0),
        (0.0, 2.0, 0.0..=0.0),
        (1.0, f32::INFINITY, 0.0..=1.1e-30),
        (-1e20, 1e38, -1.1e-10..=-0.9e-18),
    ];
    for (a, d, expected) in rows {
        assert!(expected.contains(&math::quotient(a, d)), "{a} / {d}: {}", math::quotient(a, d));
    }
    for (a, d) in [(f32::NAN, 1.0), (1.0, f32::NAN), (f32::INFINITY, 1.0)] {
        assert!(!math::quotient(a, d).is_finite(), "{a} / {d}");
    }
}

/// Zeros keep their signs, and the ends of the line give what the limits say.
#[test]
fn ends_of_the_line() {
    fn check<T: Float>() {
        let (inf, nan, zero) = (T::INFINITY, T::NAN, T::ZERO);
        let one = T::ONE;
        let half = T::of(0.5);
        let rows: [(&str, fn(T) -> T, [T; 4]); 14] = [
            // At −∞, −0, +0, ∞.
            ("exp", math::exp, [zero, one, one, inf]),
            ("expm1", math::expm1, [-one, -zero, zero, inf]),
            ("ln", math::ln, [nan, -inf, -inf, inf]),
            ("log1p", math::log1p, [nan, -zero, zero, inf]),
            ("sin", math::sin, [nan, -zero, zero, nan]),
            ("cos", math::cos, [nan, one, one, nan]),
            ("tanh", math::tanh, [-one, -zero, zero, one]),
            ("erf", math::erf, [-one, -zero, zero, one]),
            ("erfc", math::erfc, [T::of(2.0), one, one, zero]),
            ("sigmoid", math::sigmoid, [zero, half, half, one]),
            ("softplus", math::softplus, [zero, math::softplus(zero), math::softplus(zero), inf]),
            ("gelu", math::gelu, [-zero, -zero, zero, inf]),
            ("gelu_slope", math::gelu_slope, [-zero, half, half, one]),
            // 0.6 at 0, to within its bound: the other tests see to that.
            ("mish_slope", math::mish_slope, [zero, math::mish_slope(zero), math::mish_slope(zero), one]),
        ];
        for (name, f, expected) in rows {
            for (x, expected) in [-inf, -zero, zero, inf].into_iter().zip(expected) {
                let got = f(x);
                let same = got.bits() == expected.bits() || got.is_nan() && expected.is_nan();
                assert!(same, "{name} of {x}: {got} instead of {expected}");
            }
            assert!(f(nan).is_nan(), "{name} of NaN");
        }
    }
    check::<f32>();
    check::<f64>();
}

/// IEEE 754's table for powers at zeros, ones, infinities and NaN, and for negative bases.
#[test]
fn ends_of_the_line_of_powers() {
    let numbers = [
        0.0,
        -0.0,
        0.5,
        -0.5,
        1.0,
        -1.0,
        2.0,
        -2.0,
        3.0,
        -3.0,
        1.5,
        1e-40,
        -1e-40,
        8_388_608.0,
        8_388_609.0,
        16_777_215.0,
        -16_777_215.0,
        16_777_216.0,
        8_388_607.5,
        3e38,
        f32::INFINITY,
        -f32::INFINITY,
        f32::NAN,
    ];
    for x in numbers {
        for e in numbers {
            let (single, expected) = (math::pow(x, e), libm::powf(x, e));
            let close = (single - expected).abs() <= 1.2e-7 * expected.abs();
            let same = single.to_bits() == expected.to_bits() || single.is_nan() && expected.is_nan();
            assert!(same || close, "pow({x:e}, {e:e}): {single:e} instead of {expected:e}");
            let (x, e) = (f64::from(x), f64::from(e));
            let (double, expected) = (math::pow(x, e), libm::pow(x, e));
            let close = (double - expected).abs() <= 4e-16 * expected.abs();
            let same = double.to_bits() == expected.to_bits() || double.is_nan() && expected.is_nan();
            assert!(same || close, "pow({x:e}, {e:e}): {double:e} instead of {expected:e}");
        }
    }
}

/// Full vectors, the rest of a row and single numbers agree to the bit, in every instruction set.
#[test]
fn bits_do_not_depend_on_the_instruction_set() {
    fn check<T: Float>(x: &Array<T>) {
        let functions: [fn(&Array<T>) -> Array<T>; 9] = [
            Array::exp,
            Array::expm1,
            Array::ln,
            Array::log1p,
            Array::sin,
            Array::cos,
            Array::tanh,
            Array::erf,
            Array::sigmoid,
        ];
        let bits = |x: &Array<T>| x.as_slice().iter().map(|x| x.bits()).collect::<Vec<u64>>();
        let singly: [fn(T) -> T; 9] = [
            math::exp,
            math::expm1,
            math::ln,
            math::log1p,
            math::sin,
            math::cos,
            math::tanh,
            math::erf,
            math::sigmoid,
        ];
        for (f, one) in functions.into_iter().zip(singly) {
            let expected: Vec<u64> = x.as_slice().iter().map(|&x| one(x).bits()).collect();
            for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
                let got = Threads::with_isa(1, isa).unwrap().install(|| f(x));
                assert!(bits(&got) == expected, "{isa}");
            }
        }
        let pairs = x.mul_scalar(T::of(0.7));
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
            let got = Threads::with_isa(1, isa).unwrap().install(|| x.abs().pow(&pairs).unwrap());
            let expected = x.as_slice().iter().zip(pairs.as_slice());
            let expected: Vec<u64> = expected.map(|(&x, &e)| math::pow(math::abs(x), e).bits()).collect();
            assert!(bits(&got) == expected, "pow, {isa}");
            let quotients = |x: &Array<T>| x.map(|x| simd::run(Quotient(x, math::abs(x) + T::ONE)));
            let got = Threads::with_isa(1, isa).unwrap().install(|| quotients(x));
            assert!(bits(&got) == bits(&quotients(x)), "quotient, {isa}");
        }
    }
    let x: Vec<f32> =
        arguments(31).filter(|x| x.is_finite()).chain((-500..500).map(|i| i as f32 / 37.0)).collect();
    let x = Array::from_slice(&x, [x.len()]).unwrap();
    check(&x);
    check(&x.map(f64::from));
}
