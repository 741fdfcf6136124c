//! Themes found in invented comments, in two languages.

use super::*;
use crate::lang::Lang;
use crate::model::Model;
use crate::text::{ClauseSplitter, Tokenizer};

/// Six things to talk about: subjects, and what is said of them, in Spanish and English.
const TOPICS: [[(&[&str], &[&str]); 2]; 3] = [
    [
        (
            &[
                "la factura",
                "el recibo",
                "el cobro",
                "el cargo en mi cuenta",
            ],
            &[
                "llegó con un importe equivocado",
                "es más alto que el mes anterior",
                "no se entiende",
                "está mal calculado",
            ],
        ),
        (
            &["the bill", "the invoice", "the charge", "the payment"],
            &[
                "had the wrong amount",
                "is higher than last month",
                "is impossible to understand",
                "was calculated wrong",
            ],
        ),
    ],
    [
        (
            &[
                "el conductor",
                "el repartidor",
                "el mensajero",
                "el chófer del camión",
            ],
            &[
                "dejó el paquete en la puerta",
                "entregó la caja rota",
                "no encontró la dirección",
                "trajo el pedido con retraso",
            ],
        ),
        (
            &[
                "the driver",
                "the courier",
                "the delivery man",
                "the postman",
            ],
            &[
                "left the parcel at the door",
                "delivered a broken box",
                "could not find the address",
                "brought the order late",
            ],
        ),
    ],
    [
        (
            &[
                "la habitación",
                "el dormitorio",
                "la cama",
                "el baño del cuarto",
            ],
            &[
                "estaba limpio y ordenado",
                "olía a humedad",
                "era muy pequeño para dos",
                "tenía sábanas nuevas",
            ],
        ),
        (
            &[
                "the room",
                "the bedroom",
                "the bed",
                "the bathroom of the suite",
            ],
            &[
                "was clean and tidy",
                "smelled of damp",
                "was too small for two",
                "had new sheets",
            ],
        ),
    ],
];

/// Comments (id, language, text, topic).
fn comments() -> Vec<(String, Lang, String, usize)> {
    let mut all = Vec::new();
    for (topic, langs) in TOPICS.iter().enumerate() {
        for (lang, (subjects, said)) in Lang::ALL.into_iter().zip(langs) {
            for subject in *subjects {
                for one in *said {
                    for more in ["", "hoy ", "2 ", "otra vez "] {
                        let text = format!("{subject} {more}{one}");
                        all.push((format!("c{}", all.len()), lang, text, topic));
                    }
                }
            }
        }
    }
    all
}

fn found(comments: &[(String, Lang, String, usize)], parts: usize) -> Found {
    let model = Model::shipped().unwrap();
    let tokenizer = Tokenizer::new(model.vocabulary.clone());
    let embedding = crate::embedding::Embedding::shipped(&model.vocabulary).unwrap();
    let splitter = ClauseSplitter::shipped(&model.vocabulary).unwrap();
    let mut sample = Sample::new(&tokenizer, &embedding);
    for part in comments.chunks(comments.len().div_ceil(parts)) {
        let read = part.iter().map(|(id, lang, text, _)| {
            let mut clauses = Vec::new();
            splitter.split(&tokenizer.tokenize(text), &mut clauses);
            Comment {
                id,
                text,
                lang: *lang,
                clauses: clauses.into_iter().map(|clause| clause.span).collect(),
                named: Vec::new(),
            }
        });
        sample.add(&read.collect::<Vec<_>>());
    }
    discover(sample, None, &Taxonomy::default()).unwrap()
}

/// The theme that a text is of.
fn theme_of(found: &Found, text: &str) -> Option<usize> {
    let model = Model::shipped().unwrap();
    let embedding = crate::embedding::Embedding::shipped(&model.vocabulary).unwrap();
    let tokens = Tokenizer::new(model.vocabulary.clone()).tokenize(text);
    let vector = found.space.vector(&embedding, &tokens, 0..tokens.len())?;
    let cosines = found
        .themes
        .iter()
        .map(|theme| theme.likeness.cosine(&vector));
    let best = cosines.enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 >= found.themes[best.0].likeness.near).then_some(best.0)
}

#[test]
fn a_part_has_the_vector_it_has_alone() {
    let model = Model::shipped().unwrap();
    let embedding = crate::embedding::Embedding::shipped(&model.vocabulary).unwrap();
    let text = "La entrega tardó 3 días 🙂 y nobody at the dessk could hepl me, ¿vale?";
    let tokens = Tokenizer::new(model.vocabulary.clone()).tokenize(text);
    let all = tokens.len();
    for parts in [
        vec![],
        vec![0..all, all..all],
        vec![0..4, 4..all],
        vec![2..5, 7..7, 9..11],
    ] {
        let (whole, vectors) = embedding.text_and_parts(&tokens, &parts);
        assert_eq!(whole, embedding.text(&tokens, 0..all));
        let alone = parts.into_iter().map(|part| embedding.text(&tokens, part));
        assert_eq!(vectors, alone.collect::<Vec<_>>());
    }
}

#[test]
fn what_is_alike_in_two_languages_is_of_one_driver() {
    let comments = comments();
    let found = found(&comments, 1);
    assert!(
        (3..=30).contains(&found.themes.len()),
        "{} themes",
        found.themes.len()
    );
    // The themes of a topic are of that topic: purity.
    let mut topics = vec![[0; 3]; found.themes.len()];
    let mut placed = 0;
    for (_, _, text, topic) in &comments {
        if let Some(theme) = theme_of(&found, text) {
            topics[theme][*topic] += 1;
            placed += 1;
        }
    }
    let pure: usize = topics
        .iter()
        .map(|counts| counts.iter().max().unwrap())
        .sum();
    assert!(
        placed * 100 >= comments.len() * 85,
        "{placed} of {}",
        comments.len()
    );
    assert!(
        pure * 100 >= placed * 95,
        "{pure} of {placed} are of their theme's topic"
    );
    for theme in &found.themes {
        assert!(theme.names.iter().all(|name| !name.is_empty()));
        assert!(!theme.typical.is_empty());
    }
}

#[test]
fn order_parts_and_repetition_make_no_difference() {
    let comments = comments();
    let whole = found(&comments, 1);
    let mut turned = comments.clone();
    turned.reverse();
    turned.rotate_left(100);
    let mut again = found(&turned, 7);
    assert_eq!(again, whole);
    // The same comments once more, under other ids that are later: nothing is found anew.
    turned.extend(
        comments
            .iter()
            .map(|one| (format!("z{}", one.0), one.1, one.2.clone(), one.3)),
    );
    again = found(&turned, 3);
    assert_eq!(again.themes, whole.themes);
}

#[test]
fn too_few_comments_are_refused() {
    let few = &comments()[..3];
    let model = Model::shipped().unwrap();
    let tokenizer = Tokenizer::new(model.vocabulary.clone());
    let embedding = crate::embedding::Embedding::shipped(&model.vocabulary).unwrap();
    let mut sample = Sample::new(&tokenizer, &embedding);
    let comments: Vec<Comment<'_>> = few
        .iter()
        .map(|(id, lang, text, _)| Comment {
            id,
            text,
            lang: *lang,
            clauses: std::iter::once(0..text.len()).collect(),
            named: Vec::new(),
        })
        .collect();
    sample.add(&comments);
    let error = discover(sample, None, &Taxonomy::default()).unwrap_err();
    assert!(error.to_string().contains("too few"), "{error}");
}
