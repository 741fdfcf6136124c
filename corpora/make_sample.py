#!/usr/bin/env python3
"""Builds corpora/nubela.csv and corpora/gold.jsonl from corpora/source/*.jsonl.

Everything here is invented: the company, its customers, their texts and their scores.
The texts and their gold labels are in the sources; this script gives each a customer, a date,
a place and its operational data, and derives the scores from a hidden satisfaction
in which the effects of corpora/planted.toml are planted.
Each row draws from a generator seeded by its own text: mending one text leaves the scores of
the others as they were. corpora/check_sample.py measures the result.
"""

import csv
import json
import math
import random
import re
from datetime import date, timedelta
from pathlib import Path

SEED = "nubela-1"
HERE = Path(__file__).resolve().parent
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
LINES_CUT = date(2026, 4, 1)  # phone lines of region South are cut: waits grow
APP_UPDATE = date(2026, 5, 12)  # the update after which the app crashes

REGIONS = {"North": 0.26, "South": 0.24, "East": 0.25, "West": 0.25}
TEAMS = {"call_centre": ["Alba", "Brisa", "Cima", "Duna"], "shop": ["Plaza", "Puerto"]}
COLUMNS = (
    "id date customer_id country region channel product team stage nps csat ces "
    "waiting_minutes sla_met resolution_hours churned revenue comment"
).split()

# --- The planted effects, in points of the hidden satisfaction (0-10). Each theme counts once
# a text. A clause that names none of these is worth PLAIN points of its own sentiment.
BASE = 7.5
PLAIN = {"positive": 1.2, "neutral": 0.0, "negative": -1.5}
EFFECTS = {  # theme: points of a negative and of a positive mention
    "phone_wait": (-2.0, 1.0),
    "app_crash": (-2.2, 0.8),
    "staff_attitude": (-1.6, 2.0),
    "hidden_charges": (-3.5, 0.5),
    "delivery_time": (-1.8, 1.0),
    "problem_solved": (-1.7, 1.7),
    "price_level": (0.0, 0.0),  # the decoy: often named, moves nothing
}
FEELING = {"anger": -0.6, "neglected": -0.6, "joy": 0.4, "gratitude": 0.4, "admiration": 0.4}
WAIT_FREE, WAIT_POINTS, WAIT_WORST = 10, -0.05, -2.0  # per minute above the free ones
SLA_MISSED, NOISE = -1.2, 1.0
SLIP = 0.025  # share of customers who read the scale upside down
RANGE = {"positive": (6, 10), "neutral": (3, 9), "negative": (0, 7), None: (0, 10)}
PRICE = {"price_level", "value_for_money"}

# --- Which themes put a text where.
SLOW = set(
    "problem_solved repeated_contacts follow_up reachability response_time delivery_time "
    "transferred_around complaint_handling appointment_wait outage refunds".split()
)
HARD = set("phone_wait repeated_contacts transferred_around cancellation paperwork login phone_menu".split())
EASY = set("ease_of_use sign_up app_usability online_purchase queue".split())
QUICK = {"problem_solved", "delivery_time", "waiting_time", "phone_wait", "refunds"}
CONTACT = SLOW | HARD | set(
    "staff_attitude staff_knowledge staff_empathy staff_professionalism phone_support customer_service "
    "explanations waiting_time promises_kept wrong_bill double_charge information_clarity".split()
)
STAGES = [
    ("leave", {"cancellation"}),
    ("use", set("app_crash app_update app_usability app_speed login".split())),
    ("onboard", set("delivery_time delivery_condition courier missing_items wrong_item installation".split())),
    ("support", {"phone_wait", "customer_service", "phone_support", "chat_support", "chatbot"} | SLOW | HARD),
    ("buy", set("sign_up online_purchase stock variety queue promotions booking opening_hours".split())),
    ("discover", set("misleading_advertising website location parking recommendation".split())),
]
PRODUCTS = [
    ("fibre", r"fibra|fibr?e|fiber|broadband|internet|router|wifi|landline|l[ií]nea fija|megas|modem"),
    ("tv", r"\btele\b|\btv\b|telly|canales|channels|decodificador|control remoto|\bmando\b|remote"),
    ("devices", r"auricular|headphone|bater|handset|charger|cargador|fundas?|trade-in|tablet|cracked"),
    ("mobile", r"\bsims?\b|m[oó]vil|celular|\bchip\b|se[ñn]al|signal|coverage|cobertura|roaming|datos"),
]
OTHER_PRODUCT = {"mobile": 0.45, "fibre": 0.33, "tv": 0.12, "devices": 0.10}


def pick(rng, weights):
    """One key of a dict of weights."""
    return rng.choices(list(weights), list(weights.values()))[0]


def around(rng, median, spread):
    """A positive number around its median, skewed to the right."""
    return median * math.exp(rng.gauss(0, spread))


def read_sources():
    """All texts, one item a row to be made."""
    for name, lang in (("es", "es"), ("en", "en"), ("other", None)):
        with open(HERE / "source" / f"{name}.jsonl", encoding="utf-8") as lines:
            for line in lines:
                item = json.loads(line)
                item.setdefault("lang", lang)
                for copy in range(item.get("times", 1)):
                    yield item | {"copy": copy}


