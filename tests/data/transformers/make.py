"""Tiny model directories with seeded random weights, and what Python transformers answers for them.

    pip install -r tests/data/transformers/requirements.txt
    python tests/data/transformers/make.py

Writes the directories, texts.json and reference.json beside this file; README.md describes them.
The same call writes the same bytes.
"""

import collections
import contextlib
import io
import itertools
import json
import pathlib
import shutil
import tempfile
import unicodedata

import numpy
import sentencepiece
import tokenizers
import torch
import transformers
from safetensors.torch import save
from sentence_transformers import SentenceTransformer

HERE = pathlib.Path(__file__).parent
SEED = 20
POSITIONS = 96  # the longest text to compare has fewer pieces than this in every vocabulary
PIECES = 360
UNIGRAM = 230  # the sentences do not hold many more
BATCH = 8
CLOSE = 1e-5

STARS = ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]
SENTIMENT = ["negative", "neutral", "positive"]
EKMAN = ["anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"]
GO = (
    "admiration amusement anger annoyance approval caring confusion curiosity desire disappointment disapproval"
    " disgust embarrassment excitement fear gratitude grief joy love nervousness optimism pride realization relief"
    " remorse sadness surprise neutral"
).split()

# Combined into the sentences that the vocabularies are trained on.
SUBJECTS = [
    ("la aplicación", "the app"),
    ("el envío", "the delivery"),
    ("el niño de recepción", "the boy at reception"),
    ("la habitación", "the room"),
    ("el técnico", "the engineer"),
    ("mi pedido", "my order"),
    ("la factura", "the bill"),
    ("el desayuno", "breakfast"),
]
VERDICTS = [
    ("llegó tarde y rota", "arrived late and broken"),
    ("es muy buena, volveré", "is very good, I will come back"),
    ("no funciona desde ayer", "has not worked since yesterday"),
    ("me encantó", "was lovely"),
    ("está bien, sin más", "is fine, nothing more"),
    ("cuesta demasiado", "costs too much"),
    ("fue un desastre", "was a disaster"),
    ("quedó increíble, gracias", "turned out great, thank you"),
]
ENDINGS = [".", "!", " 😡", " 😊", " (3 veces)", " 10/10", "..."]
# Characters and words that the sentences lack.
MORE = [
    "¿Cuándo llega? ¡Por fin! José, Ángela, Úrsula y el pingüino: «qué güay»; 100 % sí.",
    "Why? Because it's 24/7, isn't it? E-mail: x_y@z #1 & $5 + 6*7 = 8 <9> {a} [b] ~^|\\`\"k\"",
    "QUIZÁS JAMÁS WENT FOR BOX; Xavier Quinn Waltz kept jugs. ÑOÑO ÉL ÍDEM ÓPERA",
    "0 1 2 3 4 5 6 7 8 9 2026 👍 ❤️ 🎉 € — – … ’ “ ”",
]

