"""A model directory with a random head of three labels, made from one of a BERT encoder.

    python benches/transformers/head.py ENCODER OUT

Its answers mean nothing; its speed is that of a sentiment model of the encoder's size.
"""

import argparse
import json
import pathlib
import shutil

import torch
from safetensors.torch import load_file, save

SEED = 20
LABELS = ["negative", "neutral", "positive"]
VOCABULARY = ["vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("encoder", type=pathlib.Path)
    arguments.add_argument("out", type=pathlib.Path)
    arguments = arguments.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    config = json.loads((arguments.encoder / "config.json").read_text())
    config["architectures"] = ["BertForSequenceClassification"]
    config["id2label"] = dict(enumerate(LABELS))
    config["label2id"] = {label: at for at, label in enumerate(LABELS)}
    (arguments.out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    for name in VOCABULARY:
        if (arguments.encoder / name).exists():
            shutil.copyfile(arguments.encoder / name, arguments.out / name)
    weights = {f"bert.{name}": weight for name, weight in load_file(arguments.encoder / "model.safetensors").items()}
    width = config["hidden_size"]
    shapes = {"bert.pooler.dense.weight": (width, width), "bert.pooler.dense.bias": (width,)}
    shapes |= {"classifier.weight": (len(LABELS), width), "classifier.bias": (len(LABELS),)}
    torch.manual_seed(SEED)
    for name, shape in shapes.items():
        weights.setdefault(name, 0.1 * torch.randn(shape))
    (arguments.out / "model.safetensors").write_bytes(save(weights, metadata={"format": "pt"}))


if __name__ == "__main__":
    main()
