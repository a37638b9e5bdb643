//! Files of images and labels that are read, and those that are not, with the message of each.

use flate2::Compression;
use flate2::write::GzEncoder;
use plywood_data::{DataError, DataLoader, Dataset, FileProblem, Idx, ImageDataset, datasets};
use plywood_tensor::{Array, Elem, IntTensor, Result, Seed, Tensor};
use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;

/// A folder of this test alone, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("plywood-files-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// What an error says, without the path of the folder.
    fn said<T: std::fmt::Debug>(&self, result: Result<T>) -> String {
        result.unwrap_err().to_string().replace(&format!("{}", self.0.display()), "~")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn idx(kind: u8, sizes: &[u32], body: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, kind, sizes.len() as u8];
    file.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    file.extend_from_slice(body);
    file
}

/// Two images of 2×3 pixels.
fn images() -> Vec<u8> {
    idx(8, &[2, 2, 3], &[0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6])
}

fn labels() -> Vec<u8> {
    idx(8, &[2], &[7, 1])
}

/// Reads images and labels from files of these bytes.
fn read(folder: &Folder, images: &[u8], labels: &[u8]) -> Result<ImageDataset> {
    let paths = (folder.write("images", images), folder.write("labels", labels));
    ImageDataset::from_idx(paths.0, paths.1)
}

#[test]
fn idx_files_become_images_channels_last() {
    let folder = Folder::new("idx");
    for (images, labels) in [(images(), labels()), (gzip(&images()), gzip(&labels()))] {
        let data = read(&folder, &images, &labels).unwrap();
        assert_eq!(*data.images().shape(), [2, 2, 3, 1]);
        assert_eq!(*data.labels(), IntTensor::from([7, 1]));
        let expected = Tensor::from([[[0.0], [0.2], [0.4]], [[0.6], [0.8], [1.0]]]);
        assert_eq!(data.get(0).unwrap(), (expected, IntTensor::from(7)));
        let batch = data.batch(&[1, 0]).unwrap();
        assert_eq!(batch.x.as_slice()[..2], [1.0 / 255.0, 2.0 / 255.0].map(|x: f64| x as Elem));
        assert_eq!((batch.y, batch.indices), (IntTensor::from([1, 7]), vec![1, 0]));
        assert_eq!(data.to_arrays().unwrap().batch(&[1, 0]).unwrap().x, batch.x);
        let loader = DataLoader::new(data).batch_size(2).shuffle(true);
        let all = |workers| loader.clone().workers(workers).epoch(0).collect::<Result<Vec<_>>>().unwrap();
        assert_eq!(all(0), all(3));
    }
}

#[test]
fn idx_files_of_every_type_are_read() {
    let rows: &[(u8, &[u8], f64)] = &[
        (0x08, &[254], 254.0),
        (0x09, &[254], -2.0),
        (0x0b, &[0xff, 0xfe], -2.0),
        (0x0c, &[0, 1, 0, 0], 65_536.0),
        (0x0d, &[0x3f, 0xa0, 0, 0], 1.25),
        (0x0e, &[0xbf, 0xf8, 0, 0, 0, 0, 0, 0], -1.5),
    ];
    for &(kind, body, expected) in rows {
        let file = Idx::read(&idx(kind, &[1, 1], body)).unwrap();
        assert_eq!(*file.shape(), [1, 1]);
        assert_eq!(file.tensor().unwrap(), Tensor::from([[expected as Elem]]), "{kind}");
        if kind < 0x0d {
            assert_eq!(file.integers().unwrap(), IntTensor::from([[expected as i64]]), "{kind}");
        } else {
            let text = file.integers().unwrap_err().to_string();
            let expected = format!("idx: expected numbers of type 0x08 to 0x0c (integers), got {kind:#04x}");
            assert_eq!(text, expected);
        }
    }
}

