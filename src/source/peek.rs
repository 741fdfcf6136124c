//! The first look at a file, from which its plan is made.

use super::asked::asked;
use super::binary;
use super::encoding::{Decoder, Encoding};
use super::fit::Fit;
use super::format::{self, Format};
use super::header;
use super::input::{Head, failed};
use super::kinds::{self, Written};
use super::mapping::{DateOrder, Kind, Mapping, Role};
use super::names::Names;
use super::plan::{Column, Decision, Plan};
use super::roles::Finder;
use super::sample::Sample;
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
    decide(path, mapping).map_err(|error| error.at(path))
}

/// The beginning of a file, decoded and taken apart.
struct Look {
    encoding: (Encoding, String),
    format: (Format, String),
    delimiter: Option<(u8, String)>,
    sample: Sample,
}

fn decide(path: &Path, mapping: &Mapping) -> Result<Plan> {
    let mut head = Head::open(path)?;
    binary::refuse_known(&head.bytes)?;
    let look = loop {
        let look = look(&mut head, path, mapping);
        // A long first row may not have fitted into the sample.
        let short = look.as_ref().map_or(true, |look| look.sample.rows == 0);
        if !short || !head.enlarge(path)? {
            break look?;
        }
    };
    header::refuse_personal(&look.sample.names)?;
    if look.sample.rows == 0 && head.whole {
        refuse_without_rows(&look, &head)?;
    }
    let values = Values::load()?;
    let delimiter = look.delimiter.as_ref().map(|&(delimiter, _)| delimiter);
    let comma = kinds::decimal_comma(&look.sample, &values, delimiter, mapping);
    let columns = columns(&look, &values, mapping, comma.0)?;
    let order = date_order(&look.sample, &columns, &values, mapping)?;
    let question = columns.iter().find(|column| column.role == Role::Text);
    let asked = match question {
        Some(column) => asked(mapping.asked, &column.name)?,
        None => None,
    };
    let mut plan = Plan {
        decisions: Vec::new(),
        columns,
        scales: mapping.scales,
        stated: mapping.stated,
        asked: asked.as_ref().map(|asked| asked.0),
        sampled: look.sample.rows,
        complete: head.whole && look.sample.whole,
        format: look.format.0,
        encoding: look.encoding.0,
        delimiter: delimiter.unwrap_or(b','),
        decimal_comma: comma.0,
        date_order: order.as_ref().and_then(|order| order.0),
        header: look.sample.header,
        id_stem: id_stem(&head.bytes),
        keeps_all: mapping.fields.is_none(),
        head: if head.stream { head.bytes } else { Vec::new() },
    };
    let asked = asked.map(|asked| asked.1);
    plan.decisions = decisions(&plan, &look, comma.1, order.map(|order| order.1), asked);
    Ok(plan)
}

/// The columns with their roles and kinds.
fn columns(look: &Look, values: &Values, mapping: &Mapping, comma: bool) -> Result<Vec<Column>> {
    let names = Names::load()?;
    let sample = &look.sample;
    let scales = mapping.scales;
    let fit = Fit {
        values,
        scales,
        comma,
    };
    let found = Finder::new(mapping, sample, &names, fit).find()?;
    let delimiter = look.delimiter.as_ref().map(|&(delimiter, _)| delimiter);
    let written = Written {
        comma,
        either: mapping.decimal_comma.is_none() && delimiter.is_some_and(|byte| byte != b','),
        typed: look.format.0 == Format::Jsonl,
    };
    let mut columns = Vec::with_capacity(found.len());
    for ((name, cells), (role, why)) in sample.names.iter().zip(&sample.columns).zip(found) {
        let (kind, comma) = match role {
            Role::Date => (Kind::Date, comma),
            Role::Nps | Role::Csat | Role::Ces => (Kind::Number, comma),
            Role::Field => kinds::kind(cells, values, names.is_code(name), written),
            _ => (Kind::Text, comma),
        };
        let name = Arc::from(name.as_str());
        columns.push(Column {
            name,
            role,
            kind,
            why,
            comma,
        });
    }
    Ok(columns)
}

fn look(head: &mut Head, path: &Path, mapping: &Mapping) -> Result<Look> {
    let encoding = match mapping.encoding {
        Some(encoding) => (encoding, "given by --encoding".to_owned()),
        None => head.encoding(path)?,
    };
    let text = decode(head, encoding.0).map_err(|error| failed(path, error))?;
    if text.trim_ascii().is_empty() {
        return Err(Error::input("the file is empty").hint("check how it was exported"));
    }
    binary::refuse_junk(&text, encoding.0.can_fail())?;
    let format = format::find(&text, path)?;
    let (delimiter, sample) = if format.0 == Format::Jsonl {
        (None, Sample::jsonl(&text)?)
    } else {
        let delimiter = match mapping.delimiter {
            Some(delimiter) => (delimiter, "given by --delimiter".to_owned()),
            None => format::delimiter(&text, path)?,
        };
        let sample = Sample::delimited(&text, delimiter.0)?;
        (Some(delimiter), sample)
    };
    Ok(Look {
        encoding,
        format,
        delimiter,
        sample,
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
    if look.format.0 == Format::Jsonl {
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

/// What stands in the ids of rows without one: a fingerprint of the header and the first row, so
/// that another export under the same name does not replace this one, and a copy of it does.
fn id_stem(head: &[u8]) -> String {
    let lines = head.split_inclusive(|byte| *byte == b'\n').take(2);
    let length = lines.map(<[u8]>::len).sum::<usize>().min(4096);
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(&head[..length]);
    format!("{:08x}", hasher.finish() >> 32)
}

/// What was decided about the file as a whole, in the order it is shown.
fn decisions(
    plan: &Plan,
    look: &Look,
    comma: &str,
    order: Option<String>,
    asked: Option<String>,
) -> Vec<Decision> {
    let mut list = Vec::new();
    let mut add = |about, value: &str, why: &str| {
        let (value, why) = (value.to_owned(), why.to_owned());
        list.push(Decision { about, value, why });
    };
    add("format", plan.format.name(), &look.format.1);
    add("encoding", plan.encoding.name(), &look.encoding.1);
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
    if let Some((polarity, why)) = plan.asked.zip(asked) {
        add("question", polarity.name(), &why);
    }
    let rows = if plan.complete {
        "the whole file"
    } else {
        "its beginning"
    };
    add("sample", &format!("{} rows", plan.sampled), rows);
    list
}
