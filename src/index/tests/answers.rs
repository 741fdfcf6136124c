//! What it answers.

use super::{ids, told};
use crate::driver::Named;
use crate::error::ErrorKind;
use crate::index::fixture::{index, many, query, table, taxonomy, verbatims, write};
use crate::index::{By, Figures, Index, Options, Query, Sort};
use crate::measure::{Measure, Vote};
use crate::record::Record;
use crate::tag::Tagged;
use crate::tally::Tally;
use std::fmt::Write;

#[test]
fn queries_find_what_the_table_says() {
    let (_folder, index) = index(&verbatims(), 1);
    for case in table().query {
        match ids(&index, &case.query) {
            Ok(found) => {
                assert_eq!(found, case.finds, "{}", case.name);
                assert!(case.error.is_empty(), "{}: no error", case.name);
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Usage, "{}", case.name);
                assert!(!case.error.is_empty(), "{}: {error}", case.name);
                let told = told(&error);
                for part in &case.error {
                    assert!(told.contains(part), "{}: {told}", case.name);
                }
            }
        }
    }
}

#[test]
fn highlights_are_on_the_text_as_it_was_written() {
    let (_folder, index) = index(&verbatims(), 1);
    let cases: [(&str, &str, &[&str]); 12] = [
        ("atencion", "a1", &["atención"]),
        ("demora", "a1", &["demoraron"]),
        ("\"no funciona\" 😡", "a2", &["no funciona", "😡"]),
        ("no funciona", "a2", &["no", "funciona"]),
        ("aten*", "a6", &["atencion"]),
        ("muy", "a4", &["Muuuy"]),
        ("encantada", "a4", &["#encantada"]),
        ("queue OR wait", "a3", &["waited", "queue"]),
        ("theme:staff_attitude:negative", "a3", &["didn’t care"]),
        ("driver:staff caja", "a1", &["atención", "caja"]),
        ("caja -cerrada nps:7", "a1", &["caja"]),
        ("-theme:queue nps:5", "a6", &[]),
    ];
    for (text, id, expected) in cases {
        let hits = index.search(&query(text), &Options::default()).unwrap();
        let hit = hits.hits.iter().find(|hit| hit.record.id == id).unwrap();
        let marked: Vec<&str> = hit
            .highlights
            .iter()
            .map(|range| &hit.record.text[range.clone()])
            .collect();
        assert_eq!(marked, expected, "{text}");
    }
}

#[test]
fn a_record_comes_back_as_it_went_in() {
    let verbatims = verbatims();
    let taxonomy = taxonomy();
    let (_folder, index) = index(&verbatims, 1);
    for tagged in &verbatims {
        let hits = index
            .search(
                &query(&format!("id:{}", tagged.verbatim.id)),
                &Options::default(),
            )
            .unwrap();
        assert_eq!(hits.hits[0].record, Record::new(tagged, &taxonomy));
    }
}

#[test]
fn nev_is_corrected_by_language() {
    let (_folder, index) = index(&many(70), 1);
    let of = |text: &str| index.aggregate(&query(text), &By::All).unwrap().total;
    let net = |text: &str| index.nev_adjusted(&of(text)).unwrap().net.unwrap();
    let all = of("");
    let [spanish, english] = all.nev_by_lang;
    assert_eq!(spanish + english, all.tally(Measure::Nev));
    assert!(spanish.n() > 0 && english.n() > 0);
    // In English the model never errs.
    assert!((net("lang:en") - english.net().unwrap()).abs() < 1e-9);
    let n = (spanish.n() + english.n()) as f64;
    let parts = [("lang:es", spanish), ("lang:en", english)];
    let sum: f64 = parts
        .map(|(text, votes)| net(text) * votes.n() as f64 / n)
        .iter()
        .sum();
    assert!((net("") - sum).abs() < 1e-9);
    // Four verbatims are too few to show.
    let few = of("id:v0 OR id:v1 OR id:v2 OR id:v3");
    let hidden = index.nev_adjusted(&few).unwrap();
    assert!(hidden.n > 0 && hidden.n < 5, "{hidden:?}");
    assert_eq!((hidden.net, hidden.low, hidden.high), (None, None, None));
    assert_eq!(index.nev_adjusted(&of("id:none")), None);
    // A vote whose language was not kept cannot be corrected.
    let mut unknown = all;
    unknown.tallies[Measure::Nev.index()].count(Vote::Plus);
    assert_eq!(index.nev_adjusted(&unknown), None);
}

#[test]
fn figures_cover_the_selection_and_not_the_page() {
    let (_folder, index) = index(&many(70), 1);
    let options = Options {
        limit: 2,
        facets: ["channel", "emotion", "theme", "month", "band"]
            .map(str::to_owned)
            .into(),
        ..Options::default()
    };
    let hits = index.search(&query("nps:.."), &options).unwrap();
    assert_eq!((hits.total, hits.hits.len()), (60, 2));
    let nps = Tally {
        plus: 20,
        zero: 10,
        minus: 30,
    };
    assert_eq!(hits.figures.tally(Measure::Nps), nps);
    assert_eq!(hits.figures.meaningful, 50);
    // a1 +, a2 -, a3 -, a4 + express emotions and have a vote.
    assert_eq!(hits.figures.nev_emotional().n, 40);
    assert_eq!(hits.figures.csat_mean(), Some(3.0));
    assert_eq!(hits.figures.ces_mean(), Some(4.5));
    let facet = |at: usize| -> Vec<(&str, u64)> {
        let values = &hits.facets[at].values;
        values.iter().map(|(value, n)| (&**value, *n)).collect()
    };
    assert_eq!(
        facet(0),
        [("shop", 20), ("App", 10), ("app", 10), ("web", 10)]
    );
    assert_eq!(facet(1)[0], ("gratitude", 20));
    assert_eq!(
        facet(2),
        [("staff_attitude", 30), ("queue", 20), ("app_crash", 10)]
    );
    assert_eq!(facet(3)[0], ("2026-11", 20));
    assert_eq!(
        facet(4),
        [("detractor", 30), ("promoter", 20), ("passive", 10)]
    );
}