def tells_of_call(item):
    words = r"\brang\b|\bcall|\bllam|\bmarqu|\bpregunt|\basked\b|tel[eé]fono|phone"
    return {t for t, _ in item["named"]} & CONTACT or re.search(words, item["text"].lower())


def place(item, rng):
    """Region, channel, team and date: the planted facts decide first, the rest is spread."""
    named = item["named"]
    waits, crashes = ("phone_wait", "negative") in named, ("app_crash", "negative") in named
    touch = item.get("touch") or pick(rng, {"call_centre": 4, "shop": 2, "web": 2, "app": 2})
    if waits and not crashes:
        touch = "call_centre"
    elif touch == "courier":
        touch = "web"
    elif touch == "call_centre" and "clauses" in item and not (crashes or tells_of_call(item)):
        touch = pick(rng, {"call_centre": 3, "web": 4, "app": 3})
    channel = item.get("channel", touch)

    region, since, until = pick(rng, REGIONS), FIRST, LAST
    if waits and rng.random() < 0.66:
        region, since = "South", LINES_CUT
    elif waits:
        region = pick(rng, {"North": 1, "East": 1, "West": 1})
    if ("app_update", "negative") in named or crashes and channel == "app" and rng.random() < 0.88:
        since = APP_UPDATE + timedelta(days=1)
    elif crashes:
        until = APP_UPDATE - timedelta(days=1)
    region = item.get("region", region)
    since = max(since, date.fromisoformat(item.get("from", str(FIRST))))
    until = max(since, min(until, date.fromisoformat(item.get("to", str(LAST)))))
    skew = 1.12 if (since, until) == (FIRST, LAST) else 1.0
    day = since + timedelta(days=int(((until - since).days + 1) * rng.random() ** skew))

    teams = dict.fromkeys(TEAMS.get(channel, [""]), 1.0)
    staff = {s for t, s in named if t == "staff_attitude"}
    if "Duna" in teams and staff:  # the team where people are rude
        teams["Duna"] = 8.0 if "negative" in staff else 0.2
    return region, channel, pick(rng, teams), day


def minutes_waited(item, rng, region, channel, day):
    """Minutes until a person answered; what the customer tells is near what the clock says."""
    if channel not in TEAMS:
        return ""
    if "minutes" in item:
        return max(0, item["minutes"] + int(4 * rng.random()) - 2)
    cut = region == "South" and channel == "call_centre" and day >= LINES_CUT
    median, spread = (24, 0.3) if cut else (6, 0.5) if channel == "call_centre" else (7, 0.5)
    minutes = round(around(rng, median, spread))
    told = {s for t, s in item["named"] if t in ("phone_wait", "queue", "waiting_time")}
    if "negative" in told:
        return max(minutes, 16 + int(14 * rng.random()))
    if "positive" in told:
        return min(minutes, 1 + int(3 * rng.random()))
    return minutes


def satisfaction(item, rng, minutes, sla_met):
    """The hidden value from which all scores come."""
    value, counted = BASE, set()
    for clause in item.get("clauses", []):
        sign = clause["sentiment"]
        planted = {(t, sign) for t in clause["themes"] if t in EFFECTS and sign != "neutral"}
        value += sum(EFFECTS[t][s == "positive"] for t, s in sorted(planted - counted))
        value += 0 if planted else PLAIN[sign]
        counted.update(planted)
    if "clauses" not in item and item["sentiment"]:
        value += 2 * PLAIN[item["sentiment"]]
    felt = [FEELING[e] for e in item["emotions"] if e in FEELING]
    value += min(felt, default=0) + max(felt, default=0) if len(felt) > 1 else sum(felt)
    value += max(WAIT_WORST, WAIT_POINTS * max(0, (minutes or 0) - WAIT_FREE))
    value += 0 if sla_met else SLA_MISSED
    value += rng.gauss(0, NOISE if item["sentiment"] else 2 * NOISE)
    low, high = RANGE[item["sentiment"]]
    bad = {t for t, s in item["named"] if s == "negative"}
    if item["sentiment"] == "negative" and bad <= PRICE:
        high += 1  # who only finds it dear may still be content
    return min(high, max(low, value))


def stage_of(item, rng):
    """The step of the journey, from what the text tells."""
    themes = {t for t, _ in item["named"]}
    if ("loyalty", "negative") in item["named"]:
        return "leave"
    if rng.random() < 0.92:
        for stage, marks in STAGES:
            if themes & marks:
                return stage
    return pick(rng, {"discover": 1, "buy": 1.5, "onboard": 1, "use": 5, "support": 1})


def product_of(item, rng):
    """The product a text speaks of, else any."""
    for product, words in PRODUCTS:
        if re.search(words, item["text"].lower()):
            return product
    return pick(rng, OTHER_PRODUCT)


