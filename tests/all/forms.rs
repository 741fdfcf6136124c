//! Tagged comments in forms for spreadsheets and programs: the same cells in each.

use super::program::{Desk, SAMPLE};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use calamine::{Data, Reader, Xlsx};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use std::fs::File;
use std::io::BufReader;

/// What an attacker writes into a survey, and what is odd about a file.
const ODD: &str = "id;comentario;nps;=cmd;lang_;minutos;text;vip\n\
    -1;\"=HYPERLINK(\"\"http://x\"\";\"\"ver\"\")\";3;@SUM(A1);es;12,5;uno;sí\n\
    2;\"Muy bien, la cola; rápida\";10;+1;es;-3;dos;no\n\
    3;-;9;;;;;no\n";

fn tag(desk: &Desk, flags: &[&str]) -> String {
    let tag = [
        "tag",
        "odd.csv",
        "--text",
        "comentario",
        "--rejects",
        "r.csv",
    ];
    desk.voz(&[&tag, flags].concat()).done().stdout
}

fn batches(desk: &Desk, name: &str) -> Vec<RecordBatch> {
    let file = File::open(desk.path(name)).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    reader.build().unwrap().map(Result::unwrap).collect()
}

fn names(batch: &RecordBatch) -> Vec<String> {
    let fields = batch.schema_ref().fields().iter();
    fields.map(|field| field.name().clone()).collect()
}

/// A cell as JSON has it.
fn cell(array: &dyn Array, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).into(),
        DataType::Boolean => array.as_boolean().value(row).into(),
        DataType::Date32 => {
            use arrow_array::types::Date32Type;
            let day = array.as_primitive::<Date32Type>().value_as_date(row);
            day.unwrap().to_string().into()
        }
        DataType::List(_) => {
            let list = array.as_list::<i32>().value(row);
            let texts = list.as_string::<i32>().iter().flatten();
            texts.collect::<Vec<_>>().into()
        }
        other => panic!("{other}"),
    }
}

fn objects(batches: &[RecordBatch]) -> Vec<Value> {
    let mut rows = Vec::new();
    for batch in batches {
        let names = names(batch);
        for row in 0..batch.num_rows() {
            let cells = names.iter().zip(batch.columns());
            let cells = cells.map(|(name, array)| (name.clone(), cell(array, row)));
            rows.push(Value::Object(cells.collect()));
        }
    }
    rows
}

/// A number is a number, whole or not.
fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-12,
        _ => a == b,
    }
}

#[test]
fn parquet_arrow_and_workbook_say_what_the_records_say() {
    let desk = Desk::new();
    let run = |flags: &[&str]| {
        let tag = ["tag", SAMPLE, "--rejects", "r.csv"];
        desk.voz(&[&tag, flags].concat()).done()
    };
    let records = run(&[]).objects();
    run(&["-o", "rows.parquet"]);
    run(&["-o", "rows.arrow"]);
    run(&["-o", "rows.xlsx"]);
    let parquet = objects(&batches(&desk, "rows.parquet"));
    let arrow = BufReader::new(File::open(desk.path("rows.arrow")).unwrap());
    let arrow = arrow_ipc::reader::StreamReader::try_new(arrow, None).unwrap();
    let arrow: Vec<RecordBatch> = arrow.map(Result::unwrap).collect();
    assert!(parquet == objects(&arrow));
    assert_eq!(parquet.len(), records.len());
    for (row, record) in parquet.iter().zip(&records) {
        let of = |name: &str| same(&row[name], &record[name]);
        for name in [
            "id",
            "text",
            "nev",
            "expressed",
            "main_theme",
            "customer",
            "date",
        ] {
            assert!(of(name), "{name}: {row}\n{record}");
        }
        for name in ["nps", "csat", "ces"] {
            assert!(same(&row[name], &record["scores"][name]), "{name}: {row}");
        }
        assert!(same(&row["score"], &record["sentiment"]["score"]));
        assert_eq!(row["sentiment"], record["sentiment"]["label"]);
        for (name, value) in record["fields"].as_object().unwrap() {
            assert!(same(&row[name], value), "{name}: {row}");
        }
        assert_eq!(row["other_fields"], Value::Null);
    }
    let mut book: Xlsx<_> = calamine::open_workbook(desk.path("rows.xlsx")).unwrap();
    let range = book.worksheet_range("Sheet1").unwrap();
    let mut rows = range.rows();
    let header: Vec<String> = rows
        .next()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(header, names(&arrow[0]));
    for (cells, row) in rows.zip(&parquet) {
        for (name, cell) in header.iter().zip(cells) {
            let value = &row[name];
            let is_same = match cell {
                Data::Empty => {
                    value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty)
                }
                Data::String(text) => match value.as_array() {
                    Some(list) => {
                        let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                        texts.join("|") == *text
                    }
                    None => value == text,
                },
                Data::DateTime(_) => name == "date",
                Data::Float(number) => same(&Value::from(*number), value),
                Data::Bool(yes) => value == yes,
                other => panic!("{other:?}"),
            };
            assert!(is_same, "{name}: {cell:?} {value}");
        }
    }
    assert_eq!(range.height(), parquet.len() + 1);
}

