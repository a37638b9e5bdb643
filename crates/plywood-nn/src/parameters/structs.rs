//! The macro that lists the fields of a struct.

/// Implements [`Parameters`](crate::Parameters) for a struct: `parameters!(Block { up, down } skip { scale });`
///
/// Every field is named, either among those that own parameters or among those to skip: a forgotten one does not
/// compile. Generic structs write their parameters and bounds in brackets: `parameters!([M: Module] Wrapper<M> { inner });`
///
/// ```compile_fail
/// use plywood_nn::{Linear, parameters};
/// struct Block { up: Linear, down: Linear }
/// parameters!(Block { up }); // error: pattern does not mention field `down`
/// ```
#[macro_export]
macro_rules! parameters {
    ($name:ident { $($field:ident),* $(,)? } $(skip { $($skipped:ident),* $(,)? })?) => {
        $crate::parameters!([] $name { $($field),* } $(skip { $($skipped),* })?);
    };
    ([$($generics:tt)*] $name:ty { $($field:ident),* $(,)? } $(skip { $($skipped:ident),* $(,)? })?) => {
        impl<$($generics)*> $crate::Parameters for $name {
            #[allow(unused_variables)] // a struct may own nothing
            fn visit<'a>(
                &'a self,
                path: &$crate::Path<'_>,
                visit: &mut dyn FnMut(&$crate::Path<'_>, $crate::Leaf<'a>),
            ) {
                let Self { $($field,)* $($($skipped: _,)*)? } = self;
                $( $crate::Parameters::visit($field, &path.field(stringify!($field)), visit); )*
            }

            #[allow(unused_variables)]
            fn visit_mut(
                &mut self,
                path: &$crate::Path<'_>,
                visit: &mut dyn FnMut(&$crate::Path<'_>, $crate::LeafMut<'_>),
            ) {
                let Self { $($field,)* $($($skipped: _,)*)? } = self;
                $( $crate::Parameters::visit_mut($field, &path.field(stringify!($field)), visit); )*
            }
        }
    };
}
