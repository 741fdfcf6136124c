//! The texts of a recipe of vectors, as bags of numbered words with the teacher's row beside them.

use super::recipe::{Rows, Source, VectorRecipe, Words};
use crate::embedding::is_read;
use crate::error::{Error, Result};
use crate::source::table::Table;
use crate::text::{Tokenizer, Vocabulary, nfc};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;
use std::sync::Arc;

/// Dimensions of the teacher's vectors.
pub const TAUGHT: usize = 384;

/// A text and its translation, or an English text alone.
#[derive(Debug)]
pub struct Pair {
    pub en: String,
    pub es: Option<String>,
    /// Position of the English text among the teacher's vectors; `None` for held-out pairs.
    pub taught: Option<usize>,
    pub source: usize,
    pub dictionary: bool,
}

/// What a recipe names.
#[derive(Debug)]
pub struct Texts {
    pub learned: Vec<Pair>,
    /// Per source with rows never learned from, those.
    pub held_out: Vec<(usize, Vec<Pair>)>,
    /// The teacher's vectors, length 1 each.
    pub taught: Vec<[f32; TAUGHT]>,
    pub words: Vec<String>,
}

impl Texts {
    /// Reads every source and the teacher's vectors.
    pub fn read(recipe: &VectorRecipe, data: &Path, teacher: &Path) -> Result<Self> {
        let (listed, taught) = read_teacher(teacher)?;
        let mut words = Counts::new();
        let (mut learned, mut all_held_out) = (Vec::new(), Vec::new());
        for (at, source) in recipe.source.iter().enumerate() {
            let (pairs, held_out) = read_source(source, at, data)?;
            for mut pair in pairs {
                words.count(&pair.en, at);
                if let Some(es) = &pair.es {
                    words.count(es, at);
                }
                pair.taught = listed.get(pair.en.as_str()).copied();
                if pair.taught.is_some() {
                    learned.push(pair);
                }
            }
            if !held_out.is_empty() {
                all_held_out.push((at, held_out));
            }
        }
        for (at, counted) in (recipe.source.len()..).zip(&recipe.counted) {
            let path = data.join(&counted.file);
            let table = Table::open(&path)?;
            let column = table
                .column(&counted.text)
                .map_err(|error| error.at(&path))?;
            for row in 0..table.len() {
                words.count(table.cell(row, column), at);
            }
        }
        if learned.is_empty() {
            return Err(Error::input("the teacher knows no text of the recipe")
                .at(teacher)
                .hint("run models/teach.py with the same recipe and data first"));
        }
        Ok(Self {
            learned,
            held_out: all_held_out,
            taught,
            words: words.kept(recipe.vocabulary),
        })
    }
}

/// Texts by their position, and their vectors.
type Taught = (FxHashMap<String, usize>, Vec<[f32; TAUGHT]>);

/// What the teacher says of texts.
fn read_teacher(folder: &Path) -> Result<Taught> {
    let failed = |name: &str| {
        let path = folder.join(name);
        move |error| {
            Error::io("the teacher's vectors cannot be read", error)
                .at(path)
                .hint("models/teach.py writes them; models/README.md says how")
        }
    };
    let texts = std::fs::read_to_string(folder.join("texts.txt")).map_err(failed("texts.txt"))?;
    let bytes = std::fs::read(folder.join("vectors.f16")).map_err(failed("vectors.f16"))?;
    let rows = bytes.chunks_exact(2 * TAUGHT).map(|row| {
        std::array::from_fn(|at| half(u16::from_le_bytes([row[2 * at], row[2 * at + 1]])))
    });
    let vectors: Vec<[f32; TAUGHT]> = rows.collect();
    let listed: FxHashMap<String, usize> = texts
        .lines()
        .take(vectors.len())
        .enumerate()
        .map(|(at, text)| (text.to_owned(), at))
        .collect();
    Ok((listed, vectors))
}

/// A half float (IEEE 754 binary16) as a float.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (power, part) = (i32::from(bits >> 10 & 0x1F), f32::from(bits & 0x3FF));
    let size = match power {
        0 => part * 2.0_f32.powi(-24),
        _ => (1.0 + part / 1024.0) * 2.0_f32.powi(power - 15),
    };
    sign * size
}

fn read_source(source: &Source, at: usize, data: &Path) -> Result<(Vec<Pair>, Vec<Pair>)> {
    let path = data.join(&source.file);
    let table = Table::open(&path)?;
    let named = |name: &str| table.column(name).map_err(|error| error.at(&path));
    let en = named(&source.en)?;
    let es = match source.es.as_str() {
        "" => None,
        name => Some(named(name)?),
    };
    let rows = |rows: &Option<Rows>| -> Result<Option<(usize, String)>> {
        match rows {
            Some(rows) => Ok(Some((named(&rows.column)?, rows.value.clone()))),
            None => Ok(None),
        }
    };
    let (held, skipped) = (rows(&source.held_out)?, rows(&source.skip)?);
    let (mut learned, mut held_out) = (Vec::new(), Vec::new());
    for row in 0..table.len().min(source.most.unwrap_or(usize::MAX)) {
        let is = |rows: &Option<(usize, String)>| {
            rows.as_ref()
                .is_some_and(|(column, value)| table.cell(row, *column) == value)
        };
        let spaced = |column| {
            let words: Vec<&str> = table.cell(row, column).split_whitespace().collect();
            words.join(" ")
        };
        let pair = Pair {
            en: spaced(en),
            es: es.map(spaced).filter(|text| !text.is_empty()),
            taught: None,
            source: at,
            dictionary: source.dictionary,
        };
        if pair.en.is_empty() || is(&skipped) {
            continue;
        }
        if is(&held) {
            held_out.push(pair);
        } else {
            learned.push(pair);
        }
    }
    // What is held out is learned from nowhere in its source.
    let known: FxHashSet<&str> = held_out
        .iter()
        .map(|pair: &Pair| pair.en.as_str())
        .collect();
    learned.retain(|pair: &Pair| !known.contains(pair.en.as_str()));
    Ok((learned, held_out))
}

/// In how many texts and sources words stand.
struct Counts {
    tokenizer: Tokenizer,
    words: FxHashMap<String, (usize, FxHashSet<usize>)>,
}

impl Counts {
    fn new() -> Self {
        Self {
            tokenizer: Tokenizer::new(Arc::new(Vocabulary::default())),
            words: FxHashMap::default(),
        }
    }

    fn count(&mut self, text: &str, source: usize) {
        let tokens = self.tokenizer.tokenize(&nfc(text));
        let items = tokens.as_slice().iter();
        let words: FxHashSet<&str> = items
            .filter(|one| is_read(one) && !one.elongated)
            .map(|one| tokens.norm(one))
            .collect();
        for word in words {
            if let Some((texts, sources)) = self.words.get_mut(word) {
                *texts += 1;
                sources.insert(source);
            } else {
                let sources = FxHashSet::from_iter([source]);
                self.words.insert(word.to_owned(), (1, sources));
            }
        }
    }

    /// The words that stand in enough texts and sources, most frequent first.
    fn kept(self, rule: Words) -> Vec<String> {
        let mut kept: Vec<(usize, String)> = self
            .words
            .into_iter()
            .filter(|(_, (texts, sources))| *texts >= rule.texts && sources.len() >= rule.sources)
            .map(|(word, (texts, _))| (texts, word))
            .collect();
        kept.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        kept.truncate(rule.most);
        kept.into_iter().map(|(_, word)| word).collect()
    }
}
