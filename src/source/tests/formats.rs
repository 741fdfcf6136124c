//! Files that are no plain text: compressed ones, JSON arrays, workbooks, Parquet and Arrow.

use super::*;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    StructArray,
};
use arrow_schema::{DataType, Field};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::io::Write;
use std::sync::Arc;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 1).unwrap()
}

fn refused(bytes: &[u8]) -> String {
    read(bytes, &Mapping::default()).unwrap_err().to_string()
}

fn told<'p>(plan: &'p Plan, about: &str) -> &'p str {
    let mut decisions = plan.decisions.iter();
    let found = decisions.find(|decision| decision.about == about);
    found.map_or("", |decision| decision.value.as_str())
}

fn field<'v>(verbatim: &'v Verbatim, name: &str) -> Option<&'v Value> {
    let mut fields = verbatim.fields.iter();
    fields.find(|field| &*field.0 == name).map(|field| &field.1)
}

#[test]
fn compressed_files_are_read_as_what_is_in_them() {
    let csv = b"id,text\n1,bien\n2,mal\n";
    let plain = rows(csv);
    for packed in [
        gzip(csv),
        zstd(csv),
        [gzip(&csv[..10]), gzip(&csv[10..])].concat(),
    ] {
        let (plan, found, _) = read(&packed, &Mapping::default()).unwrap();
        assert_eq!(found, plain);
        assert!(["gzip", "Zstandard"].contains(&told(&plan, "compression")));
    }
    // The ids of rows without one do not depend on how the file was packed.
    let bare = b"text\nbien\nmal\n";
    assert_eq!(rows(bare), rows(&zstd(bare)));
    assert_eq!(
        rows(&gzip(b"[{\"id\":1,\"text\":\"a\"}]")),
        rows(b"{\"id\":1,\"text\":\"a\"}\n")
    );
}

#[test]
fn a_truncated_compressed_file_is_no_short_file() {
    let mut csv = b"id,text\n".to_vec();
    for row in 0..200_000_u64 {
        let noise = row.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        writeln!(csv, "{row},text {noise}").unwrap();
    }
    for packed in [gzip(&csv), zstd(&csv)] {
        for cut in [packed.len() / 3, packed.len() - 5] {
            let error = read(&packed[..cut], &Mapping::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Input);
            let error = error.to_string();
            assert!(
                error.contains("reading failed") && error.contains("truncated"),
                "{error}"
            );
        }
    }
}

#[test]
fn json_arrays_are_read_like_lines() {
    let lines = rows(b"{\"id\":1,\"text\":\"a\",\"n\":2}\n{\"id\":2,\"text\":\"b\"}\n");
    for array in [
        "[{\"id\":1,\"text\":\"a\",\"n\":2},{\"id\":2,\"text\":\"b\"}]",
        "[\n  {\n    \"n\": 2,\n    \"id\": 1,\n    \"text\": \"a\"\n  },\n  {\"id\": 2, \"text\": \"b\"}\n]\n",
        "{\"count\": 2,\n \"rows\": [{\"id\":1,\"text\":\"a\",\"n\":2},\n{\"id\":2,\"text\":\"b\"}\n]}\n",
    ] {
        let (plan, found, _) = read(array.as_bytes(), &Mapping::default()).unwrap();
        assert_eq!(
            (found, told(&plan, "format")),
            (lines.clone(), "JSON array"),
            "{array}"
        );
    }
    let found =
        rows(b"[{\"id\":1,\"text\":\"a\",\"nps\":9}, 7, {\"id\":3,\"text\":\"b\",\"nps\":99}]");
    assert_eq!(
        rejects(&found),
        [(2, None, "not-an-object"), (3, Some("nps"), "out-of-range")]
    );
    assert!(
        refused(b"[{\"text\":\"a\"}, {\"text\" \"b\"}]").contains("row 2: not valid JSON at byte")
    );
    assert!(refused(b"[{\"text\":\"a\"}, {\"text\": \"b\"}").contains("truncated"));
    assert!(refused(b"[ 1, 2]").contains("holds no object"));
    // Broken far behind the sample.
    let mut late = "[".to_owned();
    late += &"{\"text\":\"a comment\"},\n".repeat(100_000);
    assert!(refused(late.as_bytes()).contains("row 100001: "));
    let first = |text: &str| {
        let json = format!("[\n  {{\n    \"text\": \"{text}\"\n  }}\n]");
        verbatim(&rows(json.as_bytes())[0]).id.clone()
    };
    assert_ne!(first("a"), first("b"), "the ids tell files apart");
}

