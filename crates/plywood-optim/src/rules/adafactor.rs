//! Adafactor.

use super::floor::floor;
use super::settle::settle;
use crate::error::expect;
use crate::norm::{pieces, serial_squares, squares};
use crate::{Rule, Step, WeightDecay};
use plywood_tensor::{Elem, Float, Result, Shape, math, par, simd};

/// Adam's division with a memory of a row and a column for each matrix, and steps in proportion to the parameter.
///
/// With the gradient `g`, the learning rate `η`, which is the most that a step may be of the parameter, the decay `τ`, the
/// weight decay `λ`, the thresholds `ε₁, ε₂, d`, and the root mean square `RMS`, in step `t`:
/// ```text
/// α = max(ε₂, RMS(p)) · min(η, 1 / √t)
/// r ← r + t^τ (mean over columns of g² − r),  c ← c + t^τ (mean over rows of g² − c)
/// v = r c / max(mean of r, ε₁)               vectors:  v ← v + t^τ (g² − v)
/// u = g / max(√v, ε₁)
/// p ← (1 − η λ) p − α u / max(1, RMS(u) / d)
/// ```
/// Parameters of two axes and more have the slots `row` and `column`, with a size of 1 in the last axis or the one before,
/// vectors and numbers have `variance` (PyTorch: `row_var`, `col_var`, `variance`). What has all but vanished in them becomes
/// 0, as with [`Adam`](crate::Adam).
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Adafactor, Optimizer};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]));
/// let mut optimizer = Optimizer::new(Adafactor::new(0.25));
/// optimizer.step(&mut model, &gradients)?;
/// // A quarter of the root mean square, in each element: a gradient of rank 1 is divided by its own size.
/// assert_eq!(format!("{:.4}", model[0].value()), "[[0.7500, 0.7500, 0.7500],\n [0.7500, 0.7500, 0.7500]]");
/// assert_eq!(optimizer.state_dict().tensors()["0.row"].numel(), 2);
/// assert_eq!(optimizer.state_dict().tensors()["0.column"].numel(), 3);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost", 2018, in the form of
/// `torch.optim.Adafactor`, with its defaults: the learning rate takes the place of the paper's 0.01, and `ε₁` bounds the
/// divisor, where the paper and Keras's `Adafactor` add it to the squares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adafactor {
    learning_rate: f64,
    decay: f64,
    epsilon: f64,
    smallest_scale: f64,
    clipping_threshold: f64,
    weight_decay: f64,
}

impl Adafactor {
    /// With PyTorch's settings otherwise: `τ = −0.8`, `ε₁` the distance from 1 to the next number, `ε₂ = 0.001`, `d = 1`, no
    /// weight decay.
    pub fn new(learning_rate: f64) -> Adafactor {
        Adafactor {
            learning_rate,
            decay: -0.8,
            epsilon: <Elem as Float>::EPSILON.to_f64(),
            smallest_scale: 1e-3,
            clipping_threshold: 1.0,
            weight_decay: 0.0,
        }
    }

    /// The exponent `τ`, at most 0, by which new gradients count less from step to step.
    #[must_use]
    #[doc(alias = "beta2_decay")]
    pub fn decay(self, exponent: f64) -> Adafactor {
        Adafactor { decay: exponent, ..self }
    }

    /// What keeps the division from exploding where gradients vanish: `ε₁`.
    #[must_use]
    #[doc(alias = "eps")]
    pub fn epsilon(self, epsilon: f64) -> Adafactor {
        Adafactor { epsilon, ..self }
    }

    /// The size that a parameter counts as at least, so that it can leave 0: `ε₂`.
    #[must_use]
    pub fn smallest_scale(self, scale: f64) -> Adafactor {
        Adafactor { smallest_scale: scale, ..self }
    }

    /// The root mean square from which on directions are shortened: `d`.
    #[must_use]
    #[doc(alias = "d")]
    pub fn clipping_threshold(self, threshold: f64) -> Adafactor {
        Adafactor { clipping_threshold: threshold, ..self }
    }

    /// The strength of the decoupled pull towards 0; none unless set.
    #[must_use]
    pub fn weight_decay(self, strength: f64) -> Adafactor {
        Adafactor { weight_decay: strength, ..self }
    }
}

