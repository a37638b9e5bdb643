//! `+ - * /` on references, for shapes that were checked before.

use crate::Var;
use plywood_tensor::Elem;
use std::ops::{Add, Div, Mul, Neg, Sub};

macro_rules! operator {
    ($($trait:ident $name:ident $scalar:expr),*) => { $(
        /// Panics with both shapes if they do not broadcast; the method of the same name returns a `Result`.
        impl $trait<&Var> for &Var {
            type Output = Var;
            #[track_caller]
            fn $name(self, other: &Var) -> Var {
                Var::$name(self, other).unwrap_or_else(|error| panic!("{error}"))
            }
        }

        impl $trait<Elem> for &Var {
            type Output = Var;
            fn $name(self, c: Elem) -> Var {
                let with_scalar: fn(&Var, Elem) -> Var = $scalar;
                with_scalar(self, c)
            }
        }
    )* };
}
operator!(
    Add add |x, c| x.add_scalar(c),
    Sub sub |x, c| x.add_scalar(-c),
    Mul mul |x, c| x.mul_scalar(c),
    Div div |x, c| x.mul_scalar(1.0 / c)
);

impl Neg for &Var {
    type Output = Var;
    fn neg(self) -> Var {
        Var::neg(self)
    }
}
