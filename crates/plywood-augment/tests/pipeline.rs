//! Moves that are joined give what moves one by one give; batches and samples give what pictures alone give.
#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

use plywood_augment::{
    Affine, Border, Color, CropRandom, CropResized, Cutout, FlipVertical, Image, Interpolation, Invert,
    OneOf, Pad, Pipeline, PipelineBuilder, Projection, Resize, Rotate, Sample, Warp,
};
use plywood_tensor::{Array, Elem, Result, Seed, Tensor, Threads};

fn image(height: usize, width: usize) -> Image {
    let data = (0..height * width * 3).map(|i| ((i * i * 7 + i / 5) % 251) as u8).collect();
    Image::try_from(Array::from_vec(data, [height, width, 3]).unwrap()).unwrap()
}

/// A picture without fine detail, so that reading it twice instead of once changes little.
fn smooth(height: usize, width: usize) -> Image {
    let level = |i: usize| (i / 3 % width * 2 + i / 3 / width * 3 + i % 3 * 20) as u8;
    let data = (0..height * width * 3).map(level).collect();
    Image::try_from(Array::from_vec(data, [height, width, 3]).unwrap()).unwrap()
}

type Build = fn(PipelineBuilder) -> PipelineBuilder;

/// Mirrors, quarters, crops and frames in a row, with at most one move between pixels, which is not before a new border:
/// joined or one by one, the same to the bit.
const EXACT: &[(&str, Build)] = &[
    ("mirrors and quarters", |b| b.flip_horizontal(0.5).rotate90().flip_vertical(0.5).rotate90()),
    ("crop, then mirror", |b| b.crop_random([11, 9]).flip_horizontal(0.5).rotate90()),
    ("frame, crop, quarter", |b| b.pad(5).crop_random([13, 13]).rotate90()),
    ("two frames of one colour", |b| b.pad(2).crop_random([16, 18]).pad(3)),
    ("two frames of two colours", |b| {
        let gray = Border::Constant(Color::from(0.5));
        b.pad(2).then_checked(Pad::new(3).map(|pad| pad.border(gray)))
    }),
    ("mirror, then frame of mirrors", |b| {
        b.flip_horizontal(0.5).then_checked(Pad::new(4).map(|pad| pad.border(Border::Reflect)))
    }),
    ("crop, then frame of mirrors", |b| {
        b.crop_random([9, 9]).then_checked(Pad::new(4).map(|pad| pad.border(Border::Symmetric)))
    }),
    ("crop, then rotate", |b| b.crop_random([12, 12]).rotate(30.0)),
    ("frame, then rotate", |b| b.pad(3).rotate(30.0)),
    ("frame, then rotate with edges", |b| {
        b.pad(3).then_checked(Rotate::new(30.0).map(|rotate| rotate.border(Border::Edge)))
    }),
    ("rotate, then padded crop", |b| b.rotate(30.0).crop_padded([17, 19], 6)),
    ("rotate, padded crop, quarter, frame", |b| b.rotate(30.0).crop_padded([17, 19], 6).rotate90().pad(1)),
    ("rotate, then crop of mirrored frame", |b| {
        let crop = CropRandom::new([17, 19]).and_then(|crop| crop.padding(4));
        b.rotate(30.0).then_checked(crop.map(|crop| crop.border(Border::Reflect)))
    }),
    ("colours in between", |b| b.flip_horizontal(0.5).color_jitter(0.3, 0.3, 0.3, 0.1).rotate(10.0).pad(2)),
    ("nearest, then crop", |b| {
        b.then_checked(Rotate::new(40.0).map(|r| r.interpolation(Interpolation::Nearest))).crop_random([8, 8])
    }),
];

