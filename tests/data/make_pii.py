#!/usr/bin/env python3
"""Writes `pii_measure.toml` from the comments below: `python3 make_pii.py > pii_measure.toml`.

Every comment is invented. In a comment, `{DNI}` stands for a number drawn with valid check digits and
`{DNI:########-#}` for one written in that picture; `{PHONE~+34 6## ### ###}` for a picture whose `#` are
any digits; `{EMAIL~ana@correo.es}` for what it says. The draws are seeded: the same file every time.
"""

import random
import re
import sys

chance = random.Random(20261)


def digits(n):
    return "".join(chance.choice("0123456789") for _ in range(n))


def letters(n, of="ABCDEFGHJKLMNPQRSTUVWXYZ"):
    return "".join(chance.choice(of) for _ in range(n))


def mod11(body, weights):
    return 11 - sum(int(d) * w for d, w in zip(body, weights)) % 11


def luhn(body):
    total = 0
    for at, d in enumerate(reversed(body)):
        d = int(d) * (2 if at % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return body + str(-total % 10)


DNI = "TRWAGMYFPDXBNJZSQVHLCKE"


def dni():
    n = chance.randrange(10_000_000, 99_999_999)
    return f"{n}{DNI[n % 23]}"


def nie():
    first = chance.randrange(3)
    n = digits(7)
    return "XYZ"[first] + n + DNI[int(f"{first}{n}") % 23]


def cif():
    kind = chance.choice("ABEHJUPQS")
    n = digits(7)
    even = sum(int(d) for d in n[1::2])
    odd = sum(sum(divmod(2 * int(d), 10)) for d in n[0::2])
    control = -(even + odd) % 10
    return kind + n + ("JABCDEFGHI"[control] if kind in "PQS" else str(control))


def rut():
    body = str(chance.randrange(5_000_000, 26_000_000)).zfill(8)
    while body[0] == "0":
        body = str(chance.randrange(10_000_000, 26_000_000))
    check = mod11(body[::-1], [2, 3, 4, 5, 6, 7, 2, 3])
    return body + {11: "0", 10: "K"}.get(check, str(check))


def cuit(prefixes=("20", "27", "23", "30")):
    while True:
        body = chance.choice(prefixes) + digits(8)
        check = mod11(body, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
        if check != 10:
            return body + str(check % 11)


def day():
    return f"{chance.randrange(55, 99):02}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}"


def curp():
    body = letters(1) + letters(1, "AEIOU") + letters(2) + day() + letters(1, "HM")
    body += chance.choice(["DF", "JC", "NL", "MC", "PL", "VZ", "GT"]) + letters(3, "BCDFGLMNPRST") + "0"
    table = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    total = sum(table.index(c) * (18 - at) for at, c in enumerate(body))
    return body + str(-total % 10)


def rfc(person=True):
    body = (letters(1) + letters(1, "AEIOU") + letters(2) if person else letters(3)) + day() + letters(1) + digits(1)
    table = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
    padded = body if person else " " + body
    rest = sum(table.index(c) * (13 - at) for at, c in enumerate(padded)) % 11
    check = 0 if rest == 0 else 11 - rest
    return body + ("A" if check == 10 else str(check))


def nhs():
    while True:
        body = chance.choice("4679") + digits(8)
        check = mod11(body, range(10, 1, -1))
        if check != 10:
            return body + str(check % 11)


def ssn():
    return f"{chance.randrange(100, 665)}{chance.randrange(10, 99)}{chance.randrange(1000, 9999)}"


def card(prefix="4", n=16):
    return luhn(prefix + digits(n - 1 - len(prefix)))


def iban(country, bban):
    moved = bban + country + "00"
    n = int("".join(str(int(c, 36)) for c in moved))
    return f"{country}{98 - n % 97:02}{bban}"


def iban_es():
    bank, account = chance.choice(["2100", "0049", "0182", "1465"]) + digits(4), digits(10)
    first = mod11("00" + bank, [1, 2, 4, 8, 5, 10, 9, 7, 3, 6])
    second = mod11(account, [1, 2, 4, 8, 5, 10, 9, 7, 3, 6])
    check = "".join({10: "1", 11: "0"}.get(c, str(c)) for c in (first, second))
    return iban("ES", bank + check + account)


def clabe():
    body = chance.choice(["002", "012", "014", "072", "021"]) + "180" + digits(11)
    total = sum(int(d) * w % 10 for d, w in zip(body, [3, 7, 1] * 6))
    return body + str(-total % 10)


def cbu(bank=None):
    bank = (bank or chance.choice(["011", "017", "072", "285"])) + ("0000" if bank else "0" + digits(3))
    account = digits(13)
    one = -sum(int(d) * w for d, w in zip(bank, [7, 1, 3, 9, 7, 1, 3])) % 10
    two = -sum(int(d) * w for d, w in zip(account, [3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3])) % 10
    return f"{bank}{one}{account}{two}"


def cedula_ec():
    body = f"{chance.randrange(1, 24):02}" + chance.choice("012345") + digits(6)
    return luhn(body)


def cedula_uy():
    body = chance.choice("12345") + digits(6)
    return body + str(-sum(int(d) * w for d, w in zip(body, [2, 9, 8, 7, 6, 3, 4])) % 10)


KINDS = {
    "DNI": ("DNI", dni),
    "NIE": ("NIE", nie),
    "CIF": ("CIF", cif),
    "RUT": ("RUT", rut),
    "CUIT": ("CUIT", cuit),
    "CUIL": ("CUIT", lambda: cuit(("20", "27"))),
    "CURP": ("CURP", curp),
    "RFC": ("RFC", rfc),
    "RFCM": ("RFC", lambda: rfc(False)),
    "NHS": ("NHS", nhs),
    "SSN": ("SSN", ssn),
    "VISA": ("CARD", card),
    "MC": ("CARD", lambda: card("5" + chance.choice("12345"))),
    "AMEX": ("CARD", lambda: card("37", 15)),
    "IBAN": ("IBAN", iban_es),
    "IBANGB": ("IBAN", lambda: iban("GB", letters(4) + digits(14))),
    "IBANDE": ("IBAN", lambda: iban("DE", digits(18))),
    "CLABE": ("CLABE", clabe),
    "CBU": ("CBU", cbu),
    "CVU": ("CBU", lambda: cbu("000")),
    "CIEC": ("CEDULA", cedula_ec),
    "CIUY": ("CEDULA", cedula_uy),
    "CIDO": ("CEDULA", lambda: luhn("001" + digits(7))),
}


def fill(comment):
    def one(match):
        name, how, picture = match.group(1), match.group(2), match.group(3)
        if how == "~":
            return f"«{name}:{re.sub('#', lambda _: digits(1), picture)}»"
        mark, make = KINDS[name]
        low = name != "" and picture is not None and picture.endswith("!")
        value = make()
        if picture and picture.strip("!"):
            rest = iter(value)
            value = "".join(next(rest) if c == "#" else c for c in picture.strip("!"))
            assert next(rest, None) is None, (name, picture, value)
        return f"«{mark}:{value.lower() if low else value}»"

    return re.sub(r"\{([A-Z]+)(?:([:~])([^{}]*))?\}", one, comment)


def main():
    print("# Comments with their personal data marked, «TYPE:datum», in the language named; those without a mark must")
    print("# stay as they are. Written by make_pii.py. Every datum is invented.")
    from pathlib import Path

    for path in sorted(Path(__file__).with_name("pii_comments").glob("*.txt")):
        print(f"\n[{path.stem}]")
        for lang in ("es", "en"):
            lines = path.read_text().splitlines()
            mine = [line.split("|", 1)[1] for line in lines if line.startswith(lang + "|")]
            quoted = ['"' + fill(line).replace("\\", "\\\\").replace('"', '\\"') + '"' for line in mine]
            print(f"{lang} = [")
            print("\n".join(f"  {line}," for line in quoted))
            print("]")


if __name__ == "__main__":
    sys.exit(main())
