//! Rows of an invented record, read back in every form.

use super::*;
use crate::lang::Lang;
use crate::locale::Locale;
use crate::record::{Feeling, Given, Language, Mention, Record};
use crate::sentiment::Polarity;
use crate::verbatim::Value;
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow_array::{Array, RecordBatch};
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

fn record() -> Record<'static> {
    let mention = |theme: &'static str, start, end, sentiment| Mention {
        theme: theme.into(),
        driver: "waiting".into(),
        start,
        end,
        sentiment,
    };
    let fields: Vec<(&str, Value)> = vec![
        ("Region", Value::Text("=cmd|'/c'!A1".into())),
        ("text", Value::Text("a|b".into())),
        ("minutes", Value::Number(-2.5)),
        ("churned", Value::Bool(true)),
        ("steps", Value::Text("some".into())),
        ("new", Value::Number(3.0)),
    ];
    let field = |(name, value): (&'static str, _)| (name.into(), Cow::Owned(value));
    Record {
        id: "-7".into(),
        text: "La cola, \"eterna\"; y la espera".into(),
        lang: Language {
            code: "es".into(),
            confidence: 0.9,
        },
        meaningful: true,
        sentiment: Some(Feeling {
            label: Polarity::Negative,
            score: -0.75,
            positive: 0.1,
            neutral: 0.05,
            negative: 0.85,
        }),
        emotions: Vec::new(),
        expressed: vec![crate::emotion::Emotion::Anger],
        nev: Some(-1),
        clauses: Vec::new(),
        mentions: vec![
            mention("queue", 3, 7, Polarity::Negative),
            mention("queue", 3, 7, Polarity::Negative),
            mention("wait", 24, 30, Polarity::Neutral),
        ],
        main_theme: Some("queue".into()),
        date: Some(Day::from_number(20_260_105)),
        customer: None,
        scores: Given {
            nps: Some(3),
            csat: Some(2.5),
            ces: None,
        },
        fields: fields.into_iter().map(field).collect(),
    }
}

/// A record with nothing in it.
fn bare() -> Record<'static> {
    Record {
        id: "8".into(),
        text: "".into(),
        sentiment: None,
        expressed: Vec::new(),
        nev: None,
        mentions: Vec::new(),
        main_theme: None,
        date: None,
        scores: Given::default(),
        fields: Vec::new(),
        ..record()
    }
}

fn layout(per: Per, lang: Lang) -> Layout {
    let fields = [
        ("Region", Kind::Text),
        ("text", Kind::Text),
        ("TEXT", Kind::Text),
        ("minutes", Kind::Number),
        ("churned", Kind::Bool),
        ("steps", Kind::Number),
    ];
    let fields = fields.map(|(name, kind)| (name.to_owned(), kind));
    Layout::new(per, fields, &Locale::new(lang))
}

/// These records in a form, so many times.
fn written(form: RowForm, layout: &Layout, times: usize) -> Vec<u8> {
    let mut writer = form.writer(layout.heads(), Vec::new()).unwrap();
    for _ in 0..times {
        for record in [record(), bare()] {
            layout.each_row(&record, |cells| writer.row(cells)).unwrap();
        }
    }
    writer.finish().unwrap()
}

fn text(form: RowForm, layout: &Layout) -> String {
    String::from_utf8(written(form, layout, 1)).unwrap()
}

#[test]
fn names_of_fields_give_way_to_ours() {
    let names = |lang| -> Vec<String> {
        let layout = layout(Per::Comment, lang);
        let heads = layout.heads().iter();
        heads.map(|head| head.name.clone()).collect()
    };
    let fields = |names: &[String]| names[14..].join(" ");
    assert_eq!(
        fields(&names(Lang::En)),
        "Region field_text field_TEXT_2 minutes churned steps other_fields"
    );
    assert_eq!(
        fields(&names(Lang::Es)),
        "Region text field_TEXT minutes churned steps otros_campos"
    );
    assert_eq!(
        names(Lang::Es)[2..5].join(" "),
        "sentimiento puntuacion nev"
    );
}

