//! The part of the ZIP format that archives of arrays are made of: no more than 4 GiB, stored or deflated, not encrypted.

pub(super) mod read;
pub(super) mod write;

/// Marks of the three records.
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Lengths of the three records, without names.
const LOCAL_LENGTH: usize = 30;
const CENTRAL_LENGTH: usize = 46;
const END_LENGTH: usize = 22;
/// An archive of arrays has some dozens at most.
const ENTRIES: usize = 10_000;
/// How a file is packed.
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