#[test]
fn nothing_that_customers_write_is_a_formula() {
    let desk = Desk::with("odd.csv", ODD);
    let plain = tag(&desk, &["--format", "csv"]);
    let lines: Vec<&str> = plain.lines().collect();
    assert_eq!(
        lines[0],
        "id,lang,sentiment,score,nev,expressed,themes,main_theme,nps,csat,ces,date,customer,text,\
         '=cmd,lang_,minutos,field_text,vip,other_fields"
    );
    assert!(lines[1].starts_with("'-1,"), "{}", lines[1]);
    assert!(
        lines[1].contains("\"'=HYPERLINK(\"\"") && lines[1].contains(",'@SUM(A1),"),
        "{}",
        lines[1]
    );
    assert!(lines[2].contains(",'+1,,-3,dos,false,"), "{}", lines[2]);
    assert!(lines[3].contains(",'-,"), "{}", lines[3]);
    let record = tag(&desk, &[]);
    assert!(record.contains("\"text\":\"=HYPERLINK(") && !record.contains("\"'"));
    // The header of a refused row's column is anybody's text, too.
    desk.put("bad.csv", "id,text,=nps\n1,bien,3\n2,mal,x\n3,bien,10\n");
    desk.voz(&["tag", "bad.csv", "--nps", "=nps"]).done();
    assert_eq!(desk.rejects("bad.csv"), ["3,'=nps,not a number"]);
}

#[test]
fn csv_for_excel_in_spanish() {
    let desk = Desk::with("odd.csv", ODD);
    tag(
        &desk,
        &["--csv", "excel-es", "--columns", "es", "-o", "es.csv"],
    );
    let text = desk.read("es.csv");
    let header = text.lines().next().unwrap();
    assert!(
        header.starts_with("\u{feff}id;idioma;sentimiento;puntuacion;nev;"),
        "{header}"
    );
    assert!(
        header.ends_with(";texto;'=cmd;lang_;minutos;text;vip;otros_campos"),
        "{header}"
    );
    assert!(text.contains(";12,5;uno;true;"), "{text}");
    // It reads back with the same numbers.
    let told = desk.voz(&["tag", "es.csv", "--text", "texto", "--fields", "minutos"]);
    let fields: Vec<Value> = told
        .done()
        .objects()
        .into_iter()
        .map(|one| one["fields"]["minutos"].clone())
        .collect();
    assert_eq!(
        fields,
        [serde_json::json!(12.5), serde_json::json!(-3), Value::Null]
    );
    let excel = tag(&desk, &["--csv", "excel"]);
    assert!(excel.starts_with("\u{feff}id,lang,"), "{excel}");
}

#[test]
fn a_row_per_mention_in_every_form() {
    let desk = Desk::new();
    desk.index_sample();
    let records = desk.voz(&["export", "--index", "index"]).done().objects();
    let mentions: usize = records
        .iter()
        .map(|one| one["mentions"].as_array().unwrap().len())
        .sum();
    let bare = records
        .iter()
        .filter(|one| one["mentions"] == serde_json::json!([]));
    let said = format!(
        "comments that name no theme, and so have no row: {}",
        bare.count()
    );
    let export = |flags: &[&str]| {
        let export = ["export", "--index", "index", "--per", "mention"];
        desk.voz(&[&export, flags].concat()).done().says(&[&said])
    };
    let rows = export(&[]).objects();
    assert_eq!(rows.len(), mentions);
    export(&["-o", "m.parquet"]);
    let parquet = objects(&batches(&desk, "m.parquet"));
    assert_eq!(parquet.len(), mentions);
    for (a, b) in parquet.iter().zip(&rows) {
        let (a, b) = (a.as_object().unwrap(), b.as_object().unwrap());
        assert!(a.keys().eq(b.keys()));
        assert!(
            a.iter().all(|(name, value)| same(value, &b[name])),
            "{a:?}\n{b:?}"
        );
    }
    let mut expected = records.iter().flat_map(|one| {
        let text = one["text"].as_str().unwrap();
        let mentions = one["mentions"].as_array().unwrap().iter();
        mentions.map(move |mention| {
            let at = |name: &str| mention[name].as_u64().unwrap() as usize;
            (
                one["id"].clone(),
                mention["theme"].clone(),
                &text[at("start")..at("end")],
            )
        })
    });
    for row in &rows {
        let (id, theme, words) = expected.next().unwrap();
        assert_eq!(
            (&row["id"], &row["theme"], &row["mention"]),
            (&id, &theme, &words.into())
        );
    }
    let csv = export(&["--format", "csv"]).stdout;
    assert_eq!(csv.lines().count(), mentions + 1);
    assert!(export(&["--format", "table"]).stdout.lines().count() > mentions);
}