#[test]
fn csv_has_no_formulas_and_other_things_stand_last() {
    let layout = layout(Per::Comment, Lang::En);
    let plain = text(RowForm::Csv(Csv::Plain), &layout);
    let lines: Vec<&str> = plain.lines().collect();
    assert_eq!(
        lines[0],
        "id,lang,sentiment,score,nev,expressed,themes,main_theme,nps,csat,ces,date,customer,text,\
         Region,field_text,field_TEXT_2,minutes,churned,steps,other_fields"
    );
    assert_eq!(
        lines[1],
        "'-7,es,negative,-0.75,-1,anger,queue:negative|wait:neutral,queue,3,2.5,,2026-01-05,,\
         \"La cola, \"\"eterna\"\"; y la espera\",'=cmd|'/c'!A1,a|b,,-2.5,true,,\
         \"{\"\"steps\"\":\"\"some\"\",\"\"new\"\":3}\""
    );
    assert_eq!(lines[2], "8,es,,,,,,,,,,,,,,,,,,,");
    let spanish = text(RowForm::Csv(Csv::ExcelEs), &layout);
    assert!(spanish.starts_with("\u{feff}id;lang;"));
    assert!(spanish.contains(";-0,75;-1;") && spanish.contains(";-2,5;true;"));
}

#[test]
fn a_row_per_mention() {
    let layout = layout(Per::Mention, Lang::En);
    let lines = text(RowForm::Jsonl, &layout);
    let rows: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 3, "a comment without a theme has none");
    let last = &rows[2];
    assert_eq!(
        (&last["theme"], &last["sentiment"], &last["mention"]),
        (&"wait".into(), &"neutral".into(), &"espera".into())
    );
    assert_eq!(
        (&last["comment_sentiment"], &last["ces"], &last["nps"]),
        (&"negative".into(), &serde_json::Value::Null, &3.into())
    );
    assert_eq!(last["minutes"], serde_json::json!(-2.5));
    assert_eq!(last["expressed"], serde_json::json!(["anger"]));
    let names = layout.heads().iter().map(|head| head.name.as_str());
    assert!(last.as_object().unwrap().keys().eq(names));
}

/// A cell as the test compares it, from a column of Arrow.
fn shown(batch: &RecordBatch, column: usize, row: usize) -> String {
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Date32Type, Float64Type, Int64Type};
    use arrow_schema::DataType;
    let array = batch.column(column);
    if array.is_null(row) {
        return "-".to_owned();
    }
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Date32 => format!("day {}", array.as_primitive::<Date32Type>().value(row)),
        DataType::List(_) => {
            let list = array.as_list::<i32>().value(row);
            let texts = list.as_string::<i32>();
            let texts: Vec<&str> = texts.iter().flatten().collect();
            format!("{texts:?}")
        }
        other => panic!("{other}"),
    }
}

const EXPECTED: &str = "-7/es/negative/-0.75/-1/[\"anger\"]/[\"queue:negative\", \"wait:neutral\"]/queue/3/2.5/-\
/day 20458/-/La cola, \"eterna\"; y la espera/=cmd|'/c'!A1/a|b/-/-2.5/true/-/\
{\"steps\":\"some\",\"new\":3}";

fn rows(batch: &RecordBatch) -> Vec<String> {
    let row = |row| {
        let columns = 0..batch.num_columns();
        let cells: Vec<String> = columns.map(|column| shown(batch, column, row)).collect();
        cells.join("/")
    };
    (0..batch.num_rows()).map(row).collect()
}

#[test]
fn parquet_is_read_back() {
    let layout = layout(Per::Comment, Lang::En);
    let bytes = written(RowForm::Parquet, &layout, 1);
    assert!(bytes == written(RowForm::Parquet, &layout, 1), "no clock");
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let created = builder.metadata().file_metadata().created_by();
    let ours = format!("voz version {}", env!("CARGO_PKG_VERSION"));
    assert_eq!(created, Some(&*ours));
    let mut reader = builder.build().unwrap();
    let batch = reader.next().unwrap().unwrap();
    let rows = rows(&batch);
    assert_eq!(rows[0], EXPECTED);
    assert_eq!(rows[1], "8/es/-/-/-/[]/[]/-/-/-/-/-/-//-/-/-/-/-/-/-");
    assert!(reader.next().is_none());
}

