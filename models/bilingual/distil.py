"""Distillation: the vectors of a Spanish sentence and of its translation move to where the base model, which knows English, puts the English one.

    python distil.py DATA WORK

Reads WORK/vocabulary, writes WORK/distilled. Resumes from WORK/distil.pt where it was stopped.
"""

import pathlib
import sys
import time

import numpy
import torch
from data import log, parallel, recipe
from model import base, bert, optimizer, pieces_of, pooled, rate, save, unit
from tokenizers import Tokenizer
from torch.nn import functional


class Teacher:
    """The base model's vectors of the English sentences, each computed when first asked for and kept."""

    def __init__(self, settings, texts, kept, pieces):
        self.texts = texts
        self.encoder = bert(base(settings)).eval()
        self.split = Tokenizer.from_file(str(base(settings) / "tokenizer.json"))
        self.split.no_padding()
        self.split.enable_truncation(pieces)
        shape = (len(texts), self.encoder.config.hidden_size)
        mode = "r+" if kept.exists() and kept.stat().st_size == 2 * shape[0] * shape[1] else "w+"
        self.kept = numpy.memmap(kept, numpy.float16, mode, shape=shape)

    @torch.no_grad()
    def vectors(self, wanted):
        missing = [at for at in wanted if not self.kept[at].any()]
        if missing:
            self.kept[missing] = unit(pooled(self.encoder, pieces_of(self.split, [self.texts[at] for at in missing]))).numpy()
        return torch.from_numpy(self.kept[wanted].astype(numpy.float32))


class Parallel:
    """The parallel sentences, in seeded batches of similar length."""

    def __init__(self, settings, data, work, batch):
        mine = settings["distil"]
        self.seed, self.batch, self.chunk = settings["seed"], batch, mine["chunk"] * batch
        self.pairs = [pair for pair in parallel(settings, data) if pair.source not in mine["leave_out"]]
        self.split = Tokenizer.from_file(str(work / "vocabulary" / "tokenizer.json"))
        self.split.enable_truncation(mine["pieces"])
        texts = list(dict.fromkeys(pair.en for pair in self.pairs))
        number = {text: at for at, text in enumerate(texts)}
        self.text = numpy.array([number[pair.en] for pair in self.pairs])
        self.teacher = Teacher(settings, texts, work / "teacher.f16", mine["pieces"])

    def batches(self, begin):
        """Endless batches of pair numbers, from the batch `begin` on."""
        at = epoch = 0
        while True:
            chance = numpy.random.default_rng([self.seed, epoch])
            order = chance.permutation(len(self.text))
            for start in range(0, len(order), self.chunk):
                part = order[start : start + self.chunk]
                part = part[numpy.argsort([len(self.pairs[one].es) for one in part], kind="stable")]
                batches = [part[first : first + self.batch] for first in range(0, len(part), self.batch)]
                for one in chance.permutation(len(batches)):
                    if at >= begin:
                        yield batches[one]
                    at += 1
            epoch += 1

    def loss(self, encode, batch, mine):
        """What the vectors of a batch are off the teacher's; `encode` makes vectors from padded pieces."""
        target = self.teacher.vectors(self.text[batch])
        some = slice(None, None, round(1 / mine["english"]))
        spanish = unit(encode(pieces_of(self.split, [self.pairs[at].es for at in batch])))
        english = unit(encode(pieces_of(self.split, [self.pairs[at].en for at in batch[some]])))
        cosine, cosine_en = (spanish * target).sum(1), (english * target[some]).sum(1)
        scores = spanish @ target.T / mine["temperature"]
        same = torch.from_numpy(self.text[batch][:, None] == self.text[batch][None])
        same.fill_diagonal_(False)
        contrast = functional.cross_entropy(scores.masked_fill(same, -torch.inf), torch.arange(len(batch)))
        loss = (1 - cosine).mean() + (1 - cosine_en).mean() * mine["english"] + mine["contrast"] * contrast
        return loss, {"es": cosine.mean().item(), "en": cosine_en.mean().item(), "contrast": contrast.item()}


def main(data, work):
    settings = recipe()
    mine = settings["distil"]
    torch.manual_seed(settings["seed"])
    encoder = bert(work / "vocabulary").train()
    words = encoder.embeddings.word_embeddings.weight
    others = [one for one in encoder.parameters() if one is not words]
    adam = optimizer([([words], mine["embedding_rate"]), (others, mine["layer_rate"])])
    begin, checkpoint = 0, work / "distil.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        encoder.load_state_dict(state["encoder"])
        adam.load_state_dict(state["adam"])
        begin = state["step"]
    pairs = Parallel(settings, data, work, mine["batch"])
    log(work, f"distil: {len(pairs.pairs):,} pairs, step {begin} of {mine['steps']}")
    saved = time.monotonic()
    since, read, mean = saved, 0, {}
    for step, batch in enumerate(pairs.batches(begin), begin):
        if step >= mine["steps"]:
            break
        for group in adam.param_groups:
            group["lr"] = group["base"] * rate(step, mine["steps"], mine["warmup"])
        loss, figures = pairs.loss(lambda ids: pooled(encoder, ids), batch, mine)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        adam.step()
        read += len(batch)
        mean = {name: 0.95 * mean.get(name, value) + 0.05 * value for name, value in figures.items()}
        if step % 25 == 24:
            shown = " ".join(f"{name} {value:.3f}" for name, value in mean.items())
            log(work, f"distil: step {step + 1}, {read / (time.monotonic() - since):.0f} pairs/s, {shown}")
            since, read = time.monotonic(), 0
        if time.monotonic() - saved > 60 * mine["checkpoint_minutes"]:
            save(checkpoint, {"step": step + 1, "encoder": encoder.state_dict(), "adam": adam.state_dict()})
            saved = time.monotonic()
    save(checkpoint, {"step": mine["steps"], "encoder": encoder.state_dict(), "adam": adam.state_dict()})
    encoder.save_pretrained(work / "distilled")
    log(work, "distil: done")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main(*map(pathlib.Path, sys.argv[1:3]))
