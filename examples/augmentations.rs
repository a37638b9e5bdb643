//! Every transform of pictures on one sheet, `augmentations.png`: a drawn landscape, and real handwritten digits.
//!
//! `cargo run --release --example augmentations`

use plywood::augment::*;
use plywood::prelude::*;
use plywood::tensor::{Array, Stream};
use plywood_examples::canvas::{glyph, write_png};

/// Side of a tile, and the strip for its name.
const SIDE: usize = 112;
const STRIP: usize = 12;
const COLUMNS: usize = 8;

fn main() -> Result<()> {
    let (picture, digits) = (landscape()?, digits()?);
    let stream = Seed(7).stream();
    let mut tiles: Vec<(String, Image)> = vec![("the picture".into(), picture.clone())];
    for (i, (name, add)) in TRANSFORMS.iter().enumerate() {
        let pipeline = add(Pipeline::builder()).build()?;
        tiles.push(((*name).into(), pipeline.image(&picture, &stream.at(i as u64))?));
    }
    tiles.extend(policies(&picture)?);
    tiles.extend(mask_and_box(&picture)?);
    tiles.extend(mixed(&picture)?);
    tiles.resize_with(tiles.len().next_multiple_of(COLUMNS), || (String::new(), picture.clone()));
    let pipeline = Pipeline::builder()
        .then(Affine::new(15.0)?.translate(0.1, 0.1)?.scale(0.9..=1.1)?.shear(10.0, 0.0)?)
        .gaussian_noise(0.0..=0.08)
        .build()?;
    for (i, digit) in digits.iter().take(2 * COLUMNS).enumerate() {
        if i < COLUMNS {
            tiles.push((format!("digit {i}"), digit.clone()));
        } else {
            let moved = pipeline.image(&digits[i - COLUMNS], &stream.at(i as u64))?;
            tiles.push(("affine and noise".into(), moved));
        }
    }
    write("augmentations.png", &tiles)?;
    println!("{} tiles in augmentations.png", tiles.len());
    Ok(())
}

type Add = fn(PipelineBuilder) -> PipelineBuilder;

