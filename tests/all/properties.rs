//! What holds for every text, every order of rows and every number of threads.

use super::program::{Desk, SAMPLE};
use proptest::prelude::*;
use std::sync::OnceLock;
use voz::pii::Counts;
use voz::tag::Tagger;
use voz::verbatim::{Scores, Verbatim};

fn tagger() -> &'static Tagger {
    static TAGGER: OnceLock<Tagger> = OnceLock::new();
    TAGGER.get_or_init(|| Tagger::shipped().unwrap())
}

fn verbatim(text: &str) -> Verbatim {
    Verbatim {
        id: "1".to_owned(),
        text: text.to_owned(),
        stated: None,
        asked: None,
        day: None,
        customer: None,
        scores: Scores::default(),
        fields: Vec::new(),
    }
}

/// The comments of the sample, to be cut up and glued together.
fn comments() -> &'static [String] {
    static COMMENTS: OnceLock<Vec<String>> = OnceLock::new();
    COMMENTS.get_or_init(|| {
        let mut reader = csv::Reader::from_path(SAMPLE).unwrap();
        let rows = reader.records().map(Result::unwrap);
        rows.map(|row| row[17].to_owned()).collect()
    })
}

/// Halves of comments with anything in between.
fn some_text() -> impl Strategy<Value = String> {
    let piece =
        (0..comments().len(), 0..100_usize, any::<String>()).prop_map(|(at, cut, noise)| {
            let comment = &comments()[at];
            let kept = comment.chars().skip(cut).chain(noise.chars().take(8));
            kept.collect::<String>()
        });
    prop_oneof![
        1 => any::<String>(),
        3 => prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn spans_are_on_characters_in_order_and_name_their_theme(text in some_text()) {
        let tagged = tagger().tag(vec![verbatim(&text)]).unwrap().remove(0);
        let text = &tagged.verbatim.text;
        let mut end = 0;
        for clause in &tagged.clauses {
            prop_assert!(clause.span.start >= end && !clause.span.is_empty());
            prop_assert!(text.get(clause.span.clone()).is_some(), "{:?}", clause.span);
            end = clause.span.end;
        }
        let mut start = 0;
        for mention in &tagged.mentions {
            let span = mention.start as usize..mention.end as usize;
            let words = text.get(span.clone());
            prop_assert!(words.is_some_and(|words| !words.is_empty()), "{span:?} of {text:?}");
            prop_assert!(span.start >= start, "out of order in {text:?}");
            start = span.start;
            let inside = tagged.clauses.iter().any(|clause| {
                clause.span.start <= span.start && span.end <= clause.span.end
            });
            prop_assert!(inside, "{span:?} in no clause of {text:?}");
            let themes = tagger().themes_of(words.unwrap_or_default());
            prop_assert!(themes.contains(&mention.theme), "{words:?} alone is another theme");
        }
    }

    #[test]
    fn equal_texts_get_equal_tags_whatever_stands_beside_them(text in some_text(), other in some_text()) {
        let alone = tagger().tag(vec![verbatim(&text)]).unwrap();
        let beside = tagger().tag(vec![verbatim(&other), verbatim(&text), verbatim(&text)]).unwrap();
        prop_assert_eq!(&beside[1], &alone[0]);
        prop_assert_eq!(&beside[2], &alone[0]);
    }

    #[test]
    fn tagging_twice_redacts_nothing_more(text in some_text()) {
        let mut once = tagger().tag(vec![verbatim(&text)]).unwrap().remove(0);
        let twice = tagger().tag(vec![verbatim(&once.verbatim.text)]).unwrap().remove(0);
        // The first time something may have been: `you.us?a=0` is an address.
        once.redactions = Counts::default();
        prop_assert_eq!(once, twice);
    }
}

/// The sample in another order: 131 shares no factor with its 756 rows.
fn shuffled() -> Vec<u8> {
    let mut reader = csv::Reader::from_path(SAMPLE).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 756);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for at in 0..rows.len() {
        writer
            .write_record(&rows[(at * 131 + 5) % rows.len()])
            .unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn order_and_threads_change_no_byte_of_a_tag() {
    let desk = Desk::with("shuffled.csv", shuffled());
    let tag = |file: &str, threads: &str| {
        let tag = [
            "tag",
            file,
            "--format",
            "jsonl",
            "--rejects",
            "r.csv",
            "--threads",
            threads,
        ];
        desk.voz(&tag).done().stdout
    };
    let straight = tag(SAMPLE, "1");
    assert_eq!(straight.lines().count(), 756);
    for threads in ["2", "7"] {
        assert!(tag(SAMPLE, threads) == straight, "{threads} threads");
    }
    let mixed = tag("shuffled.csv", "7");
    assert!(mixed != straight);
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert!(sorted(&mixed) == sorted(&straight), "another order");
}

/// Questions whose answers must not depend on how the index was made.
const QUESTIONS: [&[&str]; 9] = [
    &[
        "search",
        "espera OR wait",
        "-n",
        "50",
        "--facets",
        "channel,theme,month",
    ],
    &["search", "app crash", "-n", "20"],
    &["search", "--sort", "date", "-n", "100", "--offset", "30"],
    &[
        "search",
        "theme:phone_wait:negative channel:call_centre",
        "--sort",
        "nps",
        "-n",
        "20",
    ],
    &["aggregate", "--by", "waiting_minutes"],
    &["aggregate", "--by", "theme"],
    &["aggregate", "date:2026-04..", "--by", "region"],
    &["drivers"],
    &[
        "drivers",
        "--themes",
        "--named",
        "negative",
        "--measure",
        "csat",
    ],
];

#[test]
fn order_and_threads_change_no_byte_of_an_answer() {
    let desk = Desk::with("shuffled.csv", shuffled());
    let answers = |file: &str, threads: &str| -> Vec<String> {
        let index = [
            "index",
            file,
            "--index",
            "index",
            "--rebuild",
            "--threads",
            threads,
        ];
        desk.voz(&[&index[..], &["--rejects", "r.csv"]].concat())
            .done();
        let ask = |question: &&[&str]| {
            let options = [
                "--index",
                "index",
                "--format",
                "jsonl",
                "--threads",
                threads,
            ];
            desk.voz(&[question, &options[..]].concat()).done().stdout
        };
        QUESTIONS.iter().map(ask).collect()
    };
    let straight = answers(SAMPLE, "1");
    for (file, threads) in [(SAMPLE, "7"), ("shuffled.csv", "2"), ("shuffled.csv", "1")] {
        for (question, (one, other)) in QUESTIONS
            .iter()
            .zip(straight.iter().zip(answers(file, threads)))
        {
            assert!(one.lines().count() > 5, "{question:?}");
            assert!(
                *one == other,
                "{question:?} of {file} with {threads} threads"
            );
        }
    }
}

#[test]
fn indexing_again_changes_no_answer() {
    let desk = Desk::new();
    desk.index_sample();
    let ask = || {
        let ask = |question: &&[&str]| {
            desk.voz(&[question, &["--index", "index"][..]].concat())
                .done()
                .stdout
        };
        QUESTIONS.iter().map(ask).collect::<Vec<_>>()
    };
    let once = ask();
    let index = [
        "index",
        SAMPLE,
        "--index",
        "index",
        "--again",
        "--rejects",
        "r.csv",
    ];
    desk.voz(&index).done().says(&["added 0, replaced 756"]);
    assert!(ask() == once);
}
