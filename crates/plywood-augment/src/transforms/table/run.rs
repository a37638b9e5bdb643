//! The checks that every row passes.

use super::{Row, golden, rows};
use crate::colors::levels::map_levels;
use crate::{Image, Pipeline, Sample, Span, Transform};
use plywood_tensor::{Array, Elem, Float, Seed, Stream, Tensor, Threads, par, simd::Isa};
use std::collections::BTreeSet;

/// How many draws are tried.
const DRAWS: usize = 24;

fn transform(row: &Row) -> Box<dyn Transform> {
    (row.make)().unwrap_or_else(|error| panic!("{}: {error}", row.name))
}

fn pipeline(row: &Row) -> Pipeline {
    Pipeline::builder().then(transform(row)).build().unwrap()
}

fn draw(i: usize) -> Stream {
    Seed(11).stream().at(i as u64)
}

/// A picture of all levels, smooth here and rough there.
fn bytes(height: usize, width: usize, channels: usize) -> Image {
    let level = |i: usize| {
        let (y, x, c) = (i / channels / width, i / channels % width, i % channels);
        if x < width / 2 { 19 * x + 23 * y + 80 * c } else { i * i * 37 % 251 }
    };
    let data = (0..height * width * channels).map(|i| (level(i) % 256) as u8).collect();
    Image::try_from(Array::from_vec(data, [height, width, channels]).unwrap()).unwrap()
}

fn floats(image: &Image) -> Image {
    Image::try_from(image.to_tensor()).unwrap()
}

/// The picture changed; none where a crop is larger, or there are means for other channels.
fn taken(row: &Row, image: &Image, draw: &Stream) -> Option<Image> {
    let error = match pipeline(row).image(image, draw) {
        Ok(image) => return Some(image),
        Err(error) => error.to_string(),
    };
    let larger = error.starts_with("step 0: CropRandom: expected a picture of at least ");
    let means = error.starts_with("step 0: Normalize: expected 3 channels, one for each mean, got ");
    assert!(larger || means, "{}: {error}", row.name);
    None
}

/// Sizes that every transform can take, but for crops of more.
const SIZES: [[usize; 3]; 6] = [[9, 12, 3], [9, 12, 1], [16, 7, 3], [33, 150, 3], [8, 9, 3], [13, 70, 1]];

#[test]
fn draws_decide_and_threads_do_not() {
    let three = Threads::new(3).unwrap().split_always();
    for row in rows() {
        let pipeline = pipeline(&row);
        for image in [bytes(9, 12, 3), floats(&bytes(9, 12, 3))] {
            let one = |i| pipeline.image(&image, &draw(i)).unwrap();
            let forwards: Vec<Image> = (0..DRAWS).map(one).collect();
            let backwards: Vec<Image> = (0..DRAWS).rev().map(one).collect();
            assert!(forwards.iter().eq(backwards.iter().rev()), "{}", row.name);
            assert_eq!(forwards, three.install(|| par::map(DRAWS, 1 << 20, one)), "{}", row.name);
        }
    }
}

#[test]
fn every_instruction_set_computes_the_same() {
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
        let threads = Threads::with_isa(1, isa).unwrap();
        for row in rows() {
            for image in [bytes(33, 150, 3), floats(&bytes(13, 70, 3))] {
                let one = || pipeline(&row).image(&image, &draw(1)).unwrap();
                assert_eq!(threads.install(one), one(), "{} with {isa}", row.name);
            }
        }
    }
}

#[test]
fn the_reference_agrees() {
    let mut golden = golden::all();
    let mut used = BTreeSet::new();
    for row in rows() {
        let Some(name) = row.golden else { continue };
        let case = golden.get_mut(name).unwrap_or_else(|| panic!("{name}: no golden picture"));
        used.insert(name.to_owned());
        let result = pipeline(&row).image(&case.input, &draw(0)).unwrap();
        compare(&format!("{} ({name})", row.name), &row, &result, &case.output);
        // The same picture as real numbers, where the reference made bytes of bytes.
        if case.output.as_bytes().is_some() {
            let result = pipeline(&row).image(&floats(&case.input), &draw(0)).unwrap().to_bytes();
            // Levels of real numbers are not those of bytes where there are fewer: 224 is not 7/8.
            if row.name != "Posterize" {
                compare(&format!("{} ({name}) of real numbers", row.name), &row, &result, &case.output);
            }
        }
    }
    assert_eq!(used, golden.keys().cloned().collect(), "golden pictures without a row");
}

