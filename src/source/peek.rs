//! The first look at a file, from which its plan is made.

use super::asked::asked;
use super::binary;
use super::encoding::{Decoder, Encoding};
use super::fit::Fit;
use super::format::{self, Format};
use super::headless;
use super::input::{Head, Kept, failed};
use super::kinds::{self, Written};
use super::mapping::{DateOrder, Kind, Mapping, Role};
use super::names::Names;
use super::packed::Packing;
use super::plan::{Column, Decision, Plan, Typing};
use super::roles::Finder;
use super::sample::Sample;
use super::tables::{self, Table};
use super::values::Values;
use crate::error::{Error, Result};
use std::hash::Hasher;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

/// Reads the beginning of a file and decides how the whole of it is read; "-" is standard input.
///
/// # Errors
/// [`crate::error::ErrorKind::Input`] when the file is not one of comments, or the user must say
/// more; `Usage` when `mapping` does not fit it; `Io` when it cannot be read.
pub fn peek(path: &Path, mapping: &Mapping) -> Result<Plan> {
    decide(path, mapping, Holds::Comments).map_err(|error| error.at(path))
}

/// As [`peek`], for a file without comments: every column of it is a field, each value as the file has
/// it.
pub(super) fn peek_records(path: &Path) -> Result<Plan> {
    decide(path, &Mapping::default(), Holds::Records).map_err(|error| error.at(path))
}

/// What the rows of a file are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Comments, with what is known of each.
    Comments,
    /// What is known of something else, such as a customer.
    Records,
}

