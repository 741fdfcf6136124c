"""The same model with fewer layers: some layers of the fine-tuned one, taught to say what the whole one says.

    python small.py DATA WORK

Reads WORK/finetuned.pt, writes WORK/small, a folder for export.py and evaluate.py. No label is read: the
teacher's answers on the labelled texts, in both languages, are what is learned. Resumes from WORK/small/small.pt.
"""

import pathlib
import shutil
import sys
import time

import torch
from data import log, recipe
from finetune import Labelled
from model import Bilingual, bert, optimizer, padded, rate, save, unit
from torch import nn
from torch.nn import functional


def shortened(model, layers):
    """A model of these layers of another."""
    model.bert.encoder.layer = nn.ModuleList(model.bert.encoder.layer[at] for at in layers)
    model.bert.config.num_hidden_layers = len(layers)
    return model


def whole(settings, work):
    state = torch.load(work / "finetuned.pt")
    state.pop("sources.weight")
    model = Bilingual(bert(work / "distilled"), settings)
    model.load_state_dict(state)
    return model


def distance(said, meant):
    """How far a model's answers are off its teacher's."""
    sentiment = functional.kl_div(said["sentiment"].log_softmax(1), meant["sentiment"].softmax(1), reduction="batchmean")
    emotion = functional.binary_cross_entropy_with_logits(said["emotion"], meant["emotion"].sigmoid())
    vector = 1 - (unit(said["embedding"]) * unit(meant["embedding"])).sum(1).mean()
    return sentiment + 3 * emotion + 2 * vector


def main(data, work):
    settings = recipe()
    mine = settings["small"]
    torch.manual_seed(settings["seed"])
    teacher = whole(settings, work).eval()
    student = shortened(whole(settings, work), mine["layers"]).train()
    labelled = Labelled(settings, data, work)
    words = student.bert.embeddings.word_embeddings.weight
    adam = optimizer([([words], mine["embedding_rate"]), ([one for one in student.parameters() if one is not words], mine["layer_rate"])])
    out = work / "small"
    out.mkdir(exist_ok=True)
    begin, checkpoint = 0, out / "small.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        student.load_state_dict(state["model"])
        adam.load_state_dict(state["adam"])
        begin = state["step"]
    saved = time.monotonic()
    mean = None
    for step in range(begin, mine["steps"]):
        for group in adam.param_groups:
            group["lr"] = group["base"] * rate(step, mine["steps"], mine["warmup"])
        batch = labelled.batches[step % len(labelled.batches)]
        ids = padded([labelled.rows[at] for at in batch])
        with torch.no_grad():
            meant = teacher(ids)
        loss = distance(student(ids), meant)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        adam.step()
        mean = loss.item() if mean is None else 0.97 * mean + 0.03 * loss.item()
        if step % 25 == 24:
            log(work, f"small: step {step + 1} of {mine['steps']}, loss {mean:.3f}")
        if time.monotonic() - saved > 60 * mine["checkpoint_minutes"]:
            save(checkpoint, {"step": step + 1, "model": student.state_dict(), "adam": adam.state_dict()})
            saved = time.monotonic()
    student.bert.save_pretrained(out / "distilled")
    shutil.copytree(work / "vocabulary", out / "vocabulary", dirs_exist_ok=True)
    save(out / "finetuned.pt", student.state_dict())
    log(work, "small: done")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main(*map(pathlib.Path, sys.argv[1:3]))
