#!/usr/bin/env python3
"""Sound inputs to begin the search for unsound ones from: python3 fuzz/seeds.py FOLDER

Everything comes from this repository; tables are written by voz itself, which must have been built
(cargo build --release).
"""

import base64
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
VOZ = ROOT / "target/release/voz"


def voz(*arguments):
    subprocess.run([VOZ, *map(str, arguments)], check=True, capture_output=True)


def put(folder, name, content):
    folder.mkdir(parents=True, exist_ok=True)
    data = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(data)


def toml(path):
    return tomllib.loads((ROOT / path).read_text())


def readers(folder, work):
    sample = (ROOT / "corpora/nubela.csv").read_text().splitlines(keepends=True)
    few = work / "few.csv"
    few.write_text("".join(sample[:12]))
    put(folder, "csv", few.read_bytes())
    put(folder, "csv.gz", gzip.compress(few.read_bytes(), mtime=0))
    put(folder, "csv.utf16", few.read_text().encode("utf-16"))
    put(folder, "csv.latin1", few.read_text().encode("latin-1", "replace"))
    for form in ["jsonl", "csv", "xlsx", "parquet", "arrow"]:
        out = work / f"tagged.{form}"
        voz("tag", few, "-o", out)
        put(folder, f"tagged.{form}", out.read_bytes())
    rows = [json.loads(line) for line in (work / "tagged.jsonl").read_text().splitlines()]
    small = [{"id": row["id"], "text": row["text"], "nps": 7, "deep": {"a": [1, None]}} for row in rows]
    put(folder, "array.json", json.dumps(small, ensure_ascii=False))
    put(folder, "lines.jsonl", "\n".join(json.dumps(row) for row in small))
    for number, case in enumerate(toml("tests/data/exports.toml")["case"]):
        put(folder, f"export{number}", case["file"])


def query(folder):
    for number, case in enumerate(toml("tests/data/queries.toml")["query"]):
        put(folder, f"query{number}", case.get("query", ""))
    written = [
        'espera "no funciona" -caro (theme:phone_wait OR nps:0..6)', "~demora demor* *", "region:\"North West\"",
        "date:2026-10-01..2026-10-15 fields.minutes:20..", "churned:true -(band:detractor OR emotion:anger)",
    ]
    for number, text in enumerate(written):
        put(folder, f"written{number}", text)


def texts():
    for list_ in toml("tests/data/pii_measure.toml").values():
        for texts in list_.values() if isinstance(list_, dict) else []:
            yield from texts


def comments(clauses, redaction):
    for number, text in enumerate(texts()):
        put(redaction, f"text{number}", text.replace("«", "").replace("»", ""))
    for number, case in enumerate(toml("tests/data/challenge.toml")["case"]):
        put(clauses, f"text{number}", case["text"])


def manifests(folder, work):
    index = work / "index"
    few = work / "few.csv"
    voz("index", few, "--index", index)
    segments = next(index.glob("g*"))
    parts = [index / "voz.json", segments / "meta.json", segments / ".managed.json"]
    parts += [ROOT / "models/fast" / name for name in ["card.json", "calibration.json"]]
    parts += [few_rules(work)]
    written = ['names = ["Plan Feliz"]\n[means]\n"chévere" = "excelente"\n']
    catalog = index / "none.toml"
    voz("themes", "discover", ROOT / "corpora/nubela.csv", "--themes", catalog)
    for number, part in enumerate(parts):
        put(folder, part.name, bytes([number]) + part.read_bytes())
    put(folder, "lexicon", bytes([6]) + written[0].encode())
    put(folder, "catalog", bytes([7]) + catalog.read_bytes())


def few_rules(work):
    """The shipped rules are long: the head of each list says as much."""
    lines = (ROOT / "models/fast/rules.toml").read_text().splitlines()
    kept, since = [], 0
    for line in lines:
        since = since + 1 if line.startswith("  ") else 0
        if since <= 3:
            kept.append(line)
    (work / "rules.toml").write_text("\n".join(kept))
    return work / "rules.toml"


def main():
    out = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        readers(out / "readers", work)
        query(out / "query")
        comments(out / "clauses", out / "redaction")
        manifests(out / "manifests", work)
    found = ROOT / "fuzz/found"
    for case in sorted(found.glob("*/*")):
        put(out / case.parent.name, f"found-{case.stem}", base64.b64decode(case.read_text()))
    print({target.name: len(list(target.iterdir())) for target in sorted(out.iterdir())})


main()
