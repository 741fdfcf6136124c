"""Texts per second of one model directory: Python transformers, sentence-transformers, and voz.

    pip install -r benches/transformers/requirements.txt
    python benches/transformers/head.py ENCODER DIR
    python benches/transformers/speed.py --model DIR --voz target/release/voz
    python benches/transformers/speed.py --model DIR --voz target/release/voz --memory

ENCODER is a directory of a BERT encoder; DIR may also be any model of the hub, or an encoder. All
run in turns on the same cores, with the same weights and texts of 20 words. Loading is not counted:
Python's clock starts after it, and from voz the time of a run with few texts is taken away. With
--memory it is the peak memory of voz over N and over ten times N texts. Without --voz only Python
is timed.

Python's libraries are imported where they are used: a child's peak memory is at least its parent's
when it was started.
"""

import argparse
import csv
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

VOZ = ["{voz}", "{verb}", "{file}", "--model", "{model}", "-o", "/dev/null"]
SEED = 20
WORDS = 20
BATCH = 32
ROUNDS = 3
FEW = 10
CORES = len(os.sched_getaffinity(0))

SPANISH = (
    "el envío llegó tarde pero la tienda respondió rápido y me devolvieron todo aunque nadie avisó antes del retraso"
    " compré una mesa preciosa calidad precio excelente servicio atención amable volveré gracias aplicación falla cada"
    " mañana factura cobraron doble espera larga técnico vino resolvió problema muy bien habitación limpia desayuno frío"
).split()
ENGLISH = (
    "the delivery came late but the shop answered quickly and they refunded everything although nobody told us about"
    " a delay I bought lovely table great quality price excellent service friendly staff will return thanks app crashes"
    " every morning bill charged twice long wait engineer fixed problem very well room clean breakfast cold"
).split()


def texts_of(number):
    chance = random.Random(SEED)
    return [" ".join(chance.choices(ENGLISH if at % 2 else SPANISH, k=WORDS)) + "." for at in range(number)]


def write_csv(path, texts):
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["id", "text"])
        writer.writerows(enumerate(texts))
    return path


def classifies(model):
    config = json.loads((model / "config.json").read_text())
    return config["architectures"][0].endswith("ForSequenceClassification")


def run_voz(voz, model, path):
    """Wall seconds and peak memory in MiB of one run: `tag` with a classifier, `embed` with an encoder."""
    verb = "tag" if classifies(model) else "embed"
    command = [part.format(voz=voz, verb=verb, model=model, file=path) for part in VOZ]
    begun = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    told = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {child.returncode}\n{told.decode(errors='replace')}")
    return wall, usage.ru_maxrss / 1024


def by_transformers(model, labels):
    """A function that runs texts in batches of like length, as sentence-transformers does."""
    import torch
    import transformers

    torch.set_num_threads(CORES)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    split = transformers.AutoTokenizer.from_pretrained(model)
    kind = transformers.AutoModelForSequenceClassification if labels else transformers.AutoModel
    loaded = kind.from_pretrained(model, dtype=torch.float32).eval()
    longest = min(split.model_max_length, loaded.config.max_position_embeddings)

    @torch.inference_mode()
    def run(texts):
        ordered = sorted(texts, key=len, reverse=True)
        for at in range(0, len(ordered), BATCH):
            given = split(ordered[at : at + BATCH], padding=True, truncation=True, max_length=longest, return_tensors="pt")
            out = loaded(**given)
            if labels:
                out.logits.softmax(1)
            else:
                mask = given["attention_mask"][..., None]
                torch.nn.functional.normalize((out.last_hidden_state * mask).sum(1) / mask.sum(1), dim=1)

    return run


def by_sentence_transformers(model):
    from sentence_transformers import SentenceTransformer

    loaded = SentenceTransformer(str(model), device="cpu")
    return lambda texts: loaded.encode(texts, batch_size=BATCH, show_progress_bar=False)


def timed(run, texts):
    begun = time.perf_counter()
    run(texts)
    return len(texts) / (time.perf_counter() - begun)


def speed(model, voz, texts, folder):
    labels = classifies(model)
    python = {"transformers": by_transformers(model, labels)}
    if not labels:
        python["sentence-transformers"] = by_sentence_transformers(model)
    for run in python.values():
        run(texts[: 2 * BATCH])  # the first batches are slower
    ways = {name: lambda run=run: timed(run, texts) for name, run in python.items()}
    if voz:
        whole, few = write_csv(folder / "whole.csv", texts), write_csv(folder / "few.csv", texts[:FEW])
        run_voz(voz, model, few)

        def by_voz():
            start, _ = run_voz(voz, model, few)
            return (len(texts) - FEW) / (run_voz(voz, model, whole)[0] - start)

        ways["voz"] = by_voz
    rates = {name: [] for name in ways}
    for turn in range(ROUNDS):
        for name in list(ways)[:: 1 if turn % 2 == 0 else -1]:
            rates[name].append(ways[name]())
    base = statistics.median(rates["transformers"])
    print(f"{'what':<22} {'texts/s':>9} {'ratio':>6}   each")
    for name, each in rates.items():
        middle = statistics.median(each)
        print(f"{name:<22} {middle:>9,.1f} {middle / base:>6.2f}   {', '.join(f'{rate:,.1f}' for rate in each)}")


def memory(model, voz, number, folder):
    print(f"{'texts':>9} {'peak MiB':>9}")
    for size in (number, 10 * number):
        _, peak = run_voz(voz, model, write_csv(folder / "texts.csv", texts_of(size)))
        print(f"{size:>9,} {peak:>9,.0f}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--model", type=pathlib.Path, required=True)
    arguments.add_argument("--voz", type=pathlib.Path)
    arguments.add_argument("--texts", type=int, default=1000)
    arguments.add_argument("--memory", action="store_true")
    arguments = arguments.parse_args()
    if arguments.texts <= FEW:
        sys.exit(f"--texts must exceed {FEW}")
    print(f"{arguments.texts:,} texts of {WORDS} words, {CORES} cores, load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        if not arguments.memory:
            speed(arguments.model, arguments.voz, texts_of(arguments.texts), pathlib.Path(folder))
        elif arguments.voz:
            memory(arguments.model, arguments.voz, arguments.texts, pathlib.Path(folder))
        else:
            sys.exit("--memory measures voz: say --voz PATH")


if __name__ == "__main__":
    main()