/// Each transform with a fixed amount where there is one, so that its tile shows what its name says.
const TRANSFORMS: &[(&str, Add)] = &[
    ("flip horizontal", |b| b.flip_horizontal(1.0)),
    ("flip vertical", |b| b.flip_vertical(1.0)),
    ("rotate90 by 1", |b| b.then(Rotate90::by(1))),
    ("rotate 20", |b| b.rotate(20.0..=20.0)),
    ("rotate nearest", |b| {
        b.then_checked(Rotate::new(20.0..=20.0).map(|r| r.interpolation(Interpolation::Nearest)))
    }),
    ("rotate bicubic", |b| {
        b.then_checked(Rotate::new(20.0..=20.0).map(|r| r.interpolation(Interpolation::Bicubic)))
    }),
    ("rotate edge", |b| b.then_checked(Rotate::new(20.0..=20.0).map(|r| r.border(Border::Edge)))),
    ("rotate reflect", |b| b.then_checked(Rotate::new(20.0..=20.0).map(|r| r.border(Border::Reflect)))),
    ("rotate expand", |b| b.then_checked(Rotate::new(20.0..=20.0).map(|r| r.expand(true)))),
    ("crop center", |b| b.crop_center([72, 72])),
    ("crop random", |b| b.crop_random([72, 72])),
    ("crop padded", |b| b.crop_padded([112, 112], 24)),
    ("crop resized", |b| b.crop_resized([112, 112])),
    ("pad", |b| b.pad(16)),
    ("pad symmetric", |b| b.then_checked(Pad::new(16).map(|pad| pad.border(Border::Symmetric)))),
    ("resize antialias", |b| b.resize([20, 20])),
    ("resize without", |b| b.then_checked(Resize::new([20, 20]).map(|resize| resize.antialias(false)))),
    ("resize wide", |b| b.resize([56, 112])),
    ("translate", |b| b.then_checked(Affine::new(0.0).and_then(|a| a.translate(0.2..=0.2, 0.1..=0.1)))),
    ("scale 0.7", |b| b.then_checked(Affine::new(0.0).and_then(|a| a.scale(0.7..=0.7)))),
    ("shear x 20", |b| b.then_checked(Affine::new(0.0).and_then(|a| a.shear(20.0..=20.0, 0.0)))),
    ("perspective", |b| b.perspective(0.6, 1.0)),
    ("erase", |b| b.erase(1.0)),
    ("erase noise", |b| b.then_checked(Erase::new(1.0).map(Erase::noise))),
    ("cutout", |b| b.cutout(4, 24)),
    ("brightness 1.5", |b| b.then_checked(ColorJitter::new().brightness(1.5..=1.5))),
    ("contrast 0.4", |b| b.then_checked(ColorJitter::new().contrast(0.4..=0.4))),
    ("saturation 2", |b| b.then_checked(ColorJitter::new().saturation(2.0..=2.0))),
    ("hue third", |b| b.then_checked(ColorJitter::new().hue(0.333..=0.333))),
    ("color jitter", |b| b.color_jitter(0.4, 0.4, 0.4, 0.1)),
    ("grayscale", |b| b.grayscale(1.0)),
    ("invert", |b| b.then_checked(Invert::new(1.0))),
    ("posterize 2", |b| b.then_checked(Posterize::new(2, 1.0))),
    ("solarize 0.5", |b| b.then_checked(Solarize::new(0.5, 1.0))),
    ("equalize", |b| b.then_checked(Equalize::new(1.0))),
    ("dark", |b| b.then_checked(ColorJitter::new().brightness(0.4..=0.4))),
    ("auto contrast", |b| {
        b.then_checked(ColorJitter::new().brightness(0.4..=0.4)).then_checked(AutoContrast::new(1.0))
    }),
    ("sharpness 3", |b| b.then_checked(Sharpness::new(3.0..=3.0))),
    ("gaussian blur 2", |b| b.gaussian_blur(13, 2.0..=2.0)),
    ("gaussian noise", |b| b.gaussian_noise(0.15..=0.15)),
    ("normalize", |b| b.normalize([0.5], [0.5])),
    ("random apply", |b| b.random_apply(1.0, |b| b.grayscale(1.0).rotate(20.0..=20.0))),
    ("one of", |b| {
        let choices = Invert::new(1.0).and_then(|invert| {
            OneOf::new(vec![Box::new(invert) as Box<dyn Transform>, Box::new(Rotate90::by(2))])
        });
        b.then_checked(choices)
    }),
];

/// Policies draw their operations: several tiles of each.
fn policies(picture: &Image) -> Result<Vec<(String, Image)>> {
    let mut tiles = Vec::new();
    for i in 0..4 {
        let stream = Seed(6).stream().at(i);
        let pipeline = Pipeline::builder().rand_augment().build()?;
        tiles.push(("rand augment".into(), pipeline.image(picture, &stream)?));
    }
    for i in 0..4 {
        let stream = Seed(9).stream().at(i);
        let pipeline = Pipeline::builder().trivial_augment().build()?;
        tiles.push(("trivial augment".into(), pipeline.image(picture, &stream)?));
    }
    Ok(tiles)
}

