//! Delimited text (CSV, TSV): from bytes to records.
//!
//! RFC 4180, and what exports make of it: any line end, quotes inside a quoted cell that were
//! not doubled, spaces after a closing quote. The `csv` crate reads the same records from sound
//! files (a test compares them) but can neither bound a record nor say that a quote was never
//! closed; here such a quote costs the row it opened in, and reading goes on at the next line.

use super::encoding::Decoder;
use super::window::Window;
use memchr::{memchr, memchr2, memchr3};
use std::io;
use std::ops::Range;

/// Most columns of a file. Ours: spreadsheets end at 16,384, surveys far earlier.
pub(super) const MAX_COLUMNS: usize = 10_000;

/// The cells of one record.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// How many cells it has, also those beyond [`MAX_COLUMNS`], which are not kept.
    pub count: usize,
}

impl Record {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.count = 0;
    }

    fn end_cell(&mut self) {
        self.count += 1;
        if self.ends.len() <= MAX_COLUMNS {
            self.ends.push(self.bytes.len());
        }
    }

    /// The bytes of all cells, one after the other.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where each cell stands in [`Record::bytes`].
    pub fn spans(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| start..end)
    }

    /// True when no cell holds anything but spaces.
    pub fn is_blank(&self) -> bool {
        self.bytes.iter().all(u8::is_ascii_whitespace)
    }
}

/// What comes next in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A record, now in the caller's hands.
    Record,
    /// A row whose quote is not closed; reading goes on at the line after it.
    OpenQuote,
    /// A row longer than [`super::window::MAX_RECORD`].
    TooLong,
    /// The end.
    End,
}

/// Reads record after record.
pub(super) struct Records {
    window: Window,
    delimiter: u8,
    /// The row just read, counted from 1 as a spreadsheet does: blank lines count too.
    pub row: u64,
    /// Rows without any content so far; they are passed over.
    pub blank: u64,
}

impl Records {
    pub fn new(input: Decoder, delimiter: u8) -> Self {
        Self {
            window: Window::new(input),
            delimiter,
            row: 0,
            blank: 0,
        }
    }

    /// Moves to the next row that has content.
    pub fn next(&mut self, record: &mut Record) -> io::Result<Step> {
        loop {
            let window = &mut self.window;
            if window.bytes().is_empty() {
                if window.ended {
                    return Ok(Step::End);
                }
                window.grow()?;
                continue;
            }
            let step = match parse(window.bytes(), window.ended, self.delimiter, record) {
                Parse::Record(length) => {
                    window.pass(length);
                    Step::Record
                }
                Parse::OpenQuote => Step::OpenQuote,
                Parse::More { quoted } if window.is_full() => {
                    if quoted {
                        Step::OpenQuote
                    } else {
                        Step::TooLong
                    }
                }
                Parse::More { .. } => {
                    window.grow()?;
                    continue;
                }
            };
            self.row += 1;
            if step != Step::Record {
                window.pass_line()?;
            } else if record.is_blank() {
                self.blank += 1;
                continue;
            }
            return Ok(step);
        }
    }
}

enum Parse {
    /// A record of so many bytes, its line end included.
    Record(usize),
    /// The quote of a cell is not closed.
    OpenQuote,
    /// The record goes on after these bytes, perhaps inside a quoted cell.
    More { quoted: bool },
}

