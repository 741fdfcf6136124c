//! Writing: verbatims go in, a commit makes them visible, everything else leaves no trace.

use super::Index;
use super::document::{Entry, Numbering};
use super::facts::key_of;
use super::failure::{damaged, failure, guarded};
use super::ledger::{IndexedFile, Ledger};
use super::manifest::{FieldKind, IndexedField, Manifest, Setup};
use super::schema::{Fields, path_of};
use super::segments;
use crate::correction::Correction;
use crate::drift::Profile;
use crate::error::{Error, ErrorKind, Result};
use crate::nev::Confusion;
use crate::tag::{Tagged, Tagger};
use crate::theme::Taxonomy;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::directory::{Directory, DirectoryLock, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::document::Document;
use tantivy::{IndexWriter, TantivyError, Term};

/// How a [`Writer`] works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriterOptions {
    /// Memory for what is not on disk yet, in bytes, shared by the threads. Each gets at least
    /// 15 MB.
    pub memory: usize,
    /// Indexing threads, 1 to 8.
    pub threads: usize,
    /// Begin anew: what the index held is replaced as a whole by the first commit.
    pub rebuild: bool,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self {
            memory: 256 << 20,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            rebuild: false,
        }
    }
}

/// What a writer did since it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Written {
    /// Verbatims with an id that was not in the index.
    pub added: u64,
    /// Verbatims that took the place of one from an earlier run.
    pub replaced: u64,
    /// Verbatims whose id had been written before in this run; the last one stays.
    pub repeated: u64,
    /// Verbatims that were kept out: they, or their customer, were deleted for good.
    pub barred: u64,
}

/// Writes verbatims into an index. There is one per index at a time.
///
/// Nothing is visible before [`Writer::commit`]; a writer that is dropped, or a process that is
/// killed, leaves the last committed state.
pub struct Writer {
    folder: PathBuf,
    manifest: Manifest,
    pub(super) ledger: Ledger,
    /// The manifest on disk does not tell everything that this one does.
    untold: bool,
    /// The manifest on disk points to the segments that a rebuild replaces.
    unpublished: bool,
    fields: Fields,
    inner: IndexWriter<Entry>,
    themes: Vec<u32>,
    known: FxHashMap<Arc<str>, usize>,
    paths: Vec<String>,
    before: FxHashSet<u64>,
    seen: FxHashSet<u64>,
    written: Written,
    _lock: DirectoryLock,
}

impl Writer {
    /// Opens the index in `folder` for writing, making folder and index when there is none.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] when the index is damaged, of another format, or was tagged by another
    /// model or with other scales; [`ErrorKind::Usage`] when another process writes it.
    pub fn open(folder: &Path, setup: &Setup<'_>, options: &WriterOptions) -> Result<Self> {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::io("making the index folder failed", error).at(folder))?;
        let lock = lock(folder)?;
        let (index, manifest, untold) = prepare(folder, setup, options)?;
        let before = committed_keys(folder, &index)?;
        let mut ledger = Ledger::read(folder, &index)?;
        if options.rebuild {
            let before = ledger_of(folder);
            ledger.corrections = before.corrections;
            ledger.bars = before.bars;
        }
        let inner = writer(folder, &index, options)?;
        Ok(Self {
            ledger,
            untold,
            unpublished: options.rebuild,
            before,
            ..Self::of(folder, manifest, setup.taxonomy, inner, lock)
        })
    }

    /// A writer that begins the index anew with the fields it has and other themes: a taxonomy, and the file
    /// of the user's own among its themes. The first commit replaces the index as a whole.
    ///
    /// # Errors
    /// As [`Writer::open`].
    pub(super) fn anew(
        folder: &Path,
        old: &Manifest,
        themes: (&Taxonomy, &str),
        options: &WriterOptions,
    ) -> Result<Self> {
        let lock = lock(folder)?;
        let (taxonomy, catalog) = themes;
        let ledger = Ledger::read(folder, &segments::open(folder, old)?)?;
        let mut manifest = old.clone();
        segments::sweep(folder, &[&manifest.segments]);
        manifest.segments = segments::next(folder);
        manifest.learn(taxonomy);
        catalog.clone_into(&mut manifest.catalog);
        let index = segments::create(folder, &manifest)?;
        let inner = writer(folder, &index, options)?;
        Ok(Self {
            ledger,
            ..Self::of(folder, manifest, taxonomy, inner, lock)
        })
    }

