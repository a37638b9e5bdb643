//! The rectifier that learns what it lets through.

use super::relu::step;
use crate::{Keep, Var};
use plywood_tensor::{Result, Tensor, TensorError};

impl Var {
    /// `y = x` where `x > 0`, `w x` elsewhere, with a trained slope `w`: one for all, or one for each channel.
    ///
    /// Gradient: `∂x = g` where `x > 0`, `w g` elsewhere, at the kink too (as PyTorch); `∂w = Σ g min(x, 0)` over all that
    /// share the slope.
    ///
    /// # Shapes
    /// `x [.., C]`, `weight [C]` or `[1]` or `[]` → `[.., C]`
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[-2.0, -2.0], [4.0, 0.0]]));
    /// let y = x.prelu(&Tensor::from([0.25, 0.5]).into())?;
    /// assert_eq!(y.value().as_slice(), [-0.5, -1.0, 4.0, 0.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`] if the weight is neither a single number nor one for each channel.
    /// # References
    /// He et al., "Delving Deep into Rectifiers", 2015. PyTorch has the channels on axis 1, here they are last.
    pub fn prelu(&self, weight: &Var) -> Result<Var> {
        let channels = self.shape().last().copied().unwrap_or(1);
        if weight.shape().rank() > 1 || ![1, channels].contains(&weight.value().numel()) {
            let expected = match channels {
                1 => "weight [1]".into(),
                _ => format!("weight [{channels}] or [1]"),
            };
            return Err(TensorError::Shape { op: "prelu", expected, got: *weight.shape() }.into());
        }
        // A single slope is a scalar, so that it broadcasts to a scalar input as well.
        if weight.shape().rank() == 1 && self.shape().rank() == 0 {
            return self.prelu(&weight.reshape([])?);
        }
        let y = self.value().zip("prelu", weight.value(), |x, w| if x > 0.0 { x } else { w * x })?;
        Ok(Var::record("prelu", Keep::Inputs, [self, weight], y, |[x, weight], _, g| {
            let zero = Var::constant(Tensor::from(0.0));
            let positive = x.value().map(step);
            [
                x.wants(|| Var::select_where(&positive, &g, &g.mul(weight)?)),
                weight.wants(|| Var::select_where(&positive, &zero, &g.mul(x)?)?.sum_to(weight.shape())),
            ]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[Row::whole(
        "prelu",
        |x| x[0].prelu(&x[1]),
        |x| naive::pair(&x[0], &x[1], |x, w| if x > 0.0 { x } else { w * x }).reshape(x[0].shape()).unwrap(),
    )
    .shapes(&[
        &[&[2, 3], &[3]],
        &[&[2, 3], &[1]],
        &[&[2, 3], &[]],
        &[&[17], &[17]],
        &[&[2, 2, 5], &[5]],
        &[&[0, 3], &[3]],
        &[&[], &[1]],
        &[&[], &[]],
    ])
    .large(&[&[300, 301], &[301]])
    .avoid(&[0.0])
    .errors(&[
        (&[&[2, 3], &[2]], "prelu: expected weight [3] or [1], got [2]"),
        (&[&[2, 3], &[1, 3]], "prelu: expected weight [3] or [1], got [1, 3]"),
        (&[&[], &[2]], "prelu: expected weight [1], got [2]"),
    ])]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::Tensor;

    #[test]
    fn slopes_at_the_kink() {
        let (x, weight) = (Var::variable(Tensor::from([0.0])), Var::variable(Tensor::from([0.25])));
        let slopes = grad(&x.prelu(&weight).unwrap().sum(), &[&x, &weight], false).unwrap();
        assert_eq!(slopes[0].value().as_slice(), [0.25]);
        assert_eq!(slopes[1].value().as_slice(), [0.0]);
    }
}
