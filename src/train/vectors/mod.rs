//! Learning the bilingual vectors: distilled from a sentence encoder through parallel texts.
//!
//! ```text
//! pairs + teacher's vectors ──ridge──▶ word vectors ──contrast──▶ word vectors ──ridge──▶ letter vectors
//! ```

mod contrast;
mod recipe;
mod solve;
mod texts;

pub use recipe::VectorRecipe;

use super::{Say, checksum, write_card};
use crate::chance::Chance;
use crate::embedding::{BUCKETS, Embedding, Vector, Vectors, WIDTH, dot, is_read};
use crate::error::Result;
use crate::lang::Lang;
use crate::model::{Card, Licence, Retrieval, Source};
use crate::text::{Tokenizer, Vocabulary, letters, nfc};
use contrast::{Bag, Bags, Learner};
use rayon::prelude::*;
use solve::Sparse;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use texts::{Pair, TAUGHT, Texts};

/// Learns the vectors of `recipe` from the files under `data` and the teacher's vectors in `teacher`,
/// and writes their folder. Returns the card with what was measured.
///
/// # Errors
/// `Input` for a file or column of the recipe that is missing or not as said; `Io` when the
/// teacher's vectors cannot be read or the folder cannot be written.
pub fn train_vectors(
    recipe: &VectorRecipe,
    data: &Path,
    teacher: &Path,
    out: &Path,
    say: &Say<'_>,
) -> Result<Card> {
    say("train.reading", &[]);
    let texts = Texts::read(recipe, data, teacher)?;
    say(
        "train.read",
        &[
            ("texts", &texts.learned.len()),
            ("words", &texts.words.len()),
        ],
    );
    let vocabulary = Arc::new(Vocabulary::new(texts.words.iter().map(String::as_str)));
    let tokenizer = Tokenizer::new(vocabulary.clone());
    say("train.learning", &[]);
    let words = learn(recipe, &texts, &tokenizer);
    let buckets = learn_letters(&vocabulary, &words);
    let vectors = Vectors::quantize(&words, &buckets);
    say("train.measuring", &[]);
    let embedding = Embedding::new(&vocabulary, vectors.clone())?;
    let card = card_of(recipe, &texts, &embedding, &tokenizer, vectors.to_bytes());
    fs::create_dir_all(out)?;
    fs::write(out.join("vectors.bin"), vectors.to_bytes())?;
    fs::write(out.join("vocabulary.txt"), texts.words.join("\n") + "\n")?;
    write_card(&card, out)?;
    Ok(card)
}

fn learn(recipe: &VectorRecipe, texts: &Texts, tokenizer: &Tokenizer) -> Vec<Vector> {
    let targets = narrowed(&texts.taught);
    let bag = |text: &str| bag(text, tokenizer);
    let pairs: Vec<(&Pair, Bags)> = texts
        .learned
        .par_iter()
        .filter_map(|pair| {
            let bags = Bags {
                en: bag(&pair.en),
                es: pair.es.as_deref().map(bag).unwrap_or_default(),
                taught: targets[pair.taught?],
            };
            Some((pair, bags))
        })
        .collect();
    let rarity = rarity(&pairs, texts.words.len());
    let (mut rows, mut wanted) = (Vec::new(), Vec::new());
    for (pair, bags) in &pairs {
        let share = if pair.dictionary {
            recipe.learning.dictionary
        } else {
            1.0
        };
        for bag in [&bags.en, &bags.es]
            .into_iter()
            .filter(|bag| !bag.is_empty())
        {
            rows.push(row(bag, &rarity, share));
            wanted.push(bags.taught.map(|part| share * part));
        }
    }
    let learning = recipe.learning;
    let solved = solve::ridge(&rows, &wanted, rarity.len(), learning.ridge, learning.steps);
    let weighted = solved
        .iter()
        .zip(&rarity)
        .map(|(vector, rarity)| vector.map(|part| rarity * part));
    let mut learner = Learner::new(weighted.collect(), learning);
    let pairs: Vec<Bags> = pairs
        .into_iter()
        .filter(|(pair, bags)| {
            contrast::is_pair(pair) && !bags.en.is_empty() && !bags.es.is_empty()
        })
        .map(|(_, bags)| bags)
        .collect();
    let mut chance = Chance::new(recipe.seed);
    for _ in 0..learning.epochs {
        learner.pass(&pairs, &mut chance);
    }
    learner.words
}

/// The teacher's vectors along their main directions, of length 1.
fn narrowed(taught: &[[f32; TAUGHT]]) -> Vec<Vector> {
    /// Every fourth text is enough to find the directions.
    const EVERY: usize = 4;
    let some: Vec<[f32; TAUGHT]> = taught.iter().step_by(EVERY).copied().collect();
    let (directions, mean) = solve::principal(&some, WIDTH);
    let narrow = |vector: &[f32; TAUGHT]| -> Vector {
        let mut out = [0.0; WIDTH];
        for (out, direction) in out.iter_mut().zip(&directions) {
            let parts = vector.iter().zip(&mean).zip(direction);
            *out = parts
                .map(|((part, mean), along)| (part - mean) * along)
                .sum();
        }
        let length = dot(&out, &out).sqrt().max(1e-6);
        out.map(|part| part / length)
    };
    taught.par_iter().map(narrow).collect()
}