/// Reads the record at the start of `bytes`; `ended` when nothing comes after them.
fn parse(bytes: &[u8], ended: bool, delimiter: u8, record: &mut Record) -> Parse {
    record.clear();
    let mut at = 0;
    loop {
        if bytes.get(at) == Some(&b'"') {
            match quoted(bytes, at + 1, ended, delimiter, &mut record.bytes) {
                Quoted::End(end) => at = end,
                Quoted::Open => return Parse::OpenQuote,
                Quoted::More => return Parse::More { quoted: true },
            }
        } else {
            let rest = bytes.get(at..).unwrap_or_default();
            let length = memchr3(delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
            record
                .bytes
                .extend_from_slice(rest.get(..length).unwrap_or_default());
            at += length;
        }
        record.end_cell();
        let more = Parse::More { quoted: false };
        return match (bytes.get(at), bytes.get(at + 1)) {
            (Some(&byte), _) if byte == delimiter => {
                at += 1;
                continue;
            }
            (Some(b'\r'), Some(b'\n')) => Parse::Record(at + 2),
            (Some(b'\r'), None) | (None, _) if !ended => more,
            (Some(_), _) => Parse::Record(at + 1),
            (None, _) => Parse::Record(at),
        };
    }
}

enum Quoted {
    /// The position after the closing quote and any spaces.
    End(usize),
    Open,
    More,
}

/// Reads a quoted cell from after its opening quote.
///
/// A quote that neither is doubled nor ends the cell stands for itself, as in `"a "good" one"`;
/// but after a line end inside the cell it is taken as the quote of a later row, and so as a
/// sign that this cell was never closed.
fn quoted(bytes: &[u8], from: usize, ended: bool, delimiter: u8, cell: &mut Vec<u8>) -> Quoted {
    let begin = cell.len();
    let mut at = from;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(length) = memchr(b'"', rest) else {
            return if ended { Quoted::Open } else { Quoted::More };
        };
        cell.extend_from_slice(rest.get(..length).unwrap_or_default());
        at += length + 1;
        if bytes.get(at) == Some(&b'"') {
            cell.push(b'"');
            at += 1;
            continue;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let spaces = rest.iter().take_while(|&&byte| byte == b' ').count();
        match rest.get(spaces) {
            None if ended => return Quoted::End(at + spaces),
            None => return Quoted::More,
            Some(&byte) if byte == delimiter || byte == b'\n' || byte == b'\r' => {
                return Quoted::End(at + spaces);
            }
            Some(_) => {}
        }
        if memchr2(b'\n', b'\r', cell.get(begin..).unwrap_or_default()).is_some() {
            return Quoted::Open;
        }
        cell.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoding::Encoding;
    use super::super::window::MAX_RECORD;
    use super::*;
    use proptest::prelude::*;

    fn records(bytes: &[u8]) -> Records {
        let input = Box::new(io::Cursor::new(bytes.to_vec()));
        Records::new(Decoder::new(input, Encoding::UTF_8), b',')
    }

    fn read(bytes: &[u8]) -> Vec<(u64, Result<Vec<String>, Step>)> {
        let mut records = records(bytes);
        let mut record = Record::default();
        let mut rows = Vec::new();
        loop {
            let row = match records.next(&mut record).unwrap() {
                Step::End => return rows,
                Step::Record => Ok(record
                    .spans()
                    .map(|span| String::from_utf8_lossy(&record.bytes()[span]).into_owned())
                    .collect()),
                step => Err(step),
            };
            rows.push((records.row, row));
        }
    }

    fn ok(row: u64, cells: &[&str]) -> (u64, Result<Vec<String>, Step>) {
        (row, Ok(cells.iter().map(|&cell| cell.to_owned()).collect()))
    }

    #[test]
    fn any_line_end_and_quotes_as_people_write_them() {
        assert_eq!(
            read(b"a,b\r\n1,\"x, \"\"y\"\"\"\n\r\n2,\"a \"good\" one\"\r3,\"z\"  ,\"\"\n,"),
            [
                ok(1, &["a", "b"]),
                ok(2, &["1", "x, \"y\""]),
                ok(4, &["2", "a \"good\" one"]),
                ok(5, &["3", "z", ""]),
            ]
        );
        assert_eq!(
            read(b"1,\"two\nlines\"\n2,b"),
            [ok(1, &["1", "two\nlines"]), ok(2, &["2", "b"])]
        );
    }

    #[test]
    fn a_quote_never_closed_costs_one_row() {
        // The next row's own quotes would close it, and both rows would become one.
        assert_eq!(
            read(b"1,\"open,5\n2,\"closed\",5\n3,c,5\n"),
            [
                (1, Err(Step::OpenQuote)),
                ok(2, &["2", "closed", "5"]),
                ok(3, &["3", "c", "5"]),
            ]
        );
        assert_eq!(
            read(b"1,\"open\n2,b\n3,c"),
            [
                (1, Err(Step::OpenQuote)),
                ok(2, &["2", "b"]),
                ok(3, &["3", "c"])
            ]
        );
    }

    #[test]
    fn a_record_is_bounded() {
        let mut bytes = b"1,".to_vec();
        bytes.resize(MAX_RECORD + (1 << 20), b'x');
        bytes.extend_from_slice(b"\r\n2,b\n");
        assert_eq!(read(&bytes), [(1, Err(Step::TooLong)), ok(2, &["2", "b"])]);
        let mut record = Record::default();
        let mut wide = records(&b"a,".repeat(50_000));
        wide.next(&mut record).unwrap();
        assert_eq!(
            (record.count, record.spans().count()),
            (50_001, MAX_COLUMNS + 1)
        );
    }

    proptest! {
        #[test]
        fn reads_what_the_csv_crate_reads(
            rows in proptest::collection::vec(
                proptest::collection::vec("[a-c\",\r\n ñ]{0,6}", 3), 1..20),
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let ours: Vec<_> = read(&bytes).into_iter().map(|(_, row)| row.unwrap()).collect();
            let theirs: Vec<Vec<String>> = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(bytes.as_slice())
                .deserialize()
                .map(Result::unwrap)
                .filter(|row: &Vec<String>| !row.concat().trim_ascii().is_empty())
                .collect();
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn no_bytes_are_lost_or_panic(bytes in proptest::collection::vec(
            prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..400),
        ) {
            let mut last = 0;
            for (row, _) in read(&bytes) {
                prop_assert!(row > last);
                last = row;
            }
        }
    }
}
