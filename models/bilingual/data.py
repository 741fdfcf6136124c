"""Texts, labels and splits, read as `voz train` reads them; the log of a run.

The recipes of the other models name the sources. What is here follows src/train/examples.rs and
src/train/patterns.rs to the letter, so that the same texts are held out as from the fast model.
"""

import csv
import datetime
import functools
import gzip
import io
import pathlib
import sys
import tomllib
import unicodedata
from dataclasses import dataclass

HERE = pathlib.Path(__file__).parent
FIT, CALIBRATE, REPORT = "fit", "calibrate", "report"
MASK = (1 << 64) - 1

csv.field_size_limit(1 << 24)


def recipe():
    return tomllib.loads((HERE / "recipe.toml").read_text())


def log(work, message):
    """A line with the time, on the screen and in the log of the run."""
    line = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M:%S} {message}"
    print(line, file=sys.stderr, flush=True)
    with open(work / "progress.txt", "a") as out:
        out.write(line + "\n")


def rows(path):
    """The rows of a table with a header: CSV or tab-separated, plain or gzip."""
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    text = content.decode("utf-8-sig")
    tabs = "\t" in text.split("\n", 1)[0]
    return csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if tabs else ",")


# Parallel sentences


@dataclass(frozen=True)
class Pair:
    en: str
    es: str
    source: str


def parallel(settings, data, held_out=False):
    """The pairs to learn from, or those held out: sentences in both languages, and words of dictionaries."""
    pairs = {}
    for source in tomllib.loads((HERE / settings["parallel"]).read_text())["source"]:
        if source.get("es") == "":
            continue
        apart, skip = source.get("held_out"), source.get("skip")
        for row in rows(data / source["file"]):
            if skip and row[skip["column"]] == skip["value"]:
                continue
            if bool(apart and row[apart["column"]] == apart["value"]) != held_out:
                continue
            en, es = (" ".join(row[column].split()) for column in (source.get("en", "en"), source.get("es", "es")))
            if en and es:
                pairs.setdefault((en, es), source["name"])
    return [Pair(en, es, source) for (en, es), source in pairs.items()]


def unlabelled(settings, data):
    """Every text of every recipe that may be learned from, as (language, source, text): for counting words."""
    for source in tomllib.loads((HERE / settings["parallel"]).read_text())["source"]:
        for row in rows(data / source["file"]):
            if (apart := source.get("held_out")) and row[apart["column"]] == apart["value"]:
                continue
            for lang in ("en", "es"):
                if column := source.get(lang, lang):
                    yield lang, source["name"], row[column]
    for source in tomllib.loads((HERE / settings["parallel"]).read_text())["counted"]:
        for row in rows(data / source["file"]):
            yield source["lang"], source["name"], row["text"]


# Labelled texts


@dataclass
class Example:
    text: str
    lang: str
    source: str
    weight: float
    split: str
    sentiment: str | None
    emotions: dict  # emotion: True or False, for the emotions that the source labels
    key: int


def mixed(key, seed):
    """SplitMix64 of a key under a seed."""
    z = key ^ (seed * 0x9E3779B97F4A7C15 & MASK)
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


@functools.cache
def word_hash(word):
    """FNV-1a over the bytes of a word, with the finalizer of MurmurHash3."""
    state = 0x811C9DC5
    for byte in word.encode():
        state = (state ^ byte) * 0x01000193 & 0xFFFFFFFF
    state = (state ^ (state >> 16)) * 0x85EBCA6B & 0xFFFFFFFF
    state = (state ^ (state >> 13)) * 0xC2B2AE35 & 0xFFFFFFFF
    return state ^ (state >> 16)


@functools.cache
def fold_char(character):
    if character in "ñÑ":
        return "ñ"
    if character in "\u2018\u2019":
        return "'"
    parts = unicodedata.normalize("NFD", character.lower())
    return "".join(part for part in parts if not unicodedata.category(part).startswith("M"))


def fold(text):
    """Lower case, accents off, ñ stays."""
    return text.lower() if text.isascii() else "".join(map(fold_char, text))


def key_of(text):
    """What is the same for texts that differ in case, accents and spaces only."""
    state = 0x5EED
    for word in fold(text).split():
        turned = (state << 7 | state >> 57) & MASK
        state = mixed(state ^ word_hash(word), turned)
    return state