#[test]
fn arrow_is_read_back() {
    let layout = layout(Per::Comment, Lang::En);
    let bytes = written(RowForm::Arrow, &layout, 5_000);
    let reader = arrow_ipc::reader::StreamReader::try_new(Cursor::new(bytes), None).unwrap();
    assert_eq!(reader.schema().fields().len(), layout.heads().len());
    let batches: Vec<RecordBatch> = reader.map(|batch| batch.unwrap()).collect();
    let sizes: Vec<usize> = batches.iter().map(RecordBatch::num_rows).collect();
    assert_eq!(sizes, [8192, 10_000 - 8192]);
    assert_eq!(rows(&batches[1])[0], EXPECTED);
}

#[test]
fn no_rows_are_a_file_too() {
    let layout = layout(Per::Mention, Lang::Es);
    for form in [
        RowForm::Parquet,
        RowForm::Arrow,
        RowForm::Excel,
        RowForm::Csv(Csv::Plain),
    ] {
        assert!(!written(form, &layout, 0).is_empty(), "{form:?}");
    }
}

#[test]
fn a_workbook_is_read_back() {
    let layout = layout(Per::Comment, Lang::En);
    let bytes = written(RowForm::Excel, &layout, 1);
    assert!(bytes == written(RowForm::Excel, &layout, 1), "no clock");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("Sheet1").unwrap();
    let rows: Vec<&[Data]> = range.rows().collect();
    let text = |text: &str| Data::String(text.to_owned());
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0][0], text("id"));
    let row = rows[1];
    assert_eq!(
        (&row[0], &row[14], &row[13]),
        (
            &text("-7"),
            &text("=cmd|'/c'!A1"),
            &text("La cola, \"eterna\"; y la espera")
        )
    );
    assert_eq!(
        (&row[3], &row[8], &row[18], &row[10]),
        (
            &Data::Float(-0.75),
            &Data::Float(3.0),
            &Data::Bool(true),
            &Data::Empty
        )
    );
    assert_eq!(row[6], text("queue:negative|wait:neutral"));
    assert!(
        matches!(&row[11], Data::DateTime(day) if (day.as_f64() - 46_027.0).abs() < 1e-9),
        "{:?}",
        row[11]
    );
    assert!(book.worksheet_formula("Sheet1").unwrap().is_empty());
}

#[test]
fn more_rows_than_a_sheet_holds_go_on_on_the_next() {
    let layout = layout(Per::Comment, Lang::En);
    let mut writer = Box::new(excel::ExcelRows::with(layout.heads(), Vec::new(), 3).unwrap());
    let long = Record {
        text: "ñ😀".repeat(20_000).into(),
        ..record()
    };
    for _ in 0..5 {
        layout.each_row(&long, |cells| writer.row(cells)).unwrap();
    }
    assert_eq!(writer.cut(), 5);
    let bytes = writer.finish().unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheets = book.worksheets();
    let heights: Vec<usize> = sheets.iter().map(|(_, range)| range.height()).collect();
    assert_eq!(heights, [3, 3, 2]);
    for (_, range) in &sheets {
        assert_eq!(range.get((0, 1)), Some(&Data::String("lang".into())));
        let text = range.get((1, 13)).unwrap().to_string();
        let units = text.encode_utf16().count();
        assert!((32_766..=32_767).contains(&units), "{units}");
    }
}

/// An output that a reader has left.
struct Left;

impl std::io::Write for Left {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }
}

#[test]
fn a_closed_pipe_is_told_as_one() {
    let layout = layout(Per::Comment, Lang::En);
    for form in [
        RowForm::Parquet,
        RowForm::Arrow,
        RowForm::Excel,
        RowForm::Csv(Csv::Plain),
        RowForm::Jsonl,
    ] {
        let record = record();
        let done = form.writer(layout.heads(), Left).and_then(|mut writer| {
            layout.each_row(&record, |cells| writer.row(cells))?;
            writer.finish().map(|_| ())
        });
        let error = done.unwrap_err();
        assert!(error.is_closed_pipe(), "{form:?}: {error}");
    }
}
