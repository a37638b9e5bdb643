//! Raw columns made into numbers a network likes.

mod affine;
mod categories;
mod min_max;
mod smote;
mod standardize;

pub use categories::Categories;
pub use min_max::MinMax;
pub use smote::Smote;
pub use standardize::Standardize;
