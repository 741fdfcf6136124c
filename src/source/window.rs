//! The part of a decoded file that is in memory: it grows to one record and slides on.

use super::encoding::Decoder;
use memchr::memchr2;
use std::io;

/// Longest record held, bytes. A broken quote would otherwise take in the rest of the file. It
/// is ours: well above what a survey or a review site lets people write.
pub(super) const MAX_RECORD: usize = 16 << 20;

const FIRST: usize = 64 << 10;

pub(super) struct Window {
    input: Decoder,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// True when nothing comes after what is held.
    pub ended: bool,
}

impl Window {
    pub fn new(input: Decoder) -> Self {
        Self {
            input,
            bytes: vec![0; FIRST],
            start: 0,
            end: 0,
            ended: false,
        }
    }

    /// What is held and not yet passed.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Passes `count` bytes.
    pub fn pass(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }

    /// True when as much is held as ever will be.
    pub fn is_full(&self) -> bool {
        self.end - self.start >= MAX_RECORD
    }

    /// Reads on.
    pub fn grow(&mut self) -> io::Result<()> {
        self.bytes.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.bytes.len() - self.end < FIRST / 2 {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        let space = self.bytes.get_mut(self.end..).unwrap_or_default();
        match self.input.read(space)? {
            0 => self.ended = true,
            read => self.end += read,
        }
        Ok(())
    }

    /// Passes the rest of this line, however long.
    pub fn pass_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(at) = memchr2(b'\n', b'\r', self.bytes()) {
                if self.bytes().get(at) == Some(&b'\r') {
                    if at + 1 == self.bytes().len() && !self.ended {
                        self.pass(at);
                        self.grow()?;
                        continue;
                    }
                    let pair = self.bytes().get(at + 1) == Some(&b'\n');
                    self.pass(usize::from(pair));
                }
                self.pass(at + 1);
                return Ok(());
            }
            self.pass(usize::MAX / 2);
            if self.ended {
                return Ok(());
            }
            self.grow()?;
        }
    }
}