#[test]
fn exact_moves_are_joined_exactly() {
    for (name, build) in EXACT {
        let joined = build(Pipeline::builder()).build().unwrap();
        let separate = build(Pipeline::builder()).separately().build().unwrap();
        for picture in [image(17, 19), Image::try_from(image(17, 19).to_tensor()).unwrap()] {
            for i in 0..40 {
                let stream = Seed(5).stream().at(i);
                let boxes = Tensor::from([[3.0, 4.0, 9.0, 12.0]]);
                let sample = Sample::new(picture.clone()).with_mask(image(17, 19)).unwrap();
                let sample = sample.with_boxes(boxes).unwrap().mask_fill(255.0);
                let mut one = joined.sample(sample.clone(), &stream).unwrap();
                let mut other = separate.sample(sample, &stream).unwrap();
                assert_eq!(one.size(), other.size(), "{name}");
                // A quarter of a turn after one that interpolates walks the same places the other way, and rounds otherwise.
                let (a, b) = (one.image().unwrap().to_tensor(), other.image().unwrap().to_tensor());
                // Places are computed in another order, and rounded by a few units: so are the numbers read there.
                let most = if name.contains("quarter, frame") { 1.001 / 255.0 } else { 1e-5 };
                for (a, b) in a.as_slice().iter().zip(b.as_slice()) {
                    assert!((a - b).abs() <= most, "{name}: {a} {b}");
                }
                assert_eq!(one.mask().unwrap(), other.mask().unwrap(), "{name}");
            }
        }
    }
}

#[test]
fn boxes_do_not_depend_on_what_is_joined() {
    // Boxes that stay upright; one that is turned in several steps would grow with each.
    let build = |b: PipelineBuilder| b.flip_horizontal(0.5).crop_padded([15, 15], 3).rotate90().pad(2);
    let joined = build(Pipeline::builder()).build().unwrap();
    let separate = build(Pipeline::builder()).separately().build().unwrap();
    for i in 0..40 {
        let stream = Seed(9).stream().at(i);
        let sample = Sample::new(image(17, 19));
        let sample = sample.with_boxes(Tensor::from([[3.0, 4.0, 9.0, 12.0], [0.0, 0.0, 2.0, 1.0]])).unwrap();
        let mut one = joined.sample(sample.clone(), &stream).unwrap();
        let mut other = separate.sample(sample, &stream).unwrap();
        assert_eq!(one.boxes().unwrap(), other.boxes().unwrap());
        assert_eq!(one.visible().unwrap(), other.visible().unwrap());
    }
}

/// Two moves between pixels become one: on a smooth picture nearly the same, away from the edge.
#[test]
fn moves_between_pixels_are_joined_closely() {
    let rows: &[(&str, Build)] = &[
        ("rotate, then a part resized", |b| {
            b.rotate(15.0).then_checked(CropResized::new([24, 24]).map(|crop| crop.antialias(false)))
        }),
        ("rotate, then stretch", |b| {
            b.rotate(15.0).then_checked(Affine::new(5.0).and_then(|affine| affine.scale(1.2..=1.4)))
        }),
    ];
    for (name, build) in rows {
        let joined = build(Pipeline::builder()).build().unwrap();
        let separate = build(Pipeline::builder()).separately().build().unwrap();
        let picture = smooth(40, 40);
        for i in 0..40 {
            let stream = Seed(6).stream().at(i);
            let (a, b) =
                (joined.image(&picture, &stream).unwrap(), separate.image(&picture, &stream).unwrap());
            let far = |(a, b): (&u8, &u8)| a.abs_diff(*b) > 4;
            let count =
                a.as_bytes().unwrap().iter().zip(b.as_bytes().unwrap()).filter(|&pair| far(pair)).count();
            // The seam between picture and border is where they may differ.
            assert!(count * 20 < a.shape().numel(), "{name}: {count} of {}", a.shape());
        }
    }
}

#[test]
fn numbers_are_normalised_in_the_same_pass() {
    let build = |b: PipelineBuilder| b.flip_horizontal(0.5).rotate(15.0).crop_padded([17, 19], 4);
    let plain = build(Pipeline::builder()).build().unwrap();
    let normal = build(Pipeline::builder()).normalize([0.4, 0.5, 0.6], [0.2, 0.25, 0.5]).build().unwrap();
    let picture = Image::try_from(image(17, 19).to_tensor()).unwrap();
    for i in 0..40 {
        let stream = Seed(7).stream().at(i);
        let x = plain.image(&picture, &stream).unwrap().to_tensor();
        let means = Tensor::from([0.4, 0.5, 0.6]);
        let expected = x.sub(&means).unwrap().div(&Tensor::from([0.2, 0.25, 0.5])).unwrap();
        for picture in [&picture, &image(17, 19)] {
            let got = normal.image(picture, &stream).unwrap().to_tensor();
            for (a, b) in got.as_slice().iter().zip(expected.as_slice()) {
                // The mean and the deviation are rounded on their own here: some units of numbers up to 5.
                assert!((a - b).abs() < 1e-5, "{a} {b}");
            }
        }
    }
}