def half(key):
    return CALIBRATE if mixed(key, 99) % 2 == 0 else REPORT


def sentiment_of(labels, row):
    value = row[labels["column"]]
    if "labels" in labels:
        return labels["labels"].get(value)
    if "negative_to" not in labels:
        return value if value in ("negative", "neutral", "positive") else None
    if float(value) <= labels["negative_to"]:
        return "negative"
    return "positive" if float(value) >= labels["positive_from"] else None


def emotions_of(source, row):
    if columns := source.get("emotion_columns"):
        return {ours: any(row[name].startswith("1") for name in names) for ours, names in columns.items()}
    if listed := source.get("emotion_list"):
        shown = set(row[listed["column"]].split("|"))
        return {ours: not shown.isdisjoint(names) for ours, names in listed["names"].items()}
    return {}


def examples(settings, data):
    """Every labelled text of the recipe of labels, in an order drawn by its seed.

    A text that is held out anywhere is learned from nowhere; within a source a text counts once.
    """
    path = HERE / settings["labels"]
    labels = tomllib.loads(path.read_text())
    every = []

    def add(source, text, sentiment, emotions, split):
        text = unicodedata.normalize("NFC", text.strip())
        if text and (sentiment or emotions):
            key = key_of(text)
            weight = source.get("weight", 1.0)
            every.append(Example(text, source["lang"], source["name"], weight, split(key), sentiment, emotions, key))

    for source in labels["source"]:
        share = source.get("held_out", labels["held_out"])

        def split(key, all_fit=bool(source.get("dev")), share=share):
            kept = all_fit or (mixed(key, labels["seed"]) >> 11) / (1 << 53) >= share
            return FIT if kept else half(key)

        folder = path.parent if source.get("own") else data
        for files, splits in (("files", split), ("dev", half)):
            for name in source.get(files, []):
                for row in rows(folder / name):
                    if all(row[column] == value for column, value in source.get("where", {}).items()):
                        sentiment = sentiment_of(source["sentiment"], row) if "sentiment" in source else None
                        add(source, row[source.get("text", "text")], sentiment, emotions_of(source, row), splits)
        for name in source.get("patterns", []):
            for text, sentiment in drawn(path.parent / name, labels["seed"]):
                add(source, text, sentiment, {}, lambda key: FIT)
    held_out = {one.key for one in every if one.split != FIT}
    seen, kept = set(), []
    for one in every:
        if (one.split != FIT or one.key not in held_out) and (one.source, one.key) not in seen:
            seen.add((one.source, one.key))
            kept.append(one)
    return sorted(kept, key=lambda one: mixed(one.key, labels["seed"] ^ 1))


# Sentences drawn from patterns


class Chance:
    """SplitMix64, and whole numbers without favour (Lemire 2019)."""

    def __init__(self, state):
        self.state = state

    def below(self, limit):
        while True:
            self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
            product = mixed(self.state, 0) * limit
            if product & MASK >= (1 << 64) % limit:
                return product >> 64


def drawn(path, seed):
    """The sentences of a file of patterns with their labels."""
    content = tomllib.loads(path.read_text())
    for pattern in content["pattern"]:
        state = seed
        for text in pattern["texts"]:
            state = (state << 9 | state >> 55) & MASK ^ word_hash(text)
        chance, seen = Chance(state), {}
        for _ in range(20 * pattern["draws"]):
            if len(seen) == pattern["draws"]:
                break
            seen.setdefault(fill(pattern["texts"][chance.below(len(pattern["texts"]))], content["slots"], chance))
        yield from ((text, pattern["label"]) for text in seen)


def fill(text, slots, chance):
    """A text with every `{slot}` replaced by one of its alternatives; `{Slot}` begins with a capital."""
    filled = ""
    while "{" in text:
        before, text = text.split("{", 1)
        name, text = text.split("}", 1)
        known = slots.get(name) or slots[name[0].lower() + name[1:]]
        chosen = fill(known[chance.below(len(known))], slots, chance)
        filled += before + (chosen if name in slots else chosen[:1].upper() + chosen[1:])
    return filled + text
