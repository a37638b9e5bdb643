//! Pictures of training.

use plywood_train::{Curve, EpochRecord, Evaluation, History, Plot};

fn run(epochs: usize, speed: f64) -> History {
    (1..=epochs)
        .map(|epoch| {
            let t = epoch as f64;
            let wobble = [0.01, -0.008, 0.004][epoch % 3];
            let score = |loss: f64| Evaluation::new(loss, [("accuracy".to_owned(), 1.0 - loss / 4.0)], 100);
            EpochRecord {
                epoch,
                training: score(0.9 / (1.0 + speed * t)),
                validation: Some(score(0.8 / (1.0 + speed * t) + 0.04 + wobble)),
                skipped: 0,
                gradient_norm: None,
                learning_rate: 0.001,
                seconds: 0.01,
            }
        })
        .collect()
}

#[test]
fn pictures_are_written_for_any_number_of_epochs() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    for epochs in [1, 2, 10, 200] {
        let path = folder.join(format!("history-{epochs}.svg"));
        run(epochs, 0.8).plot(&path).unwrap();
        let svg = std::fs::read_to_string(&path).unwrap();
        for text in ["epoch", "loss", "accuracy", "training", "validation"] {
            assert!(svg.contains(text), "{epochs}: {text}");
        }
    }
    let (adam, sgd, plain) = (run(30, 0.8), run(30, 0.3), run(30, 0.05));
    let runs = [("Adam", &adam), ("SGD with momentum", &sgd), ("gradient descent", &plain)];
    plywood_train::plot_runs(runs, "validation loss", folder.join("runs.svg")).unwrap();
}

#[test]
fn the_lower_axis_has_the_name_that_it_is_given() {
    let steps = |name: &str, sign: f64| {
        Curve::new(name, (0..=300).map(|step| (step, sign * (step as f64 / 150.0 - 1.0))))
    };
    let losses = || [steps("rising", 1.0), steps("falling", -1.0)];
    let shares = Curve::over("accuracy", [(0.05, 0.7), (0.1, 0.9), (0.15, 0.85)]);
    let svg = |plot: Plot| plot.svg().unwrap();
    let rows: [(String, &[&str], &[&str]); 4] = [
        (svg(Plot::new().panel("loss", losses())), &["\nepoch\n"], &[]),
        // Steps are counted: no ticks between them.
        (
            svg(Plot::new().panel("loss", losses()).across("step")),
            &["\nstep\n", "\n50\n"],
            &["epoch", "\n50.0\n"],
        ),
        (
            svg(Plot::new().panel("accuracy", [shares.clone()]).across("dropout")),
            &["\ndropout\n", "\n0.06\n", "\n0.14\n"],
            &["epoch"],
        ),
        // Of the last panel alone.
        (
            svg(Plot::new().panel("loss", losses()).panel("accuracy", [shares]).across("dropout")),
            &["\nepoch\n", "\ndropout\n"],
            &[],
        ),
    ];
    for (svg, there, not_there) in &rows {
        there.iter().for_each(|text| assert!(svg.contains(text), "{text:?}: {svg}"));
        not_there.iter().for_each(|text| assert!(!svg.contains(text), "{text:?}: {svg}"));
    }
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("across.svg"), &rows[3].0).unwrap();
    assert_eq!(Plot::new().across("nothing"), Plot::new());
}

/// Where the distance between two points, or to a margin, would not be a number.
#[test]
fn values_of_any_size_are_drawn_or_left_out() {
    let (largest, tiny) = (f64::MAX, f64::MIN_POSITIVE);
    let svg = |values: &[f64]| {
        let curve = Curve::new("best so far", (1..).zip(values.iter().copied()));
        Plot::new().panel("loss", [curve]).svg().map_err(|error| error.to_string())
    };
    let mark = "<circle";
    for (values, drawn) in [
        (&[largest, 0.5][..], 1),
        (&[-largest, 0.5, largest], 1),
        (&[1.01e300, 0.5, 0.25], 2),
        (&[1e300, -1e300, 0.0], 3),
        (&[1e300, 1e300], 2),
        (&[tiny, 2.0 * tiny, 0.0], 3),
        (&[5e-324], 1),
        (&[1.0, 1.0 + f64::EPSILON], 2),
        (&[f64::NAN, f64::INFINITY, 1.0], 1),
    ] {
        let svg = svg(values).unwrap();
        // One more is in the legend.
        assert_eq!(svg.matches(mark).count(), drawn + 1, "{values:?}");
        // A grid of a range without width would lie at the ends of what a coordinate can be.
        assert!(!svg.contains(&i32::MAX.to_string()[..9]), "{values:?}");
    }
    let nothing = "plot: expected at least one finite value of loss, got none";
    assert_eq!(svg(&[largest, f64::NAN]), Err(nothing.to_owned()));
}

#[test]
fn nothing_to_draw_is_an_error() {
    let empty = History::default();
    for (plot, text) in [
        (
            Plot::of(&empty),
            "plot: expected at least one finite value of any quantity, got none; all epochs of a run that was resumed are in \
             Trainer::history",
        ),
        (
            Plot::compare([("a", &empty)], "loss"),
            "plot: expected at least one finite value of loss, got none",
        ),
    ] {
        assert_eq!(plot.svg().unwrap_err().to_string(), text);
    }
    let beneath_a_file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml/history.svg");
    let error = run(2, 1.0).plot(beneath_a_file).unwrap_err();
    assert_eq!(error.to_string(), format!("{beneath_a_file}: not a directory"));
}