#[test]
fn a_batch_is_its_pictures_for_any_number_of_threads() {
    let pipeline =
        Pipeline::builder().rotate(15.0).crop_padded([16, 16], 4).rand_augment().to_float().build().unwrap();
    let pictures: Vec<Image> = (0..9).map(|i| image(16 + i, 16)).collect();
    let epoch = Seed(1).stream().at(3);
    // Two crops of the same size are batched whatever the pictures' sizes.
    let batch = pipeline.batch(&pictures, |i| epoch.at(i as u64)).unwrap();
    assert_eq!(**batch.shape(), [9, 16, 16, 3]);
    for (i, picture) in pictures.iter().enumerate() {
        let alone = pipeline.image(picture, &epoch.at(i as u64)).unwrap().to_tensor();
        assert_eq!(batch.rows(i, i + 1).unwrap().as_slice(), alone.as_slice());
    }
    for threads in [1, 2, 5] {
        let threads = Threads::new(threads).unwrap().split_always();
        assert_eq!(threads.install(|| pipeline.batch(&pictures, |i| epoch.at(i as u64))).unwrap(), batch);
    }
    let error = Pipeline::builder().build().unwrap().batch(&pictures, |_| epoch).unwrap_err();
    assert_eq!(
        error.to_string(),
        "picture 1: batch: expected [16, 16, 3], as the pictures before, got [17, 16, 3]"
    );
    let error = pipeline.batch(&[], |_| epoch).unwrap_err();
    assert_eq!(error.to_string(), "batch: expected at least one picture, got 0");
}

#[test]
fn a_tensor_is_changed_as_its_picture_is() {
    let build = |b: PipelineBuilder| b.rotate(15.0).crop_padded([16, 16], 4).color_jitter(0.2, 0.2, 0.2, 0.1);
    let pipeline = build(Pipeline::builder()).build().unwrap();
    for i in 0..10 {
        let (x, stream) = (image(17, 19).to_tensor(), Seed(8).stream().at(i));
        let picture = pipeline.image(&Image::try_from(x.clone()).unwrap(), &stream).unwrap();
        assert_eq!(pipeline.tensor(x.clone(), &stream).unwrap(), picture.to_tensor());
        assert_eq!(x, image(17, 19).to_tensor(), "a shared tensor stays as it is");
    }
    // One that is not shared is changed in place.
    let (x, dim) =
        (image(9, 9).to_tensor(), Pipeline::builder().color_jitter(0.5, 0.0, 0.0, 0.0).build().unwrap());
    let before = x.as_slice().as_ptr();
    assert_eq!(dim.tensor(x, &Seed(8).stream()).unwrap().as_slice().as_ptr(), before);
    let error = pipeline.tensor(Tensor::zeros([4, 4]).unwrap(), &Seed(8).stream()).unwrap_err();
    assert_eq!(error.to_string(), "image: expected [H, W, C] with none of them 0, got [4, 4]");
}

/// Boxes that reach beyond the edge are cut off by a move, and by nothing else.
#[test]
fn boxes_stay_where_they_are_unless_something_moves() {
    let boxes = Tensor::from([[-3.0, 4.0, 9.0, 12.0], [5.0, -0.5, 400.0, 2.5]]);
    let cut = Tensor::from([[0.0, 4.0, 9.0, 12.0], [5.0, 0.0, 19.0, 2.5]]);
    let rows: &[(Build, bool)] = &[
        (|b| b, false),
        (|b| b.to_float(), false),
        (|b| b.normalize([0.5], [0.5]), false),
        (|b| b.pad(0).normalize([0.5], [0.5]), false),
        (|b| b.color_jitter(0.1, 0.1, 0.1, 0.1).to_float(), false),
        (|b| b.flip_horizontal(1.0).flip_horizontal(1.0).to_float(), false),
        (|b| b.crop_random([17, 19]).gaussian_noise(0.1), false),
        (|b| b.rotate(0.0..=1e-9).normalize([0.5], [0.5]), true),
    ];
    for (i, (build, moves)) in rows.iter().enumerate() {
        let sample = Sample::new(image(17, 19)).with_boxes(boxes.clone()).unwrap();
        let mut changed =
            build(Pipeline::builder()).build().unwrap().sample(sample, &Seed(0).stream()).unwrap();
        let expected = if *moves { &cut } else { &boxes };
        // The angle of the last row moves no corner by as much.
        assert!(changed.boxes().unwrap().unwrap().all_close(expected, 0.0, 1e-6), "row {i}: {changed:?}");
    }
}