fn compare(name: &str, row: &Row, got: &Image, expected: &Image) {
    assert_eq!(got.shape(), expected.shape(), "{name}");
    let (got, expected) = (got.to_tensor(), expected.to_tensor());
    // References round bytes down in places, and Pillow counts in fewer bits: one level either way.
    let level: Elem = if row.exact {
        0.0
    } else if row.numbers {
        1e-5
    } else {
        1.001 / 255.0
    };
    for (i, (got, expected)) in got.as_slice().iter().zip(expected.as_slice()).enumerate() {
        assert!((got - expected).abs() <= level, "{name}: at {i} {got}, not {expected}");
    }
}

#[test]
fn the_identity_changes_nothing_and_the_others_do() {
    for row in rows() {
        let pipeline = pipeline(&row);
        // Enough pixels for every level, but neither black nor white.
        let mut dim = bytes(33, 40, 3);
        map_levels(dim.pixels_mut(), |x| 0.1 + 0.7 * x);
        for image in [floats(&dim), dim] {
            let same = (0..DRAWS).map(|i| pipeline.image(&image, &draw(i)).unwrap() == image);
            if row.identity {
                assert!(same.into_iter().all(|same| same), "{} changes something", row.name);
            } else if !(row.name == "ToFloat" && image.as_floats().is_some()) {
                assert!(same.into_iter().any(|same| !same), "{} changes nothing", row.name);
            }
        }
    }
}

#[test]
fn numbers_keep_their_range_and_kind() {
    for row in rows() {
        for [height, width, channels] in SIZES {
            let image = bytes(height, width, channels);
            for i in 0..4 {
                let Some(result) = taken(&row, &floats(&image), &draw(i)) else { continue };
                let numbers = result.as_floats().unwrap();
                assert!(numbers.iter().all(|x| x.is_finite()), "{}", row.name);
                if !row.overshoots {
                    // Means of numbers up to 1 may round to one a hair above.
                    let most = 1.0 + 4.0 * Elem::EPSILON;
                    assert!(numbers.iter().all(|x| (0.0..=most).contains(x)), "{}: {numbers:?}", row.name);
                }
                let result = pipeline(&row).image(&image, &draw(i)).unwrap();
                assert_eq!(result.as_bytes().is_none(), row.numbers, "{}", row.name);
            }
        }
    }
}

/// Transforms that keep numbers from 0 to 1, or for which white is 1: others would be cut off.
const UNIT: [&str; 10] = [
    "AutoContrast",
    "ColorJitter",
    "Equalize",
    "GaussianNoise",
    "Invert",
    "Posterize",
    "RandAugment",
    "Sharpness",
    "Solarize",
    "TrivialAugment",
];

