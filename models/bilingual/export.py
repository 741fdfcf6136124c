"""Calibration and export: the model as a folder that others can load.

    python export.py DATA WORK

Reads WORK/finetuned.pt, writes WORK/model: config.json, tokenizer.json, vocab.txt, model.safetensors in
half precision and heads.json. What chooses temperature, biases and thresholds is the half of the
held-out texts that chooses them for the fast model too; the other half is only measured (evaluate.py).
"""

import datetime
import hashlib
import json
import pathlib
import shutil
import tomllib
from collections import Counter
import sys

import numpy
import torch
from data import CALIBRATE, FIT, HERE, examples, log, parallel, recipe
from finetune import drawn
from model import Bilingual, bert, read
from safetensors.torch import save_file
from scipy.optimize import minimize
from tokenizers import Tokenizer

LANGUAGES = ("en", "es")


def macro_f1(true, said):
    """The mean F1 of the labels that are there."""
    return float(numpy.mean([binary_f1(true == label, said == label) for label in numpy.unique(true)]))


def binary_f1(true, said):
    sizes = true.sum() + said.sum()
    return float(2 * (true & said).sum() / sizes) if sizes else 0.0


def balance(logits, true, sets):
    """What is added to each class so that the mean macro-F1 over the sets is best: small steps, one class at a time."""
    bias = numpy.zeros(logits.shape[1])

    def goal(bias):
        said = (logits + bias).argmax(1)
        # The small cost keeps a bias that gains nothing at 0.
        return numpy.mean([macro_f1(true[at], said[at]) for at in sets]) - 0.002 * numpy.abs(bias).sum()

    for width in (0.2, 0.1, 0.05):
        for _ in range(4):
            for label in range(len(bias)):
                tried = [bias + move * width * numpy.eye(len(bias))[label] for move in (0, -1, 1)]
                bias = max(tried, key=goal)
    return bias - bias.mean()


def temperature(logits, true, weights):
    """The divisor of the logits under which the labels are likeliest."""

    def loss(value):
        scaled = logits / numpy.exp(value[0])
        scaled = scaled - numpy.logaddexp.reduce(scaled, axis=1, keepdims=True)
        return -(weights * scaled[numpy.arange(len(true)), true]).sum()

    return float(numpy.exp(minimize(loss, [0.0], method="Nelder-Mead").x[0]))


def platt(logits, true, weights):
    """Scale and shift under which the labels are likeliest (Platt 1999), held near 1 and 0 where there are few."""

    def loss(value):
        z = value[0] * logits + value[1]
        return (weights * (numpy.logaddexp(0, z) - true * z)).sum() + 0.5 * ((value[0] - 1) ** 2 + value[1] ** 2)

    scale, shift = minimize(loss, [1.0, 0.0], method="Nelder-Mead").x
    return max(0.2, float(scale)), float(shift)


TRIED = numpy.arange(0.05, 0.71, 0.02)


def gains(chance, true, sets, settings):
    """The mean F1 over the sets from each probability on, a set by the root of its positives; and all positives."""
    sets = [at for at in sets if true[at].sum() >= settings["positives"]]
    if not sets:
        return numpy.zeros(len(TRIED)), 0
    sizes = numpy.array([true[at].sum() for at in sets])
    f1 = [[binary_f1(true[at], chance[at] >= one) for at in sets] for one in TRIED]
    return numpy.average(f1, axis=1, weights=numpy.sqrt(sizes)), int(sizes.sum())


def threshold(own, every, settings):
    """The probability from which an emotion counts as expressed: where one language gains most, and all do
    where it has few texts that show the emotion."""
    (own, positives), (every, known) = own, every
    if not known:
        return None
    share = positives / (positives + settings["trust"])
    gains = numpy.where(TRIED < settings["floor"], 0.0, share * own + (1 - share) * every)
    smooth = numpy.convolve(gains, [0.25, 0.5, 0.25], mode="same")
    smooth[0], smooth[-1] = gains[0] - 0.01, gains[-1] - 0.01  # the ends have one neighbour only
    return round(float(TRIED[int(numpy.argmax(smooth))]), 3)


class HeldOut:
    """The held-out texts of one half, and which of them belong together."""

    def __init__(self, settings, data, half):
        self.listed = [one for one in examples(settings, data) if one.split == half]
        self.texts = [one.text for one in self.listed]
        self.source = numpy.array([one.source for one in self.listed])
        self.lang = numpy.array([one.lang for one in self.listed])
        self.sentiment = numpy.array([settings["sentiment"].index(one.sentiment) if one.sentiment else -1 for one in self.listed])
        self.emotion = numpy.array([[one.emotions.get(name, -1) for name in settings["emotion"]] for one in self.listed], int)

    def sets(self, chosen):
        """The places of each source among the chosen ones."""
        source = self.source[chosen]
        return [numpy.flatnonzero(source == name) for name in sorted(set(source))]

    def weights(self, chosen):
        """Each source counts as the root of its texts, and one text of the mean source as 1."""
        source = self.source[chosen]
        weights = numpy.zeros(len(source))
        for at in self.sets(chosen):
            weights[at] = len(at) ** -0.5
        return weights / weights.mean()