#[test]
fn bytes_depend_on_nothing_but_the_rows() {
    let desk = Desk::with("odd.csv", ODD);
    for name in ["a.parquet", "a.arrow", "a.xlsx", "a.csv"] {
        tag(&desk, &["-o", name, "--threads", "1"]);
        let first = std::fs::read(desk.path(name)).unwrap();
        tag(&desk, &["-o", name, "--threads", "3"]);
        assert!(first == std::fs::read(desk.path(name)).unwrap(), "{name}");
    }
}

#[test]
fn a_run_that_fails_leaves_the_old_file() {
    let desk = Desk::with("bad.csv", "id,text,nps\n1,bien,x\n");
    for name in ["a.parquet", "a.arrow", "a.xlsx", "a.csv", "a.jsonl"] {
        desk.put(name, "as it was");
        let told = desk.voz(&["tag", "bad.csv", "--nps", "nps", "-o", name]);
        told.refused(5, "every row was refused", "voz peek");
        assert_eq!(desk.read(name), "as it was");
    }
    let left = std::fs::read_dir(desk.path(".")).unwrap().count();
    assert_eq!(left, 7, "the file, its rejects and five outputs");
}

#[test]
fn a_closed_pipe_is_no_error_in_any_form() {
    let desk = Desk::new();
    for form in ["parquet", "arrow", "xlsx", "csv", "jsonl"] {
        let line = format!(
            "set -o pipefail; \"$VOZ\" tag {SAMPLE} --rejects r.csv --quiet --format {form} | head -c 4 | wc -c"
        );
        let told = desk.shell(&line).done();
        assert_eq!((told.stdout.trim(), &*told.stderr), ("4", ""), "{form}");
    }
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    let desk = Desk::with("odd.csv", ODD);
    let tag = |flags: &[&str]| desk.voz(&[&["tag", "odd.csv"], flags].concat());
    tag(&["--csv", "excel", "--format", "jsonl"]).refused(2, "--csv is for CSV", "--format csv");
    tag(&["--csv", "excel", "-o", "x.parquet"]).refused(2, "--csv is for CSV", "leave --csv out");
    tag(&["--columns", "es"]).refused(2, "--columns names the columns", "--format csv");
    tag(&["--columns", "es", "--format", "table"]).refused(
        2,
        "--columns names",
        "leave --columns out",
    );
    desk.voz(&["peek", "odd.csv", "--text", "comentario", "-o", "x.parquet"])
        .refused(2, "only `voz tag` and `voz export`", ".csv");
}

#[test]
fn what_fits_no_column_is_kept_beside() {
    let mut lines: Vec<String> = (0..3000)
        .map(|id| {
            format!(
                "{{\"id\":\"{id}\",\"text\":\"muy bien\",\"size\":{}}}",
                id % 5
            )
        })
        .collect();
    lines[10] = "{\"id\":\"10\",\"text\":\"mal\",\"size\":\"big\"}".to_owned();
    let last = "{\"id\":\"last\",\"text\":\"mal\",\"size\":4,\"wholly_new\":7}";
    lines.push(last.to_owned());
    let desk = Desk::with("rows.jsonl", lines.join("\n"));
    desk.voz(&["tag", "rows.jsonl", "--text", "text", "-o", "rows.parquet"])
        .done();
    let rows = objects(&batches(&desk, "rows.parquet"));
    assert_eq!(rows.len(), 3001);
    assert_eq!(
        (&rows[10]["size"], &rows[10]["other_fields"]),
        (&Value::Null, &"{\"size\":\"big\"}".into())
    );
    let last = &rows[3000];
    let kept = last
        .get("wholly_new")
        .map_or(&last["other_fields"], |value| value);
    assert!(
        same(kept, &7.into()) || *kept == "{\"wholly_new\":7}",
        "{last}"
    );
    assert!(same(&last["size"], &4.into()));
}