/// Numbers beyond 0 to 1 are refused, whatever is drawn and before a picture is seen, or pass with their range.
#[test]
fn numbers_of_another_range_are_not_cut_off() {
    let ranges = [
        (0.0, 255.0, "0 to 255; divide by 255, or use pictures of bytes"),
        (0.0, 16.0, "0 to 16; divide by the level of white"),
        (-2.1, 2.25, "-2.1 to 2.25; put it before `normalize`"),
        (0.0, Elem::INFINITY, "infinite ones; look at the data and at what stands before"),
        (Elem::NAN, 1.0, "NaN; look at the data and at what stands before"),
    ];
    let mut passed = BTreeSet::new();
    for row in rows().into_iter().filter(|row| !["OneOf", "RandomApply"].contains(&row.name)) {
        for (low, high, got) in ranges {
            // One number of each end, in the midst of others.
            let mut x = Tensor::full([33, 40, 3], if high > 2.5 { 2.5 } else { high }).unwrap();
            (x.as_mut_slice()[1700], x.as_mut_slice()[2003]) = (low, high);
            let image = Image::try_from(x).unwrap();
            let span = Span { low: low.to_f64(), high: high.to_f64() };
            let levels = transform(&row).levels(span).map(drop);
            if !UNIT.contains(&row.name) {
                assert!(levels.is_ok(), "{}: {levels:?}", row.name);
                let changed = (0..DRAWS).filter_map(|i| taken(&row, &image, &draw(i)));
                if changed.into_iter().any(|image| image.as_floats().unwrap().iter().any(|x| *x > 1.6)) {
                    passed.insert(row.name.to_owned());
                }
                continue;
            }
            let text = format!("{}: expected numbers from 0 to 1, got {got}", row.name);
            assert_eq!(levels.unwrap_err().to_string(), text);
            for i in 0..DRAWS {
                let error = pipeline(&row).image(&image, &draw(i)).unwrap_err();
                assert_eq!(error.to_string(), format!("step 0: {text}"));
            }
        }
    }
    let all = crate::testing::implementors("transforms", "impl Transform for ");
    let apart: BTreeSet<String> = ["OneOf", "RandomApply"].iter().chain(&UNIT).map(|x| (*x).into()).collect();
    assert_eq!(passed, &all - &apart, "these let numbers pass");
}

/// Real numbers and bytes of the same picture become nearly the same.
#[test]
fn bytes_and_real_numbers_agree() {
    // Their outcome jumps between levels, and rounding decides on which side.
    let jumps = ["Equalize", "Posterize", "RandAugment", "TrivialAugment"];
    for row in rows().iter().filter(|row| !jumps.contains(&row.name)) {
        for [height, width, channels] in SIZES {
            let image = bytes(height, width, channels);
            let Some(one) = taken(row, &image, &draw(2)) else { continue };
            let other = pipeline(row).image(&floats(&image), &draw(2)).unwrap();
            // Several changes of colour in a row round bytes several times, and a factor enlarges that.
            let levels = if row.name == "ColorJitter" { 5.0 } else { 1.01 };
            let levels = levels * if row.numbers { 0.01 } else { 1.0 } / 255.0;
            let other = if row.numbers { other } else { other.to_bytes() };
            for (a, b) in one.to_tensor().as_slice().iter().zip(other.to_tensor().as_slice()) {
                assert!((a - b).abs() <= levels, "{} of {:?}: {a} {b}", row.name, image.shape());
            }
        }
    }
}

/// The picture shows its own mask, and shows it after each move; boxes go along.
#[test]
fn mask_and_boxes_move_with_the_picture() {
    for row in rows() {
        let (height, width) = (20, 28);
        let mut mask = Array::<u8>::zeros([height, width, 1]).unwrap();
        let (top, left, bottom, right) = (6, 9, 13, 20);
        for y in top..bottom {
            mask.as_mut_slice()[y * width + left..y * width + right].fill(255);
        }
        let colors = mask.as_slice().iter().flat_map(|&x| [x; 3]).collect();
        let image = Image::try_from(Array::from_vec(colors, [height, width, 3]).unwrap()).unwrap();
        let mask = Image::try_from(mask).unwrap();
        let boxes = Tensor::from([[left, top, right, bottom].map(|x| x as Elem)]);
        for i in 0..DRAWS {
            let sample = Sample::new(image.clone()).with_mask(mask.clone()).unwrap();
            let sample = sample.with_boxes(boxes.clone()).unwrap();
            let mut changed = pipeline(&row).sample(sample, &draw(i)).unwrap();
            let moved = changed.mask().unwrap().unwrap().clone();
            let found = changed.boxes().unwrap().unwrap().clone();
            assert_eq!(moved.size(), changed.size(), "{}", row.name);
            if row.photometric {
                assert_eq!((moved, found), (mask.clone(), boxes.clone()), "{}", row.name);
                continue;
            }
            if !["OneOf", "RandAugment", "TrivialAugment"].contains(&row.name) {
                assert!(shows(changed.image().unwrap(), &moved), "{} moves the mask elsewhere", row.name);
            }
            // Every pixel of the mask lies in the box, and the box is not much larger than the pixels.
            let hull = hull(&moved);
            let found: Vec<f64> = found.as_slice().iter().map(|&x| f64::from(x)).collect();
            let Some(hull) = hull.filter(|_| !row.smears) else { continue };
            for side in 0..4 {
                // A pixel is set if its centre is; corners of a turned box hold less than half a pixel.
                let slack = if side < 2 { hull[side] - found[side] } else { found[side] - hull[side] };
                // Of one that is turned several times or cut off, nothing can be said but that it is no smaller.
                let policy = ["RandAugment", "TrivialAugment"].contains(&row.name);
                let most = if policy { f64::INFINITY } else { 2.6 };
                assert!((-0.51..most).contains(&slack), "{}: {found:?} around {hull:?}", row.name);
            }
        }
    }
}

