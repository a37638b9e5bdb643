//! Arrays of NumPy's: those it wrote are read, ours are those it writes, and what is wrong with others.
//!
//! `npy/` was written by `npy/make.py`; `npy/check.py` has NumPy read what `ours_are_those_that_numpy_has_read` compares with.

use plywood_data::{DataError, FileProblem, Npy, Npz};
use plywood_tensor::{Elem, Float, IntTensor, Result, Tensor};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/npy")
}

fn golden() -> Value {
    serde_json::from_str(include_str!("npy/golden.json")).unwrap()
}

fn shape(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|size| size.as_u64().unwrap() as usize).collect()
}

/// Python's words for a number.
fn number(text: &str) -> f64 {
    match text {
        "True" => 1.0,
        "False" => 0.0,
        _ => text.parse().unwrap(),
    }
}

#[test]
fn every_type_order_and_shape_is_read() {
    let (golden, arrays) = (golden(), Npz::open(folder().join("arrays.npz")).unwrap());
    let expected = golden["arrays"].as_object().unwrap();
    let mut names: Vec<&str> = expected.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(arrays.names().collect::<Vec<_>>(), names);
    for (name, expected) in expected {
        let array = arrays.get(name).unwrap();
        let (sizes, values) = (shape(&expected["shape"]), expected["values"].as_array().unwrap());
        assert_eq!(array.shape()[..], sizes, "{name}");
        let texts: Vec<&str> = values.iter().map(|value| value.as_str().unwrap()).collect();
        let tensor = array.tensor().unwrap();
        let numbers: Vec<Elem> = texts.iter().map(|text| Elem::of(number(text))).collect();
        assert_eq!(tensor, Tensor::from_vec(numbers, sizes.as_slice()).unwrap(), "{name}");
        let floats = name.ends_with(|c: char| c.is_ascii_digit()) && name.contains("_f")
            || ["half", "scalar", "empty", "matrix"].contains(&name.as_str());
        match array.integers() {
            Ok(integers) => {
                assert!(!floats, "{name}");
                let numbers: Vec<i64> =
                    texts.iter().map(|text| text.parse().unwrap_or_else(|_| number(text) as i64)).collect();
                assert_eq!(integers, IntTensor::from_vec(numbers, sizes.as_slice()).unwrap(), "{name}");
            }
            Err(error) => {
                assert!(floats, "{name}: {error}");
                let text = error.to_string();
                assert!(
                    text.contains(&format!("{name}.npy: expected numbers of type i1 to i8, u1 to u8 or b1")),
                    "{text}"
                );
            }
        }
    }
    for version in ["version2.npy", "version3.npy"] {
        let matrix = Npy::open(folder().join(version)).unwrap().tensor().unwrap();
        assert_eq!(matrix, Tensor::from([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]));
    }
    let deflated = Npz::open(folder().join("deflated.npz")).unwrap();
    assert_eq!(format!("{deflated:?}"), r#"{"fortran", "long", "matrix"}"#);
    for name in deflated.names() {
        assert_eq!(
            deflated.get(name).unwrap().tensor().unwrap(),
            arrays.get(name).unwrap().tensor().unwrap()
        );
    }
}

#[test]
fn bytes_are_those_of_numpy() {
    let golden = golden();
    let saved = |name: &str| -> Vec<u8> {
        let bytes = golden["saved"][name].as_array().unwrap();
        bytes.iter().map(|byte| byte.as_u64().unwrap() as u8).collect()
    };
    let wide = if size_of::<Elem>() == 8 { "64" } else { "" };
    let matrix = Tensor::arange(0.0, 6.0, 1.0).unwrap().reshape([2, 3]).unwrap();
    assert_eq!(Npy::from(&matrix).to_bytes(), saved(&format!("matrix{wide}")));
    assert_eq!(Npy::from(&Tensor::from(2.5)).to_bytes(), saved(&format!("scalar{wide}")));
    assert_eq!(Npy::from(&IntTensor::from([3, -1, 2])).to_bytes(), saved("integers"));
    assert_eq!(Npy::from(&IntTensor::zeros([0, 3]).unwrap()).to_bytes(), saved("empty"));
    // What was read is written as it was: the order of bytes and axes is kept.
    let fortran = Npz::open(folder().join("arrays.npz")).unwrap().get("fortran").unwrap();
    let again = Npy::read(&fortran.to_bytes()).unwrap();
    assert_eq!(format!("{again:?}"), "Npy >i2 [2, 3, 4]");
    assert_eq!(again.integers().unwrap(), fortran.integers().unwrap());
}

/// The arrays that `check.py` expects.
fn ours() -> [(&'static str, Npy); 3] {
    let matrix = Tensor::arange(0.0, 6.0, 1.0).unwrap().reshape([2, 3]).unwrap();
    let zeros = Tensor::zeros([200]).unwrap();
    [
        ("x", Npy::from(&matrix)),
        ("labels", Npy::from(&IntTensor::from([3, -1, 2]))),
        ("größe", Npy::from(&zeros)),
    ]
}

#[test]
fn ours_are_those_that_numpy_has_read() {
    let stored = Npz::to_bytes(ours()).unwrap();
    if size_of::<Elem>() == 4 {
        assert!(stored == std::fs::read(folder().join("ours.npz")).unwrap());
    }
    // How well deflation works may change with the library that does it.
    let deflated = Npz::to_bytes_compressed(ours()).unwrap();
    assert!(deflated.len() < stored.len());
    let committed = std::fs::read(folder().join("ours_deflated.npz")).unwrap();
    for file in [&stored, &deflated, &committed] {
        let arrays = Npz::read(file).unwrap();
        for (name, array) in ours() {
            assert_eq!(arrays.get(name).unwrap().tensor().unwrap(), array.tensor().unwrap(), "{name}");
        }
    }
    assert_eq!(
        Npz::to_bytes([("x", Npy::from(&Tensor::from(1.0))), ("x", Npy::from(&Tensor::from(2.0)))])
            .unwrap_err()
            .to_string(),
        "npz: archive: expected a name for each file, got two of \"x.npy\""
    );
}

/// What is written can be read: as many arrays as the reader takes, and no more.
#[test]
fn archives_of_too_many_arrays_are_not_written() {
    let names: Vec<String> = (0..10_001).map(|i| i.to_string()).collect();
    let array = Npy::from(&Tensor::from(1.0));
    let arrays = |count: usize| names[..count].iter().map(|name| (name.as_str(), array.clone()));
    let most = Npz::to_bytes(arrays(10_000)).unwrap();
    assert_eq!(Npz::read(&most).unwrap().names().count(), 10_000);
    let error = Npz::to_bytes(arrays(10_001)).unwrap_err();
    assert_eq!(error.to_string(), "npz: expected at most 10000 files in an archive, got 10001");
    assert!(matches!(
        error.source_as(),
        Some(DataError::File { problem: FileProblem::Limit { limit: 10_000, got: 10_001, .. }, .. })
    ));
}

/// If the files shall change: take these, written in single precision, and let `check.py` read them.
#[test]
fn the_files_for_numpy_are_written() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    Npz::save(folder.join("ours.npz"), ours()).unwrap();
    Npz::save_compressed(folder.join("ours_deflated.npz"), ours()).unwrap();
    assert_eq!(std::fs::read(folder.join("ours.npz")).unwrap(), Npz::to_bytes(ours()).unwrap());
}

#[test]
fn files_come_back() {
    let path = |name: &str| std::env::temp_dir().join(format!("plywood-npy-{}-{name}", std::process::id()));
    let x = Tensor::from([[1.0, 2.5], [-3.0, 0.0]]);
    Npy::from(&x).save(path("x.npy")).unwrap();
    assert_eq!(Npy::open(path("x.npy")).unwrap().tensor().unwrap(), x);
    Npz::save_compressed(path("x.npz"), [("x", Npy::from(&x))]).unwrap();
    assert_eq!(Npz::open(path("x.npz")).unwrap().get("x").unwrap().tensor().unwrap(), x);
    for name in ["x.npy", "x.npz"] {
        std::fs::remove_file(path(name)).unwrap();
    }
    let text = Npy::open("no/such/file").unwrap_err().to_string();
    assert!(text.starts_with("no/such/file: cannot read: "), "{text}");
    let text = Npz::open("no/such/file").unwrap_err().to_string();
    assert!(text.starts_with("no/such/file: cannot read: "), "{text}");
}

/// A file with this header, as it is.
fn file(version: [u8; 2], header: &str, data: usize) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend(version);
    bytes.extend((header.len() as u16).to_le_bytes());
    if version[0] > 1 {
        bytes.extend([0; 2]);
    }
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + data, 0);
    bytes
}

