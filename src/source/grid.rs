//! Files that are tables by themselves: rows of typed cells, read ahead on a thread of their own.
//!
//! A format hands over its rows in batches and waits while two are unread, so memory is bounded; what
//! its library makes of a damaged file ends its thread, not the program.

use super::cell::{Cell, MAX_CELL};
use super::reject::Reason;
use crate::guard::caught;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::vec::IntoIter;

/// Rows handed over at a time, and the bytes of text in them from which fewer are.
const ROWS: usize = 512;
const BYTES: usize = 4 << 20;
/// Batches read ahead.
const AHEAD: usize = 2;

/// The cells of a row that have a value, each with its place, ascending; or the place and the reason why
/// the row is refused.
pub(super) type Cells = Result<Vec<(usize, Cell<'static>)>, (Option<usize>, Reason)>;

/// One row that has content.
pub(super) struct Line {
    /// Its number as the file counts it.
    pub row: u64,
    pub cells: Cells,
}

enum Sent {
    Lines(Vec<Line>),
    /// How many rows there are, blank ones included.
    End(u64),
    Failed(io::Error),
}

/// The rows of a table.
pub(super) struct Grid {
    receiver: Receiver<Sent>,
    lines: IntoIter<Line>,
    /// The row just read.
    row: u64,
    /// Rows without any content so far; they are passed over.
    pub blank: u64,
    ended: bool,
}

impl Grid {
    /// A table whose rows `read` hands over; what it returns is the number of the last row.
    pub fn new(
        read: impl FnOnce(&mut Lines) -> io::Result<u64> + Send + 'static,
    ) -> io::Result<Self> {
        let (sender, receiver) = sync_channel(AHEAD);
        let work = move || {
            let mut lines = Lines {
                sender,
                held: Vec::new(),
                bytes: 0,
                closed: false,
            };
            let last = caught(|| read(&mut lines));
            lines.hand_over();
            let sent = match last {
                Some(Ok(last)) => Sent::End(last),
                Some(Err(error)) => Sent::Failed(error),
                None => Sent::Failed(damaged("it cannot be read on")),
            };
            // Nobody may want it any more.
            let _ = lines.sender.send(sent);
        };
        std::thread::Builder::new().spawn(work)?;
        Ok(Self {
            receiver,
            lines: Vec::new().into_iter(),
            row: 0,
            blank: 0,
            ended: false,
        })
    }

    /// Passes the rows of a header, the last of which is `header`.
    pub fn pass(&mut self, header: u64) -> io::Result<()> {
        while self.row < header {
            if self.next()?.is_none() {
                break;
            }
        }
        self.blank = 0;
        Ok(())
    }

    /// The next row that has content; `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            if let Some(line) = self.lines.next() {
                self.blank += line.row.saturating_sub(self.row + 1);
                self.row = line.row;
                return Ok(Some(line));
            }
            if self.ended {
                return Ok(None);
            }
            match self.receiver.recv() {
                Ok(Sent::Lines(lines)) => self.lines = lines.into_iter(),
                Ok(Sent::End(last)) => {
                    self.blank += last.saturating_sub(self.row);
                    self.ended = true;
                }
                Ok(Sent::Failed(error)) => return Err(error),
                Err(_) => return Err(damaged("it cannot be read on")),
            }
        }
    }
}

/// Where a format hands over its rows.
pub(super) struct Lines {
    sender: SyncSender<Sent>,
    held: Vec<Line>,
    bytes: usize,
    /// True when nobody wants more.
    pub closed: bool,
}

impl Lines {
    /// Hands over a row, unless it has no content; false when nobody wants more.
    pub fn add(&mut self, row: u64, cells: Cells) -> bool {
        let cells = cells.and_then(checked);
        if cells.as_ref().is_ok_and(Vec::is_empty) {
            return !self.closed;
        }
        let texts = cells.iter().flatten().map(|(_, cell)| match cell {
            Cell::Text(text) => text.len(),
            _ => 0,
        });
        self.bytes += texts.sum::<usize>();
        self.held.push(Line { row, cells });
        if self.held.len() >= ROWS || self.bytes >= BYTES {
            self.hand_over();
        }
        !self.closed
    }

    fn hand_over(&mut self) {
        self.bytes = 0;
        let lines = std::mem::take(&mut self.held);
        if !lines.is_empty() && self.sender.send(Sent::Lines(lines)).is_err() {
            self.closed = true;
        }
    }
}

/// The cells that hold something, if all of them can be read.
fn checked(cells: Vec<(usize, Cell<'static>)>) -> Cells {
    let mut kept = Vec::with_capacity(cells.len());
    for (place, cell) in cells {
        if let Cell::Text(text) = &cell {
            if text.len() > MAX_CELL {
                return Err((Some(place), Reason::CellTooLong));
            }
            if text.contains('\0') {
                return Err((Some(place), Reason::Nul));
            }
            if text.trim().is_empty() {
                continue;
            }
        }
        kept.push((place, cell));
    }
    Ok(kept)
}

/// A file that is not what it should be.
pub(super) fn damaged(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn text(text: &str) -> Cell<'static> {
        Cell::Text(Cow::Owned(text.to_owned()))
    }

    #[test]
    fn blank_rows_are_counted_wherever_they_stand() {
        let mut grid = Grid::new(|lines| {
            lines.add(3, Ok(vec![(0, text("a"))]));
            lines.add(4, Ok(vec![(0, text(" "))]));
            lines.add(5, Ok(vec![(1, text("b\0"))]));
            Ok(7)
        })
        .unwrap();
        assert_eq!(grid.next().unwrap().unwrap().row, 3);
        let refused = grid.next().unwrap().unwrap();
        assert_eq!(
            (refused.row, refused.cells),
            (5, Err((Some(1), Reason::Nul)))
        );
        assert!(grid.next().unwrap().is_none());
        assert_eq!(grid.blank, 5);
    }

    #[test]
    fn a_reader_that_ends_early_is_an_error_and_one_left_alone_ends() {
        let mut grid = Grid::new(|_| Err(damaged("cut"))).unwrap();
        assert_eq!(grid.next().err().unwrap().to_string(), "cut");
        let grid = Grid::new(|lines| {
            while lines.add(1, Ok(vec![(0, Cell::Bool(true))])) {}
            Ok(1)
        });
        drop(grid);
    }
}
