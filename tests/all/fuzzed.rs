//! What the fuzz targets look for, on a few hundred inputs: those they found before, and sound ones with some
//! bytes changed. `fuzz/run.sh` looks on.

use super::program::Desk;
use base64::prelude::{BASE64_STANDARD, Engine};
use proptest::prelude::*;
use proptest::sample::Index;
use std::path::Path;

#[path = "../../fuzz/src/lib.rs"]
#[allow(dead_code, reason = "the targets alone are run without the others")]
mod bodies;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The targets, and a file of each kind that they are given.
type Target = (&'static str, fn(&[u8]));
const TARGETS: [Target; 5] = [
    ("readers", bodies::readers),
    ("query", bodies::query),
    ("clauses", bodies::clauses),
    ("redaction", bodies::redaction),
    ("manifests", bodies::manifests),
];

#[test]
fn what_was_found_stays_mended() {
    let mut cases = 0;
    for (name, target) in TARGETS {
        let found = Path::new(ROOT).join("fuzz/found").join(name);
        for case in std::fs::read_dir(found).into_iter().flatten() {
            let mut text = std::fs::read_to_string(case.unwrap().path()).unwrap();
            text.retain(|one| !one.is_whitespace());
            let bytes = BASE64_STANDARD.decode(text).unwrap();
            target(&bytes);
            cases += 1;
            if name == "readers" {
                // What a library shouts is not heard outside.
                let told = Desk::with("case", bytes).voz(&["tag", "case", "--format", "jsonl"]);
                assert!(matches!(told.code, 0 | 3), "{told}");
            }
        }
    }
    assert!(cases > 0);
}

/// A sound file with some bytes changed, and some of its end lost.
fn damaged(sound: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((any::<Index>(), any::<u8>()), 0..6);
    let cut = prop::option::weighted(0.2, any::<Index>());
    (prop::sample::select(sound), changes, cut).prop_map(|(mut bytes, changes, cut)| {
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        bytes
    })
}

fn manifest() -> impl Strategy<Value = Vec<u8>> {
    let shipped =
        |name: &str| std::fs::read(Path::new(ROOT).join("models/fast").join(name)).unwrap();
    let index = bodies::make_index();
    let of_index = |name: &str| std::fs::read(index.path().join(name)).unwrap();
    let lexicon = "names = [\"Plan Feliz\"]\n[means]\n\"chévere\" = \"excelente\"\n";
    let sound = [
        of_index("voz.json"),
        of_index("g1/meta.json"),
        of_index("g1/.managed.json"),
        shipped("card.json"),
        shipped("calibration.json"),
        shipped("rules.toml"),
        lexicon.as_bytes().to_vec(),
    ];
    let numbered = (0..)
        .zip(sound)
        .map(|(which, bytes)| [&[which][..], &bytes].concat());
    damaged(numbered.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn a_manifest_is_refused_or_usable(bytes in manifest()) {
        bodies::manifests(&bytes);
    }

    #[test]
    fn a_query_and_its_opposite_find_all(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "espera", "~demora", "\"no funciona\"", "-", "(", ")", " OR ", " ", "*", "theme:queue", "nps:0..6",
            "nps:", "date:2026-10..", "fields.minutes:..9", "region:\"North West\"", ":", "\"", "..", "ñ", "😡",
        ]), 0..12),
    ) {
        bodies::query(pieces.concat().as_bytes());
    }

    #[test]
    fn a_comment_of_any_bytes_is_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        bodies::clauses(&bytes);
        bodies::redaction(&bytes);
        bodies::readers(&bytes);
    }
}