#[test]
fn broken_arrays_are_named() {
    let header = |descr: &str, shape: &str| {
        format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}")
    };
    let v1 = |descr: &str, shape: &str, data| file([1, 0], &header(descr, shape), data);
    let whole = |text: &str| file([1, 0], text, 4);
    let known = "expected numbers of type f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8 or b1, got";
    let rows: Vec<(Vec<u8>, String)> = vec![
        (vec![], "expected a file that begins with 0x93 NUMPY, got nothing".into()),
        (b"PK".to_vec(), "expected a file that begins with 0x93 NUMPY, got 0x50 0x4b".into()),
        (b"\x93NUMPY\x01\0\x05".to_vec(), "expected 10 bytes of header, got 9".into()),
        (file([1, 1], "", 0), "expected version 1.0, 2.0 or 3.0 of the format, got 1.1".into()),
        (file([4, 0], "", 0), "expected version 1.0, 2.0 or 3.0 of the format, got 4.0".into()),
        (b"\x93NUMPY\x01\0\xff\0{".to_vec(), "expected 265 bytes of header, got 11".into()),
        (
            b"\x93NUMPY\x02\0\xff\xff\xff\xff".to_vec(),
            "expected at most 10000 bytes of header, got 4294967295".into(),
        ),
        // The 74 bytes that end other readers' process.
        (v1("'<f4'", "(68719476736,)", 0), "expected 274877906944 bytes of data, got 0".into()),
        (v1("'<f4'", "(1,)", 5), "expected 4 bytes of data, got 5".into()),
        (
            v1("'<f4'", "(4294967296, 4294967296, 4)", 0),
            "expected a size in bytes below 2^64, got the sizes [4294967296, 4294967296, 4]".into(),
        ),
        (
            v1("'<f4'", "(0, 4294967296, 4294967296)", 0),
            "expected a size in bytes below 2^64, got the sizes [0, 4294967296, 4294967296]".into(),
        ),
        (
            v1("'<f4'", "(18446744073709551616,)", 0),
            "header, byte 51: expected a size below 2^64, got \"18446744073709551616\"".into(),
        ),
        (v1("'<f4'", "(-1,)", 0), "header, byte 51: expected a size below 2^64, got \"-1,), }\"".into()),
        (v1("'<f4'", "(1,1,1,1,1,1,1,1,1)", 4), "expected at most 8 axes, got 9 axes".into()),
        (
            v1("'<f4'", "(4)", 16),
            "header, byte 53: expected a comma behind the only size, got \", }\"".into(),
        ),
        (v1("'|O'", "()", 8), format!("{known} |O")),
        (v1("'<c8'", "()", 8), format!("{known} <c8")),
        (v1("'=f4'", "()", 4), format!("{known} =f4")),
        (v1("'|f4'", "()", 4), format!("{known} |f4")),
        (v1("''", "()", 4), format!("{known} ")),
        (v1("[('a', '<f4')]", "()", 4), format!("{known} records")),
        (
            v1("None", "()", 4),
            "header, byte 10: expected a text in quotes, got \"None, 'fortran_order\"".into(),
        ),
        (whole(""), "header, byte 0: expected `{`, got its end".into()),
        (whole("{}"), "header, byte 2: expected 'descr', 'fortran_order' and 'shape', got its end".into()),
        (
            whole("{'descr': '<f4', }"),
            "header, byte 18: expected 'descr', 'fortran_order' and 'shape', got its end".into(),
        ),
        (
            whole("{'descr': '<f4', 'descr': '<f4'}"),
            "header, byte 17: expected each key once, got \"'descr': '<f4'}\"".into(),
        ),
        (
            whole("{'order': 1}"),
            "header, byte 1: expected 'descr', 'fortran_order' or 'shape', got \"'order': 1}\"".into(),
        ),
        (whole("{'fortran_order': 1}"), "header, byte 18: expected True or False, got \"1}\"".into()),
        (whole("{'shape': (1 2)}"), "header, byte 13: expected `,` or `)`, got \"2)}\"".into()),
        (whole("{'shape: ()}"), "header, byte 1: expected a text in quotes, got \"'shape: ()}\"".into()),
        (
            whole("{'shape': () 'descr': '<f4'}"),
            "header, byte 13: expected `}`, got \"'descr': '<f4'}\"".into(),
        ),
        (
            whole(&(header("'<f4'", "()") + " 1")),
            "header, byte 56: expected the end of the header, got \"1\"".into(),
        ),
    ];
    for (bytes, text) in rows {
        assert_eq!(Npy::read(&bytes).unwrap_err().to_string(), format!("npy: {text}"));
    }
    // In any order, with other quotes, and as Python 2 wrote it.
    let good = file([1, 0], "{\"shape\":(2L,),'fortran_order':True , 'descr' : '<f4'}\n", 8);
    assert_eq!(Npy::read(&good).unwrap().tensor().unwrap(), Tensor::from([0.0, 0.0]));
    let mut large = file([1, 0], &header("'<f8'", "(2,)"), 8);
    large.extend(1e300_f64.to_le_bytes());
    match Npy::read(&large).unwrap().tensor() {
        Ok(_) => assert_eq!(size_of::<Elem>(), 8),
        Err(error) => {
            let text = "npy: number 1: expected a number that a tensor can hold, got 1e300";
            assert_eq!(error.to_string(), text);
        }
    }
    let mut unsigned = file([1, 0], &header("'<u8'", "(1,)"), 0);
    unsigned.extend(u64::MAX.to_le_bytes());
    assert_eq!(
        Npy::read(&unsigned).unwrap().integers().unwrap_err().to_string(),
        "npy: number 0: expected at most 9223372036854775807, got 18446744073709551615"
    );
}

