//! What stands in a report, and that it is whole by itself.

use crate::common::folder;
use plywood_nn::Sequential;
use plywood_tensor::{Array, Elem, Seed, Tensor};
use plywood_train::{
    Curve, EpochRecord, Evaluation, History, LearningRateCurve, Report, Resources, TrainError,
};

/// Falls to a best epoch, then rises; the rate moves if told.
fn history(epochs: usize, moves: bool) -> History {
    (1..=epochs)
        .map(|epoch| {
            let loss = 0.2 + (epoch as f64 - 4.0).abs() / 10.0;
            let score = |x: f64| Evaluation::new(x, [("accuracy".to_owned(), 1.0 - x / 4.0)], 1234);
            EpochRecord {
                skipped: 0,
                gradient_norm: None,
                epoch,
                training: score(loss / 2.0),
                validation: Some(score(loss)),
                learning_rate: if moves { 0.1 / epoch as f64 } else { 0.1 },
                seconds: 0.5,
            }
        })
        .collect()
}

fn matrix(counts: &[f64], classes: usize) -> Array<f64> {
    Array::from_vec(counts.to_vec(), [classes, classes]).unwrap()
}

fn new() -> Report {
    Report::new("Title")
}

/// Whether tags are closed in the order in which they were opened, as a strict reader would have it.
fn assert_well_formed(html: &str) {
    const VOID: [&str; 2] = ["meta", "!DOCTYPE"];
    let mut open = Vec::new();
    for part in html.split('<').skip(1) {
        let tag = part.split_once('>').unwrap_or_else(|| panic!("a tag without an end: {part:.40}")).0;
        let name = tag.split(|letter: char| letter.is_whitespace()).next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{part:.60}"),
            None if tag.ends_with('/') || VOID.contains(&name) => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, [""; 0]);
}

