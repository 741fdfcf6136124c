"""The vocabulary: pieces of the base model that are of use, Spanish words, emoji; and where they start.

    python vocabulary.py DATA WORK

Writes WORK/vocabulary: the base model with its table of pieces exchanged, ready to be distilled.
A new Spanish word starts from the English pieces of its translations, an emoji from those of its name.
"""

import pathlib
import sys
import unicodedata
from collections import Counter, defaultdict

import numpy
import torch
import transformers
from data import log, parallel, recipe, unlabelled
from model import SPECIAL, base, bert, tokenizer
from tokenizers import Tokenizer


def is_foreign(piece):
    """True for letters of other scripts and for slots that were never used."""
    if piece.startswith("[unused"):
        return True
    letters = [character for character in piece if unicodedata.category(character).startswith("L")]
    return any(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters)


class Counts:
    """How often words stand in a language, and in which sources and how many texts."""

    def __init__(self):
        self.times, self.texts, self.sources = Counter(), Counter(), defaultdict(set)

    def add(self, words, source):
        self.times.update(words)
        for word in set(words):
            self.texts[word] += 1
            self.sources[word].add(source)

    def common(self, word, settings):
        return self.texts[word] >= settings["texts"] and len(self.sources[word]) >= settings["sources"]


def words_of(split, text):
    normal = split.normalizer.normalize_str(text)
    return [word for word, _ in split.pre_tokenizer.pre_tokenize_str(normal)]


def aligned(pairs, settings):
    """IBM model 1 (Brown et al. 1993): the probability of English words for each Spanish word."""
    numbers = {"en": {}, "es": {"": 0}}  # the empty Spanish word stands for what is not translated
    english, spanish, group = [], [], []
    groups = 0
    for en, es in pairs:
        if max(len(en), len(es)) > settings["alignment_words"]:
            continue
        es = [0, *(numbers["es"].setdefault(word, len(numbers["es"])) for word in es)]
        en = [numbers["en"].setdefault(word, len(numbers["en"])) for word in en]
        english.append(numpy.repeat(numpy.array(en, numpy.int64), len(es)))
        spanish.append(numpy.tile(numpy.array(es, numpy.int64), len(en)))
        group.append(numpy.repeat(numpy.arange(groups, groups + len(en)), len(es)))
        groups += len(en)
    width = len(numbers["en"])
    cells, cell = numpy.unique(numpy.concatenate(spanish) * width + numpy.concatenate(english), return_inverse=True)
    group = numpy.concatenate(group)
    row = cells // width
    chance = numpy.ones(len(cells))
    for _ in range(settings["alignment_steps"]):
        share = chance[cell]
        share /= numpy.bincount(group, share, groups)[group]
        chance = numpy.bincount(cell, share, len(cells))
        chance /= numpy.bincount(row, chance)[row]
    names = list(numbers["en"])
    found = defaultdict(list)
    spelled = list(numbers["es"])
    for at in numpy.flatnonzero(chance >= settings["least"]):
        found[spelled[row[at]]].append((chance[at], names[cells[at] % width]))
    return {word: sorted(list_, reverse=True)[: settings["translations"]] for word, list_ in found.items()}


class Starts:
    """Where new pieces start: means of the base model's pieces."""

    def __init__(self, old, table):
        self.old, self.table = old, table

    def of_word(self, word):
        ids = self.old.encode(word, add_special_tokens=False).ids
        return self.table[ids].mean(0)

    def of_translations(self, weighted):
        """The weighted mean, as long as its parts are: a mean of different vectors is too short."""
        weights = torch.tensor([weight for weight, _ in weighted], dtype=torch.float)
        parts = torch.stack([self.of_word(word) for _, word in weighted])
        weights = (weights / weights.sum()).unsqueeze(1)
        mean = (weights * parts).sum(0)
        return mean * (weights * parts.norm(dim=1, keepdim=True)).sum() / mean.norm()


def stem(word):
    """What most forms of a Spanish word share."""
    return word[: max(4, len(word) - 3)]