#[test]
fn broken_archives_are_named() {
    let one = || [("x", Npy::from(&IntTensor::from([7])))];
    let (stored, deflated) = (Npz::to_bytes(one()).unwrap(), Npz::to_bytes_compressed(one()).unwrap());
    let central = stored.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    let end = stored.len() - 22;
    let changed = |file: &[u8], at: usize, bytes: &[u8]| {
        let mut file = file.to_vec();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    };
    let read = |file: &[u8]| -> Result<Npy> { Npz::read(file)?.get("x") };
    let rows: Vec<(&str, Vec<u8>, String)> = vec![
        ("empty", vec![], "archive: expected the end of an archive, got none".into()),
        (
            "cut",
            stored[..stored.len() - 1].to_vec(),
            "archive: expected the end of an archive, got none".into(),
        ),
        (
            "count",
            changed(&stored, end + 8, &[0; 4]),
            "archive: expected 0 files in the directory, got more".into(),
        ),
        (
            "more",
            changed(&stored, end + 8, &[2, 0, 2, 0]),
            format!("archive: expected a file in the directory, got none at byte {end}"),
        ),
        (
            "disks",
            changed(&stored, end + 4, &[1]),
            "archive: expected an archive in one file, got several".into(),
        ),
        (
            "zip64",
            changed(&stored, end + 16, &[255; 4]),
            "archive: expected an archive of less than 4 GiB, got the extension ZIP64".into(),
        ),
        (
            "size64",
            changed(&stored, central + 20, &[255; 4]),
            "archive: expected an archive of less than 4 GiB, got the extension ZIP64".into(),
        ),
        (
            "start",
            changed(&stored, end + 16, &[0; 4]),
            format!(
                "archive: expected a directory that ends at byte {end}, got {} bytes from 0 on",
                end - central
            ),
        ),
        (
            "encrypted",
            changed(&stored, central + 8, &[1]),
            "archive: expected \"x.npy\" to be readable, got an encrypted file".into(),
        ),
        (
            "method",
            changed(&stored, central + 10, &[12]),
            "archive: expected \"x.npy\" stored or deflated, got method 12".into(),
        ),
        (
            "stored",
            changed(&stored, central + 24, &[137]),
            "archive: expected 137 bytes of \"x.npy\", got 136".into(),
        ),
        (
            "name",
            changed(&stored, central + 46, b"y"),
            "archive: expected \"y.npy\" as in the directory, got another file".into(),
        ),
        (
            "bytes",
            changed(&stored, central + 46, &[0xff]),
            "archive: expected a name in UTF-8, got other bytes".into(),
        ),
        (
            "offset",
            changed(&stored, central + 42, &[1]),
            "archive: expected a file where the directory says, got none at byte 1".into(),
        ),
        (
            "long",
            changed(&changed(&stored, central + 20, &[200]), central + 24, &[200]),
            "archive: expected 200 bytes of \"x.npy\" in front of the directory, got fewer".into(),
        ),
        ("crc", changed(&stored, central - 1, &[1]), "archive: expected the checksum".into()),
        (
            "bomb",
            changed(&deflated, deflated.len() - 22 - 51 + 24, &[0, 0, 0, 0xf0]),
            "expected at most".into(),
        ),
        (
            "longer",
            changed(&deflated, deflated.len() - 22 - 51 + 24, &[200]),
            "expected 200 bytes of \"x.npy\", got 136".into(),
        ),
        (
            "shorter",
            changed(&deflated, deflated.len() - 22 - 51 + 24, &[100]),
            "expected 100 bytes of \"x.npy\", got 101".into(),
        ),
        ("deflate", changed(&deflated, 35, &[7]), "cannot unpack: ".into()),
    ];
    for (name, bytes, text) in rows {
        let error = read(&bytes).unwrap_err().to_string();
        let error = error.strip_prefix("npz, x.npy: ").or(error.strip_prefix("npz: ")).unwrap();
        assert!(error.starts_with(&text), "{name}: {error}");
    }
    // The same file twice in the directory: small archives that unpack to much are made so.
    let entry = &stored[central..end];
    let mut twice = [&stored[..end], entry, &stored[end..]].concat();
    let end = twice.len() - 22;
    twice[end + 8..end + 16].copy_from_slice(&[2, 0, 2, 0, 2 * entry.len() as u8, 0, 0, 0]);
    assert_eq!(
        read(&twice).unwrap_err().to_string(),
        "npz: archive: expected files that lie apart, got two that overlap"
    );
    // A comment behind the end is allowed, and what is no array is an error when it is asked for.
    let mut comment = [&stored[..], b"hello"].concat();
    comment[stored.len() - 2] = 5;
    assert_eq!(read(&comment).unwrap().integers().unwrap(), IntTensor::from([7]));
}

