"""What the exported model says of some invented texts: for other programs that load it to compare with.

    python reference.py DATA WORK

Reads WORK/model, writes WORK/reference.json. DATA is not read.
"""

import json
import pathlib
import sys

import torch
from data import log, recipe
from evaluate import Exported, normal

SENTENCES = [
    "",
    " ",
    "ok",
    "👍",
    "😡😡😡",
    "Me encantó ❤️🇲🇽",
    "great👍🏻service",
    "Genial, otra vez sin internet 🙄",
    "El pedido llegó tarde y nadie responde.",
    "Excelente atención, volveré sin duda.",
    "La habitación estaba sucia y el baño olía mal.",
    "No está mal, pero esperaba más por ese precio.",
    "Gracias a Marta por su paciencia y amabilidad.",
    "¿A qué hora abren los domingos?",
    "Llevo tres semanas esperando el reembolso y me cuelgan el teléfono.",
    "Me siento engañada, no vuelvo a comprar aquí.",
    "El producto cumple su función.",
    "¡QUÉ VERGÜENZA DE SERVICIO!",
    "Nos atendieron a las prisas y casi nos echan.",
    "Me da miedo que usen mis datos.",
    "La app se cierra sola desde la última actualización",
    "Confío en ellos, siempre me dicen la verdad.",
    "No entiendo la factura, nadie me la explica.",
    "Ni fu ni fa.",
    "The parcel arrived late and nobody answers.",
    "Excellent service, I will certainly come back.",
    "The room was dirty and the bathroom smelled.",
    "Not bad, but I expected more for that price.",
    "Thanks to Marta for her patience and kindness.",
    "What time do you open on Sundays?",
    "I have been waiting three weeks for my refund and they hang up on me.",
    "I feel cheated and will not buy here again.",
    "The product does what it should.",
    "WHAT A DISGRACE!!!",
    "They rushed us through and nearly threw us out.",
    "I am afraid that they sell my data.",
    "The app keeps crashing since the last update",
    "I trust them, they always tell me the truth.",
    "I don't understand the bill, no one explains it.",
    "Well, that was a surprise: they called back within the hour 😃",
    "日本語 текст",
    "x" * 120,
]
LONG = ("La entrega llegó tarde, pero el chico que la trajo fue muy amable. ", "The delivery was late, but the driver was very kind. ")


def main(_, work):
    model = Exported(work / "model", recipe())
    texts = SENTENCES + [sentence * 40 for sentence in LONG]
    said = model.read(texts)
    vectors = normal(said["embedding"])
    found = [
        {
            "text": text,
            "pieces": model.split.encode(text).ids,
            "sentiment": [round(float(one), 5) for one in said["sentiment"][at]],
            "emotion": [round(float(one), 5) for one in said["emotion"][at]],
            "vector": [round(float(one), 6) for one in vectors[at]],
        }
        for at, text in enumerate(texts)
    ]
    (work / "reference.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    log(work, f"reference: {len(texts)} texts")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main(*map(pathlib.Path, sys.argv[1:3]))
