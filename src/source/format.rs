//! Which format a file has, and what separates its columns.

use super::delimited::{Record, Records, Step};
use super::elements::Elements;
use super::encoding::{Decoder, Encoding};
use super::jsonl::Lines;
use crate::error::{Error, Result};
use serde::Serialize;
use std::io::{self, Cursor};
use std::path::Path;
use std::sync::Arc;

/// The delimiters that are looked for.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many rows a delimiter is judged by, and lines JSON is.
const JUDGED: usize = 1000;

/// A format of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// Delimited text: CSV, TSV and their like.
    Delimited,
    /// JSON Lines.
    Jsonl,
    /// One JSON array of objects.
    JsonArray,
    /// A workbook of a spreadsheet.
    Workbook,
    /// Parquet.
    Parquet,
    /// The file format of Arrow.
    Arrow,
    /// The stream format of Arrow.
    ArrowStream,
}

impl Format {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delimited => "delimited text",
            Self::Jsonl => "JSON Lines",
            Self::JsonArray => "JSON array",
            Self::Workbook => "workbook",
            Self::Parquet => "Parquet file",
            Self::Arrow => "Arrow file",
            Self::ArrowStream => "Arrow stream",
        }
    }
}

/// What people call a delimiter.
pub(super) fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b',' => "comma".to_owned(),
        b';' => "semicolon".to_owned(),
        b'\t' => "tab".to_owned(),
        b'|' => "bar".to_owned(),
        other => char::from(other).to_string(),
    }
}

/// The decoded beginning of a file, read as a file of its own.
pub(super) fn decoder(text: &Arc<[u8]>) -> Decoder {
    Decoder::new(Box::new(Cursor::new(Arc::clone(text))), Encoding::UTF_8)
}

/// The format of a file of text, and why.
pub(super) fn find(text: &Arc<[u8]>, path: &Path) -> Result<(Format, String)> {
    let extension = extension(path);
    let jsonl = extension == "jsonl" || extension == "ndjson";
    let json = extension == "json";
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    let lines = || (Format::Jsonl, "its lines are JSON objects".to_owned());
    let array = |why: &str| (Format::JsonArray, why.to_owned());
    if first == Some(&b'{') {
        let listed = Elements::new(decoder(text))
            .next()
            .is_ok_and(|one| matches!(one, Some(Ok(_))));
        // One line alone that holds a list of objects is that list.
        let alone = json && listed && text.trim_ascii().iter().all(|&byte| byte != b'\n');
        if !alone && first_is_object(text) {
            return Ok(lines());
        }
        if listed {
            return Ok(array("it is a JSON object around a list of objects"));
        }
        if holds_objects(text)? {
            return Ok(lines());
        }
    }
    let begins = |with: u8| {
        first == Some(&with) && (json || jsonl || text.get(1).is_none_or(u8::is_ascii_whitespace))
    };
    let objects = text
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .take(2)
        .eq(b"[{");
    if objects || begins(b'[') {
        return Ok(array("it is a JSON array"));
    }
    if begins(b'{') && !jsonl {
        return Err(
            Error::input("this is JSON, but no object per line and no list of objects")
                .hint("turn it into JSON Lines, for example: jq -c '.[]' FILE"),
        );
    }
    Ok(if jsonl {
        (Format::Jsonl, "its name says so".to_owned())
    } else {
        (Format::Delimited, "it is text, and not JSON".to_owned())
    })
}

/// The ending of a name that tells the format, in lower case: not that of its compression.
fn extension(path: &Path) -> String {
    let ending = |path: &Path| {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        ending.to_ascii_lowercase()
    };
    match ending(path).as_str() {
        "gz" | "zst" => ending(&path.with_extension("")),
        plain => plain.to_owned(),
    }
}

/// True when the first line that has content is an object.
fn first_is_object(text: &Arc<[u8]>) -> bool {
    matches!(Lines::new(decoder(text)).next(), Ok(Some(Ok(_))))
}

fn holds_objects(text: &Arc<[u8]>) -> Result<bool> {
    let mut lines = Lines::new(decoder(text));
    for _ in 0..JUDGED {
        match lines.next()? {
            Some(Ok(_)) => return Ok(true),
            Some(Err(_)) => {}
            None => break,
        }
    }
    Ok(false)
}

