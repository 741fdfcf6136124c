//! Joins from the bytes of two files to fields.

use super::*;
use crate::source::{Mapping, Row, open, peek};
use proptest::prelude::*;

/// The fields of each comment, as `name=value`, and what the join came to.
fn joined(comments: &str, second: &str, on: &str) -> Result<(Vec<Vec<String>>, JoinCounts)> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("comments.csv"), comments).unwrap();
    std::fs::write(path("crm.csv"), second).unwrap();
    let plan = peek(&path("comments.csv"), &Mapping::default())?;
    let mut joins = Joins::open(&[Join::new(path("crm.csv"), on)?], &[&plan])?;
    let mut fields = Vec::new();
    for row in open(&path("comments.csv"), &plan)? {
        let Row::Verbatim(mut verbatim) = row? else {
            panic!("refused")
        };
        joins.join(&mut verbatim);
        let told = verbatim.fields.iter();
        fields.push(
            told.map(|(name, value)| format!("{name}={value:?}"))
                .collect(),
        );
    }
    let counts = joins.counts().remove(0);
    Ok((fields, counts))
}

const COMMENTS: &str = "id,customer_id,comment,channel\n\
    1,7,good,app\n2,8.0,bad,app\n3,9,fine,shop\n4,,none,shop\n5,10,who,app\n6, 7 ,again,app\n";

#[test]
fn what_is_known_becomes_typed_fields() {
    let second = "client,revenue,churned,channel,segment,since\n\
        7,12.5,yes,web,gold,2020-01-02\n8,3,no,,n/a,\n8,3,no,,n/a,\n9,1,no,a,b,c\n9,2,no,a,b,c\n\
        ,5,no,,,\n11,7,no,x,y,z\n";
    let (fields, counts) = joined(COMMENTS, second, "customer=client").unwrap();
    let seven = [
        "channel=Text(\"app\")",
        "revenue=Number(12.5)",
        "churned=Bool(true)",
        "crm.channel=Text(\"web\")",
        "segment=Text(\"gold\")",
        "since=Text(\"2020-01-02\")",
    ];
    assert_eq!(fields[0], seven);
    assert_eq!(fields[5], seven);
    assert_eq!(
        fields[1],
        [
            "channel=Text(\"app\")",
            "revenue=Number(3.0)",
            "churned=Bool(false)",
            "segment=Text(\"n/a\")"
        ]
    );
    for none in [2, 3, 4] {
        assert_eq!(fields[none].len(), 1, "{:?}", fields[none]);
    }
    let expected = JoinCounts {
        file: counts.file.clone(),
        on: ["customer_id".to_owned(), "client".to_owned()],
        rows: 7,
        refused: 0,
        keyless: 1,
        keys: 4,
        repeated: 1,
        ambiguous: 1,
        matched: 3,
        unmatched: 1,
        undecided: 1,
        without_key: 1,
        unused: 4,
    };
    assert_eq!(counts, expected);
}

#[test]
fn the_key_may_be_the_id_or_any_column() {
    let fields = |on: &str, second: &str| joined(COMMENTS, second, on).unwrap().0;
    assert_eq!(fields("id", "id,a\n3,x\n")[2][1], "a=Text(\"x\")");
    assert_eq!(
        fields("Channel", "channel,a\nshop,x\n")[3][1],
        "a=Text(\"x\")"
    );
    assert_eq!(
        fields("customer", "customer_id,a\n9,x\n")[2][1],
        "a=Text(\"x\")"
    );
    assert_eq!(
        fields("customer", "customer,a\n9,x\n")[2][1],
        "a=Text(\"x\")"
    );
    assert_eq!(
        fields("customer_id = x", "x,a\n9,x\n")[2][1],
        "a=Text(\"x\")"
    );
    let error = |on: &str, second: &str| joined(COMMENTS, second, on).unwrap_err().to_string();
    assert!(error("nobody", "a,b\n1,2\n").contains("no column \"nobody\""));
    assert!(error("comment", "a,b\n1,2\n").contains("is read as text"));
    assert!(error("customer", "a,b\n1,2\n").contains("no column \"customer_id\""));
    assert!(error("customer=", "a,b\n1,2\n").contains("empty"));
}

