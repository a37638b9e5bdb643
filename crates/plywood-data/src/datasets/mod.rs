//! Small data sets that are always there: nothing is downloaded.
//!
//! | data set | samples | inputs | targets |
//! |---|---|---|---|
//! | [`breast_cancer`] | 569 | 30 measures of cell nuclei | 2 classes |
//! | [`digits`] | 1797 | 8×8 pixels | 10 classes |
//! | [`wine_quality`] | 1599 | 11 measures of red wines | a mark from 3 to 8 |
//!
//! The file NOTICE names the authors and the licence of each.

mod breast_cancer;
mod digits;
mod wine_quality;

pub use breast_cancer::breast_cancer;
pub use digits::digits;
pub use wine_quality::wine_quality;

/// Why the included files can be read.
const INCLUDED: &str = "an included file that a test reads";
