//! Files that were damaged, or written to do harm: an error or data, never a panic, never more memory than is promised.
#![allow(clippy::unwrap_used)] // a panic is a failed test

#[path = "../../plywood-nn/tests/mutate/memory.rs"]
mod memory;
#[path = "../../plywood-nn/tests/mutate/mod.rs"]
mod mutate;

use flate2::Compression;
use flate2::write::GzEncoder;
use plywood_data::{Csv, Idx, Missing, Npy, Npz};
use plywood_tensor::{IntTensor, Tensor, trim_pool};
use std::collections::BTreeMap;
use std::io::Write;

const MIB: usize = 1 << 20;

/// The file twice, and 20 times as much for what is made of it.
fn npy(file: &[u8]) -> usize {
    trim_pool();
    memory::bounded("npy", file, 24 * file.len() + MIB, |file| {
        if let Ok(array) = Npy::read(file) {
            drop(array.tensor());
            trim_pool();
            drop(array.integers());
        }
    })
}

/// As `npy` for the file and its directory; then, for each array that is asked for, as `npy` for what that one unpacks to.
fn npz(file: &[u8]) {
    trim_pool();
    let mut arrays = None;
    memory::bounded("npz", file, 24 * file.len() + MIB, |file| arrays = Npz::read(file).ok());
    let Some(arrays) = arrays else { return };
    let sizes = unpacked(file);
    for name in arrays.names() {
        let size = sizes.get(name).copied().unwrap_or(0);
        // A deflated array has at most 1032 times its packed length, and no file packs more than itself.
        assert!(size <= 1032 * file.len(), "{name}: {size} bytes of {}", file.len());
        trim_pool();
        memory::bounded("npz, an array", file, 24 * size + MIB, |_| {
            let Ok(array) = arrays.get(name) else { return };
            drop(array.tensor());
            trim_pool();
            drop(array.integers());
        });
    }
}

