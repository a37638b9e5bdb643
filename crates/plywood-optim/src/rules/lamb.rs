//! LAMB.

use super::check_betas;
use super::floor::least_divisor;
use super::settle::settle;
use crate::error::expect;
use crate::norm::{LANES, fold, pieces};
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, math, par, simd};

/// The direction of Adam, with a length in proportion to the parameter's: for batches of many thousand samples.
///
/// With the gradient `g`, the decay rates `β₁, β₂`, the weight decay `λ` and the learning rate `η`, in step `t`:
/// ```text
/// m ← β₁ m + (1 − β₁) g      m̂ = m / (1 − β₁ᵗ)
/// v ← β₂ v + (1 − β₂) g²     v̂ = v / (1 − β₂ᵗ)
/// r = m̂ / (√v̂ + ε) + λ p
/// p ← p − η ‖p‖ / ‖r‖ · r                       p ← p − η r  where one of the norms is 0
/// ```
/// Norms are over a whole parameter, in double precision. Slots are `m` and `v`. What has all but vanished in them becomes
/// 0, as with [`Adam`](crate::Adam). Biases and the weights of normalisations are usually kept out of the decay, by a
/// [`ParamGroup`](crate::ParamGroup).
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Lamb, Optimizer};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([3.0, 4.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([100.0, 0.0]));
/// Optimizer::new(Lamb::new(0.1).weight_decay(0.0)).step(&mut model, &gradients)?;
/// // A tenth of the norm, which is 5.
/// assert_eq!(format!("{:.4}", model[0].value()), "[2.5000, 4.0000]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// You and others, "Large batch optimization for deep learning: training BERT in 76 minutes", 2020 (arXiv 1904.00962),
/// algorithm 2 with `φ(z) = z`. PyTorch does not have it; Keras's `Lamb` adds `ε = 1e-7` and keeps the weight decay out of
/// `r`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "LAMB")]
pub struct Lamb {
    learning_rate: f64,
    betas: (f64, f64),
    epsilon: f64,
    weight_decay: f64,
}

impl Lamb {
    /// With the paper's settings otherwise: `β = (0.9, 0.999)`, `ε = 1e-6`, weight decay 0.01.
    pub fn new(learning_rate: f64) -> Lamb {
        Lamb { learning_rate, betas: (0.9, 0.999), epsilon: 1e-6, weight_decay: 0.01 }
    }

    /// How slowly the running means of the gradient and of its square forget.
    #[must_use]
    pub fn betas(self, beta1: f64, beta2: f64) -> Lamb {
        Lamb { betas: (beta1, beta2), ..self }
    }

    /// What keeps the division from exploding where gradients vanish; less than 10⁻³⁰ counts as 10⁻³⁰.
    #[must_use]
    #[doc(alias = "eps")]
    pub fn epsilon(self, epsilon: f64) -> Lamb {
        Lamb { epsilon, ..self }
    }

    /// The strength of the decay, which is part of the direction.
    #[must_use]
    pub fn weight_decay(self, strength: f64) -> Lamb {
        Lamb { weight_decay: strength, ..self }
    }
}

impl Default for Lamb {
    /// With a learning rate of 0.001.
    fn default() -> Lamb {
        Lamb::new(1e-3)
    }
}

/// What a step multiplies and adds, the same for all elements.
#[derive(Clone, Copy)]
struct Direction {
    size: Elem,
    unbias: Elem,
    epsilon: Elem,
    decay: Elem,
}

impl Direction {
    #[inline(always)]
    fn at(self, p: Elem, m: Elem, v: Elem) -> Elem {
        let length = v.sqrt().mul_add(self.unbias, self.epsilon);
        self.decay.mul_add(p, math::quotient(m * self.size, length))
    }
}

/// Moves the means of a piece, and sums up the squares of its parameters and of its direction.
struct Moments<'a> {
    direction: Direction,
    /// What the gradient has in the first mean, the square before in the second, and the new square in that.
    factors: [Elem; 3],
    p: &'a [Elem],
    g: &'a [Elem],
    m: &'a mut [Elem],
    v: &'a mut [Elem],
}

