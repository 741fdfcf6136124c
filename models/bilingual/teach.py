"""What the bilingual model says of texts, for the fast model to learn from.

    python teach.py DATA WORK

Reads WORK/model, writes WORK/taught/es.csv.gz and en.csv.gz: texts with the calibrated probability of each
sentiment and emotion. They are texts that the bilingual model learned from, of which it says more than
their labels did, and unlabelled ones; none is held out from any model.
"""

import csv
import gzip
import io
import pathlib
import sys

import numpy
import torch
from data import FIT, examples, key_of, log, mixed, recipe, rows
from evaluate import Exported
from export import LANGUAGES

PART = 2000  # texts read at a time


def texts_of(settings, data):
    """Texts by language, each once, in an order drawn by the seed."""
    mine = settings["teach"]
    every = list(examples(settings, data))
    seen = {one.key for one in every if one.split != FIT}
    listed = [(one.lang, one.text, one.key) for one in every if one.split == FIT and one.source not in mine["leave_out"]]
    for source in mine["unlabelled"]:
        texts = (row["text"].strip() for row in rows(data / source["file"]))
        listed += [(source["lang"], text, key_of(text)) for text in texts if text]
    texts = {lang: [] for lang in LANGUAGES}
    for lang, text, key in sorted(listed, key=lambda one: mixed(one[2], settings["seed"])):
        if key not in seen and len(texts[lang]) < mine["texts"]:
            seen.add(key)
            texts[lang].append(text)
    return texts


def chances(model, texts, lang):
    """The calibrated probabilities, [texts, sentiments and emotions]."""
    said = model.read(texts)
    scaled = said["sentiment"] / model.heads["sentiment"]["temperature"][lang]
    sentiment = numpy.exp(scaled - numpy.logaddexp.reduce(scaled, axis=1, keepdims=True))
    return numpy.hstack([sentiment, 1 / (1 + numpy.exp(-said["emotion"]))])


def main(data, work):
    settings = recipe()
    model = Exported(work / "model", settings)
    folder = work / "taught"
    folder.mkdir(exist_ok=True)
    for lang, texts in texts_of(settings, data).items():
        log(work, f"teach: reading {len(texts):,} texts in {lang}")
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["text", *settings["sentiment"], *settings["emotion"]])
        for start in range(0, len(texts), PART):
            part = texts[start : start + PART]
            for text, said in zip(part, chances(model, part, lang)):
                table.writerow([text, *(f"{one:.4f}" for one in said)])
        # Without a time in the header, the same texts are the same bytes.
        (folder / f"{lang}.csv.gz").write_bytes(gzip.compress(out.getvalue().encode(), mtime=0))
    log(work, "teach: done")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main(*map(pathlib.Path, sys.argv[1:3]))