fn bag(text: &str, tokenizer: &Tokenizer) -> Bag {
    let tokens = tokenizer.tokenize(&nfc(text));
    let items = tokens.as_slice().iter().filter(|one| is_read(one));
    items.filter_map(crate::text::Token::word).collect()
}

/// Per word, the logarithm of one over the share of texts it stands in (inverse document frequency).
fn rarity(pairs: &[(&Pair, Bags)], words: usize) -> Vec<f32> {
    let mut counts = vec![0_u32; words];
    let mut texts = 0_u32;
    for (_, bags) in pairs {
        for bag in [&bags.en, &bags.es]
            .into_iter()
            .filter(|bag| !bag.is_empty())
        {
            texts += 1;
            let mut distinct = bag.clone();
            distinct.sort_unstable();
            distinct.dedup();
            for word in distinct {
                counts[word as usize] += 1;
            }
        }
    }
    let rarity = |count: u32| 1.0 + libm::logf((1 + texts) as f32 / (1 + count) as f32);
    counts.into_iter().map(rarity).collect()
}

/// A bag as a row of length `share`: words weighted by their rarity.
fn row(bag: &Bag, rarity: &[f32], share: f32) -> Sparse {
    let mut words = bag.clone();
    words.sort_unstable();
    let mut row: Sparse = Vec::with_capacity(words.len());
    for word in words {
        let weight = rarity[word as usize];
        match row.last_mut() {
            Some((last, sum)) if *last == word => *sum += weight,
            _ => row.push((word, weight)),
        }
    }
    let length = row
        .iter()
        .map(|(_, value)| value * value)
        .sum::<f32>()
        .sqrt();
    for (_, value) in &mut row {
        *value *= share / length;
    }
    row
}

/// Vectors of letter sequences whose mean comes nearest to the vectors of the words they stand in.
fn learn_letters(vocabulary: &Vocabulary, words: &[Vector]) -> Vec<Vector> {
    /// A word has some twenty sequences, each shared with hundreds of words: little can be told of
    /// one, and the penalty keeps it near nothing. A guess.
    const PENALTY: f32 = 0.05;
    const STEPS: usize = 20;
    let row = |word: &str| -> Sparse {
        let mut hashes: Vec<u32> = letters::sequences(word)
            .map(|hash| hash & (BUCKETS as u32 - 1))
            .collect();
        let share = 1.0 / hashes.len().max(1) as f32;
        hashes.sort_unstable();
        let mut row: Sparse = Vec::new();
        for hash in hashes {
            match row.last_mut() {
                Some((last, sum)) if *last == hash => *sum += share,
                _ => row.push((hash, share)),
            }
        }
        row
    };
    let rows: Vec<Sparse> = vocabulary.words().iter().map(|word| row(word)).collect();
    solve::ridge(&rows, words, BUCKETS, PENALTY, STEPS)
}

fn card_of(
    recipe: &VectorRecipe,
    texts: &Texts,
    embedding: &Embedding,
    tokenizer: &Tokenizer,
    bytes: &[u8],
) -> Card {
    let learned = |source: usize| texts.learned.iter().filter(move |one| one.source == source);
    let sources = recipe.source.iter().enumerate().map(|(at, source)| Source {
        name: source.name.clone(),
        texts: learned(at).count() as u64,
        licence: Licence(source.licence.clone()),
    });
    let teacher = Source {
        name: recipe.teacher.name.clone(),
        texts: 0,
        licence: Licence(recipe.teacher.licence.clone()),
    };
    let found = texts.held_out.iter().flat_map(|(source, pairs)| {
        retrieval(&recipe.source[*source].name, pairs, embedding, tokenizer)
    });
    Card {
        name: recipe.name.clone(),
        version: format!("{}-{:08x}", recipe.version, checksum(bytes)),
        about: recipe.about.clone(),
        sources: std::iter::once(teacher).chain(sources).collect(),
        retrieval: found.collect(),
        ..Card::default()
    }
}

/// How often the nearest of all sentences of the other language is the translation.
fn retrieval(
    set: &str,
    pairs: &[Pair],
    embedding: &Embedding,
    tokenizer: &Tokenizer,
) -> [Retrieval; 2] {
    let place = |text: &str| {
        let tokens = tokenizer.tokenize(&nfc(text));
        embedding
            .text(&tokens, 0..tokens.len())
            .unwrap_or([0.0; WIDTH])
    };
    let en: Vec<Vector> = pairs.iter().map(|pair| place(&pair.en)).collect();
    let es: Vec<Vector> = pairs
        .iter()
        .map(|pair| place(pair.es.as_deref().unwrap_or_default()))
        .collect();
    let found = |from: &[Vector], to: &[Vector]| {
        let right = from.par_iter().enumerate().filter(|(own, one)| {
            let mine = dot(one, &to[*own]);
            // A repeated sentence is as good as the one it repeats.
            !to.iter().any(|other| dot(one, other) > mine)
        });
        right.count() as f64 / from.len().max(1) as f64
    };
    [(Lang::Es, found(&es, &en)), (Lang::En, found(&en, &es))].map(|(lang, found)| Retrieval {
        set: set.to_owned(),
        from: lang.code().to_owned(),
        pairs: pairs.len() as u64,
        found: (found * 10_000.0).round() / 10_000.0,
    })
}
