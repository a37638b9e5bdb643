//! Raw columns made into numbers a network likes.

mod affine;
mod categories;
mod min_max;
mod standardize;

pub use categories::Categories;
pub use min_max::MinMax;
pub use standardize::Standardize;
