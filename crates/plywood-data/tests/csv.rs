//! Tables that are read, and those that are not, with the message of each.

use plywood_data::{Csv, CsvProblem, DataError, Dataset, Missing};
use plywood_tensor::{Elem, IntTensor, Tensor};
use proptest::prelude::*;
use std::collections::HashSet;

fn csv(text: &str) -> Csv {
    Csv::read(std::io::Cursor::new(text.as_bytes().to_vec())).named("t.csv")
}

/// Whatever a file calls its columns and categories, a message is one line of a few hundred letters.
#[test]
fn names_of_columns_are_escaped_and_shortened() {
    let bad = "a\u{1b}[2J\nb\u{202e}".to_owned() + &"c".repeat(10_000);
    let seen = r"a\u{1b}[2J\nb\u{202e}ccc";
    let text = format!("\"{bad}\",y\n\"{bad}\",2\n");
    for (name, error) in [
        ("a cell", csv(&text).values("y").unwrap_err()),
        ("another column", csv(&text).values("z").unwrap_err()),
        ("a near one", csv(&text).values(&bad[..100]).unwrap_err()),
        ("two columns", csv(&format!("\"{bad}\",\"{bad}\"\n1,2\n")).values(&bad).unwrap_err()),
        ("a category", csv(&text).categories(&*bad, ["x", "y"]).values("y").unwrap_err()),
    ] {
        let error = error.to_string();
        assert!(error.contains(seen), "{name}: {error:?}");
        assert!(error.chars().count() < 500 && !error.contains(char::is_control), "{name}: {error:?}");
    }
}