/// What separates the columns, and why.
pub(super) fn delimiter(text: &Arc<[u8]>, path: &Path) -> Result<(u8, String)> {
    if let Some(delimiter) = declared(text) {
        return Ok((delimiter, "its first line says so".to_owned()));
    }
    let tabs = extension(path) == "tsv";
    let mut best: Option<(bool, usize, u8, String)> = None;
    for delimiter in DELIMITERS {
        let (columns, agreeing, rows) = layout(text, delimiter)?;
        // Half is a guess: a comma in the text of a file of one column agrees by chance only.
        if columns < 2 || agreeing * 2 < rows {
            continue;
        }
        let even = agreeing * 10 >= rows * 9 || (tabs && delimiter == b'\t');
        if best
            .as_ref()
            .is_none_or(|best| (best.0, best.1) < (even, columns))
        {
            let why = format!("the header and {agreeing} of {rows} rows have {columns} columns");
            best = Some((even, columns, delimiter, why));
        }
    }
    Ok(best.map_or_else(
        || (b',', "there is one column".to_owned()),
        |(.., delimiter, why)| (delimiter, why),
    ))
}

/// The delimiter of a first line `sep=;`, as spreadsheets write it.
pub(super) fn declared(text: &[u8]) -> Option<u8> {
    let rest = text
        .strip_prefix(b"sep=")
        .or_else(|| text.strip_prefix(b"SEP="))?;
    match rest {
        [delimiter, b'\n' | b'\r', ..] => Some(*delimiter),
        _ => None,
    }
}

/// How many columns the header has, how many rows have as many, and how many rows there are.
fn layout(text: &Arc<[u8]>, delimiter: u8) -> io::Result<(usize, usize, usize)> {
    let mut records = Records::new(decoder(text), delimiter);
    let mut record = Record::default();
    let (mut columns, mut agreeing, mut rows) = (0, 0, 0);
    while rows < JUDGED {
        match records.next(&mut record)? {
            Step::End => break,
            Step::Record if columns == 0 => columns = record.count,
            Step::Record => {
                agreeing += usize::from(record.count == columns);
                rows += 1;
            }
            Step::OpenQuote | Step::TooLong => rows += usize::from(columns > 0),
        }
    }
    Ok((columns, agreeing, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> char {
        char::from(
            delimiter(&text.as_bytes().into(), Path::new("a.csv"))
                .unwrap()
                .0,
        )
    }

    #[test]
    fn the_delimiter_is_what_the_rows_agree_on() {
        assert_eq!(found("id,text\n1,\"a; b; c\"\n"), ',');
        assert_eq!(
            found("id;text;nps\n1;bien, gracias, todo;9\n2;mal;1\n"),
            ';'
        );
        assert_eq!(found("id;¿qué tal, bien?\n1;sí\n2;no, nada\n3;sí\n"), ';');
        assert_eq!(found("id\ttext\n1\ta,b\n"), '\t');
        assert_eq!(found("id|text\n1|a\n"), '|');
        assert_eq!(found("comments, if any\ngood\nbad; very\nfine\n"), ',');
        assert_eq!(found("sep=;\nid;text\n1;a\n"), ';');
    }

    #[test]
    fn json_is_told_by_its_lines() {
        let format = |text: &str, name: &str| find(&text.as_bytes().into(), Path::new(name));
        assert_eq!(format("{\"a\":1}\n", "-").unwrap().0, Format::Jsonl);
        assert_eq!(
            format("{broken\n{\"a\":1}\n", "x").unwrap().0,
            Format::Jsonl
        );
        assert_eq!(format("oops\n", "a.ndjson").unwrap().0, Format::Jsonl);
        assert_eq!(
            format("{a},text\n1,b\n", "a.csv").unwrap().0,
            Format::Delimited
        );
        assert_eq!(format("[{\"a\":1}]", "a.csv").unwrap().0, Format::JsonArray);
        assert_eq!(
            format("[\n {\"a\":1}\n]", "-").unwrap().0,
            Format::JsonArray
        );
        let around = "{\"n\":1,\"rows\":[{\"a\":1},\n{\"a\":2}\n]}";
        assert_eq!(format(around, "-").unwrap().0, Format::JsonArray);
        let one = "{\"rows\":[{\"a\":1}]}\n";
        assert_eq!(format(one, "a.json").unwrap().0, Format::JsonArray);
        assert_eq!(format(one, "a.jsonl.gz").unwrap().0, Format::Jsonl);
        assert!(format("{\n  \"a\": 1\n}\n", "a.json").is_err());
    }
}
