//! Tables.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plywood_data::{Csv, Missing};
use std::io::Cursor;

fuzz_target!(|file: &[u8]| {
    let open = || Csv::read(Cursor::new(file.to_vec()));
    let _ = open().inputs();
    let _ = open().header(false).missing(Missing::FillMean).labels("0");
    let _ = open().header(false).missing(Missing::Drop).categorical("1").values("0");
});
