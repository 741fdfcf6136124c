"""Figures of the exported model on texts that chose nothing: labels, translations found, clusters.

    python evaluate.py DATA WORK

Reads WORK/model as others would, writes WORK/figures.json and the card, WORK/model/README.md.
"""

import datetime
import json
import pathlib
import sys
import tomllib
from collections import Counter

import numpy
import torch
from data import FIT, HERE, REPORT, examples, log, parallel, recipe, rows
from export import LANGUAGES, HeldOut, binary_f1, macro_f1
from model import Bilingual, base, bert, read
from safetensors.torch import load_file
from sklearn.cluster import KMeans
from sklearn.metrics import v_measure_score
from tokenizers import Tokenizer

SAMPLE = 2000  # texts of a set that are clustered


class Exported:
    """The model as its folder holds it."""

    def __init__(self, folder, settings):
        self.heads = json.loads((folder / "heads.json").read_text())
        self.split = Tokenizer.from_file(str(folder / "tokenizer.json"))
        encoder = bert(folder).float()
        self.model = Bilingual(encoder, settings).eval()
        self.model.load_state_dict({name: one.float() for name, one in load_file(folder / "model.safetensors").items()})

    def read(self, texts):
        return read(self.model, self.split, texts, self.heads)

    def vectors(self, texts):
        return normal(self.read(texts)["embedding"])


class Base:
    """The base model, to compare with."""

    def __init__(self, settings):
        self.split = Tokenizer.from_file(str(base(settings) / "tokenizer.json"))
        self.split.no_padding()
        self.split.no_truncation()
        self.model = Bilingual(bert(base(settings)), settings).eval()

    def vectors(self, texts):
        return normal(read(self.model, self.split, texts, {"max_length": 192, "overlap": 32})["embedding"])


def normal(vectors):
    return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


def f1_of(true, said):
    right = int((true & said).sum())
    return {"support": int(true.sum()), "said": int(said.sum()), "right": right, "f1": round(binary_f1(true, said), 4)}


def labelled(model, half, settings):
    """Figures per set, language and label on the held-out texts that chose nothing."""
    said = model.read(half.texts)
    found = {"sentiment": [], "emotion": []}
    labels = settings["sentiment"]
    for name in sorted(set(half.source)):
        at = numpy.flatnonzero((half.source == name) & (half.sentiment >= 0))
        if len(at):
            true, guess = half.sentiment[at], said["sentiment"][at].argmax(1)
            each = {label: f1_of(true == row, guess == row) for row, label in enumerate(labels)}
            recall = numpy.mean([(guess[true == row] == row).mean() for row in numpy.unique(true)])
            found["sentiment"].append(
                {
                    "set": name,
                    "lang": half.lang[at[0]],
                    "texts": len(at),
                    "macro_f1": round(macro_f1(true, guess), 4),
                    "macro_recall": round(float(recall), 4),
                    "accuracy": round(float((true == guess).mean()), 4),
                    "labels": each,
                }
            )
        at = numpy.flatnonzero((half.source == name) & (half.emotion >= 0).any(1))
        if len(at):
            lang = half.lang[at[0]]
            chance = 1 / (1 + numpy.exp(-said["emotion"][at]))
            each = {}
            for row, emotion in enumerate(settings["emotion"]):
                if (half.emotion[at, row] >= 0).all():
                    each[emotion] = f1_of(half.emotion[at, row] == 1, chance[:, row] >= model.heads["emotion"]["thresholds"][lang][emotion])
            mean = numpy.mean([one["f1"] for one in each.values()])
            found["emotion"].append({"set": name, "lang": lang, "texts": len(at), "macro_f1": round(float(mean), 4), "labels": each})
    return found


def retrieval(model, pairs):
    """How often the nearest of all sentences is the translation."""
    similar = model.vectors([pair.en for pair in pairs]) @ model.vectors([pair.es for pair in pairs]).T
    own = numpy.arange(len(pairs))
    return {"pairs": len(pairs), "from_en": round(float((similar.argmax(1) == own).mean()), 4), "from_es": round(float((similar.argmax(0) == own).mean()), 4)}


def clustered(vectors, labels, seed):
    names = sorted(set(labels))
    groups = KMeans(len(names), n_init=3, random_state=seed).fit_predict(vectors)
    return round(float(v_measure_score(labels, groups)), 4), groups


