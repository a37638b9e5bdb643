//! Loops over pieces of tensors that run in full vectors however long their bodies are.
//!
//! A closure is compiled for the instruction sets only where the compiler inlines it, and long ones it does not. What
//! these macros write is always inlined.

/// `fn name(out, x, …)`: writes a function of each `x`, and of numbers that are the same for all.
macro_rules! each {
    ($name:ident, |$x:ident $(, $number:ident)*| $value:expr) => {
        fn $name(out: &mut [plywood_tensor::Elem], x: &[plywood_tensor::Elem] $(, $number: plywood_tensor::Elem)*) {
            struct Pass<'a> {
                out: &'a mut [plywood_tensor::Elem],
                x: &'a [plywood_tensor::Elem],
                $($number: plywood_tensor::Elem,)*
            }
            impl plywood_tensor::simd::Kernel for Pass<'_> {
                type Output = ();
                #[inline(always)]
                fn run(self) {
                    $(let $number = self.$number;)*
                    for (out, &$x) in self.out.iter_mut().zip(self.x) {
                        *out = $value;
                    }
                }
            }
            plywood_tensor::simd::run(Pass { out, x, $($number,)* })
        }
    };
}

/// `fn name(g, v, …)`: multiplies each `g` by a function of the `v` beside it.
macro_rules! times {
    ($name:ident, |$v:ident $(, $number:ident)*| $value:expr) => {
        fn $name(g: &mut [plywood_tensor::Elem], v: &[plywood_tensor::Elem] $(, $number: plywood_tensor::Elem)*) {
            struct Pass<'a> {
                g: &'a mut [plywood_tensor::Elem],
                v: &'a [plywood_tensor::Elem],
                $($number: plywood_tensor::Elem,)*
            }
            impl plywood_tensor::simd::Kernel for Pass<'_> {
                type Output = ();
                #[inline(always)]
                fn run(self) {
                    $(let $number = self.$number;)*
                    for (g, &$v) in self.g.iter_mut().zip(self.v) {
                        *g *= $value;
                    }
                }
            }
            plywood_tensor::simd::run(Pass { g, v, $($number,)* })
        }
    };
}

pub(super) use {each, times};