/// Whatever a file calls its arrays, a message is one line of a few hundred letters.
#[test]
fn names_of_arrays_are_escaped_and_shortened() {
    let bad = "a\u{1b}[2J\nb\u{202e}".to_owned() + &"c".repeat(10_000);
    let seen = r"a\u{1b}[2J\nb\u{202e}ccc";
    let file = Npz::to_bytes([(bad.as_str(), Npy::from(&IntTensor::from([7])))]).unwrap();
    let central = file.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    let data = file.windows(6).position(|bytes| bytes == b"\x93NUMPY").unwrap();
    let changed = |at: usize| {
        let mut file = file.clone();
        file[at] ^= 1;
        file
    };
    let one = || Npy::from(&Tensor::from(1.0));
    for (name, error) in [
        ("another array", Npz::read(&file).unwrap().get("x").unwrap_err()),
        ("an array that there is not", Npz::read(&file).unwrap().get(&(bad.clone() + "!")).unwrap_err()),
        ("a checksum", Npz::read(&changed(data)).unwrap().get(&bad).unwrap_err()),
        ("an encrypted one", Npz::read(&changed(central + 8)).unwrap_err()),
        ("another method", Npz::read(&changed(central + 10)).unwrap_err()),
        ("a name twice", Npz::to_bytes([(&*bad, one()), (&*bad, one())]).unwrap_err()),
    ] {
        let error = error.to_string();
        assert!(error.contains(seen), "{name}: {error:?}");
        assert!(error.chars().count() < 500 && !error.contains(char::is_control), "{name}: {error:?}");
    }
    // What a type of numbers is called.
    let header = "{'descr': '<\u{1b}[2J', 'fortran_order': False, 'shape': (), }";
    let error = Npy::read(&self::file([1, 0], header, 4)).unwrap_err().to_string();
    assert!(error.ends_with(r"got <\u{1b}[2J"), "{error:?}");
}

#[test]
fn each_problem_of_arrays_has_its_type() {
    let x = || Npy::from(&Tensor::from([1.0]));
    let archive = Npz::to_bytes([("x", x())]).unwrap();
    let mut unsigned = file([1, 0], "{'descr': '<u8', 'fortran_order': False, 'shape': ()}", 0);
    unsigned.extend([255; 8]);
    let problem = |error: plywood_tensor::Error| match error.source_as() {
        Some(DataError::File { problem, .. }) => problem.clone(),
        _ => panic!("{error}"),
    };
    let problems = [
        Npy::read(&file([9, 0], "", 0)).unwrap_err(),
        Npy::read(&file([1, 0], "", 0)).unwrap_err(),
        x().integers().unwrap_err(),
        Npy::read(&unsigned).unwrap().integers().unwrap_err(),
        Npz::read(&[]).unwrap_err(),
        Npz::read(&archive).unwrap().get("y").unwrap_err(),
    ]
    .map(problem);
    assert!(matches!(
        problems,
        [
            FileProblem::Version { .. },
            FileProblem::Header { .. },
            FileProblem::Numbers { .. },
            FileProblem::Number { .. },
            FileProblem::Zip { .. },
            FileProblem::NoArray { .. },
        ]
    ));
}