/// Everything an index answers to a few questions.
fn answers(index: &Index) -> String {
    let mut told = String::new();
    for text in [
        "caja demora año",
        "atencion OR app",
        "theme:queue",
        "",
        "\"la app\" nps:0..8",
    ] {
        for sort in [Sort::Relevance, Sort::Date, Sort::Nps] {
            let options = Options {
                limit: 40,
                offset: 3,
                sort,
                facets: vec!["channel".into(), "waiting_minutes".into(), "week".into()],
                ..Options::default()
            };
            let hits = index.search(&query(text), &options).unwrap();
            writeln!(told, "{hits:?}").unwrap();
        }
        for by in [
            "none",
            "theme",
            "region",
            "agent",
            "waiting_minutes",
            "month",
            "churned",
        ] {
            let groups = index.aggregate(&query(text), &By::parse(by)).unwrap();
            writeln!(told, "{groups:?}").unwrap();
        }
        let mut observed = Vec::new();
        let each = |vote: Vote, named: &[Named]| observed.push((vote, named.to_vec()));
        index
            .observations(&query(text), Measure::Nps, each)
            .unwrap();
        observed.sort();
        writeln!(told, "{observed:?}").unwrap();
    }
    told
}

#[test]
fn order_threads_and_commits_do_not_change_answers() {
    let verbatims = many(300);
    let (_folder, straight) = index(&verbatims, 1);
    let expected = answers(&straight);

    // 131 shares no factor with 300, so this visits each verbatim once.
    let shuffled: Vec<Tagged> = (0..300).map(|i| verbatims[i * 131 % 300].clone()).collect();
    let (_folder, threaded) = index(&shuffled, 2);
    assert!(answers(&threaded) == expected, "shuffled, two threads");

    let folder = tempfile::tempdir().unwrap();
    for part in shuffled.chunks(90) {
        write(folder.path(), part, 1);
    }
    let parted = Index::open(folder.path()).unwrap();
    assert!(answers(&parted) == expected, "in four runs");
}

#[test]
fn pages_join_without_gap_or_overlap() {
    let (_folder, index) = index(&many(50), 1);
    let page = |limit, offset| -> Vec<String> {
        let options = Options {
            limit,
            offset,
            ..Options::default()
        };
        let hits = index.search(&query("caja"), &options).unwrap().hits;
        hits.iter().map(|hit| hit.record.id.to_string()).collect()
    };
    let whole = page(100, 0);
    let parts: Vec<String> = (0..whole.len())
        .step_by(7)
        .flat_map(|at| page(7, at))
        .collect();
    assert_eq!(parts, whole);
    assert!(page(0, 0).is_empty());
    assert!(page(7, 1_000).is_empty());
}

#[test]
fn groups_are_counted_and_the_rest_is_told() {
    let (_folder, index) = index(&verbatims(), 1);
    let groups = |by: &str| -> (Vec<(String, u64)>, u64) {
        let told = index.aggregate(&Query::All, &By::parse(by)).unwrap();
        let groups = told
            .groups
            .into_iter()
            .map(|one| (one.group, one.figures.n));
        (groups.collect(), told.absent)
    };
    let named = |groups: &[(&str, u64)], absent: u64| {
        let groups = groups
            .iter()
            .map(|(name, n)| ((*name).to_owned(), *n))
            .collect();
        (groups, absent)
    };
    assert_eq!(groups("none"), named(&[("all", 7)], 0));
    assert_eq!(
        groups("driver"),
        named(&[("staff", 3), ("waiting", 2), ("app", 1)], 3)
    );
    let months = [
        ("2026-10", 1),
        ("2026-11", 2),
        ("2026-12", 1),
        ("2027-01", 1),
    ];
    assert_eq!(groups("month"), named(&months, 2));
    let minutes = [("0", 1), ("3", 1), ("25", 1), ("40.5", 1)];
    assert_eq!(groups("waiting_minutes"), named(&minutes, 3));
    assert_eq!(groups("churned"), named(&[("true", 2), ("false", 1)], 4));
    assert_eq!(groups("agent"), named(&[("7", 1), ("seven", 1)], 5));
    assert_eq!(
        groups("lang"),
        named(&[("es", 4), ("en", 2), ("und", 1)], 0)
    );
    let error = index
        .aggregate(&Query::All, &By::parse("regoin"))
        .unwrap_err();
    assert!(told(&error).contains("did you mean `region`"));
}

#[test]
fn an_empty_index_answers() {
    let (_folder, index) = index(&[], 1);
    assert!(index.is_empty());
    let hits = index
        .search(&query("caja OR nps:.."), &Options::default())
        .unwrap();
    assert_eq!((hits.total, hits.figures), (0, Figures::default()));
    assert!(
        index
            .aggregate(&Query::All, &By::Band)
            .unwrap()
            .groups
            .is_empty()
    );
}
