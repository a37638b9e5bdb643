//! Tables of separated values.

mod builder;
mod column;
mod columns;
mod header;
mod missing;
mod place;
mod problem;
mod rows;
mod table;

pub use builder::Csv;
pub use missing::Missing;
pub use place::Place;
pub use problem::CsvProblem;