/// How many bytes each array of an archive unpacks to, as its directory says.
fn unpacked(file: &[u8]) -> BTreeMap<String, usize> {
    let short = |at: usize| usize::from(u16::from_le_bytes([file[at], file[at + 1]]));
    let long = |at: usize| short(at) | short(at + 2) << 16;
    let is_end = |at: &usize| &file[*at..at + 4] == b"PK\x05\x06" && at + 22 + short(at + 20) == file.len();
    let end = (0..=file.len() - 22).rev().find(is_end).unwrap();
    let (mut sizes, mut at) = (BTreeMap::new(), long(end + 16));
    while at < end {
        let name = String::from_utf8(file[at + 46..at + 46 + short(at + 28)].to_vec()).unwrap();
        sizes.insert(name.strip_suffix(".npy").unwrap_or(&name).to_owned(), long(at + 24));
        at += 46 + short(at + 28) + short(at + 30) + short(at + 32);
    }
    sizes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn idx(file: &[u8], most: usize) -> usize {
    trim_pool();
    memory::bounded("idx", file, most, |file| {
        if let Ok(array) = Idx::read(file) {
            drop(array.tensor());
            trim_pool();
            drop(array.integers());
        }
    })
}

fn csv(file: &[u8]) -> usize {
    trim_pool();
    let open = |file: &[u8]| Csv::read(std::io::Cursor::new(file.to_vec()));
    memory::bounded("csv", file, 128 * file.len() + MIB, |file| {
        drop(open(file).inputs());
        drop(open(file).missing(Missing::FillMean).labels("kind"));
        drop(open(file).missing(Missing::Drop).categorical("kind").header(true).values("a"));
    })
}

#[test]
fn damaged_arrays() {
    let _alone = memory::alone();
    let matrix = Npy::from(&Tensor::from([[1.0, 2.0], [3.0, 4.0]])).to_bytes();
    let counts = Npy::from(&IntTensor::from([1, 2, 3])).to_bytes();
    let version3 = include_bytes!("npy/version3.npy");
    mutate::all(&[&matrix, &counts, version3], 1, 30_000, |file| {
        npy(file);
    });
    // The worst: bytes that become integers, in the other order of axes.
    let mut header = "{'descr': '|u1', 'fortran_order': True, 'shape': (1025, 1025), }".to_owned();
    header += &" ".repeat(118 - header.len());
    let mut file = [b"\x93NUMPY\x01\0v\0", header.as_bytes()].concat();
    file.resize(file.len() + 1025 * 1025, 1);
    println!("npy: {:.1} times the file", npy(&file) as f64 / file.len() as f64);
}

#[test]
fn damaged_archives() {
    let _alone = memory::alone();
    let array = Npy::from(&IntTensor::from([1, 2, 3]));
    let stored = Npz::to_bytes([("a", array.clone()), ("b", Npy::from(&Tensor::from(2.0)))]).unwrap();
    let deflated = Npz::to_bytes_compressed([("a", array), ("b", Npy::from(&Tensor::from(2.0)))]).unwrap();
    mutate::all(&[&stored], 2, 15_000, npz);
    mutate::all(&[&deflated, &stored], 3, 15_000, npz);
    let many: Vec<u8> = {
        let names: Vec<String> = (0..3000).map(|i| i.to_string()).collect();
        Npz::to_bytes(names.iter().map(|name| (name.as_str(), Npy::from(&Tensor::from(1.0))))).unwrap()
    };
    npz(&many);
    let zeros = Npz::to_bytes_compressed([("z", Npy::from(&Tensor::zeros([1 << 20]).unwrap()))]).unwrap();
    npz(&zeros);
}

#[test]
fn damaged_idx() {
    let _alone = memory::alone();
    let images = [&[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3][..], &[7; 12]].concat();
    let doubles =
        [&[0, 0, 14, 1, 0, 0, 0, 2][..], &1.5_f64.to_be_bytes(), &(-2.0_f64).to_be_bytes()].concat();
    // What looks compressed may unpack.
    let most = |file: &[u8]| {
        let ratio = if file.starts_with(&[0x1f, 0x8b]) { 1032 } else { 1 };
        24 * ratio * file.len() + MIB
    };
    let mut look = |file: &[u8]| {
        idx(file, most(file));
    };
    mutate::all(&[&images, &doubles], 4, 30_000, &mut look);
    let (packed, two) = (gzip(&images), [gzip(&images[..9]), gzip(&images[9..])].concat());
    assert!(Idx::read(&packed).is_ok() && Idx::read(&two).is_ok());
    mutate::all(&[&packed, &two, &images], 8, 15_000, &mut look);
    // As much as a byte can stand for, with a header that says so, and with one that says less, or more.
    for size in [8 * MIB, 0, 8 * MIB + 1, 9 * MIB] {
        let header = [&[0, 0, 8, 1][..], &(size as u32).to_be_bytes()].concat();
        let bomb = gzip(&[header, vec![0; 8 * MIB]].concat());
        let held = idx(&bomb, 24 * (8 * MIB) + MIB);
        assert_eq!(Idx::read(&bomb).is_ok(), size == 8 * MIB);
        println!("idx, gzip: {:.1} times what it unpacks to", held as f64 / (8 * MIB) as f64);
    }
    let labels = [&[0, 0, 8, 1, 0, 0x10, 0, 1][..], &[1; 0x10_0001]].concat();
    println!("idx: {:.1} times the file", idx(&labels, 24 * labels.len() + MIB) as f64 / labels.len() as f64);
}

#[test]
fn damaged_tables() {
    let _alone = memory::alone();
    let plain = b"a,kind,b\n1,x,2\n-3.5,y,4e3\n0,x,\n".to_vec();
    let quoted = "\u{feff}\"a\",kind,\"b \"\"c\"\"\"\r\n1,\"x\ny\",2\r\n\r\n3,z,NaN\r\n".as_bytes().to_vec();
    mutate::all(&[&plain, &quoted], 5, 15_000, |file| {
        csv(file);
    });
    // Of what a compressed table unpacks to; what is damaged unpacks to as much, or is refused.
    let packed = gzip(&plain);
    mutate::all(&[&packed], 9, 5_000, |file| {
        memory::bounded("csv, gzip", file, 128 * 1032 * file.len() + MIB, |file| {
            drop(Csv::read(std::io::Cursor::new(file.to_vec())).labels("kind"));
        });
    });
    // As many columns, cells and categories as there can be.
    let wide = format!("a,kind{}\n1,1{}\n", ",c".repeat(100_000), ",1".repeat(100_000));
    let narrow = format!("a,kind\n{}", "1,1\n".repeat(100_000));
    let rows: String = (0..3000).map(|i| format!("1,{i}\n")).collect();
    let quotes = format!("a,kind\n1,\"{}", "\n".repeat(200_000));
    for (name, text) in [("wide", wide), ("narrow", narrow), ("quotes", quotes)] {
        println!("csv, {name}: {:.1} times the file", csv(text.as_bytes()) as f64 / text.len() as f64);
    }
    // Categories: 9 million numbers are within the limit, 900 million are not, and are an error before they are allocated.
    let categories = |rows: String| {
        let text = format!("a,kind\n{rows}");
        Csv::read(std::io::Cursor::new(text.into_bytes())).categorical("kind").values("a")
    };
    assert!(categories(rows).is_ok());
    let rows: String = (0..30_000).map(|i| format!("1,{i}\n")).collect();
    assert_eq!(
        categories(rows).unwrap_err().to_string(),
        "csv: expected at most 67108864 numbers, got 30000 rows of 30000"
    );
}

#[cfg(feature = "images")]
mod images {
    use super::{MIB, memory, mutate, trim_pool};
    use plywood_data::ImageFolder;
    use std::path::Path;

    /// Every damaged form of these files, decoded within small limits.
    fn check(name: &str, files: &[&[u8]], seed: u64, count: usize) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images/folder");
        let data = ImageFolder::open(folder).max_decoded(1 << 16).read().unwrap();
        for file in files {
            data.decode(file).unwrap();
        }
        mutate::all(files, seed, count, |file| {
            trim_pool();
            // Decoded, in three channels, and as a tensor of wider numbers.
            let most = 4 * file.len() + 32 * (1 << 16) + MIB;
            memory::bounded(name, file, most, |file| drop(data.decode(file)));
        });
    }

    #[test]
    fn damaged_png() {
        let _alone = memory::alone();
        let files = [
            &include_bytes!("images/folder/blue/a.png")[..],
            include_bytes!("images/folder/blue/c.png"),
            include_bytes!("images/folder/red/palette.PNG"),
            include_bytes!("images/folder/red/deep.png"),
            include_bytes!("images/folder/red/alpha.png"),
        ];
        check("png", &files, 6, 10_000);
    }

    #[test]
    fn damaged_jpeg() {
        let _alone = memory::alone();
        let files =
            [&include_bytes!("images/folder/red/gray.jpeg")[..], include_bytes!("images/folder/blue/b.jpg")];
        check("jpeg", &files, 7, 10_000);
    }
}