def calibrated(model, half, said, settings):
    """Folds biases and scales into the heads; temperatures and thresholds as heads.json gives them."""
    chosen = half.sentiment >= 0
    logits, true = said["sentiment"][chosen], half.sentiment[chosen]
    bias = balance(logits, true, half.sets(chosen))
    model.heads["sentiment"].bias.data += torch.tensor(bias, dtype=torch.float)
    weights, lang = half.weights(chosen), half.lang[chosen]
    temperatures = {}
    for name in LANGUAGES:
        at = lang == name
        temperatures[name] = round(temperature(logits[at] + bias, true[at], weights[at]), 4)

    thresholds = {name: {} for name in LANGUAGES}
    head = model.heads["emotion"]
    for row, emotion in enumerate(settings["emotion"]):
        chosen = half.emotion[:, row] >= 0
        true = half.emotion[chosen, row] == 1
        scale, shift = platt(said["emotion"][chosen, row], true, half.weights(chosen))
        head.weight.data[row] *= scale
        head.bias.data[row] = head.bias.data[row] * scale + shift
        chance = 1 / (1 + numpy.exp(-(said["emotion"][chosen, row] * scale + shift)))
        every = gains(chance, true, half.sets(chosen), settings["export"])
        for name in LANGUAGES:
            at = half.lang[chosen] == name
            sets = [one[at[one]] for one in half.sets(chosen) if at[one].any()]
            least = threshold(gains(chance, true, sets, settings["export"]), every, settings["export"])
            if least:  # an emotion that nobody labelled is not read
                thresholds[name][emotion] = least
    return temperatures, thresholds


def card(settings, data, folder, thresholds):
    """What `voz models show` tells; `voz eval recipe --card` puts the accuracy in."""
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("config.json", "heads.json", "model.safetensors", "tokenizer.json")}
    version = hashlib.sha256("".join(f"{name} {one}\n" for name, one in sums.items()).encode()).hexdigest()[:12]
    listed = [one for one in examples(settings, data) if one.split == FIT]
    order = drawn(listed, settings["finetune"]["emotion_share"], numpy.random.default_rng([settings["seed"], 1]))
    learned = Counter(listed[at].source for at in order[: settings["finetune"]["rows"]])
    labels = tomllib.loads((HERE / settings["labels"]).read_text())["source"]
    pairs = Counter(pair.source for pair in parallel(settings, data))
    sentences = tomllib.loads((HERE / settings["parallel"]).read_text())["source"]
    sources = []
    for listed, counts in ((labels, learned), (sentences, pairs)):
        sources += [{"name": one["name"], "texts": counts[one["name"]], "licence": one["licence"]} for one in listed if counts[one["name"]]]
    return {
        "name": "accurate",
        "version": version,
        "about": settings["about"].format(date=datetime.date.today(), base=settings["base"]["name"], licence=settings["base"]["licence"]),
        "sources": sources,
        "thresholds": {lang: dict(sorted(of.items())) for lang, of in thresholds.items()},
        "accuracy": [],
        "files": sums,
    }


def main(data, work):
    settings = recipe()
    mine = settings["export"]
    state = torch.load(work / "finetuned.pt")
    state.pop("sources.weight", None)
    model = Bilingual(bert(work / "distilled"), settings)
    model.load_state_dict(state)
    model.eval()
    split = Tokenizer.from_file(str(work / "vocabulary" / "tokenizer.json"))
    half = HeldOut(settings, data, CALIBRATE)
    log(work, f"export: reading {len(half.texts):,} texts to calibrate")
    said = read(model, split, half.texts, mine)
    temperatures, thresholds = calibrated(model, half, said, settings)

    out = work / "model"
    out.mkdir(exist_ok=True)
    config = model.bert.config
    config.architectures = ["BertModel"]
    config.id2label = dict(enumerate(settings["sentiment"]))
    config.label2id = {label: at for at, label in enumerate(settings["sentiment"])}
    config.dtype = "float16"
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.1  # as the base model; none was used here
    config.save_pretrained(out)
    for name in ("tokenizer.json", "vocab.txt"):
        shutil.copyfile(work / "vocabulary" / name, out / name)
    save_file({name: one.detach().half().contiguous() for name, one in model.state_dict().items()}, out / "model.safetensors", metadata={"format": "pt"})
    (out / "model.safetensors").chmod(0o644)
    heads = {
        "pooling": "mean",
        "max_length": mine["max_length"],
        "overlap": mine["overlap"],
        "sentiment": {"labels": settings["sentiment"], "temperature": temperatures},
        "emotion": {"labels": settings["emotion"], "thresholds": thresholds},
        "embedding": {"width": config.hidden_size, "normalized": True},
    }
    (out / "heads.json").write_text(json.dumps(heads, indent=2) + "\n")
    (out / "card.json").write_text(json.dumps(card(settings, data, out, thresholds), indent=2) + "\n")
    log(work, f"export: {(out / 'model.safetensors').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main(*map(pathlib.Path, sys.argv[1:3]))
