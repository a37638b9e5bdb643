//! Running sums and products.

use crate::{Array, Float, Result, par};

/// Columns that are accumulated side by side.
const WIDTH: usize = 256;

impl<T: Float> Array<T> {
    /// The running sum along an axis: `yᵢ = x₀ + … + xᵢ`.
    ///
    /// Accumulated in `f64` for both widths, from the front, so that long sums stay exact to the last bit or two.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Tensor::from([1.0, 2.0, 3.0]).cumsum(0)?.as_slice(), [1.0, 3.0, 6.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](crate::TensorError::Axis) if there is no such axis.
    pub fn cumsum(&self, axis: isize) -> Result<Self> {
        self.cumulate("cumsum", axis, 0.0, |sum, x| sum + x)
    }

    /// The running product along an axis: `yᵢ = x₀ · … · xᵢ`, accumulated in `f64`.
    ///
    /// # Errors
    /// [`TensorError::Axis`](crate::TensorError::Axis) if there is no such axis.
    pub fn cumprod(&self, axis: isize) -> Result<Self> {
        self.cumulate("cumprod", axis, 1.0, |product, x| product * x)
    }

    fn cumulate(
        &self,
        op: &'static str,
        axis: isize,
        start: f64,
        combine: impl Fn(f64, f64) -> f64 + Sync,
    ) -> Result<Self> {
        let [_, size, inner] = self.shape().around(self.shape().axis(op, axis)?);
        let x = self.as_slice();
        Ok(Array::build(*self.shape(), |out| {
            if out.is_empty() {
                return;
            }
            let slab = size * inner;
            par::chunks(out, (par::CHUNK / slab).max(1) * slab, x.len(), |start_of_piece, out| {
                let x = &x[start_of_piece..start_of_piece + out.len()];
                for (x, out) in x.chunks(slab).zip(out.chunks_mut(slab)) {
                    for left in (0..inner).step_by(WIDTH) {
                        let width = WIDTH.min(inner - left);
                        let mut state = [start; WIDTH];
                        for (x, out) in x.chunks(inner).zip(out.chunks_mut(inner)) {
                            let (x, out) = (&x[left..left + width], &mut out[left..left + width]);
                            for ((state, &x), out) in state.iter_mut().zip(x).zip(out) {
                                *state = combine(*state, x.to_f64());
                                *out = T::of(*state);
                            }
                        }
                    }
                }
            });
        }))
    }
}
