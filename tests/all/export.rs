//! `voz export`: what `voz tag` prints, of a selection of an index.

use super::program::{Desk, SAMPLE};
use std::collections::BTreeSet;

fn export(desk: &Desk, flags: &[&str]) -> String {
    let told = desk.voz(&[&["export", "--index", "index"], flags].concat());
    told.done().stdout
}

#[test]
fn every_line_is_the_one_that_tag_prints() {
    let desk = Desk::new();
    desk.index_sample();
    for form in ["jsonl", "csv"] {
        let tag = ["tag", SAMPLE, "--format", form, "--rejects", "r.csv"];
        let tagged = desk.voz(&tag).done().stdout;
        let exported = export(&desk, &["--format", form]);
        let set = |text: &str| -> BTreeSet<String> { text.lines().map(str::to_owned).collect() };
        assert_eq!(tagged.len(), exported.len(), "{form}");
        assert!(set(&tagged) == set(&exported), "{form}");
        if form == "csv" {
            assert_eq!(tagged.lines().next(), exported.lines().next());
        }
    }
}

#[test]
fn a_selection_is_exported_in_an_order_of_its_own() {
    let desk = Desk::new();
    desk.index_sample();
    let all = export(&desk, &[]);
    let some = export(&desk, &["--where", "band:detractor channel:app"]);
    let picked: Vec<&str> = all
        .lines()
        .filter(|line| some.lines().any(|one| one == *line))
        .collect();
    assert!(some.lines().count() > 20 && some.lines().count() < all.lines().count());
    assert!(
        some.lines().eq(picked),
        "the order of a part is that of the whole"
    );
    assert_eq!(export(&desk, &["nps:0..6", "channel:app"]), some);
}

#[test]
fn a_file_takes_its_name_and_says_how_many() {
    let desk = Desk::new();
    desk.index_sample();
    let told = desk.voz(&["export", "--index", "index", "-o", "out.jsonl"]);
    told.done().says(&["comments written: 756"]);
    assert!(desk.read("out.jsonl") == export(&desk, &[]));
    let none = desk.voz(&["export", "--index", "index", "nothingofthekind"]);
    assert_eq!(none.done().says(&["comments written: 0"]).stdout, "");
    desk.voz(&["export", "--index", "nowhere"]).refused(
        4,
        "there is no index here",
        "make one with",
    );
}
