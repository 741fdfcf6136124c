//! JSON Lines: one object per line, nested ones flattened with dots.

use super::cell::{Cell, EXACT, MAX_CELL};
use super::encoding::Decoder;
use super::reject::Reason;
use super::window::Window;
use memchr::memchr;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::io;

/// The values of one object by their flattened keys, in the order of the keys.
pub(super) type Object = Vec<(String, Cell<'static>)>;

/// A refused line: the key concerned, if one is, and why.
pub(super) type Refusal = (Option<String>, Reason);

/// Reads line after line.
pub(super) struct Lines {
    window: Window,
    /// The line just read, counted from 1.
    pub row: u64,
    /// Lines without any content so far; they are passed over.
    pub blank: u64,
}

impl Lines {
    pub fn new(input: Decoder) -> Self {
        Self {
            window: Window::new(input),
            row: 0,
            blank: 0,
        }
    }

    /// The next line that has content; `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<Result<Object, Refusal>>> {
        loop {
            let window = &mut self.window;
            let bytes = window.bytes();
            let line = match memchr(b'\n', bytes) {
                Some(end) => end,
                None if window.ended && bytes.is_empty() => return Ok(None),
                None if window.ended => bytes.len(),
                None if window.is_full() => {
                    self.row += 1;
                    window.pass_line()?;
                    return Ok(Some(Err((None, Reason::RowTooLong))));
                }
                None => {
                    window.grow()?;
                    continue;
                }
            };
            self.row += 1;
            let text = bytes.get(..line).unwrap_or_default().trim_ascii();
            let object = (!text.is_empty()).then(|| read(text));
            window.pass(line + 1);
            match object {
                Some(object) => return Ok(Some(object)),
                None => self.blank += 1,
            }
        }
    }
}

/// Reads one line.
pub(super) fn read(line: &[u8]) -> Result<Object, Refusal> {
    let text = std::str::from_utf8(line).map_err(|_| (None, Reason::Encoding))?;
    let map: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
        // Of serde_json's message only the place is kept: it may quote the line.
        let reason = if error.is_data() {
            Reason::NotAnObject
        } else {
            Reason::Json {
                character: error.column() as u64,
            }
        };
        (None, reason)
    })?;
    let mut object = Object::with_capacity(map.len());
    flatten(map, "", &mut object)?;
    object.sort_by(|a, b| a.0.cmp(&b.0));
    object.dedup_by(|b, a| a.0 == b.0);
    Ok(object)
}

fn flatten(map: Map<String, Value>, prefix: &str, object: &mut Object) -> Result<(), Refusal> {
    for (key, value) in map {
        let key = if prefix.is_empty() {
            key
        } else {
            format!("{prefix}.{key}")
        };
        let cell = match value {
            Value::Null => continue,
            Value::Bool(value) => Cell::Bool(value),
            Value::Number(number) => match number.as_f64() {
                Some(value) if value.abs() <= EXACT => Cell::Number(value),
                _ => Cell::Text(Cow::Owned(number.to_string())),
            },
            Value::String(text) => Cell::Text(Cow::Owned(text)),
            Value::Array(_) => Cell::Text(Cow::Owned(value.to_string())),
            Value::Object(map) => {
                flatten(map, &key, object)?;
                continue;
            }
        };
        if let Cell::Text(text) = &cell {
            if text.len() > MAX_CELL {
                return Err((Some(key), Reason::CellTooLong));
            }
            if text.contains('\0') {
                return Err((Some(key), Reason::Nul));
            }
        }
        object.push((key, cell));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_flattened_and_sorted() {
        let line =
            br#"{"z":"a","b":{"c":true,"a":[1,"x"]},"n":12345678901234567890,"m":2.5,"no":null}"#;
        let text = |text: &str| Cell::Text(Cow::Owned(text.to_owned()));
        assert_eq!(
            read(line).unwrap(),
            [
                ("b.a".to_owned(), text(r#"[1,"x"]"#)),
                ("b.c".to_owned(), Cell::Bool(true)),
                ("m".to_owned(), Cell::Number(2.5)),
                ("n".to_owned(), text("12345678901234567890")),
                ("z".to_owned(), text("a")),
            ]
        );
    }

    #[test]
    fn a_bad_line_says_where() {
        assert_eq!(read(b"[1]").unwrap_err(), (None, Reason::NotAnObject));
        assert_eq!(
            read(br#"{"a" 1}"#).unwrap_err(),
            (None, Reason::Json { character: 6 })
        );
        assert_eq!(
            read(b"{\"a\":\"\xFF\"}").unwrap_err(),
            (None, Reason::Encoding)
        );
        assert_eq!(
            read(br#"{"a":"\u0000"}"#).unwrap_err(),
            (Some("a".to_owned()), Reason::Nul)
        );
    }
}