def make_row(item):
    """One row of the CSV, without ids and outcomes."""
    rng = random.Random(f"{SEED}/{item['text']}/{item['copy']}")
    item["named"] = {(t, c["sentiment"]) for c in item.get("clauses", []) for t in c["themes"]}
    item["emotions"] = list(dict.fromkeys(e for c in item.get("clauses", []) for e in c["emotions"]))
    region, channel, team, day = place(item, rng)
    minutes = minutes_waited(item, rng, region, channel, day)
    bad, good = ({t for t, s in item["named"] if s == sign} for sign in ("negative", "positive"))
    miss = 0.5 if bad & SLOW else {"positive": 0.14, "negative": 0.25}.get(item["sentiment"], 0.2)
    miss *= 0.2 if good & QUICK else 1
    sla_met = rng.random() >= miss
    hours = min(23.9, around(rng, 6, 0.5)) if sla_met else 24.1 + around(rng, 26, 0.7)
    hidden = satisfaction(item, rng, minutes, sla_met)
    nps = round(hidden)
    if rng.random() < SLIP:
        nps = 10 - nps
    csat = min(5, max(1, round(1 + 0.4 * hidden + rng.gauss(0, 0.4))))
    effort = hidden - (1.5 if bad & HARD else 0) + (1 if good & EASY else 0)
    ces = min(7, max(1, round(1 + 0.6 * effort + rng.gauss(0, 0.7))))
    countries = item.get("countries", [item.get("country")])
    return {
        "item": item, "rng": rng, "date": day, "country": countries[item["copy"] % len(countries)],
        "region": region, "channel": channel, "product": product_of(item, rng), "team": team,
        "stage": stage_of(item, rng), "nps": item.get("nps", nps),
        "csat": "" if rng.random() < 0.15 else csat, "ces": "" if rng.random() < 0.25 else ces,
        "waiting_minutes": minutes, "sla_met": str(sla_met).lower(),
        "resolution_hours": f"{hours:.1f}", "comment": item["text"],
    }  # fmt: skip


def give_customers(rows):
    """Customer ids: most answered once, some twice or three times, weeks apart, in one place."""
    rng, homes = random.Random(SEED), {}
    for row in rows:
        homes.setdefault((row["country"], row["region"], row["item"]["lang"]), []).append(row)
    free = sorted(range(10000, 10000 + 3 * len(rows)), key=lambda _: rng.random())
    for home in homes.values():
        open_rows = sorted(home, key=lambda _: rng.random())
        while open_rows:
            group = [open_rows.pop()]
            wanted = pick(rng, {1: 0.84, 2: 0.13, 3: 0.03})
            for row in list(open_rows):
                apart = all(abs((row["date"] - other["date"]).days) >= 21 for other in group)
                if len(group) < wanted and apart and row["item"].get("times", 1) == 1:
                    group.append(row)
                    open_rows.remove(row)
            outcomes(group, f"C{free.pop()}", rng)


def outcomes(group, customer, rng):
    """Revenue of the last twelve months and who left within 90 days, by band and hidden charges."""
    usual = around(rng, 430, 0.3)
    last = max(row["date"] for row in group)
    for row in group:
        band = 0 if row["nps"] <= 6 else 1 if row["nps"] <= 8 else 2
        hidden_charge = ("hidden_charges", "negative") in row["item"]["named"]
        leaves = [0.20, 0.08, 0.03][band] + (0.25 if hidden_charge else 0)
        said = {s for t, s in row["item"]["named"] if t == "loyalty"} - {"neutral"}
        leaves = leaves if len(said) != 1 else 0.7 if said == {"negative"} else 0.0
        row["customer_id"] = customer
        row["churned"] = str(row["date"] == last and rng.random() < leaves).lower()
        value = usual * [0.84, 1.0, 1.14][band] * (0.82 if hidden_charge else 1) * around(rng, 1, 0.05)
        row["revenue"] = f"{value:.2f}"


def gold_of(row):
    """The gold labels of a row; offsets are bytes of the UTF-8 comment."""
    item, text, start, clauses = row["item"], row["comment"], 0, []
    for clause in item.get("clauses", []):
        start = text.index(clause["quote"], start)
        end = start + len(clause["quote"])
        span = [len(text[:at].encode()) for at in (start, end)]
        labels = {key: clause[key] for key in ("sentiment", "themes", "emotions")}
        clauses.append({"start": span[0], "end": span[1]} | labels)
        start = end
    sentiment = item["sentiment"] if "clauses" in item else None
    head = {"id": row["id"], "lang": item["lang"], "meaningful": item["lang"] is not None}
    return head | {"sentiment": sentiment, "emotions": item["emotions"], "clauses": clauses}


def main():
    rows = [make_row(item) for item in read_sources()]
    give_customers(rows)
    rows.sort(key=lambda row: (row["date"], row["customer_id"]))
    for number, row in enumerate(rows, 1):
        row["id"] = f"NB-{number:05}"
    with open(HERE / "nubela.csv", "w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    with open(HERE / "gold.jsonl", "w", encoding="utf-8", newline="\n") as out:
        out.writelines(json.dumps(gold_of(row), ensure_ascii=False) + "\n" for row in rows)
    print(f"{len(rows)} rows in corpora/nubela.csv, gold labels in corpora/gold.jsonl")


if __name__ == "__main__":
    main()
