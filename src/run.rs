//! A run over a file: read some thousand rows, tag them, hand them on, repeat.
//!
//! Memory is bounded whatever the file's size, and what comes out does not depend on threads: one
//! thread reads ahead, every core tags, and batches are handed on in the order of the file.

use crate::error::{Error, Result};
use crate::pii::Counts;
use crate::source::{JoinCounts, Joins, Plan, Rejects, Row, open};
use crate::tag::{Tagged, Tagger};
use crate::verbatim::Verbatim;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Rows read at a time for a fast model: many batches, which keep every core busy. A slow model's own
/// batch is read at a time, so that progress is seen.
const ROWS: usize = 8192;
/// Rows of a batch from which a model shares it out over the cores by itself.
const SHARED_FROM: usize = 1024;
/// Bytes of comments read at a time, whatever the number of rows.
const BYTES: usize = 8 << 20;
/// Batches read ahead of the one being tagged.
const AHEAD: usize = 2;

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Ran {
    /// Rows that were verbatims or rejects.
    pub rows: u64,
    /// Verbatims tagged: more than rows where a row has several comments.
    pub tagged: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Verbatims that say something.
    pub meaningful: u64,
    /// Meaningful verbatims by the code of their language.
    pub languages: BTreeMap<String, u64>,
    /// Rows refused, by [`crate::source::Reason::name`].
    pub reasons: BTreeMap<&'static str, u64>,
    /// Personal data replaced, by type.
    pub redactions: Counts,
    /// What the joins came to, in their order; known when the run is done.
    pub joins: Vec<JoinCounts>,
}

impl Ran {
    /// Adds what another run came to. The counts of joins run on from file to file: the later ones hold the
    /// earlier.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.tagged += other.tagged;
        self.rejected += other.rejected;
        self.meaningful += other.meaningful;
        for (code, count) in &other.languages {
            *self.languages.entry(code.clone()).or_default() += count;
        }
        for (reason, count) in &other.reasons {
            *self.reasons.entry(reason).or_default() += count;
        }
        self.redactions += other.redactions;
        self.joins.clone_from(&other.joins);
    }
}

/// Reads `path` as planned, joins what second files have, tags it and hands every batch to `sink`, in the order
/// of the file.
/// Refused rows go to `rejects`; `watch` hears what was done so far after every batch.
///
/// # Errors
/// Those of reading, tagging and `sink`; the run ends at the first.
pub fn run(
    path: &Path,
    plan: &Plan,
    joins: &mut Joins,
    tagger: &Tagger,
    rejects: &mut Rejects,
    watch: &mut dyn FnMut(&Ran),
    sink: &mut dyn FnMut(Vec<Tagged>) -> Result<()>,
) -> Result<Ran> {
    let (sender, receiver) = sync_channel(AHEAD);
    let batch = tagger.batch();
    let most = if batch < SHARED_FROM { ROWS } else { batch };
    let joining = &mut *joins;
    let mut ran = std::thread::scope(|scope| {
        scope.spawn(move || read(path, plan, joining, most, &sender));
        work(receiver, tagger, rejects, watch, sink)
    })?;
    if ran.rows == 0 {
        return Err(Error::input("there are no rows after the header")
            .at(path)
            .hint("check that the file is the one you meant"));
    }
    ran.joins = joins.counts();
    Ok(ran)
}

/// Reads and joins batches until the file ends or nobody wants more.
fn read(
    path: &Path,
    plan: &Plan,
    joins: &mut Joins,
    most: usize,
    sender: &SyncSender<Result<Vec<Row>>>,
) {
    let reader = match open(path, plan) {
        Ok(reader) => reader,
        Err(error) => {
            let _ = sender.send(Err(error));
            return;
        }
    };
    let mut rows = Vec::with_capacity(most);
    let mut bytes = 0;
    for row in reader {
        match row {
            Ok(mut row) => {
                if let Row::Verbatim(verbatim) | Row::Also(verbatim) = &mut row {
                    bytes += verbatim.text.len();
                    joins.join(verbatim);
                }
                rows.push(row);
            }
            Err(error) => {
                let _ = sender.send(Ok(rows));
                let _ = sender.send(Err(error));
                return;
            }
        }
        if rows.len() >= most || bytes >= BYTES {
            let batch = std::mem::replace(&mut rows, Vec::with_capacity(most));
            bytes = 0;
            if sender.send(Ok(batch)).is_err() {
                return;
            }
        }
    }
    let _ = sender.send(Ok(rows));
}

fn work(
    receiver: Receiver<Result<Vec<Row>>>,
    tagger: &Tagger,
    rejects: &mut Rejects,
    watch: &mut dyn FnMut(&Ran),
    sink: &mut dyn FnMut(Vec<Tagged>) -> Result<()>,
) -> Result<Ran> {
    let mut ran = Ran::default();
    for batch in receiver {
        let mut verbatims: Vec<Verbatim> = Vec::new();
        for row in batch? {
            ran.rows += u64::from(!matches!(row, Row::Also(_)));
            match row {
                Row::Verbatim(verbatim) | Row::Also(verbatim) => verbatims.push(verbatim),
                Row::Reject(reject) => {
                    ran.rejected += 1;
                    *ran.reasons.entry(reject.reason.name()).or_default() += 1;
                    rejects.add(&reject)?;
                }
            }
        }
        let tagged = tagger.tag(verbatims)?;
        for one in &tagged {
            ran.tagged += 1;
            ran.redactions += one.redactions;
            if one.meaningful {
                ran.meaningful += 1;
                match ran.languages.get_mut(one.lang.code) {
                    Some(count) => *count += 1,
                    None => _ = ran.languages.insert(one.lang.code.to_owned(), 1),
                }
            }
        }
        sink(tagged)?;
        watch(&ran);
    }
    Ok(ran)
}
