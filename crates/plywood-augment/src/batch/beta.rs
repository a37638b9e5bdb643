//! Shares drawn from a Beta distribution.

use plywood_tensor::{Stream, math};

/// A number of the distribution Beta(α, α), as the share of one of two Gamma numbers.
pub(crate) fn beta(alpha: f64, stream: &Stream) -> f64 {
    // In logarithms, since for small α the numbers themselves are too small to be told from 0.
    let difference = ln_gamma_number(alpha, &stream.at(1)) - ln_gamma_number(alpha, &stream.at(0));
    1.0 / (1.0 + math::exp(difference))
}

/// The logarithm of a number of the distribution Gamma(α, 1) (Marsaglia and Tsang, 2000).
fn ln_gamma_number(alpha: f64, stream: &Stream) -> f64 {
    // 1 − u lies in (0, 1], whose logarithm is finite.
    let ln_uniform = |index| math::ln(1.0 - stream.uniform(index));
    let (shape, boost) = if alpha < 1.0 { (alpha + 1.0, ln_uniform(0) / alpha) } else { (alpha, 0.0) };
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / math::sqrt(9.0 * d);
    let mut index = 1;
    loop {
        let z = math::sqrt(-2.0 * ln_uniform(index))
            * math::cos(std::f64::consts::TAU * stream.uniform(index + 1));
        let v = 1.0 + c * z;
        // Accepted at least 19 times of 20.
        if v > 0.0 {
            let ln_v = 3.0 * math::ln(v);
            if ln_uniform(index + 2) < 0.5 * z * z + d - d * v * v * v + d * ln_v {
                return math::ln(d) + ln_v + boost;
            }
        }
        index += 3;
    }
}

#[cfg(test)]
mod tests {
    use super::beta;
    use plywood_tensor::Seed;

    /// Mean 1/2 and variance 1 / (4 (2α + 1)), also far from 1.
    #[test]
    fn moments_are_those_of_the_distribution() {
        for alpha in [1e-3, 0.2, 1.0, 3.0, 50.0] {
            let draws: Vec<f64> = (0..20_000).map(|i| beta(alpha, &Seed(4).stream().at(i))).collect();
            assert!(draws.iter().all(|x| (0.0..=1.0).contains(x)));
            let mean = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|x| (x - 0.5).powi(2)).sum::<f64>() / 20_000.0;
            let expected = 0.25 / (2.0 * alpha + 1.0);
            // Four and five standard errors: at most 0.5 / √20000 and √(2 / 20000).
            assert!((mean - 0.5).abs() < 0.015, "{alpha}: {mean}");
            assert!((variance / expected - 1.0).abs() < 0.05, "{alpha}: {variance}, not {expected}");
        }
    }
}