/// An infinity in the file is what was saved; one that narrowing makes is not.
#[test]
fn doubles_that_no_tensor_holds_are_named() {
    let doubles = |numbers: [f64; 3]| idx(0x0e, &[3], &numbers.map(f64::to_be_bytes).concat());
    let infinite = Idx::read(&doubles([1.0, f64::INFINITY, f64::NAN])).unwrap().tensor().unwrap();
    assert_eq!(infinite.as_slice()[..2], [1.0, Elem::INFINITY]);
    assert!(infinite.as_slice()[2].is_nan());
    match Idx::read(&doubles([1.0, 2.0, -1e39])).unwrap().tensor() {
        Ok(_) => assert_eq!(size_of::<Elem>(), 8),
        Err(error) => {
            let text = "idx: number 2: expected a number that a tensor can hold, got -1e39";
            assert_eq!(error.to_string(), text);
            let problem = match error.source_as() {
                Some(DataError::File { problem, .. }) => problem,
                _ => panic!("{error}"),
            };
            assert!(matches!(problem, FileProblem::Number { index: 2, .. }));
        }
    }
}

#[test]
fn what_is_wrong_with_a_file_is_named() {
    let folder = Folder::new("wrong");
    let image = |labels: &[u8]| -> Vec<u8> {
        let record = |&label: &u8| std::iter::once(label).chain(std::iter::repeat_n(9, 3072));
        labels.iter().flat_map(record).collect()
    };
    for batch in 1..=5 {
        folder.write(&format!("data_batch_{batch}.bin"), &image(&[0, if batch == 4 { 11 } else { 9 }]));
    }
    folder.write("train.bin", &image(&[0])[..3000]);
    folder.write("train-images-idx3-ubyte", &images());
    folder.write("train-labels-idx1-ubyte.gz", &gzip(&idx(8, &[2], &[3, 12])));
    let (images, labels) = (images(), labels());
    let mut damaged = gzip(&images);
    let middle = damaged.len() - 6;
    damaged[middle] ^= 1;
    let claim = gzip(&idx(8, &[60_000, 28, 28], &[0; 100]));
    let too_much = format!("~/images: expected at most {} bytes unpacked, got 47040000", 1032 * claim.len());
    let bomb = gzip(&idx(8, &[1, 1, 1], &vec![0; 3 << 20]));
    // More images than there are in CIFAR-100; members of gzip one after the other are one file.
    std::fs::create_dir(folder.0.join("many")).unwrap();
    folder.write("many/train.bin.gz", &gzip(&image(&[0; 101]).repeat(10)).repeat(60));
    let of = |images: &[u8], labels: &[u8]| read(&folder, images, labels).map(drop);
    let rows: Vec<(Result<()>, &str)> = vec![
        (
            Idx::open(folder.0.join("none")).map(drop),
            "~/none: cannot read: No such file or directory (os error 2)",
        ),
        (of(&[], &labels), "~/images: expected 4 bytes of header, got 0"),
        (of(&[0, 0, 8, 3, 0, 0], &labels), "~/images: expected 16 bytes of header, got 6"),
        (of(b"RIFFabcdef", &labels), "~/images: expected a file that begins with 0x00 0x00, got 0x52 0x49"),
        (
            of(&idx(0x0a, &[1], &[1]), &labels),
            "~/images: expected numbers of type 0x08, 0x09 or 0x0b to 0x0e, got 0x0a",
        ),
        (
            of(&idx(0x09, &[2, 2, 3], &[0; 12]), &labels),
            "~/images: expected numbers of type 0x08 (unsigned bytes), got 0x09",
        ),
        (of(&idx(8, &[], &[1]), &labels), "~/images: expected 1 to 8 axes, got 0 axes"),
        (of(&labels, &labels), "~/images: expected images of 3 axes, got 1 axes"),
        (of(&images, &images), "~/labels: expected labels of 1 axis, got 3 axes"),
        (of(&images[..27], &labels), "~/images: expected 12 bytes of data, got 11"),
        (of(&gzip(&images[..27]), &labels), "~/images: expected 12 bytes of data, got 11"),
        (of(&[&images[..], &[0]].concat(), &labels), "~/images: expected 12 bytes of data, got 13"),
        (of(&gzip(&[&images[..], &[0]].concat()), &labels), "~/images: expected 12 bytes of data, got 13"),
        (
            of(&damaged, &labels),
            "~/images: cannot unpack: corrupt gzip stream does not have a matching checksum",
        ),
        (of(&images, &idx(8, &[3], &[1, 2, 3])), "~/labels: expected a label for each of 2 images, got 3"),
        (
            of(&idx(8, &[u32::MAX; 3], &[1]), &labels),
            "~/images: expected a size in bytes below 2^64, got the sizes [4294967295, 4294967295, 4294967295]",
        ),
        // It says that it holds more than any gzip of its length can.
        (of(&claim, &labels), &too_much),
        // It holds more than it says; what is too much is not unpacked.
        (of(&bomb, &labels), "~/images: expected 1 bytes of data, got 20"),
        (
            datasets::mnist(&folder.0).map(drop),
            "~/train-labels-idx1-ubyte.gz: record 1: expected a label in 0..10, got 12",
        ),
        (
            datasets::fashion_mnist(folder.0.join("elsewhere")).map(drop),
            "~/elsewhere: expected a file train-images-idx3-ubyte or train-images-idx3-ubyte.gz, got none",
        ),
        (
            datasets::cifar10(&folder.0).map(drop),
            "~/data_batch_4.bin: record 1: expected a label in 0..10, got 11",
        ),
        (
            datasets::cifar100(&folder.0).map(drop),
            "~/train.bin: expected records of 3074 bytes, at least one, got 3000 bytes",
        ),
        (
            datasets::cifar100(folder.0.join("many")).map(drop),
            "~/many/train.bin.gz: expected at most 184440000 bytes unpacked, got 184440001",
        ),
    ];
    let mut seen = HashSet::new();
    for (result, expected) in rows {
        let error = result.as_ref().unwrap_err();
        let Some(DataError::File { problem, .. }) = error.source_as() else { panic!("{error}") };
        seen.insert(std::mem::discriminant(problem));
        assert_eq!(folder.said(result), expected);
    }
    // Complete: each variant has a row, but for three of images, which `image_folder.rs` has, and six of arrays, which `npy.rs` has.
    let variants = include_str!("../src/files/problem.rs").matches("#[error(").count();
    assert_eq!(seen.len() + 3 + 6, variants);
}