    /// A writer of the index as it is, for verbatims that come from it: the themes of their mentions are numbers
    /// of the manifest.
    ///
    /// # Errors
    /// As [`Writer::open`].
    pub(super) fn reopen(folder: &Path, options: &WriterOptions) -> Result<Self> {
        let lock = lock(folder)?;
        let manifest = Manifest::read(folder)?;
        let index = segments::open(folder, &manifest)?;
        segments::sweep(folder, &[&manifest.segments]);
        let before = committed_keys(folder, &index)?;
        let ledger = Ledger::read(folder, &index)?;
        let inner = writer(folder, &index, options)?;
        let themes = (0..manifest.themes.len() as u32).collect();
        Ok(Self {
            ledger,
            unpublished: false,
            before,
            themes,
            ..Self::of(folder, manifest, &Taxonomy::default(), inner, lock)
        })
    }

    /// A writer that begins the index anew with the fields it has, tagged by `tagger`, or goes on where an
    /// earlier one with the same aim was killed; and the index as it is, which nobody else can change meanwhile. The
    /// first commit replaces the index as a whole; until then
    /// [`Writer::save`] keeps what is done.
    ///
    /// # Errors
    /// As [`Writer::open`].
    pub(super) fn renewing(
        folder: &Path,
        tagger: &Tagger,
        (catalog, lexicon): (&str, &str),
        options: &WriterOptions,
    ) -> Result<(Self, Index)> {
        let lock = lock(folder)?;
        let old = Index::open(folder)?;
        let mut manifest = old.manifest.clone();
        manifest.model = tagger.model();
        manifest.votes.clone_from(tagger.votes());
        manifest.learn(tagger.taxonomy());
        catalog.clone_into(&mut manifest.catalog);
        lexicon.clone_into(&mut manifest.lexicon);
        let key = aim(folder, &old, &manifest)?;
        let draft = segments::draft(folder, &key);
        segments::sweep(
            folder,
            &[&old.manifest.segments, draft.as_deref().unwrap_or_default()],
        );
        let begun = draft.is_some();
        manifest.segments = draft.unwrap_or_else(|| segments::next(folder));
        let index = if begun {
            segments::open(folder, &manifest)?
        } else {
            let index = segments::create(folder, &manifest)?;
            segments::mark_draft(folder, &manifest.segments, &key)?;
            index
        };
        let before = committed_keys(folder, &index)?;
        let ledger = if before.is_empty() {
            old.ledger.clone()
        } else {
            Ledger::read(folder, &index)?
        };
        let inner = writer(folder, &index, options)?;
        let writer = Self {
            ledger,
            before,
            ..Self::of(folder, manifest, tagger.taxonomy(), inner, lock)
        };
        Ok((writer, old))
    }

    /// True when the verbatim of this key was committed before the writer was opened.
    pub(super) fn has(&self, key: u64) -> bool {
        self.before.contains(&key)
    }

    fn of(
        folder: &Path,
        manifest: Manifest,
        taxonomy: &Taxonomy,
        inner: IndexWriter<Entry>,
        lock: DirectoryLock,
    ) -> Self {
        Self {
            folder: folder.to_path_buf(),
            ledger: Ledger::default(),
            untold: false,
            unpublished: true,
            fields: Fields::schema().1,
            inner,
            themes: theme_numbers(taxonomy, &manifest),
            known: manifest
                .fields
                .iter()
                .enumerate()
                .map(|(number, field)| (Arc::from(&*field.name), number))
                .collect(),
            paths: (0..manifest.fields.len()).map(path_of).collect(),
            before: FxHashSet::default(),
            seen: FxHashSet::default(),
            written: Written::default(),
            manifest,
            _lock: lock,
        }
    }