/// A move that boxes cannot follow changes nothing, and asking again gives the same error.
#[test]
fn what_cannot_be_done_is_not_forgotten() {
    let mask = Image::try_from(Tensor::ones([17, 19, 1]).unwrap()).unwrap();
    let sample = Sample::new(image(17, 19)).with_mask(mask).unwrap();
    let mut sample = sample.with_boxes(Tensor::from([[3.0, 4.0, 9.0, 12.0]])).unwrap();
    sample.warp(Warp::new(Projection::scale(0.0, 0.0), [5, 5])).unwrap();
    for _ in 0..2 {
        let error = sample.image().map(drop).unwrap_err().to_string();
        assert!(error.starts_with("projection: expected one that can be inverted, got [["), "{error}");
        assert_eq!(sample.mask().map(drop).unwrap_err().to_string(), error);
        let normal = Pipeline::builder().normalize([0.5], [0.5]).build().unwrap();
        let normal = normal.sample(sample.clone(), &Seed(0).stream()).map(drop);
        assert_eq!(normal.unwrap_err().to_string(), format!("step 0: {error}"));
    }
    assert_eq!(sample.size(), [5, 5]);
}

#[test]
fn errors_name_the_position() {
    let error = Pipeline::builder().pad(1).random_apply(2.0, |b| b.flip_vertical(0.5)).build().unwrap_err();
    let text = "step 1: RandomApply: expected a probability of at least 0 and at most 1, got 2";
    assert_eq!(error.to_string(), text);
    let error = Pipeline::builder().random_apply(0.5, |b| b.pad(1).resize([0, 1])).build().unwrap_err();
    let text = "step 0.step 1: Resize: expected a height and a width of 1 to 65536 pixels, got 0 x 1";
    assert_eq!(error.to_string(), text);
    let pipeline = Pipeline::builder().flip_horizontal(0.5).crop_random([30, 30]).build().unwrap();
    let error = pipeline.image(&image(17, 19), &Seed(0).stream()).unwrap_err();
    let text = "step 1: CropRandom: expected a picture of at least 30 x 30, padded, got 17 x 19";
    assert_eq!(error.to_string(), text);
    let mask = Image::try_from(Tensor::zeros([3, 4, 1]).unwrap()).unwrap();
    let error = Sample::new(image(17, 19)).with_mask(mask).unwrap_err();
    assert_eq!(error.to_string(), "mask: expected the picture's height and width 17 x 19, got 3 x 4");
    let error = Sample::new(image(17, 19)).with_boxes(Tensor::zeros([4]).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "boxes: expected [N, 4], got [4]");
    let nowhere = Tensor::from([[0.0, 0.0, Elem::NAN, 1.0]]);
    let error = Sample::new(image(4, 4)).with_boxes(nowhere).unwrap_err();
    assert_eq!(error.to_string(), "boxes: expected finite numbers, got NaN");
}

