//! JSON as one array of objects, read element after element: pretty printed or not, at the top of the
//! file or as the one list of an object around it.
//!
//! Only the ends of elements are looked for here, by their brackets and quotes; what stands in one is
//! read as a line of JSON Lines is. So memory is bounded by the longest element, not by the file.

use super::encoding::Decoder;
use super::jsonl::{Object, Refusal, read};
use super::reject::Reason;
use super::window::Window;
use serde::de::IgnoredAny;
use std::io;

/// Reads element after element.
pub(super) struct Elements {
    window: Window,
    /// Bytes passed so far.
    passed: u64,
    /// The element just read, counted from 1.
    pub row: u64,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the array.
    Before,
    /// In the array; true when an object stands around it.
    Inside {
        wrapped: bool,
    },
    After,
}

/// Where a scan over JSON stands.
#[derive(Clone, Copy, Default)]
struct Scan {
    depth: u64,
    quoted: bool,
    escaped: bool,
}

impl Scan {
    /// Takes the next byte.
    fn step(&mut self, byte: u8) {
        if self.quoted {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.quoted = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.quoted = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    fn is_outside(self) -> bool {
        self.depth == 0 && !self.quoted
    }
}

impl Elements {
    pub fn new(input: Decoder) -> Self {
        Self {
            window: Window::new(input),
            passed: 0,
            row: 0,
            state: State::Before,
        }
    }

    /// The next element; `None` at the end of the array.
    ///
    /// # Errors
    /// Where the file cannot be read, or is no JSON from some byte on.
    pub fn next(&mut self) -> io::Result<Option<Result<Object, Refusal>>> {
        if self.state == State::Before {
            self.begin()?;
        }
        let State::Inside { wrapped } = self.state else {
            return Ok(None);
        };
        let first = self.row == 0;
        match self.peek()? {
            Some(b']') => {
                self.pass(1);
                self.state = State::After;
                self.end(wrapped)?;
                return Ok(None);
            }
            Some(b',') if !first => {
                self.pass(1);
                self.peek()?;
            }
            Some(_) if first => {}
            Some(_) => return Err(self.broken(self.row, 0, "a comma or ] is missing")),
            None => return Err(self.cut()),
        }
        self.row += 1;
        self.element().map(Some)
    }

    /// Reads one element, from its first byte.
    fn element(&mut self) -> io::Result<Result<Object, Refusal>> {
        let mut scan = Scan::default();
        let (mut at, mut too_long) = (0, false);
        loop {
            let bytes = self.window.bytes();
            let rest = bytes.get(at..).unwrap_or_default();
            let mut end = None;
            for (offset, &byte) in rest.iter().enumerate() {
                if scan.is_outside() && matches!(byte, b',' | b']' | b'}') {
                    end = Some(at + offset);
                    break;
                }
                scan.step(byte);
            }
            if let Some(end) = end {
                let element = bytes.get(..end).unwrap_or_default().trim_ascii_end();
                let result = if too_long {
                    Ok(Err((None, Reason::RowTooLong)))
                } else {
                    read_element(element)
                };
                let result =
                    result.map_err(|at| self.broken(self.row, at as u64, "not valid JSON"));
                self.pass(end);
                return result;
            }
            at = bytes.len();
            if self.window.ended {
                return Err(self.cut());
            }
            if self.window.is_full() {
                too_long = true;
                self.pass(at);
                at = 0;
            }
            self.window.grow()?;
        }
    }

    /// Passes what stands before the first element.
    fn begin(&mut self) -> io::Result<()> {
        match self.peek()? {
            Some(b'[') => {
                self.pass(1);
                self.state = State::Inside { wrapped: false };
                return Ok(());
            }
            Some(b'{') => self.pass(1),
            _ => return Err(self.broken(1, 0, "not a JSON array")),
        }
        let mut scan = Scan {
            depth: 1,
            ..Scan::default()
        };
        loop {
            let Some(&byte) = self.window.bytes().first() else {
                if self.window.ended {
                    return Err(self.cut());
                }
                self.window.grow()?;
                continue;
            };
            let list = byte == b'[' && scan.depth == 1 && !scan.quoted;
            scan.step(byte);
            self.pass(1);
            if list && self.peek()? == Some(b'{') {
                self.state = State::Inside { wrapped: true };
                return Ok(());
            }
            if scan.is_outside() {
                return Err(self.broken(1, 0, "no list of objects"));
            }
        }
    }

    /// Checks that the file ends after the array, or after the object around it.
    fn end(&mut self, wrapped: bool) -> io::Result<()> {
        let mut scan = Scan {
            depth: u64::from(wrapped),
            ..Scan::default()
        };
        while !scan.is_outside() {
            let Some(&byte) = self.window.bytes().first() else {
                if self.window.ended {
                    return Err(self.cut());
                }
                self.window.grow()?;
                continue;
            };
            scan.step(byte);
            self.pass(1);
        }
        match self.peek()? {
            None => Ok(()),
            Some(_) => Err(self.broken(self.row, 0, "something follows the end of the array")),
        }
    }

    /// The next byte that is no space; `None` at the end of the file.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let bytes = self.window.bytes();
            let spaces = bytes
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            let next = bytes.get(spaces).copied();
            self.pass(spaces);
            if next.is_some() || self.window.ended {
                return Ok(next);
            }
            self.window.grow()?;
        }
    }