TEXTS = {
    "es_plain": "El envío llegó tarde y rota la caja, un desastre.",
    "es_praise": "La habitación es muy buena, el desayuno increíble. ¡Volveré!",
    "es_question": "¿Cuándo llega mi pedido? No funciona desde ayer…",
    "es_mixed": "Me encantó la aplicación, pero cuesta demasiado.",
    "es_short": "bien",
    "es_enye": "El niño añejo de la señora Muñoz, pingüino y todo.",
    "es_nfd": unicodedata.normalize("NFD", "La aplicación está rota, José volverá mañana."),
    "es_upper": "¡QUÉ DESASTRE! NO FUNCIONA NADA, ÑOÑO",
    "es_marks": "Soy [NAME], mi correo es [EMAIL] y mi teléfono [PHONE].",
    "en_plain": "The app has not worked since yesterday.",
    "en_praise": "Breakfast was lovely, thank you so much!",
    "en_mixed": "The room is fine, but the bill costs too much.",
    "en_apostrophes": "It's broken, isn't it? I'd say they've lost my order; we'll see'.",
    "en_curly": "“Great” – they said… it’s a disaster — nothing more.",
    "en_upper": "THE WORST DELIVERY EVER!!!",
    "en_camel": "iPhone and McDonald's, eBay OK",
    "en_marks": "Write to [EMAIL] or see https://[URL]/x?y=1&z=2 (ref. #AB-12_3)",
    "both": "El delivery fue great, thank you, volveré con my order.",
    "digits": "3 de 10, 1.234,56 € en 24/7, 2026-01-31 a las 10:45",
    "punctuation": "!!! ... ??? -- ,,, :) ;-) <3 ¯\\_(ツ)_/¯",
    "emoji": "Muy bien 😊👍 gracias 🎉",
    "emoji_heart": "me encantó ❤️ ❤ 💔",
    "emoji_joined": "the boys 👨‍👩‍👧‍👦 loved it 🏳️‍🌈",
    "emoji_skin": "ok 👍🏽 no 👎🏿",
    "emoji_flags": "desde 🇪🇸 y 🇲🇽 to 🇺🇸",
    "emoji_unknown": "🦜 🥲 🫠",
    "empty": "",
    "space": " ",
    "spaces": "     ",
    "blanks": " \t\r\n\u00a0\u3000 ",
    "around": "   the app   is  fine    ",
    "lines": "Línea una\nline two\r\n\r\n\tline three\t\tend\n",
    "no_break": "100\u00a0% de\u202facuerdo\u2003sí\u3000no\u2028fin",
    "zero_width": "a\u200bpp rota\u200c\u200d y\u2060 bien\ufeff soft\u00adhyphen",
    "controls": "the\u0000 app\u0001 \u0007is\u001b[0m fine\u007f \u0085\u009f\ufffd",
    "chinese": "很好 the app 不好用。谢谢！",
    "japanese": "とても良い desayuno ラーメン ﾗｰﾒﾝ",
    "korean": "정말 좋아요 gracias",
    "arabic": "التطبيق رائع جدا، thank you",
    "cyrillic_greek": "Доставка плохая, η εφαρμογή είναι καλή",
    "devanagari": "बहुत अच्छा ऐप",
    "combining": "Z̃a̋l̈g̊o e\u0301\u0323 ñandú n\u0303",
    "width": "Ｇｏｏｄ　ａｐｐ ① ﬁne ½ x² ™ № ㎏ …",
    "sharp_s": "Straße İstanbul ıǅ ŒUVRE Ωhm",
    "long_word": "bueno" * 21 + "s fin",
    "long_word_hundred": "a" * 50 + " " + "very" * 10,
    "one_letter": "a",
    "private": "x\ue000y \U000f0000 z\ufffe",
    "underline": "▁la▁aplicación ▁ Ġthe Ċ ##s",
    "repeated": "nooooo muuuuy maaaal jajajaja loooool",
}
LONG = {
    "long_es": " ".join(["El técnico fue un desastre y mi pedido no funciona desde ayer."] * 40),
    "long_en": " ".join(["The engineer was lovely, but the room costs too much 😡."] * 40),
    "long_unbroken": "desastre" * 500,
}

WORDPIECE = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def sentences():
    parts = itertools.product(SUBJECTS, VERDICTS, ENDINGS)
    made = [subject[i] + " " + verdict[i] + end for subject, verdict, end in parts for i in (0, 1)]
    return made + [one.capitalize() for one in made] + MORE * 20


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


# Vocabularies: each function writes one as the models of the hub have it.


def pieces_of(form):
    """All characters, and the beginnings and insides of words that spare most; the library's trainer varies by run."""
    words, worth = collections.Counter(), collections.Counter()
    for sentence in sentences():
        words.update(word for word, _ in tokenizers.pre_tokenizers.BertPreTokenizer().pre_tokenize_str(form.normalize_str(sentence)))
    for word, count in words.items():
        for begin, end in itertools.combinations(range(len(word) + 1), 2):
            worth["##" * (begin > 0) + word[begin:end]] += count * (end - begin - 1)
    characters = sorted(set("".join(words)))
    longer = [piece for piece in sorted(worth, key=lambda piece: (-worth[piece], piece)) if worth[piece]]
    listed = dict.fromkeys([*WORDPIECE, *characters, *(f"##{one}" for one in characters if one.isalnum()), *longer])
    return list(listed)[:PIECES]