/// The same draw moves a mask (shown green) and a box (shown red).
fn mask_and_box(picture: &Image) -> Result<Vec<(String, Image)>> {
    let mut mask = Array::<u8>::zeros([SIDE, SIDE, 1])?;
    for (i, x) in mask.as_mut_slice().iter_mut().enumerate() {
        *x = u8::from(in_house(i / SIDE, i % SIDE));
    }
    let house = Tensor::from([[64.0, 44.0, 101.0, 90.0]]);
    let pipeline =
        Pipeline::builder().flip_horizontal(0.5).rotate(25.0).crop_padded([112, 112], 12).build()?;
    let sample = Sample::new(picture.clone()).with_mask(mask.try_into()?)?.with_boxes(house)?;
    let show = |mut sample: Sample| -> Result<Image> {
        let mask = sample.mask()?.and_then(Image::as_bytes).unwrap_or_default().to_vec();
        let boxes = sample.boxes()?.cloned();
        let mut image = sample.image()?.as_bytes().unwrap_or_default().to_vec();
        for (pixel, &inside) in image.chunks_exact_mut(3).zip(&mask) {
            if inside > 0 {
                pixel[1] = 255;
            }
        }
        if let Some([left, top, right, bottom]) = boxes.as_ref().map(Tensor::as_slice) {
            let [left, top, right, bottom] = [left, top, right, bottom].map(|x| x.round() as usize);
            for (i, pixel) in image.chunks_exact_mut(3).enumerate() {
                let (y, x) = (i / SIDE, i % SIDE);
                let inside = (top..bottom).contains(&y) && (left..right).contains(&x);
                let frame = y == top || x == left || y + 1 == bottom || x + 1 == right;
                if inside && frame {
                    pixel.copy_from_slice(&[255, 0, 0]);
                }
            }
        }
        Image::from_bytes(&image, [SIDE, SIDE, 3])
    };
    let mut tiles = vec![("mask and box".into(), show(sample.clone())?)];
    for i in 0..3 {
        let moved = pipeline.sample(sample.clone(), &Seed(1).stream().at(i))?;
        tiles.push(("moved together".into(), show(moved)?));
    }
    Ok(tiles)
}

type Mix<'a> = &'a dyn Fn(&Stream) -> Result<(Tensor, Tensor)>;

/// The picture mixed with its upside-down negative.
fn mixed(picture: &Image) -> Result<Vec<(String, Image)>> {
    let other = Pipeline::builder().flip_vertical(1.0).then(Invert::new(1.0)?).build()?;
    let other = other.image(picture, &Seed(0).stream())?;
    let x = Pipeline::builder().to_float().build()?;
    let x = x.batch(&[picture.clone(), other], |_| Seed(0).stream())?;
    let labels = IntTensor::from([0, 1]);
    // The first draw in which the partner is the other picture and both are seen.
    let pick = |mix: Mix<'_>| -> Result<(Tensor, Tensor)> {
        for i in 0.. {
            let (mixed, targets) = mix(&Seed(5).stream().at(i))?;
            if (0.4..0.8).contains(&targets.at(&[0, 0])?) {
                return Ok((mixed, targets));
            }
        }
        unreachable!("draws are endless")
    };
    let mut tiles = Vec::new();
    let (mix_up, cut_mix) = (MixUp::new(1.0, 2)?, CutMix::new(1.0, 2)?);
    let draws: [(&str, Mix<'_>); 2] = [
        ("mixup", &|stream| mix_up.apply(&x, &labels, stream)),
        ("cutmix", &|stream| cut_mix.apply(&x, &labels, stream)),
    ];
    for (name, mix) in draws {
        let (mixed, targets) = pick(mix)?;
        let image = Image::try_from(mixed.rows(0, 1)?.reshape([SIDE, SIDE, 3])?)?;
        tiles.push((format!("{name} {:.2}", targets.at(&[0, 0])?), image));
    }
    Ok(tiles)
}