/// The smallest rectangle around what is set.
fn hull(mask: &Image) -> Option<[f64; 4]> {
    let width = mask.width();
    let set = mask.as_bytes().unwrap().iter().enumerate().filter(|(_, x)| **x > 127);
    let places: Vec<[usize; 2]> = set.map(|(i, _)| [i % width, i / width]).collect();
    let first = |axis: usize| places.iter().map(|at| at[axis]).min();
    let last = |axis: usize| places.iter().map(|at| at[axis] + 1).max();
    Some([first(0)?, first(1)?, last(0)?, last(1)?].map(|x| x as f64))
}

/// Whether a picture shows the mask, away from edges of either: there the picture is read between pixels and the mask is not.
fn shows(image: &Image, mask: &Image) -> bool {
    let [height, width] = mask.size();
    let set = |y: usize, x: usize| mask.as_bytes().unwrap()[y * width + x] > 127;
    (1..height.saturating_sub(1)).all(|y| {
        (1..width.saturating_sub(1)).all(|x| {
            let alike = (y - 1..=y + 1).all(|j| (x - 1..=x + 1).all(|i| set(j, i) == set(y, x)));
            // A border may be gray.
            !alike || (image.pixel(y, x).unwrap()[0] > 160.0) == set(y, x)
        })
    })
}

#[test]
fn pictures_of_every_size_are_taken() {
    for row in rows() {
        let pipeline = pipeline(&row);
        for [height, width] in [[1, 1], [1, 5], [5, 1], [2, 2], [3, 200]] {
            for channels in [1, 3] {
                for image in [bytes(height, width, channels), floats(&bytes(height, width, channels))] {
                    (0..4).for_each(|i| drop(taken(&row, &image, &draw(i))));
                }
            }
        }
        // Two or four channels are fine unless colours are mixed, which does not depend on what is drawn.
        let policy = ["RandAugment", "TrivialAugment"].contains(&row.name);
        for channels in [2, 4, 5] {
            let text = match row.name {
                "Normalize" => {
                    format!("step 0: Normalize: expected 3 channels, one for each mean, got {channels}")
                }
                name => format!("step 0: {name}: expected 1 or 3 channels, got {channels}"),
            };
            for image in [bytes(9, 12, channels), floats(&bytes(9, 12, channels))] {
                let said = |i| pipeline.image(&image, &draw(i)).err().map(|error| error.to_string());
                let said: BTreeSet<Option<String>> = (0..DRAWS).map(said).collect();
                let fine = |said: &Option<String>| said.as_ref().map_or(!policy, |said| *said == text);
                assert!(said.len() == 1 && said.iter().all(fine), "{}: {said:?}", row.name);
            }
        }
    }
}

#[test]
fn errors_say_exactly_what_the_row_says() {
    for row in rows() {
        for (make, text) in &row.refused {
            assert_eq!(make().unwrap_err().to_string(), *text);
        }
    }
}

/// Every public transform in the files of the transforms has a row of its name.
#[test]
fn every_transform_has_a_row() {
    let names: BTreeSet<String> = rows().iter().map(|row| row.name.to_owned()).collect();
    assert_eq!(crate::testing::implementors("transforms", "impl Transform for "), names);
}