def wordpiece(folder, lower, strip_accents=None, whole=False, fixed=False):
    form = tokenizers.normalizers.BertNormalizer(lowercase=lower, strip_accents=strip_accents)
    pieces = pieces_of(form)
    (folder / "vocab.txt").write_text("".join(piece + "\n" for piece in pieces), encoding="utf-8")
    if whole:
        made = tokenizers.BertWordPieceTokenizer({piece: at for at, piece in enumerate(pieces)}, lowercase=lower, strip_accents=strip_accents)
        if fixed:
            made.enable_truncation(POSITIONS)
            made.enable_padding(length=POSITIONS)
        made.save(str(folder / "tokenizer.json"))
    names = {f"{piece[1:-1].lower()}_token": piece for piece in WORDPIECE}
    config = {"do_lower_case": lower, **names, "tokenize_chinese_chars": True, "strip_accents": strip_accents}
    write_json(folder / "tokenizer_config.json", config | {"tokenizer_class": "BertTokenizer", "model_max_length": POSITIONS})


def byte_level(folder):
    made = tokenizers.ByteLevelBPETokenizer()
    made.train_from_iterator(sentences(), vocab_size=400, min_frequency=2, special_tokens=ROBERTA, show_progress=False)
    made.save_model(str(folder))
    names = dict(zip(["bos_token", "pad_token", "eos_token", "unk_token", "mask_token"], ROBERTA))
    names |= {"sep_token": "</s>", "cls_token": "<s>"}
    write_json(folder / "special_tokens_map.json", names)
    config = {"add_prefix_space": False, "errors": "replace", **names, "model_max_length": POSITIONS}
    write_json(folder / "tokenizer_config.json", config)


def normal_form():
    """The rules of sentencepiece's nmt_nfkc for the characters of the texts and of Latin: all of them are 300 KB."""
    rules = sentencepiece.SentencePieceNormalizer(rule_name="nmt_nfkc").decompile()
    points = [*range(0x250), *range(0x300, 0x370), *range(0x2000, 0x2070), *range(0xFF00, 0xFF60), 0xFB01, 0xFEFF, 0xFFFD]
    wanted = set("".join([*map(chr, points), *TEXTS.values(), *LONG.values()]))
    rules = sorted(rule for rule in rules if wanted.issuperset(rule[0]))
    return "".join("\t".join(" ".join(f"{ord(c):X}" for c in side) for side in rule) + "\n" for rule in rules)


def unigram(folder):
    model = io.BytesIO()
    with tempfile.TemporaryDirectory() as work, contextlib.chdir(work):
        pathlib.Path("rules.tsv").write_text(normal_form())
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences()),
            model_writer=model,
            model_type="unigram",
            vocab_size=UNIGRAM,
            character_coverage=1.0,
            normalization_rule_tsv="rules.tsv",
            num_threads=1,
            minloglevel=2,
        )
    (folder / "sentencepiece.bpe.model").write_bytes(model.getvalue())
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "XLMRobertaTokenizer", "model_max_length": POSITIONS})


def unigram_json(folder):
    unigram(folder)
    made = transformers.XLMRobertaTokenizer.from_pretrained(folder)
    (folder / "sentencepiece.bpe.model").unlink()
    made.backend_tokenizer.save(str(folder / "tokenizer.json"))


# Configurations, with the fields that the models of the hub have.

