//! Muon.

use super::settle::settle;
use crate::error::expect;
use crate::norm::{pieces, squares};
use crate::optimizer::group::check_rule;
use crate::{AdamW, MuonScale, OptimError, Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, Shape, Tensor, Transposed, par, simd};

/// Momentum for matrices, whose steps are made nearly orthogonal: no direction of a layer is left behind.
///
/// With the gradient `g`, the momentum `μ`, the weight decay `λ` and the learning rate `η`, for a matrix of `A` rows and `B`
/// columns:
/// ```text
/// b ← μ b + (1 − μ) g
/// x = μ b + (1 − μ) g, or b without Nesterov;  x ← x / max(‖x‖, ε)
/// x ← 3.4445 x − 4.7750 x xᵀx + 2.0315 x (xᵀx)²       five times: singular values come close to 1
/// p ← (1 − η λ) p − η √max(1, A / B) x                or another [`MuonScale`]
/// ```
/// The slot is `momentum` (PyTorch: `momentum_buffer`). What has all but vanished in it becomes 0, as with
/// [`Adam`](crate::Adam).
///
/// It moves parameters of two axes and refuses all others; [`Muon::others`] gives those to an [`AdamW`] with a learning rate
/// of its own. Embeddings and the last layer are matrices too, but do better with AdamW: give them one by
/// [`ParamGroup::rule`](crate::ParamGroup::rule).
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{AdamW, Muon, Optimizer};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::zeros([2, 2])?), Param::new(Tensor::from([1.0, 1.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([[6.0, 0.0], [0.0, 1.0]]));
/// gradients.set(&model[1], Tensor::from([5.0, -5.0]));
/// let others = AdamW::new(0.25).weight_decay(0.0);
/// Optimizer::new(Muon::new(1.0).others(others)).step(&mut model, &gradients)?;
/// // Steps of about 1 along both axes, though one gradient was six times as long.
/// assert_eq!(format!("{:.2}", model[0].value()), "[[-0.71,  0.00],\n [ 0.00, -1.04]]");
/// assert_eq!(format!("{:.2}", model[1].value()), "[0.75, 1.25]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Jordan and others, "Muon: an optimizer for hidden layers in neural networks", 2024, in the form of `torch.optim.Muon`,
/// with its defaults; PyTorch multiplies matrices in bfloat16, this rule in [`Elem`]. Keras's `Muon` uses AdamW for other
/// parameters by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Muon {
    learning_rate: f64,
    momentum: f64,
    nesterov: bool,
    iterations: usize,
    epsilon: f64,
    scale: MuonScale,
    weight_decay: f64,
    others: Option<AdamW>,
}

/// Of the polynomial that brings singular values close to 1.
const COEFFICIENTS: [f64; 3] = [3.4445, -4.7750, 2.0315];

impl Muon {
    /// With PyTorch's settings otherwise: `μ = 0.95` with Nesterov, five iterations, `ε = 1e-7`, weight decay 0.1.
    pub fn new(learning_rate: f64) -> Muon {
        Muon {
            learning_rate,
            momentum: 0.95,
            nesterov: true,
            iterations: 5,
            epsilon: 1e-7,
            scale: MuonScale::Original,
            weight_decay: 0.1,
            others: None,
        }
    }

    /// How slowly the mean of the gradient forgets.
    #[must_use]
    pub fn momentum(self, momentum: f64) -> Muon {
        Muon { momentum, ..self }
    }

    /// Takes the mean as it is, without looking ahead.
    #[must_use]
    pub fn without_nesterov(self) -> Muon {
        Muon { nesterov: false, ..self }
    }

    /// How often the polynomial is applied.
    #[must_use]
    #[doc(alias = "ns_steps")]
    pub fn iterations(self, iterations: usize) -> Muon {
        Muon { iterations, ..self }
    }

    /// The norm that a momentum counts as at least.
    #[must_use]
    #[doc(alias = "eps")]
    pub fn epsilon(self, epsilon: f64) -> Muon {
        Muon { epsilon, ..self }
    }

    /// How long steps are, by the shape of the matrix.
    #[must_use]
    pub fn scale(self, scale: MuonScale) -> Muon {
        Muon { scale, ..self }
    }

    /// The strength of the decoupled pull towards 0.
    #[must_use]
    pub fn weight_decay(self, strength: f64) -> Muon {
        Muon { weight_decay: strength, ..self }
    }

    /// Moves parameters that are no matrices by this rule, with its learning rate and weight decay.
    ///
    /// When the optimizer's learning rate changes, that of AdamW changes in proportion.
    #[must_use]
    pub fn others(self, rule: AdamW) -> Muon {
        Muon { others: Some(rule), ..self }
    }

    /// The matrix with singular values close to 1.
    fn orthogonalized(&self, mut x: Tensor) -> Result<Tensor> {
        let [a, b, c] = COEFFICIENTS.map(Elem::of);
        let wide = x.shape()[0] <= x.shape()[1];
        for _ in 0..self.iterations {
            // The smaller of the two squares.
            let transposed = if wide { Transposed::Right } else { Transposed::Left };
            let square = x.matmul_with(&x, transposed)?;
            let fourth = square.matmul(&square)?;
            let factor = square.zip("muon", &fourth, move |square, fourth| b * square + c * fourth)?;
            let product = if wide { factor.matmul(&x)? } else { x.matmul(&factor)? };
            x = x.zip("muon", &product, move |x, product| a * x + product)?;
        }
        Ok(x)
    }
}

impl Default for Muon {
    /// With PyTorch's learning rate, 0.001.
    fn default() -> Muon {
        Muon::new(1e-3)
    }
}

impl Rule for Muon {
    fn name(&self) -> &'static str {
        "Muon"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        WeightDecay::Decoupled(self.weight_decay)
    }

    fn check(&self) -> Result<()> {
        let (momentum, iterations) = (self.momentum, self.iterations);
        expect("Muon", "a momentum of at least 0 and below 1", momentum, (0.0..1.0).contains(&momentum))?;
        expect("Muon", "at most 99 iterations", iterations as f64, iterations < 100)?;
        expect("Muon", "an epsilon above 0", self.epsilon, self.epsilon > 0.0)?;
        self.others.as_ref().map_or(Ok(()), |rule| check_rule(rule))
    }

    fn slots(&self) -> &'static [&'static str] {
        &["momentum"]
    }

    fn check_shape(&self, parameter: &Shape) -> Result<()> {
        if parameter.rank() == 2 {
            return Ok(());
        }
        let expected = "a matrix, or a rule for other parameters (Muon::others, ParamGroup::rule)";
        Err(OptimError::Parameter { rule: "Muon", expected, got: *parameter }.into())
    }

    fn instead(&self, parameter: &Shape) -> Option<&dyn Rule> {
        let others = self.others.as_ref()?;
        (parameter.rank() != 2).then_some(others)
    }

    fn is_whole(&self) -> bool {
        true
    }

    fn decays(&self) -> bool {
        true
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let [momentum] = slots else { unreachable!("Muon has one slot") };
        let (rows, columns) = (step.shape[0], step.shape[1]);
        if parameter.is_empty() {
            return;
        }
        let new = Elem::of(1.0 - self.momentum);
        let ahead = if self.nesterov { new } else { 0.0 };
        let mut room = Tensor::zeros(step.shape).expect("a shape was checked when it was made");
        pieces([room.as_mut_slice(), &mut **momentum], par::CHUNK, |start, [x, b]| {
            let g = &gradient[start..start + b.len()];
            simd::dispatch(|| {
                for ((x, b), &g) in x.iter_mut().zip(b.iter_mut()).zip(g) {
                    *b += (g - *b) * new;
                    *x = *b + (g - *b) * ahead;
                }
            });
            settle(step, &mut [b]);
        });
        let norm = squares(room.as_slice(), f64::INFINITY).sqrt();
        // One over it is a number, too.
        let least = self.epsilon.max(Elem::MIN_POSITIVE.to_f64());
        let shrink = Elem::of(1.0 / if norm < least { least } else { norm });
        room.map_in_place(move |x| x * shrink);
        let direction = self.orthogonalized(room).expect("products of a matrix with itself fit");
        let size = Elem::of(step.learning_rate * self.scale.factor(rows, columns));
        let keep = Elem::of(step.keep);
        let direction = direction.as_slice();
        let steps = parameter.len();
        par::chunks(parameter, par::CHUNK, steps, |start, p| {
            let x = &direction[start..start + p.len()];
            simd::dispatch(move || {
                for (p, &x) in p.iter_mut().zip(x) {
                    *p = *p * keep - size * x;
                }
            });
        });
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Muon",
    cases: &[
        ("muon", || Muon::new(0.005).others(AdamW::new(0.01)).into()),
        ("muon_settings", || {
            let others = AdamW::new(0.01).weight_decay(0.0);
            let muon = Muon::new(0.01).momentum(0.9).without_nesterov().iterations(3).weight_decay(0.3);
            muon.scale(MuonScale::MatchAdamW).others(others).into()
        }),
        ("muon_groups", || {
            let group = crate::ParamGroup::new("bias").rule(crate::Sgd::new(0.005).momentum(0.5));
            crate::Optimizer::new(Muon::new(0.005)).group(group)
        }),
    ],
    minimum: || Muon::new(2e-4).weight_decay(0.0).others(AdamW::new(0.01).weight_decay(0.0)).into(),
    steps: 40_000,
    errors: &[
        (|| Muon::new(-1.0).into(), "Muon: expected a learning rate of at least 0, got -1"),
        (
            || Muon::default().momentum(1.0).into(),
            "Muon: expected a momentum of at least 0 and below 1, got 1",
        ),
        (|| Muon::default().iterations(100).into(), "Muon: expected at most 99 iterations, got 100"),
        (|| Muon::default().epsilon(0.0).into(), "Muon: expected an epsilon above 0, got 0"),
        (|| Muon::default().weight_decay(-1.0).into(), "Muon: expected a weight decay of at least 0, got -1"),
        (
            || Muon::default().others(AdamW::new(-1.0)).into(),
            "AdamW: expected a learning rate of at least 0, got -1",
        ),
        (
            || Muon::default().into(),
            "bias: Muon: expected a matrix, or a rule for other parameters (Muon::others, ParamGroup::rule), \
             got a parameter of shape [4]",
        ),
    ],
};
