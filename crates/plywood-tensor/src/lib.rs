//! Dense tensors, vectorised kernels, random streams and threads: the floor of Plywood.
//!
//! - [`Tensor`] holds numbers ([`Elem`]), [`IntTensor`] holds class labels, token ids and counters. Both are
//!   [`Array`]s: dense, row-major, cheap to clone, copied only when a shared one is written to.
//! - [`Shape`] is a list of sizes whose product is known to fit in memory.
//! - [`Error`] is the one error of the whole workspace: a path of layers and a typed source.
//! - [`Seed`] and [`Stream`] give random numbers that depend on where they are drawn, never on a thread.
//! - [`simd`] and [`par`] run safe code in the widest vectors and on the threads of [`Threads`]; [`rows`] is made of both.
//!
//! ```
//! use plywood_tensor::{Tensor, Result};
//!
//! fn main() -> Result<()> {
//!     let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
//!     let centred = x.sub(&x.mean_axes(&[0], true)?)?;
//!     assert_eq!(centred.as_slice(), [-1.5, -1.5, -1.5, 1.5, 1.5, 1.5]);
//!     assert_eq!(x.matmul(&x.transpose()?)?.as_slice(), [14.0, 32.0, 32.0, 77.0]);
//!     Ok(())
//! }
//! ```
//!
//! | to … | see |
//! |---|---|
//! | make a tensor | [`Array::full`], [`Array::zeros`], [`Array::from_vec`], [`Array::arange`], [`Array::uniform`] |
//! | compute elementwise | [`Array::map`], [`Array::zip`], [`Array::add`], [`Array::exp`], [`math`] |
//! | compare | [`Array::equal`], [`Array::less`], [`Array::select_where`], [`Array::clamp`], [`Array::all_close`] |
//! | reduce | [`Array::sum`], [`Array::sum_axes`], [`Array::max_axes`], [`Array::variance_axes`], [`Array::norm_axes`] |
//! | run along an axis | [`Array::cumsum`], [`Array::argmax`], [`Array::sort`], [`Array::top_k`] |
//! | multiply | [`Array::matmul`], [`Array::matmul_with`], [`Array::linear`], [`einsum`] |
//! | convolve | [`Array::conv`], [`Array::conv_input_gradient`], [`Array::conv_weight_gradient`], [`Conv`] |
//! | rearrange | [`Array::reshape`], [`Array::permute`], [`Array::flip`], [`Array::pad`], [`Array::squeeze`] |
//! | cut and join | [`Array::rows`], [`Array::narrow`], [`Array::split`], [`Array::concat`], [`Array::stack`] |
//! | index | [`Array::select`], [`Array::index_select`], [`Array::gather`], [`Array::scatter_add`] |
//! | normalise | [`Groups`], [`Array::normalize_rows`], [`Array::softmax`] |
//! | pool and resize images | [`Array::max_pool`], [`Resample`], [`Window`] |
//! | convert | [`Array::cast`], [`Array::to_int`], [`IntTensor::to_float`], [`IntTensor::one_hot`], [`narrow`] |
//! | word a message | [`Error`], [`quoted`], [`one_line`], [`label_advice`] |
#![warn(missing_docs)]

// In reading order: what a tensor is made of, the tensor, what it can do, how it is computed.
mod elem;
mod error;
mod label_advice;
mod one_line;
mod quoted;
mod shape;
mod shared_shape;
mod storage;
mod tensor_error;

mod array;
mod bridge;
mod display;
mod integer;

mod conv;
mod gemm;
mod ops;
mod random;

pub mod math;
pub mod narrow;
pub mod par;
pub mod rows;
pub mod simd;

pub use array::{Array, IntTensor, Tensor};
pub use elem::{Elem, Element, Float};
pub use error::{At, Error, Result, Source};
pub use integer::Integer;
pub use label_advice::label_advice;
pub use one_line::one_line;
pub use ops::conv::Conv;
pub use ops::einsum::{Einsum, einsum};
pub use ops::linear::Activation;
pub use ops::matmul::Transposed;
pub use ops::normalize::groups::{Groups, Scaling};
pub use ops::normalize::rows::RowStatistics;
pub use ops::pool::Choice;
pub use ops::pool::window::Window;
pub use ops::resample::Resample;
pub use par::Threads;
pub use quoted::quoted;
pub use random::{Seed, Stream};
pub use shape::{IntoShape, MAX_RANK, Shape};
pub use shared_shape::SharedShape;
pub use storage::{reserve as reserve_pool, trim as trim_pool};
pub use tensor_error::TensorError;
