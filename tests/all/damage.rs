//! Damaged indexes, indexes of other versions, full disks, folders that cannot be written.

use super::program::{Desk, SAMPLE, Told, files};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

const SMALL: &str = "id,text,nps\n1,good service,9\n2,bad service,2\n3,fine,8\n";
const REBUILD: &str = "voz index FILE --index index --rebuild";

fn indexed() -> Desk {
    let desk = Desk::with("file.csv", SMALL);
    desk.index("file.csv").done();
    desk
}

/// Every verb that reads the index refuses it.
#[track_caller]
fn refuses(desk: &Desk, error: &str) {
    for verb in ["search", "aggregate", "drivers"] {
        desk.voz(&[verb, "--index", "index"])
            .refused(4, error, REBUILD);
    }
}

/// Nothing is added to it either.
#[track_caller]
fn refuses_more(desk: &Desk, error: &str) {
    desk.index("file.csv").refused(4, error, REBUILD);
}

/// A rebuild puts it right.
#[track_caller]
fn mends(desk: &Desk) {
    desk.voz(&["index", "file.csv", "--index", "index", "--rebuild"])
        .done();
    assert_eq!(
        desk.voz(&["search", "--index", "index"]).done().ids().len(),
        3
    );
}

/// The files of segments by their ending, each kind once.
fn segments(desk: &Desk) -> Vec<PathBuf> {
    let mut files = files(&desk.path("index/g1"));
    files.retain(|file| {
        let ending = file.extension().unwrap_or_default();
        ending.len() > 2 && ending != "json" && ending != "lock"
    });
    assert_eq!(files.len(), 6, "{files:?}");
    files
}

#[test]
fn an_index_of_another_version() {
    let desk = indexed();
    let manifest = desk.read("index/voz.json");
    desk.put(
        "index/voz.json",
        manifest.replacen("\"format\": 3", "\"format\": 99", 1),
    );
    refuses(&desk, "an index of format 99; this program reads format 3");
    let members = "{\"format\": 4, \"something\": \"else\"}";
    desk.put("index/voz.json", members);
    refuses(&desk, "an index of format 4; this program reads format 3");
    refuses_more(&desk, "an index of format 4; this program reads format 3");
    mends(&desk);
}

#[test]
fn an_index_of_another_model_or_scale() {
    let desk = indexed();
    let scale = ["index", "file.csv", "--index", "index", "--csat-max", "10"];
    desk.voz(&scale)
        .refused(4, "CSAT 1–5", "declare the same scales, or run `voz index");
    let manifest = desk.read("index/voz.json");
    desk.put(
        "index/voz.json",
        manifest.replacen("\"model\": \"fast@", "\"model\": \"slow@", 1),
    );
    desk.index("file.csv")
        .refused(4, "an index tagged by model slow@", REBUILD)
        .says(&["this run tags with fast@"]);
    // Reading it is no mixing.
    assert_eq!(
        desk.voz(&["search", "--index", "index"]).done().ids().len(),
        3
    );
    mends(&desk);
}

#[test]
fn a_damaged_manifest() {
    let desk = indexed();
    let manifest = desk.read("index/voz.json");
    for damaged in [
        &manifest[..manifest.len() / 2],
        "",
        "[]",
        &manifest.replacen("\"format\": 3", "\"format\": \"1\"", 1),
        &manifest.replacen("\"segments\": \"g1\"", "\"segments\": \"../g1\"", 1),
        &manifest.replacen("\"driver\": 0", "\"driver\": 999", 1),
    ] {
        desk.put("index/voz.json", damaged);
        refuses(&desk, "its voz.json is damaged");
    }
    desk.put("index/voz.json", manifest.replacen("\"g1\"", "\"g7\"", 1));
    refuses(&desk, "g7/meta.json is missing");
    refuses_more(&desk, "g7/meta.json is missing");
    mends(&desk);
}

#[test]
fn a_missing_manifest_is_damage_and_no_new_index() {
    let desk = indexed();
    std::fs::remove_file(desk.path("index/voz.json")).unwrap();
    refuses(&desk, "the index is damaged: voz.json is missing");
    refuses_more(&desk, "the index is damaged: voz.json is missing");
    assert!(desk.has("index/g1/meta.json"), "what is there stays");
    mends(&desk);
}