/// Whatever bits of the header are wrong, and wherever the file ends, it is an error and not a wrong answer.
#[test]
fn damage_is_noticed() {
    let folder = Folder::new("damage");
    let (images, labels) = (images(), labels());
    for bit in 0..8 * 16 {
        let mut damaged = images.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&folder, &damaged, &labels).is_err(), "images, bit {bit}");
    }
    for bit in 0..8 * 8 {
        let mut damaged = labels.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&folder, &images, &damaged).is_err(), "labels, bit {bit}");
    }
    for length in 0..images.len() {
        assert!(read(&folder, &images[..length], &labels).is_err(), "{length} bytes");
    }
    let (whole, packed) = (read(&folder, &images, &labels).unwrap(), gzip(&images));
    for length in 0..packed.len() {
        assert!(read(&folder, &packed[..length], &labels).is_err(), "{length} bytes packed");
    }
    // Some bits of a gzip header mean nothing, such as its date.
    for bit in 0..8 * packed.len() {
        let mut damaged = packed.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        if let Ok(data) = read(&folder, &damaged, &labels) {
            assert_eq!(data.images(), whole.images(), "bit {bit} packed");
        }
    }
}

#[test]
fn mnist_is_read_from_its_folder() {
    let folder = Folder::new("mnist");
    folder.write("train-images-idx3-ubyte", &images());
    folder.write("train-labels-idx1-ubyte.gz", &gzip(&labels()));
    folder.write("t10k-images-idx3-ubyte.gz", &gzip(&images()));
    folder.write("t10k-labels-idx1-ubyte", &labels());
    let (train, test) = datasets::mnist(&folder.0).unwrap();
    assert_eq!((train.images(), train.labels()), (test.images(), test.labels()));
    assert_eq!(train.class_names().unwrap()[9], "9");
    let (train, _) = datasets::fashion_mnist(&folder.0).unwrap();
    assert_eq!(train.class_names().unwrap()[9], "Ankle boot");
}

