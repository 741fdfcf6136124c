"""How near discovered themes come to the categories people gave: Voz, BERTopic and k-means.

    pip install -r benches/themes/requirements.txt
    python benches/themes/compare.py --data DIR --cache DIR --voz target/release/voz
    python benches/themes/compare.py --data DIR --cache DIR --voz target/release/voz --speed

README.md beside this file says what the columns mean. Vectors and the rivals' assignments stay in
the folder of --cache; Voz is run anew each time.
"""

import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from collections import Counter

import rivals
import sets

SPEED_ROWS = 100_000


def voz_command(binary, folder):
    """The command line, and the file the assignment is written to."""
    out = folder / "assigned.jsonl"
    command = [binary, "themes", "discover", str(folder / "texts.csv")]
    command += ["--text", "text", "--id", "id", "--from-scratch"]
    command += ["--assign", str(out), "--themes", str(folder / "themes.toml")]
    return command, out


def voz(binary, texts):
    """The main theme per text, or None, and the wall and processor seconds of the whole program."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with open(folder / "texts.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "text"])
            writer.writerows((f"t{at}", text) for at, text in enumerate(texts))
        command, out = voz_command(binary, folder)
        seconds = run(command)
        return themes_in(out, len(texts)), seconds


def run(command):
    """Wall and processor seconds of a program, whose messages are shown."""
    begun = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {child.returncode}")
    return [time.perf_counter() - begun, usage.ru_utime + usage.ru_stime]


def themes_in(path, count):
    """The main themes in the order of the texts; every text must be there, once."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    themes = {line["id"]: line["theme"] for line in lines}
    wanted = [f"t{at}" for at in range(count)]
    if len(lines) != count or set(themes) != set(wanted):
        sys.exit(f"{path.name}: {len(lines)} lines of {len(themes)} ids for {count} texts")
    return [themes[text] for text in wanted]


def agreement(truth, groups):
    """V-measure and adjusted Rand index."""
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    # As words, since None and numbers cannot be sorted together.
    groups = [str(group) for group in groups]
    return v_measure_score(truth, groups), adjusted_rand_score(truth, groups)


def measured(truth, groups):
    """Groups, share without one, V and ARI with those as one group, and V and ARI without them."""
    inside = [(label, group) for label, group in zip(truth, groups) if group is not None]
    v, ari = agreement(truth, groups)
    v_inside, ari_inside = agreement(*zip(*inside)) if inside else (0.0, 0.0)
    found = len({group for _, group in inside})
    return found, 1 - len(inside) / len(groups), v, ari, v_inside, ari_inside


def head(title, columns):
    print(f"\n{title}", flush=True)
    print(f"  {'':<30}" + "".join(f"{column:>12}" for column in columns))


def line(name, figures):
    """A row of a table: counts as they are, shares with three digits."""
    cells = (f"{figure:>12,}" if isinstance(figure, int) else f"{figure:>12.3f}" for figure in figures)
    print(f"  {name:<30}" + "".join(cells), flush=True)


def discovered(asked, cache, part):
    """Name and groups of the programs that find out themselves how many themes there are."""
    found = []
    if asked.voz:
        found.append(("Voz", voz(asked.voz, part.texts)[0]))
    encoders = [rivals.MINILM, rivals.USE] if part.spanish else [rivals.MINILM]
    for which in encoders:
        found += rivals.bertopic(cache, part.name, part.texts, asked.seed, which)
    return found


def compare_labelled(asked, cache, part):
    """One table for each truth of the set."""
    found = discovered(asked, cache, part)
    for truth, labels in part.truths.items():
        categories = len(set(labels))
        count = f"{len(labels):,} texts, {categories} categories"
        head(f"{part.name}, {truth}: {count}", ["groups", "outliers", "V", "ARI", "V in", "ARI in"])
        told = rivals.told_the_number(cache, part.name, part.texts, categories, asked.seed)
        for name, groups in found + told:
            line(name, measured(labels, groups))