#[test]
fn each_file_of_comments_has_its_key_where_it_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("a.csv"), "id,cliente,comment,city\n1,7,good,x\n").unwrap();
    std::fs::write(path("b.csv"), "id,comment,customer_id,rank\n2,bad,7,3\n").unwrap();
    std::fs::write(path("crm.csv"), "customer_id,city,rank\n7,Lima,1\n").unwrap();
    let plan = |name| peek(&path(name), &Mapping::default()).unwrap();
    let plans = [plan("a.csv"), plan("b.csv")];
    let join = Join::new(path("crm.csv"), "customer").unwrap();
    let mut joins = Joins::open(&[join], &[&plans[0], &plans[1]]).unwrap();
    let mut told = Vec::new();
    for (at, name) in ["a.csv", "b.csv"].into_iter().enumerate() {
        joins.begin(at);
        let row = open(&path(name), &plans[at])
            .unwrap()
            .next()
            .unwrap()
            .unwrap();
        let Row::Verbatim(mut verbatim) = row else {
            panic!("refused")
        };
        joins.join(&mut verbatim);
        let fields = verbatim.fields.iter();
        told.push(fields.map(|(name, _)| name.to_string()).collect::<Vec<_>>());
    }
    // One name for one thing, though only one of the files has another column of it.
    assert_eq!(
        told,
        [
            ["city", "crm.city", "crm.rank"],
            ["rank", "crm.city", "crm.rank"]
        ]
    );
    assert_eq!(joins.counts()[0].matched, 2);
}

#[test]
fn keys_are_compared_without_their_dress() {
    let values = Values::load().unwrap();
    let same = |text: &str| key(text, &values).map(Cow::into_owned);
    for (text, expected) in [
        (" 12.0 ", "12"),
        ("-3.00", "-3"),
        ("12.5", "12.5"),
        ("007", "007"),
        ("v1.0", "v1.0"),
        ("Nun\u{303}o", "Nuño"),
    ] {
        assert_eq!(same(text).as_deref(), Some(expected));
    }
    assert_eq!((same(" "), same("N/A")), (None, None));
}

#[test]
fn a_number_with_a_comma_is_read_as_in_any_file() {
    let second = "customer_id;spent\n7;1.234,5\n8;2,5\n";
    let (fields, _) = joined(COMMENTS, second, "customer").unwrap();
    assert_eq!(fields[0][1], "spent=Number(1234.5)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_the_second_file_says_nothing(
        rows in prop::collection::vec((0..8_u8, 0..3_u8, "[a-c]?"), 1..24),
        turn in 0..24_usize,
    ) {
        let table = |rows: &[(u8, u8, String)]| {
            let lines = rows.iter().map(|(key, number, text)| format!("{key},{number},{text}\n"));
            format!("customer_id,n,t\n{}", lines.collect::<String>())
        };
        let mut other = rows.clone();
        other.rotate_left(turn % rows.len());
        other.reverse();
        let (fields, mut counts) = joined(COMMENTS, &table(&rows), "customer").unwrap();
        let (same, others) = joined(COMMENTS, &table(&other), "customer").unwrap();
        counts.file.clone_from(&others.file);
        prop_assert_eq!(counts, others);
        prop_assert_eq!(fields, same);
    }

    #[test]
    fn the_order_of_objects_and_their_keys_says_nothing(
        rows in prop::collection::vec((0..8_u8, any::<bool>(), 0..3_u8), 1..24),
    ) {
        let lines = |rows: &[(u8, bool, u8)]| {
            let line = |(key, flag, number): &(u8, bool, u8)| if *flag {
                format!("{{\"customer_id\":{key},\"b\":{number},\"a\":{flag}}}\n")
            } else {
                format!("{{\"a\":{flag},\"customer_id\":{key}.0}}\n")
            };
            rows.iter().map(line).collect::<String>()
        };
        let mut other = rows.clone();
        other.reverse();
        let (fields, mut counts) = joined(COMMENTS, &lines(&rows), "customer").unwrap();
        let (same, others) = joined(COMMENTS, &lines(&other), "customer").unwrap();
        counts.file.clone_from(&others.file);
        prop_assert_eq!(counts, others);
        prop_assert_eq!(fields, same);
    }
}