def clusters(models, settings, data):
    """V-measure of k-means with the true number of groups: intents, and themes of reviews in both languages."""
    chance = numpy.random.default_rng(settings["seed"])
    sets = {}
    for name, file in (("banking77", "banking77/en_train.csv.gz"), ("hwu64", "hwu64/en_kfold1_train.csv.gz")):
        listed = list(rows(data / file))
        column = next(one for one in ("intent", "label") if one in listed[0])
        kept = [listed[at] for at in chance.permutation(len(listed))[:SAMPLE]]
        sets[name] = ([row["text"] for row in kept], [row[column] for row in kept])
    twins = {lang: {(row["domain"], row["line"]): row for row in rows(data / f"m_absa/{lang}_dev.csv.gz")} for lang in LANGUAGES}
    theme = {at: f"{at[0]} {row['categories']}" for at, row in twins["en"].items() if row["categories"] and "|" not in row["categories"] and at in twins["es"]}
    frequent = Counter(theme.values())
    kept = [at for at in theme if frequent[theme[at]] >= 10]
    for lang in LANGUAGES:
        sets[f"m_absa {lang}"] = ([twins[lang][at]["text"] for at in kept], [theme[at] for at in kept])
    sets["m_absa both"] = tuple(sum(two, []) for two in zip(sets["m_absa en"], sets["m_absa es"]))
    found = {}
    for name, (texts, labels) in sets.items():
        found[name] = {"texts": len(texts), "groups": len(set(labels))}
        for which, model in models.items():
            found[name][which], groups = clustered(model.vectors(texts), labels, settings["seed"])
            if name == "m_absa both":
                found[name][f"{which}: translations together"] = round(float((groups[: len(kept)] == groups[len(kept) :]).mean()), 4)
    return found


def table(head, lines):
    shown = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(shown + ["| " + " | ".join(map(str, line)) + " |" for line in lines])


def card(settings, data, figures):
    """The text that goes with the model."""
    learned = Counter(one.source for one in examples(settings, data) if one.split == FIT)
    sources = tomllib.loads((HERE / settings["labels"]).read_text())["source"]
    pairs = Counter(pair.source for pair in parallel(settings, data))
    sentences = [one for one in tomllib.loads((HERE / settings["parallel"]).read_text())["source"] if pairs[one["name"]] and one["name"] not in settings["distil"]["leave_out"]]
    mean = {task: {lang: numpy.mean([one["macro_f1"] for one in figures[task] if one["lang"] == lang]) for lang in LANGUAGES} for task in ("sentiment", "emotion")}
    parts = {
        "date": figures["date"],
        "layers": figures["layers"],
        "history": settings["history"],
        "base": settings["base"]["name"],
        "base_licence": settings["base"]["licence"],
        "pieces": settings["vocabulary"]["pieces"],
        "steps": settings["distil"]["steps"],
        "rows": settings["finetune"]["rows"],
        "max_length": settings["export"]["max_length"],
        "overlap": settings["export"]["overlap"],
        "labelled": table(("source", "texts it has to learn from", "licence"), [(one["name"], learned[one["name"]], one["licence"]) for one in sources if learned[one["name"]]]),
        "parallel": table(("source", "pairs", "licence"), [(one["name"], pairs[one["name"]], one["licence"]) for one in sentences]),
        "sentiment": table(
            ("set", "language", "texts", "macro-F1", "macro recall", *settings["sentiment"]),
            [(one["set"], one["lang"], one["texts"], one["macro_f1"], one["macro_recall"], *(label["f1"] for label in one["labels"].values())) for one in figures["sentiment"]],
        ),
        "emotion": table(
            ("set", "language", "texts", "mean F1", "per emotion"),
            [
                (one["set"], one["lang"], one["texts"], one["macro_f1"], ", ".join(f"{name} {label['f1']:.2f} ({label['support']})" for name, label in one["labels"].items()))
                for one in figures["emotion"]
            ],
        ),
        "means": ", ".join(f"{task} {lang} {value:.3f}" for task, each in mean.items() for lang, value in each.items()),
        "retrieval": table(("sentences", "pairs", "from English", "from Spanish"), [(name, one["pairs"], one["from_en"], one["from_es"]) for name, one in figures["retrieval"].items()]),
        "clusters": table(
            ("set", "texts", "groups", "this model", "base model"),
            [(name, one["texts"], one["groups"], one["bilingual"], one["base"]) for name, one in figures["clusters"].items()],
        ),
    }
    return (HERE / "card.md").read_text().format(**parts)


def main(data, work):
    settings = recipe()
    torch.manual_seed(settings["seed"])
    folder = work / "model"
    model = Exported(folder, settings)
    half = HeldOut(settings, data, REPORT)
    log(work, f"evaluate: reading {len(half.texts):,} texts")
    figures = {"date": f"{datetime.date.today()}", "layers": model.model.bert.config.num_hidden_layers, **labelled(model, half, settings)}
    for task in ("sentiment", "emotion"):
        log(work, f"evaluate: {task} " + " ".join(f"{one['set']} {one['macro_f1']:.3f}" for one in figures[task]))
    apart = parallel(settings, data, held_out=True)
    figures["retrieval"] = {name: retrieval(model, [pair for pair in apart if pair.source == name]) for name in ("news", "m_absa")}
    log(work, f"evaluate: retrieval {figures['retrieval']}")
    figures["clusters"] = clusters({"bilingual": model, "base": Base(settings)}, settings, data)
    log(work, f"evaluate: clusters {figures['clusters']}")
    (work / "figures.json").write_text(json.dumps(figures, indent=1) + "\n")
    (folder / "README.md").write_text(card(settings, data, figures))
    log(work, "evaluate: done")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main(*map(pathlib.Path, sys.argv[1:3]))
