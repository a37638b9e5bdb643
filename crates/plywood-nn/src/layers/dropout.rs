//! Random zeros.

use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::{Keep, Var};
use plywood_tensor::{Elem, Float, Result, Shape, Tensor};
use serde::{Deserialize, Serialize};

/// In training sets each element to 0 with probability `p` and divides the others by `1 − p`; else does nothing.
///
/// Which elements fall is decided by the context's seed, its step, and how many layers asked before: never by threads.
///
/// # Shapes
/// Any, and the same again.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Dropout, Module};
/// use plywood_tensor::{Seed, Tensor};
///
/// let (layer, x) = (Dropout::new(0.25)?, Tensor::ones([1000])?.into());
/// let y = layer.forward(&Context::train(Seed(7), 0), &x)?;
/// let kept = y.value().as_slice().iter().filter(|&&y| y != 0.0).count();
/// assert!((700..800).contains(&kept));
/// assert!((y.value().mean().item()? - 1.0).abs() < 0.1); // the mean stays
/// assert_eq!(layer.forward(&Context::eval(), &x)?.value(), x.value());
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Dropout`, whose default `p` is 0.5. Srivastava et al., *Dropout: a simple way to prevent neural
/// networks from overfitting*, 2014.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dropout {
    p: f64,
}
parameters!(Dropout {} skip { p });

impl Dropout {
    /// Drops with probability `p`.
    ///
    /// # Errors
    /// [`NnError::Setting`] unless `p` is at least 0 and at most 1.
    pub fn new(p: f64) -> Result<Dropout> {
        probability("Dropout", p).map(|p| Dropout { p })
    }

    /// The probability.
    pub fn p(&self) -> f64 {
        self.p
    }
}

/// The probability, if it is one.
pub(super) fn probability(layer: &str, p: f64) -> Result<f64> {
    if (0.0..=1.0).contains(&p) {
        return Ok(p);
    }
    let (layer, expected) = (layer.into(), "a probability p of at least 0 and at most 1".into());
    Err(NnError::Setting { layer, expected, got: p.to_string() }.into())
}

/// Zeros with probability `p`, and elsewhere what makes up for them: `1 / (1 − p)`.
pub(super) fn scaled_mask(cx: &Context, shape: Shape, p: f64) -> Result<Tensor> {
    let mut mask = Tensor::zeros(shape)?;
    cx.stream().fill_bernoulli(mask.as_mut_slice(), 1.0 - p);
    // Where all are dropped there is nothing to make up for.
    let scale = if p < 1.0 { Elem::of(1.0 / (1.0 - p)) } else { 1.0 };
    mask.map_in_place(|kept| kept * scale);
    Ok(mask)
}

impl Module for Dropout {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        if !cx.is_training() || self.p == 0.0 {
            return Ok(x.clone());
        }
        let mask = scaled_mask(cx, *x.shape(), self.p)?;
        let y = x.value().mul(&mask)?;
        Ok(Var::record("dropout", Keep::Nothing, [x], y, move |[x], _, g| {
            [x.wants(|| g.mul(&mask.clone().into()))]
        }))
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        Ok(*input)
    }

    fn describe(&self) -> String {
        format!("Dropout({})", self.p)
    }
}

impl Layer for Dropout {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl LayerConfig for Dropout {
    const NAME: &'static str = "Dropout";
    type Layer = Dropout;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Dropout> {
        Dropout::new(self.p)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("Dropout", || Dropout::new(0.5)).shapes(&[4, 6], &[4, 6]),
        Row::layer("Dropout", || Dropout::new(0.0)).refused([
            (
                || Dropout::new(1.5).map(drop),
                "Dropout: expected a probability p of at least 0 and at most 1, got 1.5",
            ),
            (
                || Dropout::new(f64::NAN).map(drop),
                "Dropout: expected a probability p of at least 0 and at most 1, got NaN",
            ),
        ]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use plywood_tensor::Seed;

    #[test]
    fn masks_depend_on_seed_step_and_place_alone() {
        let (layer, x) = (Dropout::new(0.5).unwrap(), Var::from(Tensor::ones([64]).unwrap()));
        let draw = |seed, step, before| {
            let cx = Context::train(Seed(seed), step);
            let mut y = layer.forward(&cx, &x).unwrap();
            for _ in 0..before {
                y = layer.forward(&cx, &x).unwrap();
            }
            y.into_value()
        };
        assert_eq!(draw(1, 0, 0), draw(1, 0, 0));
        for other in [draw(2, 0, 0), draw(1, 1, 0), draw(1, 0, 1)] {
            assert_ne!(draw(1, 0, 0), other);
        }
        assert!(draw(1, 0, 0).as_slice().iter().all(|&y| y == 0.0 || y == 2.0));
    }

    #[test]
    fn everything_may_be_dropped() {
        let x = Var::from(Tensor::ones([64]).unwrap());
        let y = Dropout::new(1.0).unwrap().forward(&Context::train(Seed(0), 0), &x).unwrap();
        assert_eq!(y.value().as_slice(), [0.0; 64]);
    }
}