impl Default for Adafactor {
    /// With PyTorch's learning rate, 0.01.
    fn default() -> Adafactor {
        Adafactor::new(1e-2)
    }
}

impl Rule for Adafactor {
    fn name(&self) -> &'static str {
        "Adafactor"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> WeightDecay {
        WeightDecay::Decoupled(self.weight_decay)
    }

    fn check(&self) -> Result<()> {
        expect("Adafactor", "a decay of at most 0", self.decay, self.decay <= 0.0)?;
        // With 0 an element without gradients would divide 0 by 0.
        expect("Adafactor", "an epsilon above 0", self.epsilon, self.epsilon > 0.0)?;
        let (scale, threshold) = (self.smallest_scale, self.clipping_threshold);
        expect("Adafactor", "a smallest scale of at least 0", scale, scale >= 0.0)?;
        expect("Adafactor", "a clipping threshold of at least 1", threshold, threshold >= 1.0)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["row", "column", "variance"]
    }

    fn slot_shape(&self, slot: usize, parameter: &Shape) -> Option<Shape> {
        let rank = parameter.rank();
        match (slot, rank >= 2) {
            (0, true) => parameter.with(rank - 1, 1).ok(),
            (1, true) => parameter.with(rank - 2, 1).ok(),
            (2, false) => Some(*parameter),
            _ => None,
        }
    }

    fn is_whole(&self) -> bool {
        true
    }

    fn decays(&self) -> bool {
        true
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let count = parameter.len();
        if count == 0 {
            return;
        }
        let time = step.count as f64;
        let fresh = math::pow(time, self.decay);
        let rms = |sum: f64| (sum / count as f64).sqrt();
        // Maxima are written so that a NaN goes on.
        let scale = math::maximum(self.smallest_scale, rms(squares(parameter, f64::INFINITY)));
        let alpha = scale * step.learning_rate.min(1.0 / time.sqrt());
        let floor = floor(self.epsilon * self.epsilon);
        let keep = Elem::of(step.keep);
        let length = |sum: f64| Elem::of(alpha / math::maximum(1.0, rms(sum) / self.clipping_threshold));

        if let [variance] = slots {
            let new = Elem::of(fresh);
            let direction = move |g: Elem, v: Elem| g / math::maximum(v, floor).sqrt();
            let sums = pieces([&mut **variance], par::CHUNK, |start, [v]| {
                let g = &gradient[start..start + v.len()];
                let mut room = vec![0.0; v.len()];
                simd::dispatch(|| {
                    for ((u, v), &g) in room.iter_mut().zip(v.iter_mut()).zip(g) {
                        *v += (g * g - *v) * new;
                        *u = direction(g, *v);
                    }
                });
                serial_squares(&room, Elem::INFINITY)
            });
            let size = length(sums.into_iter().sum());
            pieces([parameter, variance], par::CHUNK, |start, [p, v]| {
                let g = &gradient[start..start + p.len()];
                simd::dispatch(|| {
                    for ((p, &g), v) in p.iter_mut().zip(g).zip(&*v) {
                        *p = *p * keep - size * direction(g, *v);
                    }
                });
                settle(step, &mut [v]);
            });
            return;
        }

        let [row, column] = slots else { unreachable!("Adafactor has one slot or two") };
        let rank = step.shape.rank();
        let [rows, columns] = [step.shape[rank - 2], step.shape[rank - 1]];
        let matrices = gradient.chunks(rows * columns);
        for ((gradient, row), column) in matrices.zip(row.chunks_mut(rows)).zip(column.chunks_mut(columns)) {
            means(gradient, row, column, fresh);
        }
        // What a row is multiplied with so that its product with a column is the variance.
        let shares: Vec<Elem> = row.chunks(rows).flat_map(|row| self.shares(row)).collect();
        let direction = |r: usize, u: &mut [Elem]| {
            let (share, floor) = (shares[r], floor);
            let (g, column) = (&gradient[r * columns..][..columns], &column[r / rows * columns..][..columns]);
            simd::dispatch(move || {
                for ((u, &g), &c) in u.iter_mut().zip(g).zip(column) {
                    *u = g / math::maximum(share * c, floor).sqrt();
                }
            });
        };
        // Rows that are taken together, however many threads there are.
        let together = (par::CHUNK / columns).max(1);
        let sums = par::map(shares.len().div_ceil(together), count, |i| -> f64 {
            let mut room = vec![0.0; columns];
            let these = i * together..shares.len().min((i + 1) * together);
            let of_row = |r| {
                direction(r, &mut room);
                serial_squares(&room, Elem::INFINITY)
            };
            these.map(of_row).sum()
        });
        let size = length(sums.into_iter().sum());
        par::chunks(parameter, together * columns, count, |start, p| {
            let mut room = vec![0.0; columns];
            for (r, p) in p.chunks_mut(columns).enumerate() {
                direction(start / columns + r, &mut room);
                let room = &room;
                simd::dispatch(move || {
                    for (p, &u) in p.iter_mut().zip(room) {
                        *p = *p * keep - size * u;
                    }
                });
            }
        });
        settle(step, slots);
    }
}

