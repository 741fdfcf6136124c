//! O-data of a second file, joined to comments by a key.

use super::program::{Desk, files};
use serde_json::{Value, json};

const COMMENTS: &str = "id,customer_id,comment,nps,channel\n\
    1,7,good service,9,app\n2,8,bad service,2,app\n3,9,fine,8,shop\n4,,slow,5,shop\n5,10,dear,3,app\n";

const CRM: &str = "client_id,churned,waiting_minutes,channel\n\
    7,no,3,web\n8,yes,41.5,\n8,yes,41.5,\n9,no,1,a\n9,no,2,a\n12,no,7,b\n";

fn desk() -> Desk {
    let desk = Desk::with("comments.csv", COMMENTS);
    desk.put("crm.csv", CRM);
    desk
}

fn tag<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    let joined = ["--join", "crm.csv", "--on", "customer=client_id"];
    [&["tag", "comments.csv"], &joined[..], rest].concat()
}

#[test]
fn what_is_known_of_a_customer_becomes_fields() {
    let told = desk().voz(&tag(&[])).done();
    let fields: Vec<Value> = told
        .objects()
        .iter()
        .map(|one| one["fields"].clone())
        .collect();
    assert_eq!(
        fields,
        [
            json!({"channel": "app", "churned": false, "waiting_minutes": 3, "crm.channel": "web"}),
            json!({"channel": "app", "churned": true, "waiting_minutes": 41.5}),
            json!({"channel": "shop"}),
            json!({"channel": "shop"}),
            json!({"channel": "app"}),
        ]
    );
    told.says(&[
        "joined crm.csv by customer_id = client_id: matched 2, without a partner 1, \
         key not certain 1, without key 1",
        "keys repeated 1, ambiguous 1, rows not used 3, refused 0",
    ]);
    let quiet = desk().voz(&tag(&["--quiet"])).done();
    assert_eq!(quiet.stderr, "");
}

#[test]
fn the_same_bytes_whatever_the_order_and_the_threads() {
    let desk = desk();
    let first = desk.voz(&tag(&["--threads", "1"])).done();
    let (header, rows) = CRM.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    desk.put("crm.csv", format!("{header}\n{}\n", rows.join("\n")));
    let second = desk.voz(&tag(&["--threads", "3"])).done();
    assert_eq!((first.stdout, first.stderr), (second.stdout, second.stderr));
    let lines = "{\"client_id\":8,\"churned\":true,\"waiting_minutes\":41.5}\n\
                 {\"waiting_minutes\":3,\"client_id\":7,\"churned\":false,\"channel\":\"web\"}\n";
    desk.put("crm.csv", lines);
    let third = desk.voz(&tag(&[])).done().objects();
    assert_eq!(third[1]["fields"], second_fields());
    assert_eq!(third[0]["fields"]["crm.channel"], "web");
}

fn second_fields() -> Value {
    json!({"channel": "app", "churned": true, "waiting_minutes": 41.5})
}

#[test]
fn an_index_is_asked_by_what_was_joined() {
    let desk = desk();
    let index = ["index", "comments.csv", "--index", "index"];
    let joined = ["--join", "crm.csv", "--on", "customer=client_id"];
    let told = desk.voz(&[&index[..], &joined].concat()).done();
    told.says(&["4 → field", "matched 2"]);
    let found = |query: &str| {
        let told = desk.voz(&["search", query, "--index", "index", "--format", "jsonl"]);
        told.done().ids()
    };
    assert_eq!(found("churned:true"), ["2"]);
    assert_eq!(found("waiting_minutes:..10"), ["1"]);
    assert_eq!(found("crm.channel:web"), ["1"]);
}

