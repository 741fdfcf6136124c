//! The list of parts of a zip archive: which workbook it is, and how large its parts become when they are
//! unpacked. A workbook of some KiB can be made to unpack to more than any memory; it is refused here.

use crate::error::{Error, Result};
use flate2::read::DeflateDecoder;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Most bytes of a part that is held in memory as a whole, unpacked: 1 GiB, the shared texts of some
/// million rows of comments.
const MAX_HELD: u64 = 1 << 30;
/// Most bytes of a sheet that is read as a stream, unpacked: 64 GiB, beyond what a million rows fill.
const MAX_STREAMED: u64 = 64 << 30;
/// The most that deflate can make of one byte.
const MAX_RATIO: u64 = 1032;
/// Most bytes of the list of parts itself.
const MAX_LIST: u64 = 64 << 20;

/// What a zip archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Archive {
    Xlsx,
    Xlsb,
    Ods,
}

/// One part of an archive.
struct Part {
    name: String,
    /// 0 for stored, 8 for deflated.
    method: u16,
    packed: u64,
    /// As the list says; it may lie.
    unpacked: u64,
    /// Where its own header begins.
    at: u64,
}

/// Which workbook an archive is, unless it is none or unpacks to too much.
///
/// # Errors
/// [`crate::error::ErrorKind::Input`] for one that is cut short, no workbook or too large; `Io` when it
/// cannot be read.
pub(super) fn look(file: &mut File) -> Result<Archive> {
    let parts = parts(file)
        .map_err(|error| Error::io("reading failed", error))?
        .ok_or_else(|| {
            Error::input("the workbook is truncated: it lacks the list of its parts")
                .hint("copy or export the file again")
        })?;
    let has = |name: &str| parts.iter().any(|part| part.name == name);
    let kind = if has("xl/workbook.xml") {
        Archive::Xlsx
    } else if has("xl/workbook.bin") {
        Archive::Xlsb
    } else if has("content.xml") {
        Archive::Ods
    } else if has("[content_types].xml") && parts.iter().any(|part| part.name.contains("sheet")) {
        Archive::Xlsx
    } else {
        return Err(
            Error::input("this is a zip archive without a workbook in it")
                .hint("unzip it and give the files inside, or the folder that holds them"),
        );
    };
    for part in &parts {
        let streamed = kind != Archive::Ods && part.name.contains("worksheets/");
        let most = if streamed { MAX_STREAMED } else { MAX_HELD };
        let text = [".xml", ".bin", ".rels"]
            .iter()
            .any(|end| part.name.ends_with(end));
        let large = part.unpacked > most
            || (part.packed.saturating_mul(MAX_RATIO) > most && is_larger(file, part, most));
        if text && large {
            return Err(Error::input(format!(
                "a part of the workbook unpacks to more than {} GiB",
                most >> 30
            ))
            .hint("split it into several workbooks, or export it as CSV"));
        }
    }
    Ok(kind)
}

/// The parts, their names in lower case; `None` when the archive has no list of them.
fn parts(file: &mut File) -> io::Result<Option<Vec<Part>>> {
    let length = file.seek(SeekFrom::End(0))?;
    let tail_length = length.min(66 << 10);
    let tail = read_at(file, length - tail_length, tail_length)?;
    let Some(at) = tail.windows(4).rposition(|bytes| bytes == b"PK\x05\x06") else {
        return Ok(None);
    };
    let end = tail.get(at..).unwrap_or_default();
    let (mut size, mut start) = (u64::from(u32_at(end, 12)), u64::from(u32_at(end, 16)));
    // Archives above 4 GiB have a second record before this one.
    if let Some(place) = at.checked_sub(20)
        && let Some(locator) = tail.get(place..at)
        && locator.starts_with(b"PK\x06\x07")
    {
        let wide = read_at(file, u64_at(locator, 8), 56)?;
        if wide.starts_with(b"PK\x06\x06") {
            (size, start) = (u64_at(&wide, 40), u64_at(&wide, 48));
        }
    }
    if size > MAX_LIST || start.checked_add(size).is_none_or(|end| end > length) {
        return Ok(None);
    }
    let list = read_at(file, start, size)?;
    let mut parts = Vec::new();
    let mut rest = list.as_slice();
    while rest.starts_with(b"PK\x01\x02") && rest.len() >= 46 {
        let (name, extra, comment) = (u16_at(rest, 28), u16_at(rest, 30), u16_at(rest, 32));
        let (name, extra) = (usize::from(name), usize::from(extra));
        let after = 46 + name + extra + usize::from(comment);
        let text = String::from_utf8_lossy(rest.get(46..46 + name).unwrap_or_default());
        let mut part = Part {
            name: text.replace('\\', "/").to_ascii_lowercase(),
            method: u16_at(rest, 10),
            packed: u64::from(u32_at(rest, 20)),
            unpacked: u64::from(u32_at(rest, 24)),
            at: u64::from(u32_at(rest, 42)),
        };
        let extra = rest.get(46 + name..46 + name + extra).unwrap_or_default();
        widen(&mut part, extra);
        parts.push(part);
        rest = rest.get(after..).unwrap_or_default();
    }
    Ok((!parts.is_empty()).then_some(parts))
}

/// Takes the numbers that do not fit into 32 bits from where they stand instead.
fn widen(part: &mut Part, mut extra: &[u8]) {
    let narrow = u64::from(u32::MAX);
    while extra.len() >= 4 {
        let (id, size) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        let mut field = extra.get(4..4 + size).unwrap_or_default();
        if id == 1 {
            for number in [&mut part.unpacked, &mut part.packed, &mut part.at] {
                if *number == narrow && field.len() >= 8 {
                    *number = u64_at(field, 0);
                    field = field.get(8..).unwrap_or_default();
                }
            }
        }
        extra = extra.get(4 + size..).unwrap_or_default();
    }
}

/// True when a part unpacks to more than `most` bytes: it is unpacked and counted, and nothing is kept.
fn is_larger(file: &mut File, part: &Part, most: u64) -> bool {
    let header = read_at(file, part.at, 30).unwrap_or_default();
    let begin = part.at + 30 + u64::from(u16_at(&header, 26)) + u64::from(u16_at(&header, 28));
    if part.method != 8 || file.seek(SeekFrom::Start(begin)).is_err() {
        return part.packed > most;
    }
    let limited = DeflateDecoder::new(io::Read::take(&mut *file, part.packed));
    // What is damaged ends early here, and is an error where it is read.
    let mut limited = limited.take(most + 1);
    io::copy(&mut limited, &mut io::sink()).unwrap_or_default() > most
}

fn read_at(file: &mut File, at: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    io::Read::take(&mut *file, length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let field = bytes
        .get(at..at + 2)
        .and_then(|field| field.try_into().ok());
    field.map(u16::from_le_bytes).unwrap_or_default()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let field = bytes
        .get(at..at + 4)
        .and_then(|field| field.try_into().ok());
    field.map(u32::from_le_bytes).unwrap_or_default()
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let field = bytes
        .get(at..at + 8)
        .and_then(|field| field.try_into().ok());
    field.map(u64::from_le_bytes).unwrap_or_default()
}