/// A workbook whose second sheet has rows from its third row on.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Notes").unwrap();
    let sheet = book.add_worksheet().set_name("Answers").unwrap();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let names = ["id", "comentario", "nps", "fecha", "vip", "espera", "total"];
    for (column, name) in (1..).zip(names) {
        sheet.write(2, column, name).unwrap();
    }
    sheet.write(3, 1, 7).unwrap();
    sheet.write(3, 2, "Muy bien, año nuevo").unwrap();
    sheet.write(3, 3, 10).unwrap();
    let date = ExcelDateTime::from_ymd(2026, 4, 13).unwrap();
    sheet.write_with_format(3, 4, &date, &day).unwrap();
    sheet.write(3, 5, true).unwrap();
    sheet.write(3, 6, 12.5).unwrap();
    let broken = |result: &str| Formula::new("=1/0").set_result(result);
    sheet.write(3, 7, broken("#DIV/0!")).unwrap();
    // An empty row, then one with an error where the score is, and one with #N/A there.
    sheet.write(5, 1, 8).unwrap();
    sheet.write(5, 2, "Mal").unwrap();
    sheet.write(5, 3, broken("#REF!")).unwrap();
    sheet.write(6, 1, "A-9").unwrap();
    sheet.write(6, 2, "Regular").unwrap();
    sheet.write(6, 3, broken("#N/A")).unwrap();
    book.add_worksheet()
        .set_name("Other")
        .unwrap()
        .write(0, 0, "text")
        .unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_with_its_types() {
    let (plan, rows, blank) = read(&workbook(), &Mapping::default()).unwrap();
    assert_eq!(
        (told(&plan, "format"), told(&plan, "sheet")),
        ("Excel workbook", "Answers")
    );
    let first = verbatim(&rows[0]);
    assert_eq!(
        (first.id.as_str(), first.text.as_str()),
        ("7", "Muy bien, año nuevo")
    );
    assert_eq!(first.scores.nps, Some(10));
    assert_eq!(first.day.unwrap().to_string(), "2026-04-13");
    assert_eq!(field(first, "vip"), Some(&Value::Bool(true)));
    assert_eq!(field(first, "espera"), Some(&Value::Number(12.5)));
    assert_eq!(field(first, "total"), None);
    assert_eq!(rejects(&rows), [(6, Some("nps"), "cell-error")]);
    let last = verbatim(&rows[2]);
    assert_eq!(
        (last.id.as_str(), last.scores.nps, rows.len(), blank),
        ("A-9", None, 3, 1)
    );
    // The same from a stream that cannot be sought in, and under any name.
    assert_eq!(
        read(&zstd(&workbook()), &Mapping::default()).unwrap().1,
        rows
    );
}