BERT = {
    "attention_probs_dropout_prob": 0.1,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "hidden_size": 24,
    "initializer_range": 0.02,
    "intermediate_size": 48,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": POSITIONS,
    "model_type": "bert",
    "num_attention_heads": 3,
    "num_hidden_layers": 2,
    "pad_token_id": 0,
    "position_embedding_type": "absolute",
    "type_vocab_size": 2,
    "use_cache": True,
}
XLMR = BERT | {
    "bos_token_id": 0,
    "eos_token_id": 2,
    "layer_norm_eps": 1e-5,
    "max_position_embeddings": POSITIONS + 2,
    "model_type": "xlm-roberta",
    "output_past": True,
    "pad_token_id": 1,
    "type_vocab_size": 1,
}
DISTILBERT = {
    "activation": "gelu",
    "attention_dropout": 0.1,
    "dim": 24,
    "dropout": 0.1,
    "hidden_dim": 48,
    "initializer_range": 0.02,
    "max_position_embeddings": POSITIONS,
    "model_type": "distilbert",
    "n_heads": 3,
    "n_layers": 2,
    "pad_token_id": 0,
    "qa_dropout": 0.1,
    "seq_classif_dropout": 0.2,
    "sinusoidal_pos_embds": False,
    "tie_weights_": True,
}
ELECTRA = BERT | {
    "embedding_size": 16,
    "model_type": "electra",
    "summary_activation": "gelu",
    "summary_last_dropout": 0.1,
    "summary_type": "first",
    "summary_use_proj": True,
}
SMALLEST = {"hidden_size": 4, "intermediate_size": 4, "num_attention_heads": 1, "num_hidden_layers": 1}

# Directory: architecture, vocabulary, configuration, labels, and the deviation of the embeddings.
MODELS = {
    "bert-stars": (
        "BertForSequenceClassification",
        lambda folder: wordpiece(folder, True, whole=True),
        BERT,
        STARS,
        0.3,
    ),
    "roberta-sentiment": (
        "RobertaForSequenceClassification",
        byte_level,
        XLMR | {"model_type": "roberta"},
        ["NEG", "NEU", "POS"],
        0.05,
    ),
    "xlmr-sentiment": ("XLMRobertaForSequenceClassification", unigram, XLMR, SENTIMENT, 0.05),
    "xlmr-emotion": (
        "XLMRobertaForSequenceClassification",
        unigram_json,
        XLMR | {"problem_type": "single_label_classification"},
        EKMAN,
        0.05,
    ),
    "distilbert-emotions": (
        "DistilBertForSequenceClassification",
        lambda folder: wordpiece(folder, False),
        DISTILBERT | {"problem_type": "multi_label_classification"},
        GO,
        0.3,
    ),
    "electra-sentiment": (
        "ElectraForSequenceClassification",
        lambda folder: wordpiece(folder, True, strip_accents=False),
        ELECTRA,
        SENTIMENT,
        0.3,
    ),
    "bert-embedding": (
        "BertModel",
        lambda folder: wordpiece(folder, True, whole=True, fixed=True),
        BERT,
        None,
        0.3,
    ),
    "bert-labels": (
        "BertForSequenceClassification",
        lambda folder: wordpiece(folder, True),
        BERT | SMALLEST,
        ["LABEL_0", "LABEL_1", "LABEL_2"],
        0.3,
    ),
}
REFUSED = ["bert-labels"]
# Models whose files also hold the positions' numbers, as those written by older transformers do.
NUMBERED = {"bert-embedding": "embeddings.position_ids", "roberta-sentiment": "roberta.embeddings.position_ids"}


def weight(name, shape, deviation, faint):
    """`faint` makes what layers normalize so small that the epsilon shows, in all but the last of them."""
    noise = torch.randn(shape)
    inside = ".layer." in name and f".layer.{BERT['num_hidden_layers'] - 1}.output.LayerNorm" not in name
    if faint and inside and ("LayerNorm" in name or name.endswith("bias")):
        return 0.02 * noise + (0.02 if name.endswith("weight") else 0)
    if "norm" in name.lower():
        return 0.1 * noise + (1 if name.endswith("weight") else 0)
    if name.endswith("bias"):
        return 0.1 * noise
    return noise * (deviation if "_embeddings." in name else 0.4)


