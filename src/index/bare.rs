//! An index without tags: the search engine alone on the columns of a file, with the analysers and
//! the writer of [`super::Writer`]. `benches/compare.sh` measures against it; nothing else uses it.

use super::analyzer::{self, analyzers};
use super::failure::failure;
use super::schema::{exact, exactly, stems, words};
use super::write::{WriterOptions, writer};
use crate::error::{Error, Result};
use crate::lang::Lang;
use std::path::{Path, PathBuf};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextOptions,
};
use tantivy::{IndexWriter, TantivyDocument};

/// What a column holds. An empty cell is left out, whatever its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The comment: stored, and indexed as words and as stems.
    Comment,
    /// An exact value to look up: an id.
    Key,
    /// A value to filter and group by.
    Label,
    /// A number.
    Number,
    /// A day, written as `2026-11-22`.
    Day,
}

/// Writes rows as they stand.
pub struct Bare {
    folder: PathBuf,
    columns: Vec<(Column, Field)>,
    words: Field,
    stems: [Field; 2],
    inner: IndexWriter,
}

impl Bare {
    /// Makes an index of these columns, each with its name, in an empty folder.
    ///
    /// # Errors
    /// When the folder cannot be written or holds an index.
    pub fn create(
        folder: &Path,
        columns: &[(&str, Column)],
        options: &WriterOptions,
    ) -> Result<Self> {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::io("making the index folder failed", error).at(folder))?;
        let mut schema = Schema::builder();
        let positions = IndexRecordOption::WithFreqsAndPositions;
        let whole_words = schema.add_text_field("words", words(analyzer::FOLDED, positions));
        let stems = ["text_es", "text_en"].map(|name| stems(&mut schema, name));
        let columns = columns
            .iter()
            .map(|(name, column)| {
                let numbers = NumericOptions::from(FAST);
                let field = match column {
                    Column::Comment => schema.add_text_field(name, STORED),
                    Column::Key => schema.add_text_field(name, exact()),
                    Column::Label => schema.add_text_field(name, label()),
                    Column::Number => schema.add_f64_field(name, numbers),
                    Column::Day => schema.add_u64_field(name, numbers),
                };
                (*column, field)
            })
            .collect();
        let index = tantivy::Index::builder()
            .schema(schema.build())
            .tokenizers(analyzers())
            .create_in_dir(folder)
            .map_err(|error| failure(folder, "making the index", error))?;
        Ok(Self {
            folder: folder.to_path_buf(),
            columns,
            words: whole_words,
            stems,
            inner: writer(folder, &index, options)?,
        })
    }

    /// Adds a row of cells in the order of the columns. Its comment goes into the stems of `lang`;
    /// of every language where none is told.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Io`] when writing behind the scenes failed.
    pub fn add<'c>(
        &mut self,
        lang: Option<Lang>,
        cells: impl IntoIterator<Item = &'c str>,
    ) -> Result<()> {
        let mut document = TantivyDocument::with_capacity(512);
        for ((column, field), cell) in self.columns.iter().zip(cells) {
            if cell.is_empty() {
                continue;
            }
            match column {
                Column::Comment => {
                    document.add_text(*field, cell);
                    document.add_text(self.words, cell);
                    for of in Lang::ALL {
                        if lang.is_none_or(|lang| lang == of) {
                            document.add_text(self.stems[of as usize], cell);
                        }
                    }
                }
                Column::Key | Column::Label => document.add_text(*field, cell),
                Column::Number => {
                    if let Ok(number) = cell.parse() {
                        document.add_f64(*field, number);
                    }
                }
                Column::Day => {
                    let digits = cell.bytes().filter(u8::is_ascii_digit);
                    let number = digits.fold(0, |day, digit| 10 * day + u64::from(digit - b'0'));
                    document.add_u64(*field, number);
                }
            }
        }
        self.inner
            .add_document(document)
            .map_err(|error| failure(&self.folder, "writing the index", error))?;
        Ok(())
    }

    /// Commits and waits for the merges, as [`super::Writer::finish`] does.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Io`] when the disk refuses.
    pub fn finish(mut self) -> Result<()> {
        self.inner
            .commit()
            .map_err(|error| failure(&self.folder, "writing the index", error))?;
        self.inner
            .wait_merging_threads()
            .map_err(|error| failure(&self.folder, "tidying up the index", error))
    }
}

/// As [`super::schema`] has them inside `labels`.
fn label() -> TextOptions {
    TextOptions::default()
        .set_indexing_options(exactly(analyzer::LABEL))
        .set_fast("raw")
}
