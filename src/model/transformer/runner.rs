//! Runs a transformer over texts, on every core.

use super::config::Config;
use super::encoder::{Encoder, rows_of, without_gradient};
use super::heads::Head;
use super::pieces::{Piece, Pieces};
use super::weights::Weights;
use super::windows;
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use tch::{Kind, Tensor};

/// A text, and parts of it that are read by themselves too.
#[derive(Clone, Debug)]
pub struct Passage<'t> {
    /// The text.
    pub text: &'t str,
    /// Bytes of the parts.
    pub parts: Vec<Range<usize>>,
}

impl<'t> Passage<'t> {
    /// A text without parts.
    pub fn whole(text: &'t str) -> Self {
        let parts = Vec::new();
        Self { text, parts }
    }
}

/// An encoder, with a classifier or without one.
pub struct Runner {
    config: Config,
    pieces: Pieces,
    longest: usize,
    weights: Mutex<Weights>,
    /// Copies that wait for a thread. They share the memory of the weights.
    copies: Mutex<Vec<Copy>>,
}

/// The encoder and its classifier, for one thread at a time.
struct Copy {
    encoder: Encoder,
    head: Option<Head>,
}

/// A window of a text.
struct Row {
    /// Position of the text.
    text: usize,
    /// Its pieces, those at both ends among them.
    ids: Vec<i64>,
    /// Positions of parts of the text, and of their pieces in the row.
    parts: Vec<(usize, Range<usize>)>,
}

impl Runner {
    /// A runner of a model whose rows have `longest` pieces at most.
    pub fn new(config: Config, pieces: Pieces, longest: usize, weights: Weights) -> Self {
        Self {
            longest: longest.min(pieces.longest()),
            config,
            pieces,
            weights: Mutex::new(weights),
            copies: Mutex::default(),
        }
    }

    /// The pieces of a text as the model is given them, of its first window.
    pub fn pieces(&self, text: &str) -> Vec<i64> {
        let passage = Passage::whole(text);
        let first = self.rows(0, &passage).into_iter().next();
        first.map(|row| row.ids).unwrap_or_default()
    }

