"""The encoder with its heads, and how texts become batches."""

import importlib
import math
import pathlib

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from torch import nn
from torch.nn import functional

transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def base(settings):
    """The folder of the model that this one starts from and learns from."""
    return pathlib.Path(importlib.import_module(settings["base"]["package"]).__file__).parent / "model"


def bert(folder):
    """A BERT without pooler and without dropout: at this size and few epochs it only costs time."""
    return transformers.BertModel.from_pretrained(
        folder, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )


def tokenizer(pieces):
    """WordPiece over text in lower case without accents, as BERT does it."""
    vocabulary = {piece: at for at, piece in enumerate(pieces)}
    built = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    built.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True)
    built.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [(piece, vocabulary[piece]) for piece in ("[CLS]", "[SEP]")]
    built.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends)
    built.decoder = decoders.WordPiece()
    built.add_special_tokens(SPECIAL)
    return built


def padded(rows):
    """Lists of piece numbers as one tensor; the padding is piece 0, and no text holds it."""
    ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = torch.as_tensor(row)
    return ids


def pieces_of(split, texts):
    return padded([one.ids for one in split.encode_batch(texts)])


def pooled(encoder, ids):
    """The mean of a text's last states, [texts, width]."""
    mask = (ids != 0).long()
    states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
    weights = mask.unsqueeze(2).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1)


def unit(vectors):
    return functional.normalize(vectors, dim=1)


class Bilingual(nn.Module):
    """One encoder and a linear head for each task, all on the mean of the text's last states.

    `sources` shifts the emotions of each source of labels: what its makers counted as an emotion.
    It is known while learning and left out at use.
    """

    def __init__(self, encoder, settings, sources=0):
        super().__init__()
        width = encoder.config.hidden_size
        self.bert = encoder
        self.heads = nn.ModuleDict(
            {
                "sentiment": nn.Linear(width, len(settings["sentiment"])),
                "emotion": nn.Linear(width, len(settings["emotion"])),
                "embedding": nn.Linear(width, width, bias=False),
            }
        )
        nn.init.eye_(self.heads["embedding"].weight)
        self.sources = nn.Embedding(sources, len(settings["emotion"])) if sources else None
        if sources:
            nn.init.zeros_(self.sources.weight)

    def forward(self, ids):
        mean = pooled(self.bert, ids)
        return {name: head(mean) for name, head in self.heads.items()}

    def embed(self, ids):
        return self.heads["embedding"](pooled(self.bert, ids))


def windows(ids, most, overlap):
    """A text's pieces, without those of begin and end, cut into overlapping parts that have room for these."""
    room = most - 2
    if len(ids) <= room:
        return [ids]
    begins = range(0, len(ids) - overlap, room - overlap)
    return [ids[begin : begin + room] for begin in begins]


@torch.no_grad()
def read(model, split, texts, reading):
    """What the heads say of each text: a long one is the mean of its windows, weighted by their lengths."""
    first, last = split.token_to_id("[CLS]"), split.token_to_id("[SEP]")
    parts, owner = [], []
    for at, text in enumerate(split.encode_batch(texts, add_special_tokens=False)):
        for part in windows(text.ids, reading["max_length"], reading["overlap"]):
            parts.append([first, *part, last])
            owner.append(at)
    order = sorted(range(len(parts)), key=lambda at: len(parts[at]))
    owner = torch.tensor(owner)
    weights = torch.tensor([float(max(1, len(part) - 2)) for part in parts])
    total = torch.zeros(len(texts)).index_add_(0, owner, weights)
    sums = {name: torch.zeros(len(texts), head.out_features) for name, head in model.heads.items()}
    for start in range(0, len(order), 64):
        batch = order[start : start + 64]
        for name, said in model(padded([parts[at] for at in batch])).items():
            sums[name].index_add_(0, owner[batch], said * weights[batch].unsqueeze(1))
    return {name: (values / total.unsqueeze(1)).numpy() for name, values in sums.items()}


def rate(step, steps, warmup):
    """Share of the learning rate: up in a straight line, then down to 0 along a cosine."""
    begun = max(1, round(steps * warmup))
    if step < begun:
        return (step + 1) / begun
    return 0.5 * (1 + math.cos(math.pi * (step - begun) / max(1, steps - begun)))


def optimizer(groups):
    """AdamW over (parameters, rate) groups; decay on matrices would pull rare pieces to 0, so none."""
    listed = [{"params": parameters, "lr": lr, "base": lr} for parameters, lr in groups]
    return torch.optim.AdamW(listed, betas=(0.9, 0.98), weight_decay=0.0, fused=True)


def save(path, state):
    """Writes a checkpoint whole or not at all."""
    beside = path.with_suffix(".new")
    torch.save(state, beside)
    beside.replace(path)
