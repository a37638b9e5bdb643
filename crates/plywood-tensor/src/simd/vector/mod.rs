//! Vectors of one instruction set, for the kernels whose speed hangs on registers: products and what is built like them.
//!
//! Most code is better served by plain loops behind [`simd::run`](super::run). A kernel that must decide which number
//! stays in which register is written once over [`Simd`] and compiled for each implementor.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::Avx512;
pub(crate) use portable::Portable;

/// What a kernel needs of vectors of `T`.
///
/// # Safety
/// Every function may be called only where the instruction set is available, and inlined into a function that enables it.
/// Pointers must be valid for the lanes that are read or written; they need no alignment.
pub(crate) trait Simd<T> {
    /// A vector in a register.
    type Vector: Copy;
    /// Which of the first lanes of a vector take part.
    type Mask: Copy;
    /// How many numbers a vector holds.
    const LANES: usize;
    /// For how many steps ahead a product asks for its numbers; 0 where processors find them in time by themselves.
    const AHEAD: usize;

    /// The mask of the first `count` lanes.
    unsafe fn mask(count: usize) -> Self::Mask;
    /// The same number in each lane.
    unsafe fn splat(x: T) -> Self::Vector;
    /// All lanes.
    unsafe fn load(from: *const T) -> Self::Vector;
    /// The lanes of a mask, 0 in the others, whose memory is not touched.
    unsafe fn load_part(from: *const T, mask: Self::Mask) -> Self::Vector;
    /// All lanes.
    unsafe fn store(to: *mut T, x: Self::Vector);
    /// The lanes of a mask; the memory of the others is not touched.
    unsafe fn store_part(to: *mut T, x: Self::Vector, mask: Self::Mask);
    /// `a + b`.
    unsafe fn add(a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a b + c`, rounded once where the instruction set can.
    unsafe fn multiply_add(a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// The sum of the lanes: the second half is added to the first until one is left.
    unsafe fn sum(x: Self::Vector) -> T;
    /// `x`, or 0 where it is below; NaN stays NaN.
    unsafe fn rectify(x: Self::Vector) -> Self::Vector;
    /// Moves a block of `[rows, columns]`, each 1 to `LANES`, to its transpose: `to[i][j] = from[j][i]`, rows so many
    /// numbers apart. `LANES` numbers of each row of `to` are written: those beyond `rows` are of no meaning.
    unsafe fn transpose(from: *const T, from_step: usize, size: [usize; 2], to: *mut T, to_step: usize);
}
