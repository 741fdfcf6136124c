"""Measure the sentiment of mentions: aspects of labelled sentences against the clause they stand in.

    python benches/themes/aspects.py --data DIR --voz target/release/voz

For each aspect of OpeNER (its target's words) and M-ABSA (its term's words) that is found in the sentence, the
clause that holds it is looked up in what `voz tag` says, and the clause's sentiment is compared with the
label. Beside it the sentiment of the whole sentence, which is what one has without clauses. "mixed" counts
only sentences whose aspects differ. Figures are macro-F1 over positive, neutral and negative; a class that no
aspect has is left out. Nothing of the data is kept.
"""

import argparse
import csv
import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

LABELS = ("negative", "neutral", "positive")
csv.field_size_limit(1 << 30)


def rows(path):
    """The rows of a CSV file, gzipped or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def opener(data, lang):
    """Sentences of OpeNER with (term, label) of each aspect."""
    for row in rows(data / "opener_hotels" / f"{lang}_dev.csv"):
        aspects = [
            (one["target"], one["polarity"].lower())
            for one in json.loads(row["opinions_json"])
        ]
        yield row["text"], aspects


def m_absa(data, lang):
    """Sentences of M-ABSA with (term, label) of each aspect; terms that are not said are left out."""
    for row in rows(data / "m_absa" / f"{lang}_dev.csv.gz"):
        triplets = json.loads(row["triplets_json"])
        yield row["text"], [(term, label) for term, _, label in triplets if term != "NULL"]


def tagged(voz, texts, lang):
    """What `voz tag` says of each text, in order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number, text in enumerate(texts):
                file.write(json.dumps({"id": str(number), "text": text}) + "\n")
        command = [voz, "tag", str(path), "--stated", lang, "--format", "jsonl", "--quiet"]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    said = {record["id"]: record for record in map(json.loads, out.splitlines())}
    return [said.get(str(number)) for number in range(len(texts))]


def clause_label(record, start):
    """The sentiment of the clause that holds a byte of the text; of the whole where none does."""
    for clause in record["clauses"]:
        if clause["start"] <= start < clause["end"]:
            return clause["sentiment"]
    return record["sentiment"]["label"]


def compared(sentences, records):
    """(truth, of the clause, of the whole, whether the sentence is mixed) for each aspect found."""
    for (text, aspects), record in zip(sentences, records):
        if record is None or record["sentiment"] is None:
            continue
        labels = {label for _, label in aspects if label in LABELS}
        for term, label in aspects:
            at = record["text"].lower().find(term.lower()) if term else -1
            if label not in LABELS or at < 0:
                continue
            start = len(record["text"][:at].encode())
            whole = record["sentiment"]["label"]
            yield label, clause_label(record, start), whole, len(labels) > 1


def macro_f1(pairs):
    """Macro-F1 over the labels that are true of some pair (truth, said)."""
    scores = []
    for label in LABELS:
        both = sum(truth == said == label for truth, said in pairs)
        true = sum(truth == label for truth, _ in pairs)
        said = sum(said == label for _, said in pairs)
        if true:
            scores.append(2 * both / (true + said))
    return sum(scores) / len(scores) if scores else float("nan")


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--voz", default="voz")
    asked = parser.parse_args()
    print(f"{'set':<12}{'aspects':>9}{'clause':>9}{'whole':>9}   mixed:{'aspects':>8}{'clause':>9}{'whole':>9}")
    for name, read in (("opener", opener), ("m_absa", m_absa)):
        for lang in ("es", "en"):
            sentences = list(read(asked.data, lang))
            records = tagged(asked.voz, [text for text, _ in sentences], lang)
            found = list(compared(sentences, records))
            if not found:
                sys.exit(f"no aspect of {name} {lang} was found")
            mixed = [one for one in found if one[3]]
            figures = []
            for part in (found, mixed):
                clause = macro_f1([(truth, clause) for truth, clause, _, _ in part])
                whole = macro_f1([(truth, whole) for truth, _, whole, _ in part])
                figures += [len(part), clause, whole]
            print(
                f"{name + ' ' + lang:<12}{figures[0]:>9}{figures[1]:>9.3f}{figures[2]:>9.3f}"
                f"         {figures[3]:>8}{figures[4]:>9.3f}{figures[5]:>9.3f}"
            )


if __name__ == "__main__":
    main()