def main(data, work):
    settings = recipe()
    mine = settings["vocabulary"]
    old = Tokenizer.from_file(str(base(settings) / "tokenizer.json"))
    old.no_padding()
    old.no_truncation()
    encoder = bert(base(settings))
    table = encoder.embeddings.word_embeddings.weight.detach()
    listed = sorted(old.get_vocab(), key=old.get_vocab().get)

    counts = {"en": Counts(), "es": Counts()}
    for lang, source, text in unlabelled(settings, data):
        counts[lang].add(words_of(old, text), source)
    log(work, f"vocabulary: {sum(counts['en'].times.values()):,} English and {sum(counts['es'].times.values()):,} Spanish words counted")

    seen, signs = Counter(), Counts()
    for words in counts.values():
        for word, times in words.times.items():
            for piece in old.encode(word, add_special_tokens=False).tokens:
                seen[piece] += times
            if not word.isalnum():
                for sign in set(word):
                    signs.texts[sign] += words.texts[word]
                    signs.sources[sign] |= words.sources[word]
    known = set(listed)
    signs = {sign: unicodedata.name(sign, "") for sign in signs.texts if unicodedata.category(sign) in ("So", "Sk") and sign not in known and signs.common(sign, mine)}
    kept = [piece for piece in listed if not is_foreign(piece) or piece in SPECIAL]

    def gain(word):
        return counts["es"].times[word] * (len(old.encode(word, add_special_tokens=False).ids) - 1)

    candidates = [word for word in counts["es"].times if len(word) > 2 and word.isalpha() and counts["es"].common(word, mine) and gain(word) > 0]
    candidates.sort(key=lambda word: (-gain(word), word))
    # Pieces go until there is room: those seen least first, of these the ones that English has most
    # seldom (the last of the base model's); never single letters.
    room = mine["pieces"] - 2 * len(signs) - mine["words"]
    least = [piece for piece in kept if len(piece.removeprefix("##")) > 1 and piece not in SPECIAL]
    least.sort(key=lambda piece: (seen[piece], -old.token_to_id(piece)))
    gone = set(least[: max(0, len(kept) - room)])
    kept = [piece for piece in kept if piece not in gone]
    new = candidates[: mine["pieces"] - len(kept) - 2 * len(signs)]
    log(work, f"vocabulary: {len(kept):,} old pieces, {len(new):,} Spanish words, {len(signs)} signs; {len(gone):,} pieces dropped that stood at most {max((seen[piece] for piece in gone), default=0)} times")

    pairs = [(words_of(old, pair.en), words_of(old, pair.es)) for pair in parallel(settings, data)]
    translations = aligned(pairs, mine)
    log(work, f"vocabulary: {sum(word in translations for word in new):,} of the new words have translations")
    starts = Starts(old, table)
    lacking = {stem(word) for word in new if word not in translations}
    by_stem = defaultdict(list)
    for word, weighted in translations.items():
        if stem(word) in lacking:
            by_stem[stem(word)].append(starts.of_translations(weighted))
    rows = [table[old.token_to_id(piece)] for piece in kept]
    for word in new:
        if word in translations:
            rows.append(starts.of_translations(translations[word]))
        elif stem(word) in by_stem:
            rows.append(torch.stack(by_stem[stem(word)]).mean(0))
        else:
            rows.append(starts.of_word(word))
    pieces = kept + new
    for sign, name in signs.items():
        start = starts.of_word(name.lower().replace("sign", "").replace("symbol", "") or sign)
        pieces += [sign, "##" + sign]
        rows += [start, start]

    encoder.resize_token_embeddings(len(pieces), mean_resizing=False)
    encoder.embeddings.word_embeddings.weight.data.copy_(torch.stack(rows))
    out = work / "vocabulary"
    encoder.save_pretrained(out)
    tokenizer(pieces).save(str(out / "tokenizer.json"))
    (out / "vocab.txt").write_text("\n".join(pieces) + "\n")
    log(work, f"vocabulary: {sum(one.numel() for one in encoder.parameters()):,} weights")


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:3]))