    /// The manifest's number of each theme of the taxonomy.
    pub(super) fn theme_numbers(&self) -> &[u32] {
        &self.themes
    }

    /// Says that a model and its card tag everything that is added; true when it was another one before.
    pub(super) fn tagged_by(&mut self, model: &str, votes: &BTreeMap<String, Confusion>) -> bool {
        let other = self.manifest.model != model;
        if other {
            model.clone_into(&mut self.manifest.model);
            self.manifest.votes.clone_from(votes);
        }
        other
    }

    /// How many themes the index knows, those included that are gone.
    pub(super) fn themes_known(&self) -> usize {
        self.manifest.themes.len()
    }

    /// Their ids, by number.
    pub(super) fn theme_ids(&self) -> Vec<String> {
        self.manifest
            .themes
            .iter()
            .map(|theme| theme.id.clone())
            .collect()
    }

    /// The files that are in the index.
    pub fn files(&self) -> &[IndexedFile] {
        &self.ledger.files
    }

    /// What the last runs looked like, the latest last.
    pub fn runs(&self) -> &[Profile] {
        &self.ledger.runs
    }

    /// Remembers, with the next commit, the files of a run and what the run looked like.
    pub fn remember(&mut self, files: Vec<IndexedFile>, run: Profile) {
        for file in files {
            self.ledger.add_file(file);
        }
        self.ledger.add_run(run);
    }