/// Every malformed table, what is asked of it, and what is said.
#[test]
fn what_is_wrong_is_named_with_its_place() {
    type Ask = fn(Csv) -> Result<(), plywood_tensor::Error>;
    let values: Ask = |csv| csv.values("y").map(drop);
    let labels: Ask = |csv| csv.labels("y").map(drop);
    let inputs: Ask = |csv| csv.inputs().map(drop);
    let rows: &[(&str, &str, Ask, &str)] = &[
        ("nothing", "", values, "t.csv: expected a table, got an empty file"),
        ("blank lines", "\n\n", values, "t.csv: expected a table, got an empty file"),
        ("header alone", "x,y\n", values, "t.csv: expected rows after the header, got none"),
        ("short row", "x,y\n1,2\n3\n", values, "t.csv: line 3: expected 2 cells, got 1"),
        ("long row", "x,y\n1,2,3\n", values, "t.csv: line 2: expected 2 cells, got 3"),
        (
            "long row after a blank line",
            "x,y\n1,2\n\n1,2,3\n",
            values,
            "t.csv: line 4: expected 2 cells, got 3",
        ),
        (
            "text",
            "x,y\n1,2\nn/a,4\n",
            values,
            r#"t.csv: line 3, column "x": expected a number, got "n/a"; if it means that there is no value, name it in `marks`, and say `missing`"#,
        ),
        (
            "text as target",
            "x,y\n1,two\n",
            values,
            r#"t.csv: line 2, column "y": expected a number, got "two"; a column of categories is named in `categorical`"#,
        ),
        (
            "empty cell",
            "x,y\n,2\n",
            values,
            r#"t.csv: line 2, column "x": expected a number, got ""; `missing` says what becomes of cells without a value"#,
        ),
        (
            "spaces",
            "x,y\n  ,2\n",
            values,
            r#"t.csv: line 2, column "x": expected a number, got ""; `missing` says what becomes of cells without a value"#,
        ),
        (
            "not a number",
            "x,y\nNaN,2\n",
            values,
            r#"t.csv: line 2, column "x": expected a number, got "NaN"; `missing` says what becomes of cells without a value"#,
        ),
        (
            "signed NaN",
            "x,y\n-nan,2\n",
            inputs,
            r#"t.csv: line 2, column "x": expected a number, got "-nan"; `missing` says what becomes of cells without a value"#,
        ),
        (
            "infinity",
            "x,y\n1,inf\n",
            values,
            r#"t.csv: line 2, column "y": expected a finite number, got "inf""#,
        ),
        (
            "too large for any precision",
            "x,y\n1e999,1\n",
            values,
            r#"t.csv: line 2, column "x": expected a finite number, got "1e999""#,
        ),
        (
            "decimal comma",
            "x;y\n1,5;2\n",
            |csv| csv.delimiter(b';').values("y").map(drop),
            r#"t.csv: line 2, column "x": expected a number, got "1,5""#,
        ),
        (
            "line of a quoted cell",
            "x,y\n\"1\n\",2\n3,z\n",
            values,
            r#"t.csv: line 4, column "y": expected a number, got "z"; a column of categories is named in `categorical`"#,
        ),
        (
            "windows lines",
            "x,y\r\n1,2\r\n3,z\r\n",
            values,
            r#"t.csv: line 3, column "y": expected a number, got "z"; a column of categories is named in `categorical`"#,
        ),
        (
            "long cell",
            "x,y\n1,abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\n",
            values,
            r#"t.csv: line 2, column "y": expected a number, got "abcdefghijklmnopqrstuvwxyzabcdefghijklmn"…; a column of categories is named in `categorical`"#,
        ),
        ("no class", "x,y\n1,\n", labels, r#"t.csv: line 2, column "y": expected a category, got """#),
        (
            "slip",
            "alcohol,pH,y\n1,2,3\n",
            |csv| csv.features(["alcool"]).values("y").map(drop),
            r#"t.csv: column "alcool": there is no such column, did you mean "alcohol"? there are "alcohol", "pH", "y""#,
        ),
        (
            "case",
            "Alcohol,y\n1,2\n",
            |csv| csv.features(["alcohol"]).values("y").map(drop),
            r#"t.csv: column "alcohol": there is no such column, did you mean "Alcohol"? there are "Alcohol", "y""#,
        ),
        (
            "unknown target",
            "x,y\n1,2\n",
            |csv| csv.values("quality").map(drop),
            r#"t.csv: column "quality": there is no such column, expected one of "x", "y""#,
        ),
        (
            "unknown among many",
            "a,b,c,d,e,f,g,h,i,j\n1,2,3,4,5,6,7,8,9,0\n",
            |csv| csv.values("quality").map(drop),
            r#"t.csv: column "quality": there is no such column, expected one of "a", "b", "c", "d", "e", "f", "g", "h" and 2 more"#,
        ),
        (
            "unknown to leave out",
            "x,y\n1,2\n",
            |csv| csv.without("number").values("y").map(drop),
            r#"t.csv: column "number": there is no such column, expected one of "x", "y""#,
        ),
        (
            "unknown categories",
            "x,y\n1,2\n",
            |csv| csv.categorical("colour").values("y").map(drop),
            r#"t.csv: column "colour": there is no such column, expected one of "x", "y""#,
        ),
        (
            "another delimiter",
            "x;y;quality\n1;2;3\n",
            |csv| csv.values("quality").map(drop),
            r#"t.csv: column "quality": there is no such column, expected one of "x;y;quality"; if cells end with ';', say `delimiter(b';')`"#,
        ),
        (
            "no header",
            "5.1,3.5,0.2,setosa\n4.9,3,0.2,setosa\n",
            |csv| csv.labels("species").map(drop),
            r#"t.csv: column "species": there is no such column, expected one of "5.1", "3.5", "0.2", "setosa"; if the first line is data, say `header(false)`"#,
        ),
        (
            "no header, as told",
            "5.1,setosa\n4.9,setosa\n",
            |csv| csv.header(false).labels("species").map(drop),
            r#"t.csv: column "species": there is no such column, expected one of "0", "1"; columns without a header are called by their numbers, or as `columns` tells"#,
        ),
        ("twin columns", "x,y,y\n1,2,3\n", values, r#"t.csv: column "y": two columns have this name"#),
        (
            "target among the features",
            "x,y\n1,2\n",
            |csv| csv.features(["x", "y"]).values("y").map(drop),
            r#"t.csv: column "y": the target cannot be a feature too"#,
        ),
        (
            "feature twice",
            "x,y\n1,2\n",
            |csv| csv.features(["x", "x"]).values("y").map(drop),
            r#"t.csv: column "x": the feature is named twice"#,
        ),
        ("no feature", "y\n1\n", values, "t.csv: expected at least one feature column, got none"),
        (
            "category that is not given",
            "c,y\nred,1\n",
            |csv| csv.categories("c", ["blue", "green"]).values("y").map(drop),
            r#"t.csv: line 2, column "c": expected one of "blue", "green", got "red""#,
        ),
        (
            "category given twice",
            "c,y\nred,1\n",
            |csv| csv.categories("c", ["red", "red"]).values("y").map(drop),
            r#"t.csv: column "c": expected different categories, at least one, got "red", "red""#,
        ),
        (
            "every row dropped",
            "x,y\n,1\n2,\n",
            |csv| csv.missing(Missing::Drop).values("y").map(drop),
            "t.csv: expected a row without a missing cell, got 2 rows with one",
        ),
        (
            "nothing to take the mean of",
            "x,z,y\n,1,1\n,2,2\n",
            |csv| csv.missing(Missing::FillMean).values("y").map(drop),
            r#"t.csv: column "x": expected a number to take the mean of, got only missing cells"#,
        ),
        (
            "filled with NaN",
            "x,y\n,1\n",
            |csv| csv.missing(Missing::Fill(f64::NAN)).values("y").map(drop),
            "t.csv: expected a finite number for missing cells, got NaN",
        ),
        (
            "target is not filled",
            "x,y\n1,\n",
            |csv| csv.missing(Missing::Fill(0.0)).values("y").map(drop),
            r#"t.csv: line 2, column "y": expected a number, got ""; `missing` says what becomes of cells without a value"#,
        ),
        (
            "category is not filled",
            "x,y\n,1\n",
            |csv| csv.categorical("x").missing(Missing::FillMean).values("y").map(drop),
            r#"t.csv: line 2, column "x": expected a category, got """#,
        ),
    ];
    let mut seen = HashSet::new();
    for (name, text, ask, expected) in rows {
        let error = ask(csv(text)).expect_err(name);
        assert_eq!(error.to_string(), *expected, "{name}");
        let Some(DataError::Csv { problem, .. }) = error.source_as() else { panic!("{name}: {error}") };
        seen.insert(std::mem::discriminant(problem));
    }
    // A column for each category would be more than memory holds, of a text of some hundred thousand bytes.
    let many: String = (0..30_000).map(|i| format!("{i},1\n")).collect();
    let many = Csv::read(std::io::Cursor::new(format!("x,y\n{many}").into_bytes())).named("t.csv");
    let error = many.categorical("x").values("y").unwrap_err();
    assert_eq!(error.to_string(), "t.csv: expected at most 67108864 numbers, got 30000 rows of 30000");
    let Some(DataError::Csv { problem, .. }) = error.source_as() else { panic!("{error}") };
    seen.insert(std::mem::discriminant(problem));
    // Complete: each problem has a row, but for the two of the next test.
    assert_eq!(seen.len() + 2, include_str!("../src/csv/problem.rs").matches("#[error(").count());
}

#[test]
fn bytes_and_files_that_cannot_be_read_are_errors() {
    let latin = Csv::read(&b"x,y\n1,2\n\xe9,3\n"[..]).values("y").unwrap_err();
    assert_eq!(latin.to_string(), "csv: line 3: expected UTF-8 text, got other bytes");
    let absent = Csv::open("no/such/file.csv").values("y").unwrap_err();
    assert!(absent.to_string().starts_with("no/such/file.csv: cannot read: "), "{absent}");
    let cut = Csv::read(&b"\x1f\x8b\x08\x00\x00"[..]).values("y").unwrap_err();
    let Some(DataError::Csv { problem: CsvProblem::Read { .. }, .. }) = cut.source_as() else {
        panic!("{cut}")
    };
}

/// Every way to read a table that is as it should be.
#[test]
fn tables_are_read_as_they_are_described() {
    type Read = fn(Csv) -> Csv;
    let same: Read = |csv| csv;
    let rows: &[(&str, &str, Read, Tensor, &[&str])] = &[
        ("as is", "a,y,b\n1,0,2\n3,0,4\n", same, Tensor::from([[1.0, 2.0], [3.0, 4.0]]), &["a", "b"]),
        ("quotes and spaces", "\"a\", y ,b\n\"1\", 0 ,2e0\n", same, Tensor::from([[1.0, 2.0]]), &["a", "b"]),
        ("mark of byte order", "\u{feff}a,y\n1,0\n", same, Tensor::from([[1.0]]), &["a"]),
        ("blank and windows lines", "a,y\r\n\r\n1,0\r\n", same, Tensor::from([[1.0]]), &["a"]),
        ("no line end", "a,y\n1,0", same, Tensor::from([[1.0]]), &["a"]),
        ("tabs", "a\ty\n1\t0\n", |csv| csv.delimiter(b'\t'), Tensor::from([[1.0]]), &["a"]),
        (
            "no header",
            "1,0\n2,0\n",
            |csv| csv.header(false).columns(["a", "y"]),
            Tensor::from([[1.0], [2.0]]),
            &["a"],
        ),
        ("other header", "p,q\n2,0\n", |csv| csv.columns(["a", "y"]), Tensor::from([[2.0]]), &["a"]),
        (
            "chosen",
            "a,b,c,y\n1,2,3,0\n",
            |csv| csv.features(["c", "a"]),
            Tensor::from([[3.0, 1.0]]),
            &["c", "a"],
        ),
        ("left out", "id,a,y\nx7,2,0\n", |csv| csv.without("id"), Tensor::from([[2.0]]), &["a"]),
        (
            "categories",
            "c,a,y\nred,1,0\nblue,2,0\n",
            |csv| csv.categorical("c"),
            Tensor::from([[0.0, 1.0, 1.0], [1.0, 0.0, 2.0]]),
            &["c=blue", "c=red", "a"],
        ),
        (
            "categories that are numbers",
            "c,y\n10,0\n9,0\n",
            |csv| csv.categorical("c"),
            Tensor::from([[0.0, 1.0], [1.0, 0.0]]),
            &["c=9", "c=10"],
        ),
        (
            "given categories",
            "c,y\nred,0\n",
            |csv| csv.categories("c", ["red", "green", "blue"]),
            Tensor::from([[1.0, 0.0, 0.0]]),
            &["c=red", "c=green", "c=blue"],
        ),
        (
            "dropped",
            "a,y\n1,0\n,0\n3,\n4,0\n",
            |csv| csv.missing(Missing::Drop),
            Tensor::from([[1.0], [4.0]]),
            &["a"],
        ),
        (
            "missing where nobody looks",
            "a,b,y\n1,,0\n",
            |csv| csv.missing(Missing::Drop).features(["a"]),
            Tensor::from([[1.0]]),
            &["a"],
        ),
        (
            "filled",
            "a,y\n1,0\nnan,0\n?,0\n",
            |csv| csv.missing(Missing::Fill(-1.0)).marks(["?"]),
            Tensor::from([[1.0], [-1.0], [-1.0]]),
            &["a"],
        ),
        (
            "filled with the mean",
            "a,b,y\n1,5,0\n,6,0\n4,,0\n",
            |csv| csv.missing(Missing::FillMean),
            Tensor::from([[1.0, 5.0], [2.5, 6.0], [4.0, 5.5]]),
            &["a", "b"],
        ),
    ];
    for (name, text, read, x, names) in rows {
        let data = read(csv(text)).values("y").unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(data.x(), x, "{name}");
        assert_eq!(data.feature_names().unwrap(), *names, "{name}");
        assert_eq!(*data.y(), Tensor::zeros([data.len(), 1]).unwrap(), "{name}");
    }
}

#[test]
fn labels_are_the_sorted_classes() {
    let rows: &[(&str, &[i64], &[&str])] = &[
        ("1,b\n2,a\n3,b\n", &[1, 0, 1], &["a", "b"]),
        ("1,10\n2,9\n3,10\n", &[1, 0, 1], &["9", "10"]),
        ("1,10\n2,9\n3,x\n", &[0, 1, 2], &["10", "9", "x"]),
    ];
    for (text, labels, names) in rows {
        let data = csv(text).header(false).labels("1").unwrap();
        assert_eq!(data.y().as_slice(), *labels);
        assert_eq!(data.class_names().unwrap(), *names);
    }
    // A second file, read as the first was, though it lacks a class.
    let data = csv("x,y\n1,c\n").categories("y", ["a", "b", "c"]).labels("y").unwrap();
    assert_eq!(*data.y(), IntTensor::from([2]));
    assert_eq!(csv("x\n1\n2\n").inputs().unwrap(), Tensor::from([[1.0], [2.0]]));
}

/// A file on disk, removed at the end.
struct Scratch(std::path::PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

#[test]
fn files_are_opened_and_unpacked() {
    use std::io::Write;
    let path = std::env::temp_dir().join(format!("plywood-data-{}.csv.gz", std::process::id()));
    let file = Scratch(path);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(b"x,y\n1,2\n3,oops\n").unwrap();
    std::fs::write(&file.0, packed.finish().unwrap()).unwrap();
    assert_eq!(Csv::open(&file.0).features(["x"]).inputs().unwrap(), Tensor::from([[1.0], [3.0]]));
    let error = Csv::open(&file.0).values("y").unwrap_err().to_string();
    assert!(error.ends_with(r#".csv.gz: line 3, column "y": expected a number, got "oops"; a column of categories is named in `categorical`"#), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Numbers that are written out are read back to the bit.
    #[test]
    fn numbers_survive(numbers in prop::collection::vec((-1e30_f32..1e30, -1.0_f32..1.0), 1..20)) {
        let text: String = numbers.iter().map(|(a, b)| format!("{a:e},{b}\n")).collect();
        let data = csv(&text).header(false).values("1").unwrap();
        for (i, &(a, b)) in numbers.iter().enumerate() {
            let row = (data.x().at(&[i, 0]).unwrap(), data.y().at(&[i, 0]).unwrap());
            // Read as double and rounded once: for an f32 that was printed exactly, the same number.
            prop_assert!((row.0 - Elem::from(a)).abs() <= Elem::from(a).abs() * 1e-7);
            prop_assert!((row.1 - Elem::from(b)).abs() <= Elem::from(b).abs() * 1e-7);
        }
    }

    /// Whatever the text, the answer is a data set of finite numbers or an error that names the file.
    #[test]
    fn no_text_panics(text in "([0-9.,\"\n a-z-]|NaN|inf|\r\n){0,80}", delimiter in prop::sample::select(vec![b',', b';', b'\0'])) {
        for missing in [Missing::Error, Missing::Drop, Missing::Fill(0.0), Missing::FillMean] {
            match csv(&text).delimiter(delimiter).missing(missing).header(false).labels("0") {
                Ok(data) => prop_assert!(data.x().is_finite() && !data.is_empty()),
                Err(error) => prop_assert!(error.to_string().starts_with("t.csv"), "{}", error),
            }
        }
    }

    /// Bytes that are no text, and compressed data that is none, are errors too.
    #[test]
    fn no_bytes_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..80), packed in any::<bool>()) {
        if packed {
            bytes.splice(0..0, [0x1f, 0x8b, 0x08, 0x00]);
        }
        drop(Csv::read(std::io::Cursor::new(bytes)).header(false).inputs());
    }
}
