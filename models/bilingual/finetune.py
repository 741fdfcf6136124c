"""Fine-tuning: heads for sentiment and emotions, the encoder with them; parallel sentences go on being distilled.

    python finetune.py DATA WORK

Reads WORK/distilled, writes WORK/finetuned.pt. Resumes from WORK/finetune.pt where it was stopped.
"""

import pathlib
import sys
import time
from collections import Counter

import numpy
import torch
from data import FIT, examples, log, recipe
from distil import Parallel
from model import Bilingual, bert, optimizer, padded, rate, save
from tokenizers import Tokenizer
from torch.nn import functional


def kind(example, shown):
    """What is balanced: the source, and in it the sentiment, or the emotion that it shows most seldom."""
    if example.sentiment:
        return example.source, example.sentiment
    there = [emotion for emotion, is_there in example.emotions.items() if is_there]
    return example.source, min(there, key=lambda emotion: shown[example.source, emotion], default="none")


def drawn(listed, share, chance):
    """The order in which examples are learned from: a draw without replacement (Efraimidis & Spirakis 2006).

    An example's chance is its source's weight over the root of the number of its kind, as the fast
    model weighs it; texts with emotions get their share of the whole.
    """
    shown = Counter((one.source, emotion) for one in listed for emotion, is_there in one.emotions.items() if is_there)
    kinds = [kind(one, shown) for one in listed]
    counts = Counter(kinds)
    weights = numpy.array([one.weight / counts[its] ** 0.5 for one, its in zip(listed, kinds)])
    emotional = numpy.array([one.sentiment is None for one in listed])
    weights[emotional] *= share / weights[emotional].sum()
    weights[~emotional] *= (1 - share) / weights[~emotional].sum()
    return numpy.argsort(chance.exponential(size=len(listed)) / weights)


class Labelled:
    """The labelled texts as pieces and targets, in seeded batches of about as many pieces."""

    def __init__(self, settings, data, work):
        mine = settings["finetune"]
        # A generator for each use: with more rows, those that were there stay as they were.
        order, cuts, mix = (numpy.random.default_rng([settings["seed"], use]) for use in (1, 2, 3))
        listed = [one for one in examples(settings, data) if one.split == FIT]
        self.names = sorted({one.source for one in listed})
        listed = [listed[at] for at in drawn(listed, mine["emotion_share"], order)[: mine["rows"]]]
        split = Tokenizer.from_file(str(work / "vocabulary" / "tokenizer.json"))
        self.rows = [window(one.ids, mine["windows"], cuts) for one in split.encode_batch([one.text for one in listed])]
        self.source = torch.tensor([self.names.index(one.source) for one in listed])
        self.sentiment = torch.tensor([settings["sentiment"].index(one.sentiment) if one.sentiment else -100 for one in listed])
        self.emotion = torch.tensor([[float(one.emotions.get(name, -1)) for name in settings["emotion"]] for one in listed])
        self.batches = []
        for start in range(0, len(listed), mine["chunk"]):
            part = range(start, min(start + mine["chunk"], len(listed)))
            some = list(packed(sorted(part, key=lambda at: len(self.rows[at])), self.rows, mine))
            self.batches += [some[at] for at in mix.permutation(len(some))]

    def loss(self, model, batch, mine):
        said = model(padded([self.rows[at] for at in batch]))
        sentiment = functional.cross_entropy(said["sentiment"], self.sentiment[batch], reduction="sum")
        target = self.emotion[batch]
        known = (target >= 0).float()
        logits = said["emotion"] + model.sources(self.source[batch])
        each = functional.binary_cross_entropy_with_logits(logits, target.clamp(min=0), reduction="none") * known
        emotion = (each.sum(1) / known.sum(1).clamp(min=1)).sum()
        return sentiment, mine["emotion_weight"] * emotion


def window(ids, lengths, chance):
    """A text of at most one of the lengths, drawn; of a longer one some part, from its begin more often than from elsewhere."""
    most = int(chance.choice(lengths))
    if len(ids) <= most:
        return ids
    begin = 1 if chance.random() < 0.5 else 1 + int(chance.integers(len(ids) - most + 1))
    return [ids[0], *ids[begin : begin + most - 2], ids[-1]]


def packed(order, rows, mine):
    """Cuts an order of texts, short ones first, into batches of at most so many texts and pieces."""
    batch = []
    for at in order:
        if batch and (len(batch) == mine["texts"] or (len(batch) + 1) * len(rows[at]) > mine["pieces"]):
            yield batch
            batch = []
        batch.append(at)
    yield batch


def main(data, work):
    settings = recipe()
    mine = settings["finetune"]
    torch.manual_seed(settings["seed"])
    labelled = Labelled(settings, data, work)
    pairs = Parallel(settings, data, work, mine["pairs"])
    model = Bilingual(bert(work / "distilled"), settings, len(labelled.names)).train()
    words = model.bert.embeddings.word_embeddings.weight
    layers = [one for one in model.bert.parameters() if one is not words]
    heads = [*model.heads["sentiment"].parameters(), *model.heads["emotion"].parameters(), *model.sources.parameters()]
    adam = optimizer(
        [([words], mine["embedding_rate"]), (layers, mine["layer_rate"]), (heads, mine["head_rate"]), (list(model.heads["embedding"].parameters()), mine["layer_rate"])]
    )
    begin, checkpoint = 0, work / "finetune.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        adam.load_state_dict(state["adam"])
        begin = state["step"]
    steps = len(labelled.batches)
    parallel = pairs.batches(begin // mine["parallel_every"])
    log(work, f"finetune: {len(labelled.rows):,} texts, {sum(map(len, labelled.rows)):,} pieces, step {begin} of {steps}")
    saved = time.monotonic()
    since, read, mean = saved, 0, {}
    for step in range(begin, steps):
        for group in adam.param_groups:
            group["lr"] = group["base"] * rate(step, steps, mine["warmup"])
        batch = labelled.batches[step]
        sentiment, emotion = labelled.loss(model, batch, mine)
        adam.zero_grad()
        ((sentiment + emotion) / mine["texts"]).backward()
        figures = {"sentiment": sentiment.item() / len(batch), "emotion": emotion.item() / len(batch)}
        if step % mine["parallel_every"] == 0:
            loss, others = pairs.loss(model.embed, next(parallel), settings["distil"])
            (mine["parallel_weight"] * loss).backward()
            figures |= others
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        read += len(batch)
        mean |= {name: 0.97 * mean.get(name, value) + 0.03 * value for name, value in figures.items()}
        if step % 50 == 49:
            shown = " ".join(f"{name} {value:.3f}" for name, value in mean.items())
            log(work, f"finetune: step {step + 1}, {read / (time.monotonic() - since):.0f} texts/s, {shown}")
            since, read = time.monotonic(), 0
        if time.monotonic() - saved > 60 * mine["checkpoint_minutes"]:
            save(checkpoint, {"step": step + 1, "model": model.state_dict(), "adam": adam.state_dict()})
            saved = time.monotonic()
    save(work / "finetuned.pt", model.state_dict())
    log(work, "finetune: done")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main(*map(pathlib.Path, sys.argv[1:3]))
