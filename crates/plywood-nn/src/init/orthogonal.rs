//! Random matrices of orthonormal rows or columns.

use crate::NnError;
use plywood_tensor::{Array, Float, Result, Shape, Stream, Tensor};

/// The shorter side's vectors are normal random numbers made orthonormal by Gram and Schmidt, in double precision: the
/// `Q` of a QR decomposition whose `R` has a positive diagonal, so that every such matrix is equally likely.
pub(super) fn fill(shape: &Shape, gain: f64, stream: &Stream) -> Result<Tensor> {
    let &[rows, ref rest @ ..] = &**shape else { return Err(flat(shape)) };
    if rest.is_empty() {
        return Err(flat(shape));
    }
    let columns: usize = rest.iter().product();
    if shape.numel() == 0 {
        return Tensor::zeros(shape);
    }
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut vectors = Array::<f64>::normal([count, length], 0.0, 1.0, stream)?;
    let vectors = vectors.as_mut_slice();
    for i in 0..count {
        let (done, rest) = vectors.split_at_mut(i * length);
        let vector = &mut rest[..length];
        // Once leaves what rounding left; twice is enough (Kahan).
        for _ in 0..2 {
            for other in done.chunks_exact(length) {
                let share = dot(vector, other);
                vector.iter_mut().zip(other).for_each(|(v, o)| *v -= share * o);
            }
        }
        let norm = dot(vector, vector).sqrt();
        vector.iter_mut().for_each(|v| *v /= norm);
    }
    let at = |row: usize, column: usize| match rows <= columns {
        true => vectors[row * length + column],
        false => vectors[column * length + row],
    };
    let data = (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c)));
    Tensor::from_vec(data.map(|(r, c)| Float::of(gain * at(r, c))).collect(), shape)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn flat(shape: &Shape) -> plywood_tensor::Error {
    let (layer, expected) = ("Initializer".into(), "a weight [out, in, ..] to make orthogonal".into());
    NnError::Setting { layer, expected, got: shape.to_string() }.into()
}