/// The beginning of a file taken apart, and what a run needs of it.
struct Look {
    packing: Option<Packing>,
    /// `None` where the format says what its characters are.
    encoding: Option<(Encoding, String)>,
    format: Format,
    /// What people call the format, and how it is known.
    called: (&'static str, String),
    delimiter: Option<(u8, String)>,
    /// The sheet of a workbook, and why this one.
    sheet: Option<(String, String)>,
    /// The columns whose values are no cells.
    left_out: Vec<String>,
    sample: Sample,
    /// True when the sample is the whole file.
    complete: bool,
    id_stem: String,
    kept: Kept,
}

fn decide(path: &Path, mapping: &Mapping, holds: Holds) -> Result<Plan> {
    let head = Head::open(path)?;
    let look = match tables::format(&head.bytes) {
        Some(format) => look_at_table(head, format, path, mapping)?,
        None => look_at_text(head, path, mapping)?,
    };
    headless::refuse_personal(&look.sample.names)?;
    let values = Values::load()?;
    let delimiter = look.delimiter.as_ref().map(|&(delimiter, _)| delimiter);
    let comma = kinds::decimal_comma(&look.sample, &values, delimiter, mapping);
    let columns = columns(&look, &values, mapping, comma.0, holds)?;
    let order = date_order(&look.sample, &columns, &values, mapping)?;
    let mut plan = Plan {
        decisions: Vec::new(),
        asked: columns
            .iter()
            .find(|column| column.role == Role::Text)
            .and_then(|column| column.asked),
        columns,
        scales: mapping.scales,
        stated: mapping.stated,
        sampled: look.sample.rows,
        complete: look.complete,
        format: look.format,
        encoding: look
            .encoding
            .as_ref()
            .map_or(Encoding::UTF_8, |encoding| encoding.0),
        delimiter: delimiter.unwrap_or(b','),
        decimal_comma: comma.0,
        date_order: order.as_ref().and_then(|order| order.0),
        header: look.sample.header,
        id_stem: look.id_stem.clone(),
        sheet: look.sheet.as_ref().map(|sheet| sheet.0.clone()),
        places: look.sample.places.clone(),
        keeps_all: mapping.fields.is_none(),
        typing: match holds {
            Holds::Comments => Typing::Planned,
            Holds::Records => Typing::AsWritten,
        },
        kept: Kept::default(),
    };
    plan.decisions = decisions(&plan, &look, &comma.1, order.map(|order| order.1), mapping)?;
    plan.kept = look.kept;
    Ok(plan)
}

/// Takes the beginning of a table apart.
fn look_at_table(head: Head, format: Format, path: &Path, mapping: &Mapping) -> Result<Look> {
    let packing = head.packing;
    let (file, kept) = head.seekable(path)?;
    let Table {
        mut grid,
        columns,
        name,
        sheet,
    } = tables::open(file, format, mapping.sheet.as_deref())?;
    let sample = Sample::grid(&mut grid, columns.as_ref())?;
    if sample.rows == 0 && sample.whole {
        return Err(Error::input("there is a header and no row under it")
            .hint("check how the file was exported"));
    }
    Ok(Look {
        packing,
        encoding: None,
        format,
        called: (name, "its first bytes say so".to_owned()),
        delimiter: None,
        sheet,
        left_out: columns.map(|columns| columns.left_out).unwrap_or_default(),
        complete: sample.whole,
        id_stem: id_stem(sample.first.as_bytes()),
        sample,
        kept,
    })
}

/// Takes the beginning of a file of text apart: more of it where a long first row did not fit.
fn look_at_text(mut head: Head, path: &Path, mapping: &Mapping) -> Result<Look> {
    binary::refuse_known(&head.bytes)?;
    if mapping.sheet.is_some() {
        return Err(
            Error::usage("--sheet is for workbooks, and this is text").hint("leave --sheet out")
        );
    }
    let mut look = loop {
        let look = look(&mut head, path, mapping);
        let short = look.as_ref().map_or(true, |look| look.sample.rows == 0);
        if !short || !head.enlarge(path)? {
            break look?;
        }
    };
    if look.sample.rows == 0 && head.whole {
        refuse_without_rows(&look, &head)?;
    }
    look.complete = head.whole && look.sample.whole;
    look.kept = head.keep();
    Ok(look)
}

/// The columns with their roles and kinds.
fn columns(
    look: &Look,
    values: &Values,
    mapping: &Mapping,
    comma: bool,
    holds: Holds,
) -> Result<Vec<Column>> {
    let names = Names::load()?;
    let sample = &look.sample;
    let scales = mapping.scales;
    let fit = Fit {
        values,
        scales,
        comma,
    };
    let found = match holds {
        Holds::Comments => Finder::new(mapping, sample, &names, fit).find()?,
        Holds::Records => {
            let field = (Role::Field, "every column is a field".to_owned());
            vec![field; sample.names.len()]
        }
    };
    let delimiter = look.delimiter.as_ref().map(|&(delimiter, _)| delimiter);
    let written = Written {
        comma,
        either: mapping.decimal_comma.is_none()
            && (delimiter.is_some_and(|byte| byte != b',') || look.format == Format::Workbook),
        // In a sheet people write numbers into cells of text as well.
        typed: !matches!(look.format, Format::Delimited | Format::Workbook),
    };
    let mut columns = Vec::with_capacity(found.len());
    let all = sample.names.iter().zip(&sample.columns).zip(&sample.labels);
    for (((name, cells), label), (role, why)) in all.zip(found) {
        let (kind, comma) = match role {
            Role::Date => (Kind::Date, comma),
            Role::Nps | Role::Csat | Role::Ces => (Kind::Number, comma),
            Role::Field => kinds::kind(cells, values, names.is_code(name), written),
            _ => (Kind::Text, comma),
        };
        let question = label.as_deref().unwrap_or(name);
        let asked = match role {
            Role::Text => asked(mapping.asked, question)?.map(|asked| asked.0),
            _ => None,
        };
        columns.push(Column {
            name: Arc::from(name.as_str()),
            label: label.clone(),
            role,
            kind,
            why,
            comma,
            asked,
        });
    }
    Ok(columns)
}

fn look(head: &mut Head, path: &Path, mapping: &Mapping) -> Result<Look> {
    let encoding = match mapping.encoding {
        Some(encoding) => (encoding, format!("given by {}", mapping.said("encoding"))),
        None => head.encoding(path)?,
    };
    let text = decode(head, encoding.0).map_err(|error| failed(path, error))?;
    if text.trim_ascii().is_empty() {
        return Err(Error::input("the file is empty").hint("check how it was exported"));
    }
    binary::refuse_junk(&text, encoding.0.can_fail())?;
    let (format, why) = format::find(&text, path)?;
    let mut delimiter = None;
    let sample = match format {
        Format::Jsonl => Sample::jsonl(&text)?,
        Format::JsonArray => Sample::elements(&text, !head.whole)?,
        _ => {
            let found = match mapping.delimiter {
                Some(delimiter) => (delimiter, format!("given by {}", mapping.said("delimiter"))),
                None => format::delimiter(&text, path)?,
            };
            let byte = found.0;
            delimiter = Some(found);
            Sample::delimited(&text, byte)?
        }
    };
    let id_stem = match format {
        Format::JsonArray => id_stem(sample.first.as_bytes()),
        _ => id_stem(first_lines(&head.bytes)),
    };
    Ok(Look {
        packing: head.packing,
        encoding: Some(encoding),
        format,
        called: (format.name(), why),
        delimiter,
        sheet: None,
        left_out: Vec::new(),
        complete: false,
        id_stem,
        sample,
        kept: Kept::default(),
    })
}

/// The sample as UTF-8, without a last line that was cut.
fn decode(head: &Head, encoding: Encoding) -> std::io::Result<Arc<[u8]>> {
    let mut decoder = Decoder::new(Box::new(Cursor::new(head.bytes.clone())), encoding);
    let mut text = vec![0; head.bytes.len() + 64];
    let mut length = 0;
    loop {
        if text.len() - length < 64 {
            text.resize(text.len() * 2, 0);
        }
        match decoder.read(text.get_mut(length..).unwrap_or_default())? {
            0 => break,
            read => length += read,
        }
    }
    text.truncate(length);
    if !head.whole
        && let Some(end) = text.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'))
    {
        text.truncate(end + 1);
    }
    Ok(text.into())
}

fn refuse_without_rows(look: &Look, head: &Head) -> Result<()> {
    if look.format == Format::JsonArray {
        return Err(Error::input("the JSON array holds no object")
            .hint("each element must be one object, as in {\"id\":\"1\",\"text\":\"…\"}"));
    }
    if look.format == Format::Jsonl {
        return Err(Error::input("no line holds a JSON object")
            .hint("each line must be one object, as in {\"id\":\"1\",\"text\":\"…\"}"));
    }
    // With rows that are all refused the run goes on, and says so row by row.
    let lines = head.bytes.split(|byte| *byte == b'\n');
    let filled = lines.filter(|line| {
        !line
            .iter()
            .all(|byte| byte.is_ascii_whitespace() || *byte == 0)
    });
    if filled.count() as u64 > look.sample.header {
        return Ok(());
    }
    Err(Error::input("there is a header and no row under it")
        .hint("the first row must hold the names of the columns; check how the file was exported"))
}

fn date_order(
    sample: &Sample,
    columns: &[Column],
    values: &Values,
    mapping: &Mapping,
) -> Result<Option<(Option<DateOrder>, String)>> {
    let dated = columns.iter().zip(&sample.columns);
    dated
        .filter(|(column, _)| column.role == Role::Date)
        .map(|(column, cells)| kinds::date_order(&column.name, cells, values, mapping))
        .next()
        .transpose()
}

/// The header and the first row of a file of lines.
fn first_lines(head: &[u8]) -> &[u8] {
    let lines = head.split_inclusive(|byte| *byte == b'\n').take(2);
    let length = lines.map(<[u8]>::len).sum::<usize>().min(4096);
    head.get(..length).unwrap_or(head)
}

/// What stands in the ids of rows without one: a fingerprint of the header and the first row, so
/// that another export under the same name does not replace this one, and a copy of it does.
fn id_stem(first: &[u8]) -> String {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(first);
    format!("{:08x}", hasher.finish() >> 32)
}

/// What was decided about the file as a whole, in the order it is shown.
fn decisions(
    plan: &Plan,
    look: &Look,
    comma: &str,
    order: Option<String>,
    mapping: &Mapping,
) -> Result<Vec<Decision>> {
    let mut list = Vec::new();
    let mut add = |about, value: &str, why: &str| {
        let (value, why) = (value.to_owned(), why.to_owned());
        list.push(Decision { about, value, why });
    };
    add("format", look.called.0, &look.called.1);
    if let Some(packing) = look.packing {
        add("compression", packing.name(), "its first bytes say so");
    }
    if let Some((encoding, why)) = &look.encoding {
        add("encoding", encoding.name(), why);
    }
    if let Some((sheet, why)) = &look.sheet {
        add("sheet", sheet, why);
    }
    if let Some((tool, why)) = &look.sample.tool {
        add("export", &tool.name, why);
    }
    if !look.left_out.is_empty() {
        let value = look.left_out.join(", ");
        add("left out", &value, "lists and structures are no cells");
    }
    if let Some((delimiter, why)) = &look.delimiter {
        add("delimiter", &format::delimiter_name(*delimiter), why);
        let sign = if plan.decimal_comma { "comma" } else { "point" };
        add("decimal sign", sign, comma);
    }
    if look.sample.renamed > 0 {
        let value = format!("{} renamed", look.sample.renamed);
        add(
            "column names",
            &value,
            "they were empty or stood there twice",
        );
    }
    if plan.column(Role::Id).is_none() {
        add(
            "ids",
            &format!("{}-N", plan.id_stem),
            "no column holds them; N is the row, the rest tells this file from others",
        );
    }
    if let Some(why) = order {
        let value = plan.date_order.map_or("no doubt", DateOrder::name);
        add("date order", value, &why);
    }
    if plan.column(Role::Csat).is_some() {
        add(
            "csat scale",
            &format!("1 to {}", plan.scales.csat_max),
            "as declared",
        );
    }
    if plan.column(Role::Ces).is_some() {
        let easy = if plan.scales.ces_high_is_easy {
            "high"
        } else {
            "low"
        };
        let value = format!("1 to {}, {easy} is easy", plan.scales.ces_max);
        add("ces scale", &value, "as declared");
    }
    if let Some(lang) = plan.stated {
        add("language", lang.code(), "stated for rows that state none");
    }
    let texts = plan.texts().count();
    if texts > 1 {
        let why = "each with text is a comment of its own, with the scores of its row";
        add("comments", &format!("{texts} columns"), why);
    }
    for column in plan.texts() {
        if let Some((polarity, why)) = asked(mapping.asked, column.question())? {
            let why = if texts > 1 {
                format!("{}: {why}", column.name)
            } else {
                why
            };
            add("question", polarity.name(), &why);
        }
    }
    let rows = if plan.complete {
        "the whole file"
    } else {
        "its beginning"
    };
    add("sample", &format!("{} rows", plan.sampled), rows);
    Ok(list)
}