    /// A verbatim with what people said of it laid over what was found.
    pub(super) fn corrected<'t>(&self, tagged: &'t Tagged) -> Cow<'t, Tagged> {
        match self.ledger.corrections.get(&tagged.verbatim.id) {
            None => Cow::Borrowed(tagged),
            Some(correction) => Cow::Owned(self.laid_over(correction, tagged.clone())),
        }
    }

    fn laid_over(&self, correction: &Correction, mut tagged: Tagged) -> Tagged {
        correction.lay_over(&mut tagged, |theme| {
            let number = self.manifest.theme(theme)?;
            let position = self.themes.iter().position(|known| *known == number)?;
            u16::try_from(position).ok()
        });
        tagged
    }

    /// Adds a verbatim, in place of the one with its id if there is one, unless it was deleted for good. What
    /// people said of that id is laid over it.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when writing behind the scenes failed, as on a full disk.
    pub fn add(&mut self, tagged: &Tagged) -> Result<()> {
        let tagged = &*self.corrected(tagged);
        self.add_as_is(tagged)
    }

    fn add_as_is(&mut self, tagged: &Tagged) -> Result<()> {
        if self.ledger.bars.hold(&tagged.verbatim) {
            self.written.barred += 1;
            return Ok(());
        }
        let numbers = self.field_numbers(tagged);
        let paths: Vec<&str> = numbers
            .iter()
            .filter_map(|number| self.paths.get(*number).map(String::as_str))
            .collect();
        let numbering = Numbering {
            fields: &self.fields,
            scales: self.manifest.scales,
            themes: &self.themes,
            numbers: &numbers,
            paths: &paths,
        };
        let document = Entry::new(tagged, &numbering)?;
        self.clear_place(&tagged.verbatim.id);
        if let Err(error) = self.inner.add_document(document) {
            return Err(self.cause_of(error));
        }
        Ok(())
    }

    /// Makes everything added so far visible, at once and durably.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the disk refuses; the last committed state stays.
    pub fn commit(&mut self) -> Result<()> {
        // Before the documents: a manifest that knows too much is harmless, one that does not
        // know a document's numbers is not.
        if self.untold && !self.unpublished {
            self.manifest.write(&self.folder)?;
            self.untold = false;
        }
        self.save()?;
        if self.unpublished {
            self.manifest.write(&self.folder)?;
            segments::sweep(&self.folder, &[&self.manifest.segments]);
            segments::unmark_draft(&self.folder, &self.manifest.segments);
            self.unpublished = false;
            self.untold = false;
        }
        Ok(())
    }

    /// Commits the verbatims together with the ledger, published or not.
    pub(super) fn save(&mut self) -> Result<()> {
        let ledger = self.ledger.to_json()?;
        let failed = |error| failure(&self.folder, "writing the index", error);
        let mut commit = self.inner.prepare_commit().map_err(failed)?;
        commit.set_payload(&ledger);
        commit.commit().map_err(failed)?;
        Ok(())
    }

    /// What was done since the writer was opened, committed or not.
    pub fn written(&self) -> Written {
        self.written
    }

    /// Commits, waits for the tidying up behind the scenes, and says what was done.
    ///
    /// # Errors
    /// As [`Writer::commit`].
    pub fn finish(mut self) -> Result<Written> {
        self.commit()?;
        self.inner
            .wait_merging_threads()
            .map_err(|error| failure(&self.folder, "tidying up the index", error))?;
        Ok(self.written)
    }

    /// The numbers of the verbatim's fields; new names get the next ones.
    fn field_numbers(&mut self, tagged: &Tagged) -> Vec<usize> {
        let fields = &tagged.verbatim.fields;
        let mut numbers = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let kind = FieldKind::of(value);
            let number = if let Some(number) = self.known.get(name) {
                *number
            } else {
                let number = self.manifest.fields.len();
                self.manifest.fields.push(IndexedField {
                    name: name.to_string(),
                    kind,
                });
                self.known.insert(Arc::clone(name), number);
                self.paths.push(path_of(number));
                self.untold = true;
                number
            };
            if let Some(field) = self.manifest.fields.get_mut(number)
                && field.kind != kind
                && field.kind != FieldKind::Text
            {
                field.kind = FieldKind::Text;
                self.untold = true;
            }
            numbers.push(number);
        }
        numbers
    }

    /// Counts the id, and deletes what may stand under it: a delete costs a look into every
    /// segment, so it is only issued where one is possible.
    fn clear_place(&mut self, id: &str) {
        let key = key_of(id);
        let again = !self.seen.insert(key);
        let earlier = self.before.contains(&key);
        if again {
            self.written.repeated += 1;
        } else if earlier {
            self.written.replaced += 1;
        } else {
            self.written.added += 1;
        }
        if again || earlier {
            self.inner
                .delete_term(Term::from_field_text(self.fields.id, id));
        }
    }

    /// Why a document was refused: an indexing thread has died, and joining it tells of what.
    fn cause_of(&mut self, error: TantivyError) -> Error {
        let error = self.inner.prepare_commit().err().unwrap_or(error);
        failure(&self.folder, "writing the index", error)
    }
}

/// The index to write into, new or as it is, with its manifest, and whether the manifest on disk
/// has yet to learn something.
fn prepare(
    folder: &Path,
    setup: &Setup<'_>,
    options: &WriterOptions,
) -> Result<(tantivy::Index, Manifest, bool)> {
    let existing = match Manifest::read(folder) {
        _ if options.rebuild => None,
        Ok(manifest) => Some(manifest),
        Err(_) if is_new(folder) => None,
        Err(error) => return Err(error),
    };
    if let Some(mut manifest) = existing {
        manifest.accept(folder, setup)?;
        let index = segments::open(folder, &manifest)?;
        segments::sweep(folder, &[&manifest.segments]);
        let untold = manifest.learn(setup.taxonomy) | manifest.learn_votes(setup.votes);
        Ok((index, manifest, untold))
    } else {
        let manifest = Manifest::new(setup, segments::next(folder));
        let index = segments::create(folder, &manifest)?;
        if !options.rebuild {
            manifest.write(folder)?;
        }
        Ok((index, manifest, false))
    }
}