fn pages() -> Vec<(&'static str, Report, &'static [&'static str], &'static [&'static str])> {
    let model = Sequential::input([3]).linear(400).relu().linear(2).build(Seed(7)).unwrap();
    let rates = LearningRateCurve::new((0..40).map(|i| (f64::from(i + 1), 9.0 - f64::from(i) / 5.0)));
    let numbers: Vec<Elem> = (0..5000).map(|i| i as Elem).collect();
    let numbers = Tensor::from_vec(numbers, [5000, 1]).unwrap();
    vec![
        (
            "nothing",
            new(),
            &["<h1>Title</h1>", "To do it again", "-bit numbers"],
            &["<svg", "best epoch", "Note"],
        ),
        (
            "history",
            new().history(&history(7, false)),
            &[
                "7 epochs in 3.5 s",
                "<b>4 of 7</b>",
                "<b>0.2000</b><span>training 0.1000</span>",
                "All 7 epochs as a table",
                "<tr class=\"best\"><td>4</td>",
                "aria-label=\"accuracy\"",
                "\nbest\n",
                "<td>1,234</td>",
            ],
            &["aria-label=\"learning rate\""],
        ),
        (
            "the second part of a run",
            new().history(&History::from_iter(history(9, false).epochs()[5..].iter().cloned())),
            &["epochs 6 to 9 in 2.0 s", "<b>6 of 9</b>"],
            &["4 epochs in"],
        ),
        (
            "the last epoch of a run",
            new().history(&History::from_iter(history(9, false).last().cloned())),
            &["epoch 9 alone in 500 ms"],
            &[],
        ),
        ("rates", new().history(&history(3, true)), &["aria-label=\"learning rate\"", "0.0333"], &[]),
        ("one epoch", new().history(&history(1, true)), &["1 epoch in 500 ms", "<svg"], &["\nbest\n"]),
        ("empty history", new().history(&History::default()), &["<h1>"], &["<svg", "epochs in"]),
        (
            "model",
            new().model(&model.summary().unwrap()),
            &["2,402 parameters", "Linear(3 -&gt; 400)", "<td>1,600</td>", "input [1, 3]"],
            &[],
        ),
        (
            "confusion",
            new().confusion(&matrix(&[8.0, 2.0, 0.0, 10.5], 2), ["cat", "dog"]),
            &[
                "18.50 of 20.50 right, 90.2 %",
                "title=\"cat taken for dog: 2 (20.0 %)\">2</td>",
                "<td class=\"gap\">80.0 %</td><td>100.0 %</td><td>10</td>",
            ],
            &["\"confusion dense\""],
        ),
        (
            "classes without samples",
            new().confusion(&matrix(&[0.0; 4], 2), ["cat", "dog"]),
            &["0 of 0 right, –", "<td class=\"gap\">–</td><td>–</td><td>0</td>"],
            &["NaN"],
        ),
        (
            "many classes",
            new().confusion(&matrix(&[1.0; 625], 25), (0..25).map(|i| i.to_string())),
            &["confusion dense", "\"3 taken for 4: 1 (4.0 %)\"></td>"],
            &[],
        ),
        (
            "residuals",
            new().residuals(&numbers.add_scalar(3.0), &numbers),
            &[
                "5,000 samples: root mean squared error 3.0000, mean absolute error 3.0000, R² 1.0000",
                "perfect",
            ],
            &[],
        ),
        (
            "the rest",
            new()
                .curves("gradient norm", [Curve::new("of all", [(1, 2.0), (2, 1.0)])])
                .curves("nothing finite", [Curve::new("x", [(1, f64::NAN)])])
                .learning_rates(&rates)
                .data("training", "10 samples")
                .fact("seed", 7)
                .resources(&Resources::new())
                .text("Log", "a\n  b")
                .note("first\n\nsecond"),
            &[
                "aria-label=\"gradient norm\"",
                "aria-label=\"loss over learning rates\"",
                "<th scope=\"row\">training</th><td>10 samples</td>",
                "<th scope=\"row\">seed</th><td>7</td>",
                "<th scope=\"row\">cost</th><td>no steps</td>",
                "<pre>a\n  b</pre>",
                "first\n\nsecond</div>",
            ],
            &["aria-label=\"nothing finite\""],
        ),
    ]
}

#[test]
fn what_was_given_is_there_and_nothing_else() {
    for (name, report, there, absent) in pages() {
        let html = report.html().unwrap();
        assert_well_formed(&html);
        there.iter().for_each(|text| assert!(html.contains(text), "{name}: {text} in\n{html}"));
        absent.iter().for_each(|text| assert!(!html.contains(text), "{name}: {text}"));
        // Nothing is loaded, and nothing is run; the one address is the name of the language of pictures.
        let addresses = html.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        for text in ["<script", "http:", "https:", "href", "src=", "url(", "@import"] {
            assert!(!addresses.contains(text), "{name}: {text}");
        }
    }
}

#[test]
fn no_text_becomes_markup() {
    let evil = "</td><script>alert('x')</script>\"&<img src=x onerror=y>";
    let record = EpochRecord {
        skipped: 0,
        gradient_norm: None,
        epoch: 1,
        training: Evaluation::new(1.0, [(evil.to_owned(), 0.5)], 1),
        validation: None,
        learning_rate: 0.1,
        seconds: 1.0,
    };
    let html = Report::new(evil)
        .history(&History::from_iter([record]))
        .curves(evil, [Curve::new(evil, [(1, 1.0), (2, 2.0)]), Curve::new("other", [(1, 1.0)])])
        .confusion(&matrix(&[1.0; 4], 2), [evil, "b"])
        .data(evil, evil)
        .fact(evil, evil)
        .text(evil, evil)
        .note(evil)
        .html()
        .unwrap();
    assert_well_formed(&html);
    assert!(!html.contains("<script") && !html.contains("<img"));
    assert!(html.matches("&lt;script&gt;").count() > 15);
}

#[test]
fn what_does_not_fit_is_refused() {
    let two = matrix(&[1.0; 4], 2);
    let column = |count: usize| Tensor::zeros([count, 1]).unwrap();
    for (report, text) in [
        (
            new().confusion(&two, ["a"]),
            "report: expected a confusion matrix [C, C] with a name for each class, got [2, 2] and 1 names",
        ),
        (
            new().confusion(&Array::from_vec(vec![1.0; 6], [2, 3]).unwrap(), ["a", "b"]),
            "report: expected a confusion matrix [C, C] with a name for each class, got [2, 3] and 2 names",
        ),
        (
            new().confusion(&Array::from_vec(vec![], [0, 0]).unwrap(), [""; 0]),
            "report: expected a confusion matrix [C, C] with a name for each class, got [0, 0] and 0 names",
        ),
        (
            new().residuals(&column(3), &column(4)),
            "report: expected one prediction for each of 4 targets, got 3",
        ),
        (
            new().residuals(&column(0), &column(0)),
            "report: expected one prediction for each of 0 targets, got 0",
        ),
    ] {
        let error = report.html().unwrap_err();
        assert!(matches!(
            error.source_as(),
            Some(TrainError::Confusion { .. } | TrainError::Residuals { .. })
        ));
        assert_eq!(error.to_string(), text);
    }
    let file = folder("report-errors").join("file");
    std::fs::write(&file, "").unwrap();
    let path = file.join("report.html");
    let error = new().save(&path).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: not a directory", path.display()));
}

/// The figures are those of the metrics, of any two shapes; of targets that do not vary, all is explained or nothing.
#[test]
fn residuals_are_measured_as_the_metrics_do() {
    let column = |numbers: &[Elem]| Tensor::from_vec(numbers.to_vec(), [numbers.len(), 1]).unwrap();
    for (predictions, targets, text) in [
        (
            column(&[1.0, 2.0, 2.0]),
            Tensor::from([1.0, 2.0, 3.0]),
            "3 samples: root mean squared error 0.5774, mean absolute error 0.3333, R² 0.5000",
        ),
        (
            column(&[4.0, 6.0]),
            Tensor::from([5.0, 5.0]),
            "2 samples: root mean squared error 1.0000, mean absolute error 1.0000, R² 0.0000",
        ),
        (
            column(&[5.0, 5.0]),
            Tensor::from([5.0, 5.0]),
            "2 samples: root mean squared error 0.0000, mean absolute error 0.0000, R² 1.0000",
        ),
    ] {
        let html = new().residuals(&predictions, &targets).html().unwrap();
        assert!(html.contains(text), "{text}");
    }
}

#[test]
fn residuals_that_are_not_finite_are_left_out_of_the_picture() {
    let targets = Tensor::from([1.0, 2.0, 3.0]);
    let predictions = Tensor::from([1.0, Elem::NAN, 2.5]);
    let html = new().residuals(&predictions, &targets).html().unwrap();
    assert!(html.contains("3 samples: root mean squared error NaN"));
    assert!(html.contains("<svg"));
    let html = new().residuals(&Tensor::from([Elem::NAN]), &Tensor::from([1.0])).html().unwrap();
    assert!(html.contains("1 sample: ") && !html.contains("<svg"));
}
