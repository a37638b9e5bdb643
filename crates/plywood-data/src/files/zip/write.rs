//! Writing.

use super::{CENTRAL, DEFLATED, END, ENTRIES, LOCAL, STORED};
use crate::FileProblem;
use crate::files::bytes::UNPACKED;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::Write;

/// The version of the format that is needed to read it: 2.0, for deflation.
const VERSION: u16 = 20;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// The first day there is, so that the same arrays make the same bytes.
const DATE: u16 = 1 << 5 | 1;

/// An archive of files with different names, if it is one that can be read again.
pub(crate) fn archive(files: &[(String, Vec<u8>)], deflate: bool) -> Result<Vec<u8>, FileProblem> {
    if files.len() > ENTRIES {
        return Err(limit("files in an archive", ENTRIES as u64, files.len()));
    }
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        if bytes.len() as u64 > UNPACKED {
            return Err(limit("bytes unpacked", UNPACKED, bytes.len()));
        }
        let mut crc = Crc::new();
        crc.update(bytes);
        let packed;
        let (method, data) = if deflate {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            let done = encoder.write_all(bytes).and_then(|()| encoder.finish());
            packed = done.expect("a vector takes all");
            (DEFLATED, &packed)
        } else {
            (STORED, bytes)
        };
        let flags = if name.is_ascii() { 0 } else { UTF8 };
        let mut about = Vec::new();
        for short in [VERSION, flags, method, 0, DATE] {
            about.extend(short.to_le_bytes());
        }
        for long in [crc.sum(), size(data.len())?, size(bytes.len())?] {
            about.extend(long.to_le_bytes());
        }
        let length =
            u16::try_from(name.len()).map_err(|_| limit("bytes of a name", u16::MAX.into(), name.len()))?;
        about.extend([length.to_le_bytes(), [0; 2]].concat());
        let offset = size(out.len())?;
        out.extend([&LOCAL.to_le_bytes(), &about[..], name.as_bytes(), data].concat());
        directory.extend([&CENTRAL.to_le_bytes(), &VERSION.to_le_bytes()[..], &about].concat());
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let count = files.len() as u16;
    let (start, length) = (size(out.len())?, size(directory.len())?);
    out.extend(directory);
    out.extend(END.to_le_bytes());
    for short in [0, 0, count, count] {
        out.extend(short.to_le_bytes());
    }
    out.extend([length.to_le_bytes(), start.to_le_bytes()].concat());
    out.extend([0; 2]);
    Ok(out)
}

/// Four bytes, of which the largest number means something else.
fn size(bytes: usize) -> Result<u32, FileProblem> {
    let size = u32::try_from(bytes).ok().filter(|&size| size < u32::MAX);
    size.ok_or_else(|| limit("bytes in an archive", u64::from(u32::MAX) - 1, bytes))
}

fn limit(of: &'static str, limit: u64, got: usize) -> FileProblem {
    FileProblem::Limit { of, limit, got: got as u64 }
}