impl simd::Kernel for Moments<'_> {
    type Output = [f64; 2];

    #[inline(always)]
    fn run(self) -> [f64; 2] {
        let Moments { direction, factors: [new1, old2, new2], p, g, m, v } = self;
        let (mut of_parameter, mut of_direction) = ([0.0; LANES], [0.0; LANES]);
        let moments = m.chunks_mut(LANES).zip(v.chunks_mut(LANES));
        for ((p, g), (m, v)) in p.chunks(LANES).zip(g.chunks(LANES)).zip(moments) {
            let lanes = of_parameter.iter_mut().zip(&mut of_direction);
            for (((&p, &g), (m, v)), (sum_p, sum_r)) in p.iter().zip(g).zip(m.iter_mut().zip(v)).zip(lanes) {
                *m = (g - *m).mul_add(new1, *m);
                *v = (g * g).mul_add(new2, *v * old2);
                let r = direction.at(p, *m, *v).to_f64();
                *sum_p += p.to_f64() * p.to_f64();
                *sum_r += r * r;
            }
        }
        [fold(of_parameter), fold(of_direction)]
    }
}

impl Rule for Lamb {
    fn name(&self) -> &'static str {
        "Lamb"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        WeightDecay::Decoupled(self.weight_decay)
    }

    fn check(&self) -> Result<()> {
        check_betas("Lamb", self.betas)?;
        // With 0 an element without gradients would divide 0 by 0.
        expect("Lamb", "an epsilon above 0", self.epsilon, self.epsilon > 0.0)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["m", "v"]
    }

    fn is_whole(&self) -> bool {
        true
    }

    fn decays(&self) -> bool {
        true
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let [m, v] = slots else { unreachable!("Lamb has two slots") };
        let (beta1, beta2) = self.betas;
        let (new1, old2, new2) = (Elem::of(1.0 - beta1), Elem::of(beta2), Elem::of(1.0 - beta2));
        let direction = Direction {
            size: Elem::of(1.0 / step.correction(beta1)),
            unbias: Elem::of(1.0 / step.correction(beta2).sqrt()),
            epsilon: least_divisor(self.epsilon),
            decay: Elem::of(step.weight_decay),
        };
        let sums = pieces([&mut *parameter, &mut **m, &mut **v], par::CHUNK, |start, [p, m, v]| {
            let g = &gradient[start..start + p.len()];
            simd::run(Moments { direction, factors: [new1, old2, new2], p, g, m, v })
        });
        let [of_parameter, of_direction] = sums.into_iter().fold([0.0; 2], |[a, b], [c, d]| [a + c, b + d]);
        // A NaN is not 0, and goes on.
        let ratio = if of_parameter == 0.0 || of_direction == 0.0 {
            1.0
        } else {
            (of_parameter / of_direction).sqrt()
        };
        let size = Elem::of(step.learning_rate * ratio);
        pieces([parameter, m, v], par::CHUNK, |_, [p, m, v]| {
            simd::dispatch(|| {
                for ((p, m), v) in p.iter_mut().zip(&*m).zip(&*v) {
                    *p -= size * direction.at(*p, *m, *v);
                }
            });
            settle(step, &mut [m, v]);
        });
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Lamb",
    cases: &[
        ("lamb", || Lamb::new(0.02).into()),
        ("lamb_clip_adaptive", || crate::Optimizer::new(Lamb::new(0.005)).clip_adaptive(0.05)),
        ("lamb_default", || Lamb::default().into()),
        ("lamb_settings", || Lamb::new(0.01).betas(0.8, 0.95).epsilon(1e-3).weight_decay(0.2).into()),
    ],
    minimum: || Lamb::new(5e-4).weight_decay(1e-5).into(),
    steps: 20_000,
    errors: &[
        (|| Lamb::new(-1.0).into(), "Lamb: expected a learning rate of at least 0, got -1"),
        (
            || Lamb::default().betas(1.0, 0.9).into(),
            "Lamb: expected a beta1 of at least 0 and below 1, got 1",
        ),
        (
            || Lamb::default().betas(0.9, -0.5).into(),
            "Lamb: expected a beta2 of at least 0 and below 1, got -0.5",
        ),
        (|| Lamb::default().epsilon(0.0).into(), "Lamb: expected an epsilon above 0, got 0"),
        (|| Lamb::default().weight_decay(-1.0).into(), "Lamb: expected a weight decay of at least 0, got -1"),
    ],
};
