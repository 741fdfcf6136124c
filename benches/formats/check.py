"""Tags a file in every form, and compares cell by cell what other programs read with the JSON Lines.

    python3 -m venv venv && venv/bin/pip install duckdb pandas pyarrow openpyxl
    venv/bin/python benches/formats/check.py target/release/voz corpora/nubela.csv

DuckDB and pandas read CSV and Parquet, pyarrow the Arrow stream, openpyxl the workbook, and LibreOffice the
workbook and the CSV of `--csv excel-es` where it is installed (`soffice`). Ends with 1 at a difference.
"""

import csv
import datetime
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile

import duckdb
import openpyxl
import pandas
import pyarrow.ipc

VOZ, SOURCE = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
FOLDER = pathlib.Path(tempfile.mkdtemp())


def voz(*flags, out=None):
    """Runs `voz tag`, and gives the file written."""
    path = FOLDER / out
    command = [VOZ, "--quiet", "tag", SOURCE, "--rejects", str(FOLDER / "rejects.csv"), *flags, "-o", str(path)]
    subprocess.run(command, check=True)
    return path


def from_record(record):
    """The row of a comment, from the line of JSON that `voz tag` prints: what every form must say."""
    feeling = record["sentiment"] or {}
    themes = [f"{one['theme']}:{one['sentiment']}" for one in record["mentions"]]
    scores = record["scores"]
    row = {
        "id": record["id"],
        "lang": record["lang"]["code"],
        "sentiment": feeling.get("label"),
        "score": feeling.get("score"),
        "nev": record["nev"],
        "expressed": record["expressed"],
        "themes": list(dict.fromkeys(themes)),
        "main_theme": record["main_theme"],
        "nps": scores.get("nps"),
        "csat": scores.get("csat"),
        "ces": scores.get("ces"),
        "date": record.get("date"),
        "customer": record.get("customer"),
        "text": record["text"],
    }
    return row, record["fields"]


def expected():
    rows = []
    for line in voz(out="rows.jsonl").read_text("utf-8").splitlines():
        row, fields = from_record(json.loads(line))
        # No field of the file is called like a column of ours, and each is of one kind.
        assert not row.keys() & fields.keys()
        rows.append(row | fields)
    return rows


def columns_of(rows):
    first = list(rows[0])[:14]
    fields = pandas.read_parquet(FOLDER / "rows.parquet").columns[14:-1]
    return first + list(fields) + ["other_fields"]


def typed(value):
    """A value of a form with types, as JSON has it."""
    if value is None or value is pandas.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if hasattr(value, "tolist"):
        value = value.tolist()
    return value


def flat(value):
    """A value of JSON, as a form without lists has it: text is empty or absent, which is one."""
    if isinstance(value, list):
        value = "|".join(value)
    return None if value == "" else value


def harmless(value):
    """A text of JSON as CSV has it."""
    value = flat(value)
    if isinstance(value, str) and (value[0] in "\t\r\n" or value.lstrip()[:1] in tuple("=+-@＝＋－＠")):
        return "'" + value
    return value


def compare(name, found, rows, columns, shape=lambda value: value):
    """Counts cells that differ."""
    found = list(found)
    differ = 0
    if len(found) != len(rows):
        print(f"{name}: {len(found)} rows, not {len(rows)}")
        return 1
    for have, row in zip(found, rows):
        for column, cell in zip(columns, have, strict=True):
            want = shape(row.get(column))
            if cell != want:
                differ += 1
                if differ <= 3:
                    print(f"{name}: column {column}: {type(cell).__name__} differs from {type(want).__name__}")
    print(f"{name:40} {len(rows)} rows, {len(columns)} columns, {differ} cells differ")
    return differ