#[test]
fn several_files_and_one_joined_by_another() {
    let desk = desk();
    desk.put("crm.csv", "customer_id,store\n7,s1\n8,s2\n");
    desk.put(
        "stores.csv",
        "store;city;sqm\ns1;Lima;1.200,5\ns2;Quito;80,5\n",
    );
    let line = [
        "tag",
        "comments.csv",
        "--join",
        "crm.csv",
        "--on",
        "customer",
    ];
    let more = ["--join", "stores.csv", "--on", "store"];
    let told = desk.voz(&[&line[..], &more].concat()).done();
    assert_eq!(
        told.objects()[0]["fields"],
        json!({"channel": "app", "store": "s1", "city": "Lima", "sqm": 1200.5})
    );
    let peek = ["peek", "comments.csv", "--format", "table"];
    let told = desk.voz(&[&peek[..], &line[2..], &more].concat()).done();
    for part in [
        "joined from stores.csv",
        "store = store; 2 rows, 2 keys",
        "sqm",
    ] {
        assert!(told.stdout.contains(part), "no {part}\n{told}");
    }
}

#[test]
fn what_cannot_be_joined_is_told() {
    let desk = desk();
    let join = |rest: &[&str]| desk.voz(&[&["tag", "comments.csv"], rest].concat());
    join(&["--join", "crm.csv"]).refused(
        2,
        "files to join: 1, keys to join them by: 0",
        "--on customer",
    );
    join(&["--on", "customer"]).refused(2, "no --join", "--join FILE");
    join(&["--join", "crm.csv", "--on", "florb"]).refused(2, "no column \"florb\"", "--on NAME");
    join(&["--join", "crm.csv", "--on", "customer"]).refused(
        2,
        "crm.csv: there is no column \"customer_id\"",
        "\"client_id\"",
    );
    join(&["--join", "gone.csv", "--on", "customer"]).refused(3, "gone.csv", "check the path");
    join(&["--join", "-", "--on", "customer"]).refused(2, "standard input", "to a file");
    desk.put("crm.csv", "client_id,a\n99,1\n");
    desk.voz(&tag(&[]))
        .done()
        .says(&["matched 0", "is --on the right one?"]);
}

#[test]
fn refused_rows_of_the_second_file_are_kept_aside() {
    let desk = desk();
    desk.put("crm.csv", format!("{CRM}13,no\n"));
    desk.voz(&tag(&[])).done().says(&["refused 1"]);
    assert_eq!(
        desk.rejects("crm.csv"),
        ["8,,2 cells where the header has 4"]
    );
    desk.voz(&tag(&["--max-rejects", "0"])).ended(5);
    desk.voz(&tag(&["--rejects", "bad.csv"])).done();
    assert!(desk.has("crm.csv.bad.csv") && !desk.has("bad.csv"));
}

#[test]
fn personal_data_of_the_second_file_reach_nothing() {
    let desk = Desk::with("comments.csv", COMMENTS);
    desk.put(
        "crm.csv",
        "customer_id,contact,phone,note,payment\n\
         7,ana.perez@example.com,612345678,\"write to ana.perez@example.com, please\",4111111111111111\n\
         ana.perez@example.com,x,y,z,w\n",
    );
    let joined = ["--join", "crm.csv", "--on", "customer"];
    let mut told = Vec::new();
    for verb in [&["tag", "comments.csv"][..], &["peek", "comments.csv"]] {
        for format in ["jsonl", "csv", "table"] {
            let line = [verb, &joined, &["--format", format]].concat();
            told.push(desk.voz(&line).done());
        }
    }
    let line = [&["index", "comments.csv", "--index", "index"], &joined[..]].concat();
    told.push(desk.voz(&line).done());
    assert_eq!(
        told[0].objects()[0]["fields"],
        json!({"channel": "app", "contact": "[EMAIL]", "phone": "[PHONE]",
               "note": "write to [EMAIL], please", "payment": "[CARD]"})
    );
    let traces = ["ana.perez", "example.com", "612345678", "41111111"];
    for told in &told {
        for trace in traces {
            assert!(
                !told.stdout.contains(trace) && !told.stderr.contains(trace),
                "{told}"
            );
        }
    }
    for file in files(&desk.path("index")) {
        let bytes = std::fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for trace in traces {
            assert!(!text.contains(trace), "{} holds {trace}", file.display());
        }
    }
}