    /// Per text its logits, and nothing of its parts; of a model without a classifier the mean vector of
    /// the pieces of the text, then those of its parts. A text of several windows has the mean of theirs,
    /// each by its pieces; a part without pieces is empty.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when the backend fails.
    pub fn run(&self, passages: &[Passage<'_>]) -> Result<Vec<Vec<Vec<f32>>>> {
        let rows = passages.par_iter().enumerate();
        let rows: Vec<Row> = rows
            .flat_map_iter(|(at, passage)| self.rows(at, passage))
            .collect();
        let lengths: Vec<usize> = rows.iter().map(|row| row.ids.len()).collect();
        let groups = windows::groups(&lengths);
        let ran = groups.par_iter().map(|group| self.run_group(group, &rows));
        let ran: Vec<Vec<Vec<Vec<f32>>>> = ran.collect::<Result<_>>()?;
        let mut of_rows: Vec<Vec<Vec<f32>>> = vec![Vec::new(); rows.len()];
        for (group, ran) in groups.iter().zip(ran) {
            for (row, numbers) in group.iter().zip(ran) {
                of_rows[*row] = numbers;
            }
        }
        let mut means: Vec<Vec<Mean>> = passages
            .iter()
            .map(|passage| vec![Mean::default(); 1 + passage.parts.len()])
            .collect();
        for (row, numbers) in rows.iter().zip(of_rows) {
            let whole = (0, row.ids.len());
            let parts = row.parts.iter().map(|(part, of)| (part + 1, of.len()));
            for ((slot, weight), numbers) in [whole].into_iter().chain(parts).zip(numbers) {
                means[row.text][slot].add(numbers, weight);
            }
        }
        let numbers = |means: Vec<Mean>| means.into_iter().map(|mean| mean.numbers).collect();
        Ok(means.into_iter().map(numbers).collect())
    }

    /// The windows of a text.
    fn rows(&self, text: usize, passage: &Passage<'_>) -> Vec<Row> {
        let pieces = self.pieces.split(passage.text);
        let most = self.longest.saturating_sub(2);
        let row = |window: Range<usize>| {
            let ids: Vec<i64> = pieces[window.clone()]
                .iter()
                .map(|piece| piece.id)
                .collect();
            let parts = passage.parts.iter().enumerate();
            let parts = parts.filter_map(|(part, bytes)| {
                let inside = within(&pieces[window.clone()], bytes)?;
                // After the piece that begins the row.
                Some((part, inside.start + 1..inside.end + 1))
            });
            Row {
                text,
                ids: self.pieces.row(&ids),
                parts: parts.collect(),
            }
        };
        windows::windows(pieces.len(), most)
            .into_iter()
            .map(row)
            .collect()
    }

    /// Runs some rows of one length on this thread.
    fn run_group(&self, group: &[usize], rows: &[Row]) -> Result<Vec<Vec<Vec<f32>>>> {
        let rows: Vec<&Row> = group.iter().map(|row| &rows[*row]).collect();
        let copy = self.copy()?;
        // A copy in which something failed is not used again.
        let ran = catch_unwind(AssertUnwindSafe(|| copy.run(&rows)));
        let ran = ran.unwrap_or_else(|_| Err(Error::model("the transformer failed")))?;
        locked(&self.copies).push(copy);
        Ok(ran)
    }

    /// A copy for this thread, from those that wait or a new one.
    fn copy(&self) -> Result<Copy> {
        let waiting = locked(&self.copies).pop();
        match waiting {
            Some(copy) => Ok(copy),
            None => Copy::new(&self.config, &locked(&self.weights)),
        }
    }
}

/// The pieces that lie in these bytes; `None` when there are none.
fn within(pieces: &[Piece], bytes: &Range<usize>) -> Option<Range<usize>> {
    let is_in = |piece: &Piece| piece.start < bytes.end && piece.end > bytes.start;
    let start = pieces.iter().position(is_in)?;
    let end = pieces.iter().rposition(is_in)?;
    Some(start..end + 1)
}

/// A weighted mean, as it grows.
#[derive(Clone, Default)]
struct Mean {
    numbers: Vec<f32>,
    weight: f32,
}

impl Mean {
    fn add(&mut self, numbers: Vec<f32>, weight: usize) {
        let weight = weight as f32;
        if self.numbers.is_empty() {
            self.numbers = numbers;
        } else {
            let total = self.weight + weight;
            let mean = |old: f32, new: f32| (old * self.weight + new * weight) / total;
            let both = self.numbers.iter().zip(numbers);
            self.numbers = both.map(|(old, new)| mean(*old, new)).collect();
        }
        self.weight += weight;
    }
}

impl Copy {
    fn new(config: &Config, weights: &Weights) -> Result<Self> {
        without_gradient(|| {
            let classifies = !config.labels.is_empty();
            let head = classifies.then(|| Head::new(config, weights)).transpose()?;
            Ok(Self {
                encoder: Encoder::new(config, weights)?,
                head,
            })
        })
    }

    /// Logits of rows of one length; the means of their vectors where there is no classifier, then those
    /// of their parts.
    fn run(&self, rows: &[&Row]) -> Result<Vec<Vec<Vec<f32>>>> {
        without_gradient(|| {
            let ids: Vec<&[i64]> = rows.iter().map(|row| row.ids.as_slice()).collect();
            let hidden = self.encoder.encode(&ids)?;
            let whole = match &self.head {
                Some(head) => rows_of(&head.logits(&hidden))?,
                None => rows_of(&hidden.mean_dim(1, false, Kind::Float))?,
            };
            let all = whole.into_iter().zip(rows).enumerate();
            all.map(|(at, (whole, row))| {
                let mut numbers = vec![whole];
                if self.head.is_none() && !row.parts.is_empty() {
                    numbers.extend(parts_of(&hidden.get(at as i64), &row.parts)?);
                }
                Ok(numbers)
            })
            .collect()
        })
    }
}

/// The mean vectors of parts of a row.
fn parts_of(hidden: &Tensor, parts: &[(usize, Range<usize>)]) -> Result<Vec<Vec<f32>>> {
    let mean = |(_, of): &(usize, Range<usize>)| {
        let own = hidden.narrow(0, of.start as i64, of.len() as i64);
        own.mean_dim(0, false, Kind::Float)
    };
    let means: Vec<Tensor> = parts.iter().map(mean).collect();
    rows_of(&Tensor::stack(&means, 0))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Each copy computes on its own thread: copies side by side are faster than threads inside one, and
/// sums come out the same however many there are.
pub fn use_one_thread_per_copy() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tch::set_num_threads(1));
}