impl Adafactor {
    /// The means of rows in units of the mean of all.
    fn shares(&self, row: &[Elem]) -> impl Iterator<Item = Elem> {
        let mean = row.iter().map(|r| r.to_f64()).sum::<f64>() / row.len() as f64;
        let mean = math::maximum(mean, self.epsilon);
        row.iter().map(move |r| Elem::of(r.to_f64() / mean))
    }
}

/// How many pieces the rows of a matrix are cut into at most, each with sums of its own.
const PIECES: usize = 32;

/// Moves the running means of squares, over the columns of each row and over the rows of each column.
fn means(gradient: &[Elem], row: &mut [Elem], column: &mut [Elem], fresh: f64) {
    let (rows, columns) = (row.len(), column.len());
    let together = rows.div_ceil(PIECES).max(par::CHUNK / columns).max(1);
    let sums = par::map(rows.div_ceil(together), gradient.len(), |i| {
        let these = &gradient[i * together * columns..rows.min((i + 1) * together) * columns];
        let (mut of_rows, mut of_columns) = (Vec::with_capacity(together.min(rows)), vec![0.0_f64; columns]);
        for g in these.chunks(columns) {
            of_rows.push(serial_squares(g, Elem::INFINITY));
            let of_columns = &mut of_columns;
            simd::dispatch(move || {
                for (sum, &g) in of_columns.iter_mut().zip(g) {
                    *sum += g.to_f64() * g.to_f64();
                }
            });
        }
        (of_rows, of_columns)
    });
    let toward = |mean: &mut Elem, sum: f64, count: usize| {
        *mean = Elem::of(mean.to_f64() + (sum / count as f64 - mean.to_f64()) * fresh);
    };
    let of_rows = sums.iter().flat_map(|(of_rows, _)| of_rows);
    row.iter_mut().zip(of_rows).for_each(|(mean, &sum)| toward(mean, sum, columns));
    for (i, mean) in column.iter_mut().enumerate() {
        toward(mean, sums.iter().map(|(_, of_columns)| of_columns[i]).sum(), rows);
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Adafactor",
    cases: &[
        ("adafactor", || Adafactor::new(0.05).into()),
        ("adafactor_default", || Adafactor::default().into()),
        ("adafactor_settings", || {
            Adafactor::new(0.1)
                .decay(-0.5)
                .epsilon(1e-3)
                .smallest_scale(0.5)
                .clipping_threshold(1.2)
                .weight_decay(0.1)
                .into()
        }),
    ],
    minimum: || Adafactor::new(1e-3).into(),
    steps: 20_000,
    errors: &[
        (|| Adafactor::new(-1.0).into(), "Adafactor: expected a learning rate of at least 0, got -1"),
        (|| Adafactor::default().decay(0.5).into(), "Adafactor: expected a decay of at most 0, got 0.5"),
        (|| Adafactor::default().epsilon(0.0).into(), "Adafactor: expected an epsilon above 0, got 0"),
        (
            || Adafactor::default().smallest_scale(-1.0).into(),
            "Adafactor: expected a smallest scale of at least 0, got -1",
        ),
        (
            || Adafactor::default().clipping_threshold(0.5).into(),
            "Adafactor: expected a clipping threshold of at least 1, got 0.5",
        ),
        (
            || Adafactor::default().weight_decay(-1.0).into(),
            "Adafactor: expected a weight decay of at least 0, got -1",
        ),
    ],
};