def sentence_parts(folder):
    """The files of sentence-transformers. Like those of the hub, the last module has no folder of its own."""
    kinds = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    modules = [
        {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for at, (path, kind) in enumerate(kinds)
    ]
    write_json(folder / "modules.json", modules)
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": POSITIONS, "do_lower_case": False})
    ways = {f"pooling_mode_{way}": way == "mean_tokens" for way in ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens")}
    (folder / "1_Pooling").mkdir()
    write_json(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": BERT["hidden_size"], **ways})


def make(name):
    architecture, vocabulary, config, labels, deviation = MODELS[name]
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    vocabulary(folder)
    config = {"architectures": [architecture], **config, "vocab_size": len(transformers.AutoTokenizer.from_pretrained(folder, **kind(config)))}
    if labels:
        config["id2label"] = {str(at): label for at, label in enumerate(labels)}
        config["label2id"] = {label: at for at, label in enumerate(labels)}
    else:
        sentence_parts(folder)
    write_json(folder / "config.json", dict(sorted(config.items())))
    torch.manual_seed(SEED + list(MODELS).index(name))
    empty = getattr(transformers, architecture)(transformers.AutoConfig.from_pretrained(folder))
    weights = {key: weight(key, value.shape, deviation, config.get("layer_norm_eps") == XLMR["layer_norm_eps"]) for key, value in empty.state_dict().items()}
    if name in NUMBERED:
        weights[NUMBERED[name]] = torch.arange(config["max_position_embeddings"])[None]
    (folder / "model.safetensors").write_bytes(save(weights, metadata={"format": "pt"}))


def kind(config):
    """Until there is a config.json, transformers must be told what the vocabulary is of."""
    return {"config": transformers.AutoConfig.for_model(config["model_type"])}


def answers(name, texts):
    """Pieces and numbers of every text, each text on its own; in batches they must come out alike."""
    folder = HERE / name
    split = transformers.AutoTokenizer.from_pretrained(folder)
    loaded, report = getattr(transformers, MODELS[name][0]).from_pretrained(
        folder, attn_implementation="eager", dtype=torch.float32, output_loading_info=True
    )
    assert not any(report[part] for part in ("missing_keys", "mismatched_keys")), report
    loaded.eval()

    def numbers(batch):
        given = split(batch, padding=True, return_tensors="pt")
        out = loaded(**given)
        if MODELS[name][3]:
            return out.logits
        mask = given["attention_mask"][..., None]
        pooled = (out.last_hidden_state * mask).sum(1) / mask.sum(1)
        return torch.nn.functional.normalize(pooled, dim=1)

    with torch.inference_mode():
        alone = torch.cat([numbers([text]) for text in texts])
        batched = torch.cat([numbers(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)])
    assert (alone - batched).abs().max() < CLOSE, name
    if not MODELS[name][3]:
        encoded = SentenceTransformer(str(folder), device="cpu").encode(texts, convert_to_tensor=True, show_progress_bar=False)
        assert (alone - encoded).abs().max() < CLOSE, name
    pieces = [split(text)["input_ids"] for text in texts]
    assert max(map(len, pieces)) <= POSITIONS, (name, max(map(len, pieces)))
    return pieces, alone


def main():
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    listed = [{"name": name, "text": text} for name, text in TEXTS.items()]
    listed += [{"name": name, "text": text, "long": True} for name, text in LONG.items()]
    # Escaped, as many characters in it cannot be seen.
    lines = ",\n".join(json.dumps(one) for one in listed)
    (HERE / "texts.json").write_text(f"[\n{lines}\n]\n")
    told = []
    for name in MODELS:
        make(name)
        if name in REFUSED:
            continue
        pieces, numbers = answers(name, list(TEXTS.values()))
        field = "logits" if MODELS[name][3] else "embedding"
        lines = ",\n".join(
            f'    {json.dumps(text)}: {{"input_ids": {json.dumps(ids)}, "{field}": [{", ".join(f"{one:.9g}" for one in row)}]}}'
            for text, ids, row in zip(TEXTS, pieces, numbers.tolist())
        )
        told.append(f"  {json.dumps(name)}: {{\n{lines}\n  }}")
        spread = numpy.std(numbers.numpy(), axis=0).mean()
        print(f"{name:<20} longest {max(map(len, pieces)):3} pieces, deviation between texts {spread:.2f}")
    (HERE / "reference.json").write_text("{\n" + ",\n".join(told) + "\n}\n")


if __name__ == "__main__":
    main()