def texts(value, comma=False):
    """What a reader of CSV without types has of a value of JSON."""
    value = harmless(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        value = str(int(value)) if value == int(value) else str(value)
        return value.replace(".", ",") if comma else value
    return value


def main():
    parquet = voz(out="rows.parquet")
    plain = voz(out="rows.csv")
    excel_es = voz("--csv", "excel-es", out="es.csv")
    arrow = voz(out="rows.arrow")
    book = voz(out="rows.xlsx")
    rows = expected()
    columns = columns_of(rows)
    wrong = 0

    table = pandas.read_parquet(parquet)
    assert list(table.columns) == columns
    frame = (map(typed, row) for row in table.itertuples(index=False, name=None))
    wrong += compare("pandas, Parquet", (list(row) for row in frame), rows, columns)

    answer = duckdb.sql(f"select * from read_parquet('{parquet}')")
    assert answer.columns == columns
    wrong += compare("DuckDB, Parquet", ([typed(cell) for cell in row] for row in answer.fetchall()), rows, columns)

    with pyarrow.ipc.open_stream(arrow) as stream:
        table = stream.read_all()
    assert table.column_names == columns
    listed = zip(*(column.to_pylist() for column in table.columns))
    wrong += compare("pyarrow, Arrow stream", ([typed(cell) for cell in row] for row in listed), rows, columns)

    answer = duckdb.sql(f"select * from read_csv('{plain}', header = true)")
    assert answer.columns == columns
    wrong += compare(
        "DuckDB, CSV", ([typed(cell) for cell in row] for row in answer.fetchall()), rows, columns, harmless)

    table = pandas.read_csv(plain, dtype={"id": str, "customer": str}, keep_default_na=False, na_values=[""])
    frame = ([typed(cell) for cell in row] for row in table.itertuples(index=False, name=None))
    wrong += compare("pandas, CSV", frame, rows, columns, harmless)

    table = pandas.read_csv(excel_es, sep=";", decimal=",", dtype={"id": str, "customer": str},
                            encoding="utf-8-sig", keep_default_na=False, na_values=[""])
    assert list(table.columns) == columns
    frame = ([typed(cell) for cell in row] for row in table.itertuples(index=False, name=None))
    wrong += compare("pandas, CSV of excel-es", frame, rows, columns, harmless)

    sheet = openpyxl.load_workbook(book, read_only=True).active
    header, *cells = sheet.iter_rows(values_only=True)
    assert list(header) == columns
    wrong += compare("openpyxl, workbook", ([typed(cell) for cell in row] for row in cells), rows, columns, flat)

    mentions = voz("--per", "mention", out="mentions.parquet")
    lines = voz("--per", "mention", out="mentions.jsonl").read_text("utf-8").splitlines()
    objects = [json.loads(line) for line in lines]
    answer = duckdb.sql(f"select * from read_parquet('{mentions}')")
    wrong += compare("DuckDB, mentions", ([typed(cell) for cell in row] for row in answer.fetchall()),
                     objects, list(objects[0]))

    soffice = shutil.which("soffice")
    if soffice is None:
        print("LibreOffice is not installed: not looked at")
    else:
        # 44 is the comma, 34 the quote, 76 UTF-8; the last flags keep cells as they are, not as they look.
        into = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"
        for path, name in [(book, "LibreOffice, workbook"), (excel_es, "LibreOffice, CSV of excel-es")]:
            reading = [] if path is book else ["--infilter=Text - txt - csv (StarCalc):59,34,76,1,,3082,false,false"]
            out = FOLDER / "office"
            home = f"-env:UserInstallation=file://{FOLDER}/home"
            command = [soffice, home, "--headless", *reading, "--convert-to", into, "--outdir", str(out), str(path)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            with open(out / f"{path.stem}.csv", encoding="utf-8", newline="") as file:
                header, *cells = csv.reader(file)
            assert header == columns, header
            shape = (lambda value: texts_of_book(value)) if path is book else (lambda value: texts(value))
            lower = ([cell.lower() if cell in ("TRUE", "FALSE") else cell for cell in row] for row in cells)
            wrong += compare(name, lower, rows, columns, shape)

    shutil.rmtree(FOLDER)
    sys.exit(1 if wrong else 0)


def texts_of_book(value):
    """A value of a workbook, where texts are as they came, whatever they begin with."""
    value = flat(value)
    return value if isinstance(value, str) else texts(value)


if __name__ == "__main__":
    main()