#[test]
fn cifar_is_read_from_its_folder() {
    let folder = Folder::new("cifar");
    // Red counts up, green is 100, blue counts down.
    let mut planes: Vec<u8> = (0..1024).map(|i| (i % 256) as u8).collect();
    planes.extend([100; 1024]);
    planes.extend((0..1024).map(|i| 255 - (i % 256) as u8));
    let record = |labels: &[u8]| [labels, &planes].concat();
    for batch in 1..=5 {
        folder.write(&format!("data_batch_{batch}.bin"), &record(&[batch]));
    }
    folder.write("test_batch.bin", &[record(&[9]), record(&[0])].concat());
    folder.write("train.bin", &record(&[19, 99]));
    folder.write("test.bin", &record(&[0, 1]));

    let (train, test) = datasets::cifar10(&folder.0).unwrap();
    assert_eq!(*train.images().shape(), [5, 32, 32, 3]);
    assert_eq!(*train.labels(), IntTensor::from([1, 2, 3, 4, 5]));
    assert_eq!(*test.labels(), IntTensor::from([9, 0]));
    assert_eq!(train.class_names().unwrap()[9], "truck");
    let pixel =
        |row, column| (0..3).map(|c| train.images().at(&[4, row, column, c]).unwrap()).collect::<Vec<_>>();
    assert_eq!(pixel(0, 5), [5, 100, 250]);
    assert_eq!(pixel(1, 0), [32, 100, 223]);

    let (train, test) = datasets::cifar100(&folder.0).unwrap();
    assert_eq!((train.labels(), test.labels()), (&IntTensor::from([99]), &IntTensor::from([1])));
    let (train, test) = datasets::cifar100_superclasses(&folder.0).unwrap();
    assert_eq!((train.labels(), test.labels()), (&IntTensor::from([19]), &IntTensor::from([0])));
}

#[test]
fn a_set_of_images_is_divided_like_any_other() {
    let labels: Vec<i64> = (0..40).map(|i| i % 2).collect();
    let images = Array::from_vec((0..40).collect(), [40, 1, 1, 1]).unwrap();
    let data = ImageDataset::new(images, IntTensor::from_vec(labels, [40]).unwrap()).unwrap();
    let data = data.with_class_names(["even", "odd"]).unwrap();
    let (train, test) = data.split(0.75, Seed(1)).unwrap();
    assert_eq!((train.len(), test.len()), (30, 10));
    assert_eq!((train.class_counts()[&0], test.class_counts()[&1]), (15, 5));
    assert_eq!(test.class_names().unwrap(), ["even", "odd"]);
    for (&pixel, &label) in test.images().as_slice().iter().zip(test.labels().as_slice()) {
        assert_eq!(i64::from(pixel) % 2, label);
    }
    assert_eq!(data.select(&[3, 1]).unwrap().images().as_slice(), [3, 1]);
    assert_eq!(data.split_at(39).unwrap().1.images().as_slice(), [39]);
    assert_eq!(data.balancing_weights(), [1.0; 40]);
    assert_eq!(data.to_arrays().unwrap().class_names(), data.class_names());
    assert!(data.get(40).unwrap_err().to_string().contains("sample 40 is not in 0..40"));
    assert_eq!(data.batch(&[40]).unwrap_err().to_string(), "sample 40 is not in 0..40");
}

/// The digits that the examples read; a published crate comes without them.
#[test]
fn the_digits_of_the_examples_are_whole() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/data/mnist");
    if !folder.is_dir() {
        return;
    }
    let (train, test) = datasets::mnist(folder).unwrap();
    assert_eq!((*train.images().shape(), *test.images().shape()), (shape(9000), shape(1000)));
    assert_eq!(train.class_counts().len(), 10);
    let ink = |data: &ImageDataset| data.images().as_slice().iter().map(|&x| u64::from(x)).sum::<u64>();
    assert_eq!((ink(&train), ink(&test)), (235_608_437, 26_538_163));
}

fn shape(count: usize) -> plywood_tensor::Shape {
    plywood_tensor::Shape::new(&[count, 28, 28, 1]).unwrap()
}
