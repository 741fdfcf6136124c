"""The labelled sets: texts that people have put into categories, read from the folder of data."""

import csv
import dataclasses
import gzip
from collections import Counter

# A category with fewer sentences than this is more often a slip of the annotator than a theme.
FEWEST = 10
# What the 100,000 sentences for the clock are taken from, customers' words first: file, columns.
SPEED = [
    ("m_absa/parallel_en_es.csv.gz", ["en", "es"]),
    ("nhs_patient_feedback_en/en_phase1_singlelabel.csv.gz", ["text"]),
    ("google_restaurants_mx_es/es_all.csv.gz", ["text"]),
    ("opener_hotels/en_train.csv.gz", ["text"]),
    ("opener_hotels/es_train.csv.gz", ["text"]),
    ("amazon_alexa_en/en_all.csv.gz", ["text"]),
    ("spanish_airlines_tweets/es_all.csv.gz", ["text"]),
    ("banking77/en_train.csv.gz", ["text"]),
    ("hwu64/en_kfold1_train.csv.gz", ["text"]),
    ("tass2020/es_traindev_minus_umsab_valtest.csv.gz", ["text"]),
    ("semeval2017_4a/en_train_minus_eval.csv.gz", ["text"]),
]

csv.field_size_limit(1 << 24)


@dataclasses.dataclass
class Labelled:
    """Texts, and for each the category a person gave it; there may be a coarse and a fine answer."""

    name: str
    texts: list
    truths: dict
    spanish: bool = False


@dataclasses.dataclass
class Pairs:
    """Sentences and their translations as one corpus: text i and text i + half say the same."""

    name: str
    texts: list
    clusters: int
    spanish: bool = True

    @property
    def half(self):
        return len(self.texts) // 2


def rows(path):
    """The rows of a gzipped CSV file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def folded(text):
    """The text on one line, so that every program gets the same bytes."""
    return " ".join(text.split())


def simple(name, path, **columns):
    """A set whose file has one category a row, in one or more columns."""
    table = [row for row in rows(path) if folded(row["text"])]
    texts = [folded(row["text"]) for row in table]
    truths = {truth: [row[column] for row in table] for truth, column in columns.items()}
    return Labelled(name, texts, truths)


def m_absa(data, language):
    """The sentences about exactly one category: of the others no single theme is the right one.

    The category alone is the truth, not domain and category: what is said of the food is one theme
    in a restaurant and in a shop, and most other categories are found in one domain only.
    """
    found = []
    for part in ["train", "dev"]:
        for row in rows(data / "m_absa" / f"{language}_{part}.csv.gz"):
            categories = {name for name in row["categories"].split("|") if name}
            if len(categories) == 1:
                found.append((folded(row["text"]), categories.pop()))
    often = Counter(category for _, category in found)
    kept = [(text, category) for text, category in found if text and often[category] >= FEWEST]
    texts, truth = (list(column) for column in zip(*kept))
    return Labelled(f"m_absa {language}", texts, {"category": truth}, language == "es")


def labelled(data):
    """Every set with human categories."""
    spanish, english = m_absa(data, "es"), m_absa(data, "en")
    mixed = spanish.truths["category"] + english.truths["category"]
    nhs = data / "nhs_patient_feedback_en" / "en_phase1_singlelabel.csv.gz"
    return [
        spanish,
        english,
        Labelled("m_absa mixed", spanish.texts + english.texts, {"category": mixed}, True),
        simple("nhs", nhs, theme="theme", subtheme="subtheme"),
        simple("banking77", data / "banking77" / "en_train.csv.gz", intent="intent"),
        simple("hwu64", data / "hwu64" / "en_kfold1_train.csv.gz", intent="intent"),
    ]


def pairs(data):
    """The parallel sentences of m_absa; k-means gets as many clusters as the mixed set has truths."""
    table = list(rows(data / "m_absa" / "parallel_en_es.csv.gz"))
    both = [(folded(row["en"]), folded(row["es"])) for row in table]
    both = [(english, spanish) for english, spanish in both if english and spanish]
    texts = [english for english, _ in both] + [spanish for _, spanish in both]
    clusters = len(set(m_absa(data, "en").truths["category"]))
    return Pairs("pairs en-es", texts, clusters)


def for_speed(data, most):
    """The first `most` distinct sentences of the files in SPEED."""
    seen = {}
    for file, columns in SPEED:
        for row in rows(data / file):
            for column in columns:
                text = folded(row[column])
                if text:
                    seen.setdefault(text)
                if len(seen) == most:
                    return list(seen)
    return list(seen)
