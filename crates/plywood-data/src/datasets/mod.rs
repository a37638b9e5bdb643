//! Well-known data sets: small ones that are always there, larger ones from their files. Nothing is downloaded.
//!
//! | data set | samples | inputs | targets |
//! |---|---|---|---|
//! | [`breast_cancer`] | 569 | 30 measures of cell nuclei | 2 classes |
//! | [`digits`] | 1797 | 8×8 pixels | 10 classes |
//! | [`wine_quality`] | 1599 | 11 measures of red wines | a mark from 3 to 8 |
//! | [`mnist`], [`fashion_mnist`] | 70 000, from files | 28×28 gray pixels | 10 classes |
//! | [`cifar10`], [`cifar100`] | 60 000, from files | 32×32 coloured pixels | 10 or 100 classes |
//!
//! The file NOTICE names the authors and the licence of each that is included.

mod breast_cancer;
mod cifar;
mod digits;
mod mnist;
mod wine_quality;

pub use breast_cancer::breast_cancer;
pub use cifar::{cifar10, cifar100, cifar100_superclasses};
pub use digits::digits;
pub use mnist::{fashion_mnist, mnist};
pub use wine_quality::wine_quality;

/// Why the included files can be read.
const INCLUDED: &str = "an included file that a test reads";
