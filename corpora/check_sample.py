#!/usr/bin/env python3
"""Measures every effect of corpora/planted.toml on the sample, from the gold themes.

    python3 corpora/check_sample.py            # fails when an effect is not seen
    python3 corpora/check_sample.py --write    # puts the measured numbers into planted.toml

Definitions are those of the engine: a verbatim votes +1, 0 or -1 (promoter, passive, detractor);
the impact of a theme is what the net score would gain without the verbatims that name it, turned
round; intervals are at 95 %. Only the verbatims with gold labels (Spanish, English) are counted.
"""

import csv
import json
import re
import sys
import tomllib
from math import sqrt
from pathlib import Path
from statistics import mean, median, stdev

from make_sample import EFFECTS

HERE = Path(__file__).resolve().parent
Z = 1.959964


def vote(nps):
    return 1 if nps >= 9 else -1 if nps <= 6 else 0


def load():
    """The rows of the CSV with their gold themes; broken offsets or ids stop here."""
    with open(HERE / "nubela.csv", encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    with open(HERE / "gold.jsonl", encoding="utf-8") as lines:
        gold = {g["id"]: g for g in map(json.loads, lines)}
    assert len(rows) == len(gold) == len({row["id"] for row in rows}), "ids"
    quotes = {}
    for name in ("es", "en", "other"):
        for line in open(HERE / "source" / f"{name}.jsonl", encoding="utf-8"):
            item = json.loads(line)
            quotes[item["text"]] = [c["quote"] for c in item.get("clauses", [])]
    for row in rows:
        labels, text = gold[row["id"]], row["comment"].encode()
        cut = [text[c["start"] : c["end"]].decode() for c in labels["clauses"]]
        assert cut == quotes[row["comment"]], f"offsets of {row['id']}"
        row["gold"] = labels
        row["names"] = {(t, c["sentiment"]) for c in labels["clauses"] for t in c["themes"]}
        row["y"] = vote(int(row["nps"]))
        row["band"] = {1: "promoter", 0: "passive", -1: "detractor"}[row["y"]]
    return rows


def names(row, theme, polarity):
    return any(t == theme and polarity in ("any", s) for t, s in row["names"])


def within(row, where):
    """Whether a row lies in a selection: fields, since/until, names = "theme:polarity"."""
    for key, value in where.items():
        if key.endswith("_not"):
            ok = not within(row, {key.removesuffix("_not"): value})
        elif key == "since":
            ok = row["date"] >= str(value)
        elif key == "until":
            ok = row["date"] < str(value)
        elif key == "names":
            ok = names(row, *value.split(":"))
        elif key == "text":
            ok = row["gold"]["sentiment"] == value
        else:
            ok = row[key] == value
        if not ok:
            return False
    return True


def net(rows):
    """Counts to centre and variance of the adjusted Wald interval."""
    n = len(rows) + 3
    p = (sum(r["y"] > 0 for r in rows) + 0.75) / n
    d = (sum(r["y"] < 0 for r in rows) + 0.75) / n
    return 100 * (p - d), 1e4 * (p + d - (p - d) ** 2) / n


def impact(rows, effect):
    """Leave-one-out impact with the interval of its influence values."""
    t = [names(r, effect["theme"], effect["polarity"]) for r in rows]
    y = [r["y"] for r in rows]
    rest = [v for v, named in zip(y, t) if not named]
    share = sum(t) / len(t)
    psi = [v - mean(y) - (0 if named else (v - mean(rest)) / (1 - share)) for v, named in zip(y, t)]
    value, half = 100 * (mean(y) - mean(rest)), 100 * Z * stdev(psi) / sqrt(len(psi))
    return {"n": sum(t), "value": value, "low": value - half, "high": value + half}


def contrast(rows, effect):
    """Net score inside a selection less that outside it."""
    a = [r for r in rows if within(r, effect["where"])]
    b = [r for r in rows if within(r, effect["against"])]
    (na, va), (nb, vb) = net(a), net(b)
    half = Z * sqrt(va + vb)
    return {"n": len(a), "n_against": len(b), "value": na - nb, "low": na - nb - half, "high": na - nb + half}


def average(rows, effect):
    """Difference of the means of a column, of a share of a theme, or of its sentiment."""

    def values(where):
        inside = [r for r in rows if within(r, where)]
        if "column" in effect:
            return [100.0 * (r[effect["column"]] == "true") if r[effect["column"]] in ("true", "false")
                    else float(r[effect["column"]]) for r in inside if r[effect["column"]]]  # fmt: skip
        if effect["kind"] == "sentiment":
            signs = {"positive": 100, "neutral": 0, "negative": -100}
            return [signs[s] for r in inside for t, s in sorted(r["names"]) if t == effect["theme"]]
        return [100.0 * names(r, effect["theme"], effect["polarity"]) for r in inside]

    a, b = values(effect["where"]), values(effect["against"])
    value, half = mean(a) - mean(b), Z * sqrt(stdev(a) ** 2 / len(a) + stdev(b) ** 2 / len(b))
    found = {"n": len(a), "n_against": len(b), "mean": mean(a), "mean_against": mean(b)}
    if effect.get("column") == "waiting_minutes":
        found |= {"median": median(a), "median_against": median(b)}
    return found | {"value": value, "low": value - half, "high": value + half}


def transversal(rows, effect):
    """In how many units a theme is named at least five times."""
    units = {}
    for row in rows:
        if names(row, effect["theme"], effect["polarity"]):
            units[row[effect["field"]]] = units.get(row[effect["field"]], 0) + 1
    return {"n": sum(units.values()), "units": {u: n for u, n in sorted(units.items()) if n >= 5}}


KINDS = {"impact": impact, "decoy": impact, "contrast": contrast, "transversal": transversal,
         "share": average, "sentiment": average, "outcome": average}  # fmt: skip


def seen(effect, found):
    """Whether the effect stands as planted."""
    if effect["kind"] == "transversal":
        return len(found["units"]) >= 3
    if effect["kind"] == "decoy":
        return found["low"] < 0 < found["high"]
    return found["low"] > 0 if effect["sign"] > 0 else found["high"] < 0


def show(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {show(v)}" for k, v in value.items()) + " }"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def main():
    rows = [r for r in load() if r["gold"]["sentiment"]]
    path = HERE / "planted.toml"
    text, failed = path.read_text(encoding="utf-8"), 0
    print(f"{len(rows)} verbatims with gold labels, net {100 * mean(r['y'] for r in rows):.1f}")
    for effect in tomllib.loads(text)["effect"]:
        found = KINDS[effect["kind"]](rows, effect)
        if effect["kind"] in ("impact", "decoy"):
            assert effect["points"] in EFFECTS[effect["theme"]], f"points of {effect['id']}"
        fits, line = seen(effect, found), f"measured = {show(found)}"
        if "--write" in sys.argv:
            text = re.sub(rf'(id = "{effect["id"]}"\n(?:.+\n)*?)measured = .*', rf"\g<1>{line}", text)
        else:
            fits = fits and line in text
        failed += not fits
        print(f"{'ok ' if fits else 'NOT'} {effect['id']:28} {show(found)}")
    if "--write" in sys.argv:
        path.write_text(text, encoding="utf-8")
    sys.exit(f"{failed} effects are not as planted" if failed else 0)


if __name__ == "__main__":
    main()
