//! Rows as JSON Lines: a flat object each, absent cells null.

use super::{Cell, Head, RowWriter};
use crate::error::{Error, Result};
use crate::record::Plain;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::io::Write;

pub(super) struct JsonlRows<W> {
    heads: Vec<Head>,
    line: Vec<u8>,
    out: W,
}

impl<W> JsonlRows<W> {
    pub fn new(heads: &[Head], out: W) -> Self {
        Self {
            heads: heads.to_vec(),
            line: Vec::new(),
            out,
        }
    }
}

struct Object<'r, 'c> {
    heads: &'r [Head],
    cells: &'r [Cell<'c>],
}

impl Serialize for Object<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.heads.len()))?;
        for (head, cell) in self.heads.iter().zip(self.cells) {
            let name = &head.name;
            match cell {
                Cell::Absent => object.serialize_entry(name, &())?,
                Cell::Text(text) => object.serialize_entry(name, text)?,
                Cell::Texts(texts) => object.serialize_entry(name, texts)?,
                Cell::Whole(number) => object.serialize_entry(name, number)?,
                Cell::Number(number) => object.serialize_entry(name, &Plain(*number))?,
                Cell::Bool(yes) => object.serialize_entry(name, yes)?,
                Cell::Date(day) => object.serialize_entry(name, &day.to_string())?,
            }
        }
        object.end()
    }
}

impl<W: Write + Send> RowWriter<W> for JsonlRows<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        self.line.clear();
        let heads = &self.heads;
        serde_json::to_writer(&mut self.line, &Object { heads, cells })
            .map_err(|error| Error::input("a row has no JSON form").caused_by(error))?;
        self.line.push(b'\n');
        let written = self.out.write_all(&self.line);
        written.map_err(|error| Error::io("the output cannot be written", error))
    }

    fn finish(self: Box<Self>) -> Result<W> {
        Ok(self.out)
    }
}