def same_theme(groups, half):
    """Share of pairs with the same theme on both sides, and what chance would give.

    By chance: were each sentence paired with any translation. One huge theme makes both near 1.
    """
    left, right = groups[:half], groups[half:]
    same = sum(a is not None and a == b for a, b in zip(left, right)) / half
    lefts, rights = Counter(left), Counter(right)
    chance = sum(lefts[group] * rights[group] for group in lefts if group is not None) / half**2
    return same, chance


def compare_pairs(asked, cache, pairs):
    columns = ["groups", "outliers", "same", "by chance", "largest"]
    head(f"{pairs.name}: {pairs.half:,} pairs as one corpus", columns)
    found = discovered(asked, cache, pairs)
    found += rivals.told_the_number(cache, pairs.name, pairs.texts, pairs.clusters, asked.seed)
    for name, groups in found:
        inside = [group for group in groups if group is not None]
        sizes = Counter(inside)
        outliers = 1 - len(inside) / len(groups)
        largest = max(sizes.values(), default=0) / len(groups)
        line(name, (len(sizes), outliers, *same_theme(groups, pairs.half), largest))


def compare_speed(asked, cache):
    """Seconds from texts to themes; where BERTopic had fewer texts, the rates are compared."""
    texts = sets.for_speed(asked.data, SPEED_ROWS)
    fewer = texts[:: max(1, len(texts) // asked.bertopic_rows)]
    length = sum(len(text.encode()) for text in texts) / len(texts)
    columns = ["texts", "wall s", "texts/s", "cpu s", "texts/cpu s"]
    head(f"speed: distinct sentences of {length:.0f} bytes on average", columns)
    parts = rivals.bertopic_seconds(cache, fewer)
    parts["whole"] = [sum(both) for both in zip(*parts.values())]
    for name, seconds in parts.items():
        speed_line(f"BERTopic, {name}", len(fewer), seconds)
    if asked.voz:
        _, seconds = voz(asked.voz, texts)
        speed_line("Voz, whole program", len(texts), seconds)
        wall, cpu = (
            (len(texts) / ours) / (len(fewer) / theirs)
            for ours, theirs in zip(seconds, parts["whole"])
        )
        print(f"  rate of Voz to rate of BERTopic: {wall:.1f} by wall, {cpu:.1f} by processor time")


def speed_line(name, count, seconds):
    """A row of the clock: the seconds, and the rate, by wall and by processor."""
    wall, cpu = seconds
    line(name, (count, wall, round(count / wall), cpu, round(count / cpu)))


def machine():
    names = [text for text in open("/proc/cpuinfo") if text.startswith("model name")]
    name = names[0].split(":")[1].strip() if names else "unknown"
    print(f"machine: {name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of the sets")
    default = pathlib.Path(tempfile.gettempdir()) / "voz-themes"
    parser.add_argument("--cache", type=pathlib.Path, default=default)
    parser.add_argument("--voz", help="the program; without it only the rivals are measured")
    parser.add_argument("--seed", type=int, default=42, help="of the rivals; Voz needs none")
    parser.add_argument("--sets", nargs="*", help="only the sets of these names")
    parser.add_argument("--speed", action="store_true", help="only the clock")
    parser.add_argument("--bertopic-rows", type=int, default=SPEED_ROWS)
    return parser.parse_args()


def main():
    asked = arguments()
    cache = rivals.Cache(asked.cache)
    machine()
    if asked.speed:
        return compare_speed(asked, cache)
    every = [*sets.labelled(asked.data), sets.pairs(asked.data)]
    unknown = set(asked.sets or []) - {part.name for part in every}
    if unknown:
        sys.exit(f"no set is called {', '.join(sorted(unknown))}")
    for part in every:
        if not asked.sets or part.name in asked.sets:
            compare = compare_pairs if isinstance(part, sets.Pairs) else compare_labelled
            compare(asked, cache, part)


if __name__ == "__main__":
    main()