#[test]
fn a_sheet_is_chosen_by_name() {
    let of = |sheet: &str| Mapping {
        sheet: Some(sheet.to_owned()),
        ..Mapping::default()
    };
    assert_eq!(read(&workbook(), &of("answers ")).unwrap().1.len(), 3);
    let error = read(&workbook(), &of("Third")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(
        error
            .advice()
            .unwrap()
            .contains("\"Notes\", \"Answers\", \"Other\""),
        "{error}"
    );
    assert!(
        read(&workbook(), &of("Other"))
            .unwrap_err()
            .to_string()
            .contains("no row under it")
    );
    let error = read(b"id,text\n1,a\n", &of("Answers")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
}

/// An archive of stored parts.
fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for (name, bytes) in parts {
        let at = file.len() as u32;
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        common.extend(crc.sum().to_le_bytes());
        common.extend((bytes.len() as u32).to_le_bytes());
        common.extend((bytes.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(name.as_bytes());
        file.extend(*bytes);
        list.extend(b"PK\x01\x02\x14\0");
        list.extend(&common);
        list.extend([0; 10]);
        list.extend(at.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let (start, count) = (file.len() as u32, parts.len() as u16);
    file.extend(&list);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend((list.len() as u32).to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    file
}

#[test]
fn an_opendocument_spreadsheet_is_read() {
    let content = "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" \
        xmlns:text=\"x\"><office:body><office:spreadsheet><table:table table:name=\"Hoja1\">\
        <table:table-row><table:table-cell office:value-type=\"string\"><text:p>comentario</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\"><text:p>nota</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\"><text:p>fecha</text:p></table:table-cell></table:table-row>\
        <table:table-row><table:table-cell office:value-type=\"string\"><text:p>bien</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"float\" office:value=\"4\"><text:p>4</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2026-04-13\"><text:p>13/04</text:p></table:table-cell>\
        </table:table-row></table:table></office:spreadsheet></office:body></office:document-content>";
    let mime = b"application/vnd.oasis.opendocument.spreadsheet".as_slice();
    let manifest = b"<manifest:manifest xmlns:manifest=\"m\"></manifest:manifest>".as_slice();
    let file = zip(&[
        ("mimetype", mime),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content.as_bytes()),
    ]);
    let (plan, rows, _) = read(&file, &Mapping::default()).unwrap();
    assert_eq!(told(&plan, "format"), "OpenDocument spreadsheet");
    let first = verbatim(&rows[0]);
    assert_eq!(
        (first.text.as_str(), first.scores.csat),
        ("bien", Some(4.0))
    );
    assert_eq!(first.day.unwrap().to_string(), "2026-04-13");
    let other = zip(&[("notes.csv", b"id,text\n1,a\n")]);
    assert!(refused(&other).contains("zip archive without a workbook"));
}

/// A record of an .xls workbook.
fn biff(id: u16, data: &[u8]) -> Vec<u8> {
    let length = data.len() as u16;
    [&id.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// The smallest .xls workbook: one sheet in a compound file of one stream.
fn old_workbook() -> Vec<u8> {
    let begin = |kind: u8| biff(0x809, &[&[0, 6, kind, 0][..], &[0; 12]].concat());
    let place = |row: u8, column: u8, style: u8| vec![row, 0, column, 0, style, 0];
    let label = |row, column, text: &str| {
        let length = (text.len() as u16).to_le_bytes();
        biff(
            0x204,
            &[&place(row, column, 0)[..], &length, &[0], text.as_bytes()].concat(),
        )
    };
    let number = |row, column, style, value: f64| {
        biff(
            0x203,
            &[&place(row, column, style)[..], &value.to_le_bytes()].concat(),
        )
    };
    // The second style is that of days.
    let style = |format: u8| biff(0xE0, &[&[0, 0, format, 0][..], &[0; 16]].concat());
    let head = [begin(5), biff(0x42, &[0xB0, 4]), style(0), style(14)].concat();
    let name = b"Hoja1";
    let at = (head.len() + 4 + 8 + name.len() + 4) as u32;
    let sheet = biff(
        0x85,
        &[&at.to_le_bytes()[..], &[0, 0, name.len() as u8, 0], name].concat(),
    );
    let mut stream = [head, sheet, biff(0x0A, &[])].concat();
    stream.extend(begin(16));
    for (column, name) in (0..).zip(["id", "comentario", "nps", "fecha"]) {
        stream.extend(label(0, column, name));
    }
    stream.extend(number(2, 0, 0, 12.0));
    stream.extend(label(2, 1, "muy bien todo"));
    stream.extend(number(2, 2, 0, 9.0));
    stream.extend(number(2, 3, 1, 46_125.0));
    stream.extend(biff(0x0A, &[]));
    stream.resize(4096, 0);
    let (free, end) = (u32::MAX, u32::MAX - 1);
    let mut file = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    file.extend([0; 16]);
    file.extend([0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    file.extend([0; 6]);
    for number in [0, 1, 1, 0, 4096, end, 0, end, 0, 0] {
        file.extend(u32::to_le_bytes(number));
    }
    file.resize(512, 0xFF);
    let mut sectors = vec![u32::MAX - 2, end, 3, 4, 5, 6, 7, 8, 9, end];
    sectors.resize(128, free);
    file.extend(sectors.iter().flat_map(|number| number.to_le_bytes()));
    for (name, kind, child, start, size) in [
        ("Root Entry", 5, 1, end, 0),
        ("Workbook", 2, free, 2, stream.len() as u32),
    ] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = entry.len() as u8 + 2;
        entry.resize(64, 0);
        entry.extend([length, 0, kind, 1]);
        for number in [free, free, child] {
            entry.extend(u32::to_le_bytes(number));
        }
        entry.resize(116, 0);
        for number in [start, size, 0] {
            entry.extend(u32::to_le_bytes(number));
        }
        file.extend(entry);
    }
    file.resize(1536, 0);
    [file, stream].concat()
}

#[test]
fn an_old_workbook_is_read() {
    let (plan, rows, blank) = read(&old_workbook(), &Mapping::default()).unwrap();
    assert_eq!(
        (told(&plan, "format"), told(&plan, "sheet")),
        ("old Excel workbook", "Hoja1")
    );
    let first = verbatim(&rows[0]);
    assert_eq!(
        (first.id.as_str(), first.text.as_str(), first.scores.nps),
        ("12", "muy bien todo", Some(9))
    );
    assert_eq!(
        (first.day.unwrap().to_string().as_str(), blank),
        ("2026-04-13", 1)
    );
    assert!(refused(&old_workbook()[..2000]).contains("the workbook cannot be read"));
}

#[test]
fn a_part_that_unpacks_to_more_than_memory_is_refused() {
    let mut file = zip(&[("xl/workbook.xml", b""), ("xl/sharedStrings.xml", b"")]);
    let at = file
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    file[at + 24..at + 28].copy_from_slice(&3_000_000_000_u32.to_le_bytes());
    assert!(
        refused(&file).contains("unpacks to more than 1 GiB"),
        "{}",
        refused(&file)
    );
}

/// A table of typed columns, one of them nested.
fn batch() -> RecordBatch {
    let inner: ArrayRef = Arc::new(StringArray::from(vec!["x"; 3]));
    let nested = StructArray::from(vec![(
        Arc::new(Field::new("a", DataType::Utf8, true)),
        inner,
    )]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("details", Arc::new(nested)),
        ("id", Arc::new(Int64Array::from(vec![7, 8, 9]))),
        (
            "comment",
            Arc::new(StringArray::from(vec![Some("good"), None, Some("bad")])),
        ),
        (
            "nps",
            Arc::new(Int64Array::from(vec![Some(9), Some(11), None])),
        ),
        (
            "date",
            Arc::new(Date32Array::from(vec![20_556, 20_557, 20_558])),
        ),
        (
            "vip",
            Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])),
        ),
        (
            "wait",
            Arc::new(Float64Array::from(vec![12.5, 7.0, f64::NAN])),
        ),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn parquet() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer =
        ::parquet::arrow::ArrowWriter::try_new(&mut bytes, batch().schema(), None).unwrap();
    writer.write(&batch()).unwrap();
    writer.close().unwrap();
    bytes
}

fn arrow() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = arrow_ipc::writer::FileWriter::try_new(&mut bytes, &batch().schema()).unwrap();
    writer.write(&batch()).unwrap();
    writer.finish().unwrap();
    drop(writer);
    bytes
}

fn arrow_stream() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer =
        arrow_ipc::writer::StreamWriter::try_new(&mut bytes, &batch().schema()).unwrap();
    writer.write(&batch()).unwrap();
    writer.finish().unwrap();
    drop(writer);
    bytes
}

#[test]
fn parquet_and_arrow_are_read_with_their_types() {
    for (bytes, format) in [
        (parquet(), "Parquet file"),
        (arrow(), "Arrow file"),
        (arrow_stream(), "Arrow stream"),
    ] {
        let (plan, rows, _) = read(&bytes, &Mapping::default()).unwrap();
        assert_eq!(
            (told(&plan, "format"), told(&plan, "left out")),
            (format, "details")
        );
        let first = verbatim(&rows[0]);
        assert_eq!(
            (first.id.as_str(), first.text.as_str(), first.scores.nps),
            ("7", "good", Some(9))
        );
        assert_eq!(first.day.unwrap().to_string(), "2026-04-13");
        assert_eq!(field(first, "vip"), Some(&Value::Bool(true)));
        assert_eq!(field(first, "wait"), Some(&Value::Number(12.5)));
        assert_eq!(rejects(&rows), [(2, Some("nps"), "out-of-range")]);
        let last = verbatim(&rows[2]);
        assert_eq!((last.scores.nps, field(last, "wait")), (None, None));
        assert_eq!(read(&gzip(&bytes), &Mapping::default()).unwrap().1, rows);
    }
}

#[test]
fn truncated_tables_are_errors() {
    for (bytes, what) in [
        (workbook(), "the workbook is truncated"),
        (parquet(), "the Parquet file cannot be read"),
        (arrow(), "the Arrow file cannot be read"),
    ] {
        for cut in [bytes.len() / 2, bytes.len() - 9] {
            let error = read(&bytes[..cut], &Mapping::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Input, "{error}");
            assert!(error.to_string().contains(what), "{error}");
        }
    }
    let stream = arrow_stream();
    assert!(read(&stream[..stream.len() / 2], &Mapping::default()).is_err());
}

#[test]
fn fifty_megabytes_in_one_cell_cost_one_row() {
    let big = "x".repeat(50 << 20);
    let csv = rows(format!("id,text\n1,\"{big}\"\n2,fine\n").as_bytes());
    // Its quote is not closed within 16 MiB: what follows is no row of two cells.
    assert_eq!(rejects(&csv)[0].0, 2);
    assert_eq!(verbatim(csv.last().unwrap()).id, "2");
    let json = format!(
        "[{{\"id\":1,\"text\":\"a\"}},{{\"id\":2,\"text\":\"{big}\"}},{{\"id\":3,\"text\":\"b\"}}]"
    );
    let json = rows(json.as_bytes());
    assert_eq!(
        (rejects(&json), json.len()),
        (vec![(2, None, "row-too-long")], 3)
    );
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from(vec![1, 2]))),
        (
            "text",
            Arc::new(StringArray::from(vec![big.as_str(), "fine"])),
        ),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        ::parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let parquet = rows(&bytes);
    assert_eq!(rejects(&parquet), [(1, Some("text"), "cell-too-long")]);
    assert_eq!(verbatim(&parquet[1]).id, "2");
}

#[test]
fn ten_thousand_columns_are_read() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "text").unwrap();
    sheet.write(1, 0, "fine").unwrap();
    for column in 1..10_000 {
        sheet.write(0, column, format!("c{column}")).unwrap();
    }
    sheet.write(1, 9_999, 3).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let found = rows(&bytes);
    assert_eq!(
        field(verbatim(&found[0]), "c9999"),
        Some(&Value::Number(3.0))
    );
    let columns = (0..10_000).map(|at| -> (String, ArrayRef) {
        let name = if at == 0 {
            "text".to_owned()
        } else {
            format!("c{at}")
        };
        (name, Arc::new(StringArray::from(vec!["fine"])))
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = arrow_ipc::writer::StreamWriter::try_new(&mut bytes, &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    drop(writer);
    assert_eq!(verbatim(&rows(&bytes)[0]).fields.len(), 9_999);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Sound files with some bytes changed, and some of their end lost.
    #[test]
    fn no_damaged_table_panics(
        which in 0_usize..5,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..6),
        cut in proptest::option::weighted(0.2, any::<proptest::sample::Index>()),
    ) {
        let mut bytes = match which {
            0 => workbook(),
            1 => parquet(),
            2 => arrow(),
            3 => old_workbook(),
            _ => arrow_stream(),
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read(&bytes, &Mapping::default());
    }

    #[test]
    fn no_bytes_after_a_known_beginning_panic(
        head in proptest::sample::select(vec![
            b"PK\x03\x04".to_vec(), b"PAR1".to_vec(), b"ARROW1\0\0".to_vec(), b"\xFF\xFF\xFF\xFF\x10\0\0\0".to_vec(),
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), b"\x1F\x8B\x08\0".to_vec(), b"\x28\xB5\x2F\xFD".to_vec(),
            b"[{\"text\":1".to_vec(),
        ]),
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let _ = read(&[head, bytes].concat(), &Mapping::default());
    }
}
