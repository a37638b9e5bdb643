//! The included files hold what their documentation says.

use plywood_data::{Dataset, Samples, datasets};
use plywood_tensor::{Elem, Tensor};
use std::collections::BTreeSet;

/// Sums that an independent program (Python's `csv` and `math.fsum`) took of the original files.
struct Sums {
    plain: f64,
    /// Each number times `(row mod 97 + 1) · (column + 1)`, so that an exchange of two shows.
    weighted: f64,
    /// Each target times `(row mod 97 + 1)`.
    targets: f64,
}

fn check(name: &str, x: &Tensor, y: &[Elem], expected: &Sums) {
    let width = x.shape()[1];
    let (mut plain, mut weighted) = (0.0, 0.0);
    for (i, &value) in x.as_slice().iter().enumerate() {
        let value = f64::from(value);
        plain += value;
        weighted += ((i / width % 97 + 1) * (i % width + 1)) as f64 * value;
    }
    let targets: f64 = y.iter().enumerate().map(|(i, &y)| (i % 97 + 1) as f64 * f64::from(y)).sum();
    // Each number is rounded once.
    let close = |got: f64, expected: f64| (got / expected - 1.0).abs() <= f64::from(Elem::EPSILON).max(1e-12);
    assert!(close(plain, expected.plain), "{name}: {plain}");
    assert!(close(weighted, expected.weighted), "{name}: {weighted}");
    assert_eq!(targets, expected.targets, "{name}");
}

#[test]
fn the_numbers_are_those_of_the_sources() {
    let data = datasets::breast_cancer();
    assert_eq!((*data.x().shape(), *data.y().shape()), (shape(&[569, 30]), shape(&[569])));
    assert_eq!(data.class_counts().into_iter().collect::<Vec<_>>(), [(0, 212), (1, 357)]);
    let y: Vec<Elem> = data.y().as_slice().iter().map(|&y| y as Elem).collect();
    let sums = Sums { plain: 1_056_474.459_635_6, weighted: 766_690_177.212_164_4, targets: 17_755.0 };
    check("breast cancer", data.x(), &y, &sums);

    let data = datasets::digits();
    assert_eq!((*data.x().shape(), *data.y().shape()), (shape(&[1797, 64]), shape(&[1797])));
    let counts: Vec<usize> = data.class_counts().into_values().collect();
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    assert!(data.x().as_slice().iter().all(|&x| (0.0..=16.0).contains(&x)));
    let y: Vec<Elem> = data.y().as_slice().iter().map(|&y| y as Elem).collect();
    check("digits", data.x(), &y, &Sums { plain: 561_718.0, weighted: 880_021_726.0, targets: 392_360.0 });

    let data = datasets::wine_quality();
    assert_eq!((*data.x().shape(), *data.y().shape()), (shape(&[1599, 11]), shape(&[1599, 1])));
    let counts = (3..=8).map(|mark| data.y().as_slice().iter().filter(|&&y| y == mark as Elem).count());
    assert_eq!(counts.collect::<Vec<_>>(), [10, 53, 681, 638, 199, 18]);
    let sums = Sums { plain: 143_072.781_94, weighted: 45_784_825.214_32, targets: 435_141.0 };
    check("wine quality", data.x(), data.y().as_slice(), &sums);
}

#[test]
fn every_feature_and_class_has_a_name_of_its_own() {
    let (cancer, digits, wine) = (datasets::breast_cancer(), datasets::digits(), datasets::wine_quality());
    let names = [(cancer.feature_names(), 30), (digits.feature_names(), 64), (wine.feature_names(), 11)];
    for (names, count) in names.into_iter().chain([(cancer.class_names(), 2), (digits.class_names(), 10)]) {
        assert_eq!(names.unwrap().iter().collect::<BTreeSet<_>>().len(), count);
    }
    let names = cancer.feature_names().unwrap();
    assert_eq!(
        (names[7].as_str(), names[10].as_str(), names[29].as_str()),
        ("mean concave points", "radius error", "worst fractal dimension")
    );
    assert_eq!(digits.class_names().unwrap()[9], "9");
    assert_eq!(wine.x().count(), wine.len());
}

fn shape(dims: &[usize]) -> plywood_tensor::Shape {
    plywood_tensor::Shape::new(dims).unwrap()
}