#[test]
fn damaged_and_missing_segments() {
    let desk = Desk::with("file.csv", SMALL);
    desk.voz(&["index", "file.csv", "--index", "index", "--threads", "1"])
        .done();
    let meta = desk.path("index/g1/meta.json");
    for file in segments(&desk).iter().chain([&meta]) {
        let whole = std::fs::read(file).unwrap();
        let half = whole[..whole.len() / 2].to_vec();
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 0x55;
        for damaged in [half, Vec::new(), flipped] {
            std::fs::write(file, damaged).unwrap();
            desk.voz(&["search", "--index", "index"])
                .refused(4, "the index is damaged", REBUILD);
        }
        std::fs::remove_file(file).unwrap();
        refuses_more(&desk, "the index is damaged");
        desk.voz(&["search", "--index", "index"])
            .refused(4, "the index is damaged", REBUILD);
        std::fs::write(file, whole).unwrap();
    }
    desk.voz(&["search", "--index", "index"]).done();
}

/// Above a size the checksums are not read at every start; what is found later is told as well.
#[test]
fn damage_in_a_large_index_is_told_when_it_is_read() {
    let desk = Desk::new();
    // One thread writes the same files every time.
    let index = ["index", SAMPLE, "--index", "index", "--threads", "1"];
    desk.voz(&[&index[..], &["--rejects", "r.csv"]].concat())
        .done();
    let ballast = std::fs::File::create(desk.path("index/g1/ballast")).unwrap();
    ballast.set_len(70 << 20).unwrap();
    for file in files(&desk.path("index/g1")) {
        if file
            .extension()
            .is_some_and(|ending| ending == "fast" || ending == "term")
        {
            let mut bytes = std::fs::read(&file).unwrap();
            let end = bytes.len() - 200;
            bytes[..end]
                .iter_mut()
                .step_by(97)
                .for_each(|byte| *byte ^= 0xFF);
            std::fs::write(&file, bytes).unwrap();
        }
    }
    for verb in [
        &["search", "app", "--index", "index"][..],
        &["aggregate", "--by", "region", "--index", "index"],
        &["drivers", "--index", "index"],
    ] {
        desk.voz(verb).refused(4, "damaged", REBUILD);
    }
}

#[test]
fn a_full_disk_under_the_output() {
    let desk = indexed();
    for verb in [
        "tag file.csv",
        "search --index index",
        "aggregate --index index --format table",
        "drivers --index index --format csv --measure nps",
        "peek file.csv",
    ] {
        let told = desk.shell(&format!("\"$VOZ\" {verb} > /dev/full"));
        if verb.starts_with("drivers") {
            // Three comments name no driver five times: the table is empty but for its header.
            assert_eq!(told.code, 1, "{told}");
        }
        told.refused(1, "the output cannot be written", "free some space");
    }
}

/// More batches than wait between the steps of a run: each must end when the last one fails.
#[test]
fn a_long_run_ends_when_its_output_cannot_be_written() {
    let rows = (0..60_000).map(|row| format!("{row},la espera fue larga {row},{}\n", row % 11));
    let desk = Desk::with(
        "long.csv",
        "id,text,nps\n".to_owned() + &rows.collect::<String>(),
    );
    let ended = |line: &str| desk.shell(&format!("timeout 60 {line}"));
    ended("\"$VOZ\" tag long.csv --format jsonl > /dev/full").refused(
        1,
        "the output cannot be written",
        "free some space",
    );
    let piped = ended("\"$VOZ\" tag long.csv --format jsonl | head -n 1; exit ${PIPESTATUS[0]}");
    assert!(
        piped.code != 124 && piped.stdout.lines().count() == 1,
        "{piped}"
    );
    let limited = |verb: &str| {
        ended(&format!(
            "bash -c 'trap \"\" XFSZ; ulimit -f 100; \"$VOZ\" {verb}'"
        ))
    };
    limited("tag long.csv -o out.jsonl").refused(1, "cannot be written", "File too large");
    limited("index long.csv --index index").refused(
        1,
        "writing the index failed",
        "File too large",
    );
}

#[test]
fn a_full_disk_under_the_index() {
    // A limit on the size of files stands for a disk that fills up half way.
    for (limit, error) in [
        (8, "writing the index failed"),
        (40, "writing the index failed"),
    ] {
        let desk = Desk::new();
        let told = desk.shell(&format!(
            "trap '' XFSZ; ulimit -f {limit}; \"$VOZ\" index {SAMPLE} --index index --rejects r.csv"
        ));
        told.refused(1, error, "File too large");
        let told = desk.voz(&["aggregate", "--index", "index"]);
        assert!(
            told.code == 4 || told.stderr.contains("the index is empty"),
            "{told}"
        );
        desk.index_sample();
    }
}

