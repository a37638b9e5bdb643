//! Raw columns made into numbers a network likes.

mod affine;
mod categories;
mod min_max;
mod one_hot;
mod standardize;

pub use categories::Categories;
pub use min_max::MinMax;
pub use one_hot::one_hot;
pub use standardize::Standardize;
