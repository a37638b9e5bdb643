//! A table of separated values, to be read into a data set.

use super::columns::{Columns, Kind};
use super::rows::Rows;
use super::table::Table;
use super::{CsvProblem, Missing, Place};
use crate::files::bytes::whole_table;
use crate::{ArrayDataset, DataError};
use plywood_tensor::{IntTensor, Result, Tensor};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

/// A table of separated values (CSV), to be read into a data set.
///
/// Say what is unusual about the table, then which column is the target. All other columns are features: numbers as
/// they are, those named by [`Csv::categorical`] as a column of zeros and ones for each category. Files that are
/// compressed with gzip are unpacked, to at most 2 GiB.
///
/// Nothing is guessed. A row of another length, a cell that is no number, a column that does not exist or a value
/// that is missing is an error that names line and column. Blank lines alone are skipped.
///
/// Reading takes at most 128 times the length of the text (many columns of one letter), and the table has at most 2²⁶ numbers or
/// 16 for each byte of the text, whatever the categories are.
///
/// # Example
/// ```
/// use plywood_data::{Csv, Missing};
/// use plywood_tensor::{IntTensor, Tensor};
///
/// let text = "\
/// species,length,island
/// gentoo,46.1,Biscoe
/// adelie,39.1,Dream
/// adelie,,Biscoe
/// gentoo,50.0,Biscoe
/// ";
/// let penguins = Csv::read(text.as_bytes()).categorical("island").missing(Missing::Drop).labels("species")?;
/// assert_eq!(penguins.feature_names().unwrap_or_default(), ["length", "island=Biscoe", "island=Dream"]);
/// assert_eq!(*penguins.x(), Tensor::from([[46.1, 1.0, 0.0], [39.1, 0.0, 1.0], [50.0, 1.0, 0.0]]));
/// assert_eq!(penguins.class_names().unwrap_or_default(), ["adelie", "gentoo"]);
/// assert_eq!(*penguins.y(), IntTensor::from([1, 0, 1]));
///
/// let error = Csv::read(text.as_bytes()).named("penguins.csv").values("length").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#"penguins.csv: line 2, column "species": expected a number, got "gentoo"; a column of categories is named in `categorical`"#,
/// );
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// `pandas.read_csv`, which guesses types and reads what does not fit as text or NaN.
#[doc(alias = "read_csv")]
#[must_use]
pub struct Csv {
    input: Input,
    name: String,
    delimiter: u8,
    names: Option<Vec<String>>,
    has_header: bool,
    columns: Columns,
}

enum Input {
    Path(PathBuf),
    Reader(Box<dyn Read>),
}

impl Csv {
    /// A file, which is opened when the target is named.
    pub fn open(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self::new(path.display().to_string(), Input::Path(path))
    }

    /// Anything that can be read, for example the bytes of a text.
    pub fn read(reader: impl Read + 'static) -> Self {
        Self::new("csv".into(), Input::Reader(Box::new(reader)))
    }

    fn new(name: String, input: Input) -> Self {
        let columns = Columns::default();
        Csv { input, name, delimiter: b',', names: None, has_header: true, columns }
    }

    /// What errors call the file; its path unless told.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// What stands between cells; a comma unless told.
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// Whether the first line names the columns, as it does unless told. Without it they are called `0`, `1`, ….
    pub fn header(mut self, header: bool) -> Self {
        self.has_header = header;
        self
    }

    /// The names of the columns, for a file that has no header or a header with other names.
    pub fn columns<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.names = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// The columns to be features, in this order; all but the target unless told.
    pub fn features<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.columns.features = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// A column that is not to be a feature, for example a row number.
    pub fn without(mut self, name: impl Into<String>) -> Self {
        self.columns.without.insert(name.into());
        self
    }

    /// A feature of categories, sorted by number if all are numbers and by letter otherwise: it becomes a column
    /// of zeros and ones for each.
    pub fn categorical(mut self, name: impl Into<String>) -> Self {
        self.columns.categories.entry(name.into()).or_default();
        self
    }

    /// A feature of these categories, or a target of these classes, in this order; a cell that is none of them is an
    /// error. So that a second file is read as the first was.
    pub fn categories<S: Into<String>>(
        mut self,
        name: impl Into<String>,
        categories: impl IntoIterator<Item = S>,
    ) -> Self {
        let categories = categories.into_iter().map(Into::into).collect();
        self.columns.categories.insert(name.into(), Some(categories));
        self
    }

    /// What becomes of cells without a value; an error unless told.
    #[doc(alias("dropna", "fillna"))]
    pub fn missing(mut self, missing: Missing) -> Self {
        self.columns.missing = missing;
        self
    }

    /// Cells that mean that there is no value, for example `?` or `n/a`, besides empty ones and NaN.
    #[doc(alias = "na_values")]
    pub fn marks<S: Into<String>>(mut self, marks: impl IntoIterator<Item = S>) -> Self {
        self.columns.marks = marks.into_iter().map(Into::into).collect();
        self
    }

    /// Reads the table; the target is a column of classes.
    ///
    /// The different cells of the column are the classes, sorted by number if all are numbers and by letter otherwise,
    /// or as [`Csv::categories`] tells. Label 0 is the first of [`ArrayDataset::class_names`].
    ///
    /// # Shapes
    /// Inputs `[N, C]`, targets `[N]`.
    ///
    /// # Errors
    /// [`DataError::Csv`], with the place and the [`CsvProblem`].
    pub fn labels(self, target: &str) -> Result<ArrayDataset<Tensor, IntTensor>> {
        let table = self.table(Some((target, Kind::Category)))?;
        let names = table.feature_names();
        let inputs = table.inputs()?;
        let (labels, classes) = table.labels()?;
        ArrayDataset::new(inputs, labels)?.with_feature_names(names)?.with_class_names(classes)
    }

    /// Reads the table; the target is a column of numbers.
    ///
    /// # Shapes
    /// Inputs `[N, C]`, targets `[N, 1]`.
    ///
    /// # Errors
    /// [`DataError::Csv`], with the place and the [`CsvProblem`].
    pub fn values(self, target: &str) -> Result<ArrayDataset<Tensor, Tensor>> {
        let table = self.table(Some((target, Kind::Number)))?;
        let (names, inputs) = (table.feature_names(), table.inputs()?);
        ArrayDataset::new(inputs, table.values()?)?.with_feature_names(names)
    }

    /// Reads a table without a target: what a model is to predict from.
    ///
    /// # Shapes
    /// `[N, C]`.
    ///
    /// # Errors
    /// [`DataError::Csv`], with the place and the [`CsvProblem`].
    pub fn inputs(self) -> Result<Tensor> {
        self.table(None)?.inputs()
    }

    fn table(self, target: Option<(&str, Kind)>) -> Result<Table> {
        let bytes = self.input.bytes().map_err(|error| DataError::Csv {
            place: Place { file: self.name.clone(), line: None, column: None },
            problem: CsvProblem::Read { reason: error.to_string() },
        })?;
        let rows = Rows::new(bytes, self.delimiter, self.name);
        Table::read(rows, self.has_header, self.names, &self.columns, target)
    }
}

impl Input {
    /// All of it, unpacked.
    fn bytes(self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            Input::Path(path) => drop(File::open(path)?.read_to_end(&mut bytes)?),
            Input::Reader(mut reader) => drop(reader.read_to_end(&mut bytes)?),
        }
        whole_table(bytes)
    }
}

impl fmt::Debug for Csv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Csv")
            .field("name", &self.name)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}