#[test]
fn a_full_disk_leaves_what_was_committed() {
    let desk = Desk::with("file.csv", SMALL);
    // A file system of 200 KB holds the small index and not the sample beside it.
    let told = desk.shell(&format!(
        "unshare -m bash -c 'mkdir disk && mount -t tmpfs -o size=200k voz disk || exit 77\n\
         \"$VOZ\" index file.csv --index disk/index --quiet || exit 78\n\
         \"$VOZ\" index {SAMPLE} --index disk/index --rejects r.csv; echo $?\n\
         \"$VOZ\" search --index disk/index --sort nps\n\
         \"$VOZ\" tag {SAMPLE} -o disk/out.jsonl; echo $?; ls disk'"
    ));
    if told.code == 77 || told.code == 1 || told.stderr.contains("unshare") {
        println!("skipped: no file system can be mounted here");
        return;
    }
    let told = told.done().says(&["writing the index failed"]);
    let advice = told.stderr.lines().nth(1).unwrap_or_default();
    assert!(advice.contains("space"), "{told}");
    let lines: Vec<&str> = told.stdout.lines().collect();
    assert_eq!(lines.len(), 6, "{told}");
    assert_eq!((lines[0], lines[4], lines[5]), ("1", "1", "index"));
    assert!(lines[1].starts_with("{\"id\":\"2\"") && lines[3].starts_with("{\"id\":\"1\""));
}

/// A pipe stands for devices such as `/dev/null`, which root could lose to a mistake here.
#[test]
fn devices_are_written_to_and_never_replaced() {
    let desk = Desk::with("file.csv", "id,text,nps\n1,good,9\n2,bad,99\n");
    let told = desk.shell(
        "mkfifo out rejects && { cat out > copy & } && { cat rejects > refused & } && \
         \"$VOZ\" tag file.csv -o out --rejects rejects && wait",
    );
    told.done();
    assert!(desk.read("copy").starts_with("{\"id\":\"1\""));
    assert_eq!(
        desk.read("refused"),
        "row,column,reason\n3,nps,not within 0 to 10\n"
    );
    for pipe in ["out", "rejects"] {
        let kind = std::fs::metadata(desk.path(pipe)).unwrap().file_type();
        assert!(kind.is_fifo(), "{pipe}");
    }
}

/// Runs the program as somebody who may not write everywhere, if this is somebody who may.
fn humbly(desk: &Desk, arguments: &[&str]) -> Option<Told> {
    if std::fs::metadata(desk.path(".")).unwrap().uid() != 0 {
        return Some(desk.voz(arguments));
    }
    // Nobody may be unable to reach the folder the program was built in.
    let program = desk.path("program");
    if !program.exists() {
        std::fs::copy(env!("CARGO_BIN_EXE_voz"), &program).unwrap();
        allow(&program, 0o755);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    command.arg(&program).args(arguments);
    if Command::new("setpriv").arg("--version").output().is_err() {
        println!("skipped: nobody else to run as");
        return None;
    }
    Some(desk.told(&mut command, arguments))
}

fn allow(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_folder_that_cannot_be_written() {
    let desk = Desk::with("file.csv", "id,text,nps\n1,good,9\n2,bad,99\n");
    desk.voz(&["index", "file.csv", "--index", "shelf/index"])
        .done();
    std::fs::copy(desk.path("file.csv"), desk.path("shelf/file.csv")).unwrap();
    allow(&desk.path("."), 0o755);
    for path in files(&desk.path("shelf")) {
        allow(&path, 0o444);
    }
    let folders = ["shelf/index/g1", "shelf/index", "shelf"];
    for folder in folders {
        allow(&desk.path(folder), 0o555);
    }
    let rights = "check that you may read and write there";
    let told: Vec<_> = [
        &["index", "file.csv", "--index", "shelf/new"][..],
        &["index", "file.csv", "--index", "shelf/index"],
        &[
            "tag",
            "file.csv",
            "-o",
            "shelf/out.jsonl",
            "--rejects",
            "/dev/null",
        ],
        &["demo", "--out", "shelf/demo"],
        &["tag", "shelf/file.csv", "-o", "/dev/null"],
        &["search", "--index", "shelf/index"],
        &["tag", "shelf/file.csv", "--rejects", "/dev/null"],
    ]
    .iter()
    .map_while(|arguments| humbly(&desk, arguments))
    .collect();
    for folder in folders.iter().rev() {
        allow(&desk.path(folder), 0o755);
    }
    let mut told = told.into_iter();
    let Some(new) = told.next() else {
        return;
    };
    new.refused(1, "shelf/new: making the index folder failed", rights);
    let mut next = || told.next().unwrap();
    next().refused(1, "shelf/index: ", rights);
    next().refused(1, "shelf/out.jsonl: the output file cannot be made", rights);
    next().refused(1, "shelf/demo: the demo folder cannot be written", rights);
    next().refused(
        1,
        "shelf/file.csv.rejects.csv: the refused rows cannot be written",
        "--rejects FILE",
    );
    // The search engine locks what it reads.
    next().refused(
        1,
        "shelf/index: opening the index failed",
        "even reading takes a lock there",
    );
    assert_eq!(next().done().ids(), ["1"]);
}
