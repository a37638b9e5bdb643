//! Folders of images: what is read, what is refused, what is left out.
#![cfg(feature = "images")]

use plywood_augment::Pipeline;
use plywood_data::{DataError, DataLoader, Dataset, FileProblem, ImageFolder, OnBroken, OpenImages};
use plywood_tensor::{Float, IntTensor, Result, Seed, Stream, Tensor};
use serde_json::Value;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

fn images() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images/folder")
}

/// A folder of this test alone, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("plywood-images-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// What an error says, without the path of the folder.
    fn said(&self, error: impl std::fmt::Display) -> String {
        error.to_string().replace(&format!("{}", self.0.display()), "~")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn pixels_are_those_of_pillow() {
    let golden: Value = serde_json::from_str(include_str!("images/golden.json")).unwrap();
    let color = || ImageFolder::open(images());
    for (mode, open, size) in [
        ("RGB", color(), None),
        ("L", color().gray(), None),
        ("RGB", color(), Some([8, 4])),
        ("RGB", color(), Some([3, 9])),
        ("L", color().gray(), Some([8, 4])),
    ] {
        let data = open.read().unwrap();
        let data = size.map_or_else(|| data.clone(), |size| data.resized(size).unwrap());
        assert_eq!(data.class_names(), ["blue", "red"]);
        assert_eq!(*data.labels(), IntTensor::from([0, 0, 0, 1, 1, 1, 1]));
        assert_eq!((data.len(), data.skipped().len()), (7, 0));
        for index in 0..data.len() {
            let path = data.path(index).unwrap().strip_prefix(images()).unwrap();
            let name = path.to_str().unwrap().replace('\\', "/");
            let size = size.map_or_else(String::new, |[height, width]| format!(" {height}x{width}"));
            let case = &golden[format!("{name} {mode}{size}")];
            let (image, label) = data.get(index).unwrap();
            assert_eq!(data.decode(&std::fs::read(data.path(index).unwrap()).unwrap()).unwrap(), image);
            assert_eq!(label.item().unwrap(), i64::from(name.starts_with("red")));
            let shape: Vec<u64> = image.shape().iter().map(|&size| size as u64).collect();
            assert_eq!(serde_json::to_value(shape).unwrap(), case["shape"], "{name}");
            // Two JPEG decoders may differ in the last step of their inverse transform and of the colours.
            // Where it scales, Pillow counts in fewer bits.
            let close =
                if name.contains(".jp") { 3.0 } else { 0.0 } + if size.is_empty() { 0.0 } else { 1.0 };
            for (i, (got, expected)) in
                image.as_slice().iter().zip(case["data"].as_array().unwrap()).enumerate()
            {
                let got = (got.to_f64() * 255.0).round();
                let far = (got - expected.as_f64().unwrap()).abs();
                assert!(far <= close, "{name} {mode} {i}: {got} instead of {expected}");
            }
        }
    }
}

#[test]
fn images_of_any_size_are_brought_to_one_by_any_number_of_workers() {
    let data = ImageFolder::open(images()).read().unwrap();
    let error = DataLoader::new(&data).epoch(0).next().unwrap().unwrap_err().to_string();
    let error = error.replace(&images().display().to_string(), "~").replace('\\', "/");
    assert_eq!(
        error,
        "inputs: expected shape [5, 6, 3] as of sample 0 (~/blue/a.png), got [16, 24, 3] of sample 1 (~/blue/b.jpg); \
         bring images to one size by `ImageFolder::resized`, or by a crop or a resize in `map`"
    );
    // What goes wrong on the way names the file, too.
    let large = Pipeline::builder().flip_vertical(0.5).crop_random([6, 6]).build().unwrap();
    let loader = DataLoader::new(&data).map(move |x, y, draw| Ok((large.tensor(x, draw)?, y)));
    let error = loader.epoch(0).next().unwrap().unwrap_err().to_string();
    let error = error.replace(&images().display().to_string(), "~").replace('\\', "/");
    assert_eq!(
        error,
        "sample 0 (~/blue/a.png).step 1: CropRandom: expected a picture of at least 6 x 6, padded, got 5 x 6"
    );
    let corner = |x: Tensor, y: IntTensor, draw: &Stream| {
        let (row, column) = (draw.below(0, x.shape()[0] - 3), draw.below(1, x.shape()[1] - 3));
        Ok((x.narrow(0, row, row + 4)?.narrow(1, column, column + 4)?, y))
    };
    let loader = DataLoader::new(data).batch_size(3).shuffle(true).map(corner);
    let all = |workers| loader.clone().workers(workers).epoch(1).collect::<Result<Vec<_>>>().unwrap();
    let expected = all(0);
    assert_eq!(*expected[0].x.shape(), [3, 4, 4, 3]);
    for workers in [1, 4] {
        assert_eq!(all(workers), expected);
    }
}

#[test]
fn broken_files_are_named_or_left_out() {
    let folder = Folder::new("broken");
    let png = std::fs::read(images().join("blue/a.png")).unwrap();
    let jpeg = std::fs::read(images().join("blue/b.jpg")).unwrap();
    // A picture that says it is 60 000 pixels wide.
    let mut vast = png.clone();
    vast[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    folder.write("cat/1.png", &png);
    folder.write("cat/2.png", &png[..png.len() / 2]);
    folder.write("cat/3.png", b"");
    folder.write("cat/4.jpg", b"GIF89a, or so");
    folder.write("cat/5.jpg", &jpeg);
    folder.write("cat/notes.txt", b"not an image, and does not say so");
    folder.write("cat/.hidden.png", b"");
    folder.write("cat/6.jpg", &jpeg[..jpeg.len() - 9]);
    folder.write("dog/1.jpeg", &png);
    folder.write("dog/2.png", &vast);
    // What cameras append is not looked at, even if it looks like the start of another picture.
    let appended: &[&[u8]] = &[&[0xff, 0xda, 0], b"trailer", &[0xff], &jpeg[..jpeg.len() - 9]];
    for (i, trailer) in appended.iter().enumerate() {
        folder.write(&format!("emu/{i}.jpg"), &[&jpeg, *trailer].concat());
    }
    // A preview in the header has an end, where the picture itself has none.
    let length = u16::try_from(jpeg.len() + 2).unwrap().to_be_bytes();
    let within = [&jpeg[..2], &[0xff, 0xe1], &length, &jpeg, &jpeg[2..]].concat();
    folder.write("emu/8.jpg", &within);
    folder.write("emu/9.jpg", &within[..within.len() - 9]);
    folder.write(".git/1.png", &png);
    folder.write("readme.png", &png);

    type Limit = fn(OpenImages) -> OpenImages;
    let same: Limit = |open| open;
    let rows: &[(&str, Limit, &str)] = &[
        ("cat/2.png", same, "cannot decode: unexpected end of file"),
        ("cat/3.png", same, "expected a file that begins with the mark of PNG or JPEG, got nothing"),
        (
            "cat/4.jpg",
            same,
            "expected a file that begins with the mark of PNG or JPEG, got 0x47 0x49 0x46 0x38",
        ),
        ("cat/6.jpg", same, "cannot decode: the file ends before the image does"),
        ("emu/9.jpg", same, "cannot decode: the file ends before the image does"),
        ("cat/1.png", |open| open.max_side(5), "expected at most 5 pixels a side, got 6"),
        ("cat/1.png", |open| open.max_decoded(89), "expected at most 89 bytes decoded, got 90"),
        ("cat/1.png", |open| open.max_file(10), "expected at most 10 bytes in a file, got 11"),
    ];
    let mut seen = HashSet::new();
    for &(file, limit, expected) in rows {
        let data = limit(ImageFolder::open(&folder.0)).read().unwrap();
        let index = (0..data.len()).find(|&index| data.path(index).unwrap().ends_with(file)).unwrap();
        let error = data.get(index).unwrap_err();
        let Some(DataError::File { problem, .. }) = error.source_as() else { panic!("{error}") };
        seen.insert(std::mem::discriminant(problem));
        assert!(folder.said(&error).starts_with(&format!("~/{file}: {expected}")), "{error}");
        let limited = limit(ImageFolder::open(&folder.0)).on_broken(OnBroken::Skip).read();
        let left_out = match &limited {
            Ok(data) => data.skipped().iter().any(|skipped| skipped.to_string() == error.to_string()),
            // A class of which nothing is left.
            Err(error) => error
                .to_string()
                .contains("expected a file *.png or *.jpg or *.jpeg, got none that is whole; "),
        };
        assert!(left_out, "{file}");
    }
    assert!(seen.contains(&std::mem::discriminant(&FileProblem::Decode { reason: String::new() })));

    let data = ImageFolder::open(&folder.0).on_broken(OnBroken::Skip).read().unwrap();
    assert_eq!(data.class_names(), ["cat", "dog", "emu"]);
    assert_eq!(*data.labels(), IntTensor::from([0, 0, 1, 2, 2, 2, 2, 2]));
    let names: Vec<_> = data.skipped().iter().map(|skipped| skipped.path.file_name().unwrap()).collect();
    assert_eq!(names, ["2.png", "3.png", "4.jpg", "6.jpg", "2.png", "9.jpg"]);
    let all = "8 images: cat 2, dog 1, emu 5; broken and left out: 6, such as \
        ~/cat/2.png: cannot decode: unexpected end of file, \
        ~/cat/3.png: expected a file that begins with the mark of PNG or JPEG, got nothing, \
        ~/cat/4.jpg: expected a file that begins with the mark of PNG or JPEG, got 0x47 0x49 0x46 0x38, …; \
        of other kinds and not looked at: 1, such as ~/cat/notes.txt";
    assert_eq!(folder.said(&data), all);
    assert_eq!(folder.said(format!("{data:?}")), format!("ImageFolder({all})"));
    for index in 0..data.len() {
        data.get(index).unwrap();
    }
    for emu in 3..8 {
        assert_eq!(data.get(emu).unwrap().0, data.get(1).unwrap().0, "{:?}", data.path(emu));
    }
}

#[test]
fn folders_that_are_none_are_named() {
    let folder = Folder::new("folders");
    let said = |path: &str| folder.said(ImageFolder::open(folder.0.join(path)).read().unwrap_err());
    assert_eq!(said("none"), "~/none: cannot read: No such file or directory (os error 2)");
    folder.write("empty/file.txt", b"");
    assert_eq!(said("empty"), "~/empty: expected a folder for each class, got none");
    folder.write("flat/one.png", b"");
    let flat =
        "~/flat: expected a folder for each class, got 1 image; put it into a folder named after its class";
    assert_eq!(said("flat"), flat);
    folder.write("flat/two.JPG", b"");
    let flat = "~/flat: expected a folder for each class, got 2 images; put those of each class into a folder named after it";
    assert_eq!(said("flat"), flat);
    folder.write("text/cat/notes.webp", b"");
    folder.write("text/cat/.DS_Store", b"");
    let none = "expected a file *.png or *.jpg or *.jpeg, got";
    assert_eq!(
        said("text"),
        format!("~/text/cat: {none} none but others, such as \"notes.webp\"; convert images to PNG or JPEG")
    );
    folder.write("deep/train/cat/1.png", b"");
    assert_eq!(
        said("deep"),
        format!(
            "~/deep/train: {none} only folders, such as \"cat\"; if these are the classes, open the folder they lie in"
        )
    );
    std::fs::create_dir_all(folder.0.join("bare/cat")).unwrap();
    assert_eq!(said("bare"), format!("~/bare/cat: {none} an empty folder; fill it or take it away"));
}

/// Wherever a file ends and whatever bit is wrong, there is an image or an error that names the file, and nothing else.
#[test]
fn damage_is_an_error_or_an_image_and_never_a_panic() {
    let data = ImageFolder::open(images()).max_side(4096).read().unwrap();
    for name in ["blue/a.png", "red/palette.PNG", "red/gray.jpeg"] {
        let whole = std::fs::read(images().join(name)).unwrap();
        let check = |bytes: &[u8], what: &str| {
            if let Err(error) = data.decode(bytes) {
                let Some(DataError::File { problem, .. }) = error.source_as() else { panic!("{error}") };
                let panicked =
                    matches!(problem, FileProblem::Decode { reason } if reason.contains("panicked"));
                assert!(!panicked, "{name}, {what}");
                return true;
            }
            false
        };
        for length in 0..whole.len() {
            let refused = check(&whole[..length], &format!("{length} bytes"));
            // What is missing at the end of a JPEG is gray, as everywhere.
            assert!(
                refused || name.ends_with("jpeg") || length + 12 >= whole.len(),
                "{name}, {length} bytes"
            );
        }
        for bit in 0..8 * whole.len() {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            check(&damaged, &format!("bit {bit}"));
        }
    }
}

#[test]
fn a_folder_is_divided_like_any_other_set() {
    let data = ImageFolder::open(images()).read().unwrap();
    let (train, test) = data.split(0.5, Seed(1)).unwrap();
    assert_eq!((train.len(), test.len()), (4, 3));
    assert_eq!(train.class_counts()[&0] + test.class_counts()[&0], 3);
    assert_eq!(train.class_names(), data.class_names());
    let chosen = data.select(&[6, 0]).unwrap();
    assert_eq!(chosen.path(0), data.path(6));
    assert_eq!(chosen.get(1).unwrap(), data.get(0).unwrap());
    assert_eq!(chosen.balancing_weights(), [1.0, 1.0]);
    assert_eq!(data.get(7).unwrap_err().to_string(), "sample 7 is not in 0..7");
    assert!(data.path(7).is_none() && data.select(&[7]).is_err());
}