    fn pass(&mut self, count: usize) {
        self.passed += count as u64;
        self.window.pass(count);
    }

    fn broken(&self, row: u64, offset: u64, what: &str) -> io::Error {
        let byte = self.passed + offset + 1;
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("row {row}: {what} at byte {byte}"),
        )
    }

    fn cut(&self) -> io::Error {
        let byte = self.passed + self.window.bytes().len() as u64;
        io::Error::new(
            io::ErrorKind::UnexpectedEof,
            format!(
                "row {}: the JSON is truncated: it ends at byte {byte}, inside the array",
                self.row.max(1)
            ),
        )
    }
}

/// Reads one element, or says at which of its bytes it is no JSON.
fn read_element(element: &[u8]) -> Result<Result<Object, Refusal>, usize> {
    let refusal = match read(element) {
        Ok(object) => return Ok(Ok(object)),
        Err(refusal) => refusal,
    };
    if !matches!(refusal.1, Reason::Json { .. } | Reason::NotAnObject) {
        return Ok(Err(refusal));
    }
    // What is well formed costs its row only, even where it cannot be held: a number beyond all bounds,
    // lists in lists in lists.
    match serde_json::from_slice::<IgnoredAny>(element) {
        Ok(_) => Ok(Err(refusal)),
        Err(error) => {
            let lines = element.split_inclusive(|&byte| byte == b'\n');
            let before: usize = lines
                .take(error.line().saturating_sub(1))
                .map(<[u8]>::len)
                .sum();
            Err(before + error.column().saturating_sub(1))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoding::Encoding;
    use super::*;
    use proptest::prelude::*;

    fn elements(text: &[u8]) -> Elements {
        let input = Box::new(io::Cursor::new(text.to_vec()));
        Elements::new(Decoder::new(input, Encoding::UTF_8))
    }

    /// How many elements were objects, the reasons of the others, and how it ended.
    fn counted(text: &[u8]) -> (u64, Vec<&'static str>, Option<String>) {
        let mut all = elements(text);
        let (mut objects, mut reasons) = (0, Vec::new());
        loop {
            match all.next() {
                Ok(Some(Ok(_))) => objects += 1,
                Ok(Some(Err((_, reason)))) => reasons.push(reason.name()),
                Ok(None) => return (objects, reasons, None),
                Err(error) => return (objects, reasons, Some(error.to_string())),
            }
        }
    }

    #[test]
    fn arrays_pretty_or_not() {
        for text in [
            "[{\"a\":\"x] , {\\\"\"},{\"a\":[1,{\"b\":2}]}]",
            " [ {\"a\" : 1}\r\n , \n{ \"a\": {\"b\": []} } ]\n",
            "{\"n\":[1,2],\"at\":\"[{\",\"rows\":[{\"a\":1},{\"a\":2}],\"more\":{\"x\":[]}}",
        ] {
            assert_eq!(counted(text.as_bytes()), (2, vec![], None), "{text}");
        }
        assert_eq!(counted(b"[]"), (0, vec![], None));
    }

    #[test]
    fn well_formed_elements_that_are_no_objects_cost_their_row() {
        let text = b"[1, {\"a\":1}, [2,3], \"x\", null, {\"a\":1e999}, {\"a\":2}]";
        let wrong = "not-an-object";
        assert_eq!(
            counted(text),
            (2, vec![wrong, wrong, wrong, wrong, "json"], None)
        );
        let deep = format!(
            "[{{\"a\":{}{}}}, {{\"a\":1}}]",
            "[".repeat(500),
            "]".repeat(500)
        );
        assert_eq!(counted(deep.as_bytes()), (1, vec!["json"], None));
    }

    #[test]
    fn broken_json_says_where() {
        let error = |text: &str| counted(text.as_bytes()).2.unwrap();
        assert_eq!(
            error("[{\"a\":1},\n{\"a\" 2}]"),
            "row 2: not valid JSON at byte 16"
        );
        assert_eq!(
            error("[{\"a\":1} {\"a\":2}]"),
            "row 1: not valid JSON at byte 10"
        );
        assert!(error("[{\"a\":1},{\"a\":").starts_with("row 2: the JSON is truncated"));
        assert!(error("[{\"a\":1}").contains("truncated"));
        assert!(error("{\"a\":[{\"a\":1}]").contains("truncated"));
        assert!(error("[{\"a\":1}]]").contains("follows"));
        assert_eq!(
            error("[{\"a\":1}}"),
            "row 1: a comma or ] is missing at byte 9"
        );
        assert!(error("[{\"a\":1},]").contains("not valid JSON"));
    }

    #[test]
    fn a_long_element_costs_its_row_only() {
        let text = format!("[{{\"a\":\"{}\"}},{{\"a\":1}}]", "x".repeat(50 << 20));
        assert_eq!(counted(text.as_bytes()), (1, vec!["row-too-long"], None));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(prop_oneof![
            4 => proptest::sample::select(b"[]{},:\"\\ 1a\n".to_vec()),
            1 => any::<u8>(),
        ], 0..200)) {
            let mut all = elements(&[b"[", &bytes[..]].concat());
            while let Ok(Some(_)) = all.next() {}
        }
    }
}
