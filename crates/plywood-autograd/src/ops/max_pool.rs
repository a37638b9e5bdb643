//! The largest elements in windows over images.

use crate::{Keep, Var};
use plywood_tensor::{Choice, Result, Shape, Tensor, Window};

impl Var {
    /// The largest element in each window, channel by channel; NaN if one of them is. A border never counts.
    ///
    /// Gradient: all of `g` to the first of the largest elements; where windows overlap, gradients add up.
    ///
    /// # Shapes
    /// `[N, .., C] → [N, .., C]` with 1 to 3 axes between, as [`Window::output_shape`] says.
    ///
    /// ```
    /// # use plywood_autograd::{Var, grad};
    /// # use plywood_tensor::{Tensor, Window};
    /// let x = Var::variable(Tensor::from([[[1.0], [5.0], [2.0], [4.0]]]));
    /// let y = x.max_pool(&Window::new([2]))?;
    /// assert_eq!(y.value().as_slice(), [5.0, 4.0]);
    /// assert_eq!(grad(&y.sum(), &[&x], false)?[0].value().as_slice(), [0.0, 1.0, 0.0, 1.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Window::output_shape`].
    ///
    /// # References
    /// PyTorch: `max_pool1d` to `max_pool3d` and `adaptive_max_pool1d` to `3d`, with the channels first.
    pub fn max_pool(&self, window: &Window) -> Result<Var> {
        if !self.is_recorded() {
            return self.value().max_pool(window).map(Var::constant);
        }
        let (y, choice) = self.value().max_pool_with_choice(window)?;
        Ok(Var::record("max_pool", Keep::Nothing, [self], y, move |[x], _, g| {
            [x.wants(|| spread(&choice, x.shape(), g))]
        }))
    }
}

/// Each gradient to the element that was chosen.
fn spread(choice: &Choice, input: &Shape, g: Var) -> Result<Var> {
    if !g.is_recorded() {
        return choice.spread(g.value()).map(Var::constant);
    }
    // Small steps do not change the choice: as a function of `g` this is linear.
    let (indices, channels) = (choice.indices(), input[input.rank() - 1]);
    let places = input[1..input.rank() - 1].iter().product();
    let zeros = Var::constant(Tensor::zeros([input[0], places, channels])?);
    zeros.scatter_add(1, &indices, &g.reshape(indices.shape())?)?.reshape(input)
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    // Drawn from a wide range, so that no two elements are as near to each other as differences reach.
    const WIDE: &[(f64, f64)] = &[(-200.0, 200.0)];
    &[
        Row::whole(
            "max_pool",
            |x| x[0].max_pool(&Window::new([2, 2])),
            |x| {
                let d = x[0].shape();
                naive::from_fn(&[d[0], d[1] / 2, d[2] / 2, d[3]], |i| {
                    let at = |h, w| x[0].at(&[i[0], 2 * i[1] + h, 2 * i[2] + w, i[3]]).unwrap();
                    at(0, 0).max(at(0, 1)).max(at(1, 0)).max(at(1, 1))
                })
            },
        )
        .shapes(&[&[&[2, 4, 3, 2]], &[&[1, 2, 2, 1]], &[&[0, 2, 2, 3]], &[&[1, 2, 2, 0]], &[&[1, 2, 4, 33]]])
        .large(&[&[2, 60, 40, 20]])
        .domain(WIDE)
        .errors(&[
            (&[&[2, 4, 3]], "max_pool: expected input [N, H, W, C], got [2, 4, 3]"),
            (&[&[2, 1, 3, 1]], "max_pool: expected at least 2 along axis 1, got [2, 1, 3, 1]"),
        ]),
        Row::whole(
            "max_pool",
            |x| x[0].max_pool(&Window::new([3]).stride([1]).padding([1])),
            |x| {
                let size = x[0].shape()[1];
                naive::from_fn(x[0].shape(), |i| {
                    let around = i[1].saturating_sub(1)..(i[1] + 2).min(size);
                    around.map(|l| x[0].at(&[i[0], l, i[2]]).unwrap()).fold(f64::NEG_INFINITY, f64::max)
                })
            },
        )
        .shapes(&[&[&[2, 5, 2]], &[&[1, 1, 1]], &[&[1, 4, 17]]])
        .large(&[&[2, 2000, 20]])
        .domain(WIDE),
        Row::whole(
            "max_pool",
            |x| x[0].max_pool(&Window::adaptive([1, 1, 1])),
            |x| {
                let d = x[0].shape();
                naive::fold(&x[0], &[1, 2, 3], false, f64::NEG_INFINITY, f64::max)
                    .reshape([d[0], 1, 1, 1, d[4]])
                    .unwrap()
            },
        )
        .shapes(&[&[&[2, 2, 1, 3, 2]], &[&[1, 1, 1, 1, 1]]])
        .large(&[&[3, 8, 9, 10, 40]])
        .domain(WIDE),
    ]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::{Elem, Tensor, Window};

    #[test]
    fn the_first_of_equal_elements_has_the_gradient_and_nan_wins() {
        let x = Var::variable(Tensor::from([[
            [3.0],
            [3.0],
            [Elem::NAN],
            [9.0],
            [-Elem::INFINITY],
            [-Elem::INFINITY],
        ]]));
        let y = x.max_pool(&Window::new([2])).unwrap();
        assert!(y.value().as_slice()[1].is_nan());
        assert_eq!((y.value().as_slice()[0], y.value().as_slice()[2]), (3.0, -Elem::INFINITY));
        let slope = grad(&y.sum(), &[&x], false).unwrap().remove(0);
        assert_eq!(slope.value().as_slice(), [1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn a_recorded_gradient_takes_the_same_way() {
        let x = Var::variable(
            Tensor::uniform([2, 7, 6, 3], -1.0, 1.0, &plywood_tensor::Seed(3).stream()).unwrap(),
        );
        let window = Window::new([3, 3]).stride([2, 2]).padding([1, 1]);
        let slope = |create_graph| {
            let y = x.max_pool(&window).unwrap();
            grad(&y.mul(&y).unwrap().sum(), &[&x], create_graph).unwrap().remove(0).into_value()
        };
        assert_eq!(slope(false), slope(true));
    }
}