/// What a pipeline would cut off is an error when it is built; what it brings back to 0 to 1 is none.
#[test]
fn colours_stand_before_what_normalises() {
    let rows: &[(Build, &str)] = &[
        (|b| b.color_jitter(0.1, 0.1, 0.1, 0.1).normalize([0.5], [0.25]), ""),
        (|b| b.normalize([0.5], [0.25]).rotate(10.0).erase(0.5).gaussian_blur(3, 1.0).grayscale(0.5), ""),
        (|b| b.normalize([0.4, 0.5, 0.6], [0.2, 0.25, 0.5]).rand_augment(), "step 1: RandAugment: -2 to 3"),
        (
            |b| b.normalize([0.5], [0.25]).flip_vertical(0.5).gaussian_noise(0.1),
            "step 2: GaussianNoise: -2 to 2",
        ),
        // Back, and from −1..1 as other libraries have it.
        (|b| b.normalize([0.5], [0.25]).normalize([-2.0], [4.0]).gaussian_noise(0.1), ""),
        (|b| b.normalize([-1.0], [2.0]).trivial_augment().normalize([0.5], [0.5]), ""),
        (
            |b| b.random_apply(0.5, |b| b.normalize([0.5], [0.5])).rand_augment(),
            "step 1: RandAugment: -1 to 1",
        ),
        (
            |b| b.normalize([0.5], [0.5]).random_apply(0.5, |b| b.gaussian_noise(0.1)),
            "step 1.step 0: GaussianNoise: -1 to 1",
        ),
        (|b| b.normalize([0.5], [0.5]).random_apply(0.0, |b| b.gaussian_noise(0.1)), ""),
        (|b| b.normalize([0.5], [0.5]).then_checked(either([1.0, 1.0])), "step 1.choice 1: Invert: -1 to 1"),
        (|b| b.normalize([0.5], [0.5]).then_checked(either([1.0, 0.0])), ""),
        (|b| b.then_checked(either([1.0, 1.0])).rand_augment(), ""),
    ];
    fn either(weights: [f64; 2]) -> Result<OneOf> {
        OneOf::new(vec![Box::new(FlipVertical::new(1.0)?), Box::new(Invert::new(1.0)?)])?.weights(weights)
    }
    for (i, (build, text)) in rows.iter().enumerate() {
        let said =
            build(Pipeline::builder()).build().map_or_else(|error| error.to_string(), |_| String::new());
        let said =
            said.replace("expected numbers from 0 to 1, got ", "").replace("; put it before `normalize`", "");
        assert_eq!(said, *text, "row {i}");
    }
}

/// Cubic weights overshoot: that is cut off as ever, and no error.
#[test]
fn overshoot_is_no_other_range() {
    let stream = Seed(3).stream();
    let noise: Vec<Elem> = (0..40 * 40).map(|i| stream.below(i, 2) as Elem).collect();
    let noise = Image::try_from(Tensor::from_vec(noise, [40, 40, 1]).unwrap()).unwrap();
    let cubic = Resize::new([97, 83]).unwrap().interpolation(Interpolation::Bicubic);
    let turn = Rotate::new(45.0).unwrap().interpolation(Interpolation::Bicubic);
    let larger = |b: PipelineBuilder| b.then(cubic.antialias(false)).then(Cutout::new(1, 1).unwrap());
    let rows: [&dyn Fn(PipelineBuilder) -> PipelineBuilder; 3] =
        [&|b| b.then(cubic), &|b| b.then(turn), &larger];
    for (row, build) in rows.iter().enumerate() {
        let mut most: Elem = 0.0;
        for i in 0..20 {
            let plain = build(Pipeline::builder()).build().unwrap().image(&noise, &stream.at(i)).unwrap();
            most = plain.as_floats().unwrap().iter().fold(most, |most, x| most.max(x - 1.0));
            let colors = build(Pipeline::builder()).color_jitter(0.3, 0.3, 0.0, 0.0).build().unwrap();
            let colored = colors.image(&noise, &stream.at(i)).unwrap();
            assert!(colored.as_floats().unwrap().iter().all(|x| (0.0..=1.0).contains(x)));
        }
        assert!((0.1..0.45).contains(&most), "row {row}: {most}");
    }
}

#[test]
fn colours_need_one_or_three_channels() {
    let picture = Image::try_from(Tensor::full([4, 4, 2], 0.5 as Elem).unwrap()).unwrap();
    let pipeline = Pipeline::builder().color_jitter(0.1, 0.1, 0.1, 0.1).build().unwrap();
    let error = pipeline.image(&picture, &Seed(0).stream()).unwrap_err();
    assert_eq!(error.to_string(), "step 0: ColorJitter: expected 1 or 3 channels, got 2");
}
