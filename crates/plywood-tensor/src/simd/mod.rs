//! Safe code in the widest vectors of the machine.
//!
//! [`dispatch`] runs a short closure, and [`run`] a [`Kernel`] of any length, compiled once for each instruction set, and
//! picks the best that the processor has: AVX-512, AVX2 with FMA, or what the target always has. Inside, write plain
//! loops over slices of equal length; the compiler turns them into vector instructions. The crates above use these doors
//! for update rules, losses and warps, and stay free of `unsafe`.
//!
//! ```
//! use plywood_tensor::simd;
//!
//! let (a, mut b) = ([1.0_f32; 100], [2.0_f32; 100]);
//! simd::dispatch(|| {
//!     for (b, a) in b.iter_mut().zip(&a) {
//!         *b += 0.5 * a;
//!     }
//! });
//! assert_eq!(b, [2.5; 100]);
//! ```

mod dispatch;
mod isa;
mod prefetch;
pub(crate) mod vector;

pub use dispatch::{Kernel, dispatch, run};
pub use isa::Isa;
pub(crate) use prefetch::prefetch;