/// What people said of the verbatims of an index that is begun anew; nothing where it cannot be read.
fn ledger_of(folder: &Path) -> Ledger {
    let ledger = Manifest::read(folder)
        .and_then(|manifest| Ledger::read(folder, &segments::open(folder, &manifest)?));
    ledger.unwrap_or_default()
}

fn is_new(folder: &Path) -> bool {
    !folder.join(super::manifest::FILE).exists() && !segments::hold_verbatims(folder)
}

pub(super) fn lock(folder: &Path) -> Result<DirectoryLock> {
    let directory = MmapDirectory::open(folder)
        .map_err(|error| failure(folder, "opening the index", error.into()))?;
    directory.acquire_lock(&INDEX_WRITER_LOCK).map_err(|error| {
        use tantivy::directory::error::LockError;
        match error {
            LockError::LockBusy => Error::new(
                ErrorKind::Usage,
                "another run is writing this index; there is one writer at a time",
            )
            .at(folder)
            .hint("wait until it has finished, or index into another folder"),
            LockError::IoError(error) => Error::io(
                "locking the index failed",
                std::io::Error::new(error.kind(), error.to_string()),
            )
            .at(folder),
        }
    })
}

pub(super) fn writer<D: Document>(
    folder: &Path,
    index: &tantivy::Index,
    options: &WriterOptions,
) -> Result<IndexWriter<D>> {
    /// What tantivy asks for per thread, and the most it takes.
    const PER_THREAD: std::ops::RangeInclusive<usize> = 15_000_000..=4_000_000_000;
    /// tantivy indexes with at most this many threads.
    const MOST_THREADS: usize = 8;
    let threads = options.threads.clamp(1, MOST_THREADS);
    let memory = (options.memory / threads).clamp(*PER_THREAD.start(), *PER_THREAD.end());
    let settings = IndexWriterOptions::builder()
        .memory_budget_per_thread(memory)
        .num_worker_threads(threads)
        .num_merge_threads(threads.min(2))
        .build();
    let failed = |error| failure(folder, "opening the index for writing", error);
    let writer = index.writer_with_options(settings).map_err(failed)?;
    // A killed commit may have left files under names that the next one would give again.
    writer.garbage_collect_files().wait().map_err(failed)?;
    Ok(writer)
}

/// What tells one aim of tagging again from another: the commit it starts from, and what it leads to.
fn aim(folder: &Path, old: &Index, new: &Manifest) -> Result<String> {
    let metas = old
        .inner
        .load_metas()
        .map_err(|error| failure(folder, "reading the index", error))?;
    let aim = (env!("CARGO_PKG_VERSION"), metas.opstamp, new);
    let json = serde_json::to_vec(&aim)
        .map_err(|error| Error::model("a manifest has no JSON form").caused_by(error))?;
    Ok(format!("{:016x}", crate::chance::hash(&json)))
}

fn theme_numbers(taxonomy: &Taxonomy, manifest: &Manifest) -> Vec<u32> {
    taxonomy
        .themes
        .iter()
        // Every theme was learned when the index was opened; the last number is never used.
        .map(|theme| manifest.theme(&theme.id).unwrap_or(u32::MAX))
        .collect()
}

/// The keys of every verbatim that is committed.
fn committed_keys(folder: &Path, index: &tantivy::Index) -> Result<FxHashSet<u64>> {
    guarded(folder, || {
        let reading = |error| failure(folder, "reading the index", error);
        let searcher = segments::reader(folder, index)?.searcher();
        let mut keys = FxHashSet::default();
        for segment in searcher.segment_readers() {
            let column = segment.fast_fields().u64("key").map_err(reading)?;
            for document in segment.doc_ids_alive() {
                match column.first(document) {
                    Some(key) => keys.insert(key),
                    None => return Err(damaged(folder, "a verbatim in the index has no key")),
                };
            }
        }
        Ok(keys)
    })
}