/// Sky, sun, hills and a house: not alike from any side.
fn landscape() -> Result<Image> {
    let mut bytes = Vec::new();
    for (y, x) in (0..SIDE * SIDE).map(|i| (i / SIDE, i % SIDE)) {
        let (fy, fx) = (y as f64, x as f64);
        let mut color = [110.0 + fy, 160.0 + 0.6 * fy, 235.0];
        let sun = (fx - 26.0).hypot(fy - 24.0);
        if sun < 13.0 {
            color = [255.0, 215.0, 60.0];
        } else if (sun - 18.0).abs() < 1.5 && (x + y) % 6 < 3 {
            color = [250.0, 225.0, 130.0];
        }
        // Two ridges, and grass with fine blades.
        let ridge = 62.0 - 18.0 * triangle(fx / 75.0 + 0.15);
        if fy > ridge {
            color = [95.0, 110.0 + 0.3 * fx, 130.0];
        }
        if fy > 84.0 + 5.0 * triangle(fx / 60.0) {
            let blade = if x * 7 % 13 < 4 { 30.0 } else { 0.0 };
            color = [60.0, 120.0 + blade + 0.5 * (fy - 84.0), 50.0];
        }
        if in_house(y, x) {
            color = if y < 60 { [170.0, 50.0, 40.0] } else { [230.0, 210.0, 170.0] };
            if (70..78).contains(&y) && (70..78).contains(&x) {
                color = if y == 74 || x == 74 { [90.0, 60.0, 40.0] } else { [70.0, 100.0, 160.0] };
            }
            if y >= 72 && (84..94).contains(&x) {
                color = [100.0, 60.0, 30.0];
            }
            if y >= 60 && (y % 6 == 0) {
                color = color.map(|c| c - 18.0);
            }
        }
        bytes.extend(color.map(|c: f64| c.clamp(0.0, 255.0) as u8));
    }
    Image::from_bytes(&bytes, [SIDE, SIDE, 3])
}

/// From 0 to 1 and back again and again.
fn triangle(x: f64) -> f64 {
    1.0 - (2.0 * (x - x.floor()) - 1.0).abs()
}

fn in_house(y: usize, x: usize) -> bool {
    let walls = (60..90).contains(&y) && (66..99).contains(&x);
    let roof = (44..60).contains(&y) && x.abs_diff(82) <= (y - 44) + 2;
    walls || roof
}

/// The first picture of each digit, 8 by 8 pixels of 17 levels, made larger.
fn digits() -> Result<Vec<Image>> {
    let data = datasets::digits();
    let resize = Resize::new([SIDE, SIDE])?.interpolation(Interpolation::Bicubic);
    let larger = Pipeline::builder().then(resize).build()?;
    let mut digits = Vec::new();
    for i in 0..2 * COLUMNS {
        let (x, _) = data.get(i)?;
        let bytes: Vec<u8> = x.as_slice().iter().map(|level| (level * 15.9) as u8).collect();
        digits.push(larger.image(&Image::from_bytes(&bytes, [8, 8, 1])?, &Seed(0).stream())?);
    }
    Ok(digits)
}

/// Writes tiles with their names in rows.
fn write(path: &str, tiles: &[(String, Image)]) -> Result<()> {
    let (step_x, step_y) = (SIDE + 6, SIDE + STRIP + 6);
    let (width, height) = (COLUMNS * step_x + 6, tiles.len().div_ceil(COLUMNS) * step_y + 6);
    let mut sheet = vec![40; width * height * 3];
    for (i, (name, image)) in tiles.iter().enumerate().filter(|(_, (name, _))| !name.is_empty()) {
        let (left, top) = (6 + i % COLUMNS * step_x, 6 + i / COLUMNS * step_y);
        for (j, letter) in name.chars().enumerate() {
            for (dot, row, column) in glyph(letter) {
                if dot {
                    let at = ((top + 2 + row) * width + left + 4 * j + column) * 3;
                    sheet[at..at + 3].fill(230);
                }
            }
        }
        // Larger pictures are made smaller, all else is shown pixel by pixel, small ones magnified.
        let [h, w] = image.size();
        let fit = |side: usize| if side > SIDE { SIDE } else { side * (SIDE / h.max(w).min(SIDE)).max(1) };
        let shown = Resize::new([fit(h), fit(w)])?;
        let shown = if h.max(w) > SIDE { shown } else { shown.interpolation(Interpolation::Nearest) };
        let shown = Pipeline::builder().then(shown).build()?.image(image, &Seed(0).stream())?.to_bytes();
        let [h, w] = shown.size();
        let (bytes, channels) = (shown.as_bytes().unwrap_or_default(), shown.channels());
        for (y, x) in (0..h * w).map(|i| (i / w, i % w)) {
            let at = ((top + STRIP + y) * width + left + x) * 3;
            for c in 0..3 {
                sheet[at + c] = bytes[(y * w + x) * channels + c.min(channels - 1)];
            }
        }
    }
    write_png(path, [height, width], &sheet)
}
