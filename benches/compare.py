"""The measurements of compare.sh, which says how it is run."""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
ENGLISH = HERE.parent / "corpora" / "source" / "en.jsonl"
PARTS = ["index", "tagging", "scale"]
ROUNDS = 5
TURNS = 3
# The default of `voz index --memory`, in MiB; bare tantivy gets as much.
MEMORY = 256
CORES = os.cpu_count()


class Run:
    """One run of a program: wall and processor seconds, and peak memory in MiB."""

    def __init__(self, command):
        begun = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit {child.returncode}")
        self.wall = time.perf_counter() - begun
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024


class Runs:
    """Runs of one command, told as their median."""

    def __init__(self, name, rows, runs):
        self.wall = statistics.median(run.wall for run in runs)
        self.cpu = statistics.median(run.cpu for run in runs)
        self.memory = max(run.memory for run in runs)
        each = ", ".join(f"{run.wall:.2f}" for run in runs)
        print(
            f"  {name:<14} {rows / self.wall:>9,.0f} rows/s  {self.wall:6.2f} s wall"
            f"  {self.cpu:6.2f} s processor  {self.memory:5.0f} MiB peak   (wall: {each})"
        )


def machine():
    models = [line for line in open("/proc/cpuinfo") if line.startswith("model name")]
    model = models[0].split(":")[1].strip() if models else "unknown"
    print(f"machine: {model}, {CORES} cores; {os.uname().sysname} {os.uname().release}")


def title(text):
    print(f"\n{text}\n  load before: {os.getloadavg()[0]:.1f} on {CORES} cores")


def verdict(name, ratio, wanted, met):
    print(f"  {name}: {ratio:.2f} (wanted {wanted}) {'met' if met else 'MISSED'}")
    return met


def make_input(folder, rows):
    path = folder / f"{rows}.csv"
    if not path.exists():
        command = [sys.executable, str(HERE / "make_input.py"), str(rows), str(path)]
        subprocess.run(command, check=True)
    return path


def voz_index(tools, path):
    index = tools.folder / "index"
    shutil.rmtree(index, ignore_errors=True)
    return [tools.voz, "index", "--quiet", str(path), "--index", str(index)]


def voz_tag(tools, path):
    return [tools.voz, "tag", "--quiet", str(path), "--format", "jsonl"]


def bare_index(tools, path, *language):
    index = tools.folder / "bare"
    shutil.rmtree(index, ignore_errors=True)
    return [tools.bare, str(path), str(index), str(CORES), str(MEMORY), *language]


def bare_told(tools, path):
    return bare_index(tools, path, "country")


def compare_index(tools, rows=200_000):
    title(f"index: the whole of voz index against bare tantivy, {rows:,} rows, {ROUNDS} times each")
    path = make_input(tools.folder, rows)
    programs = {
        "voz index": voz_index,
        "bare tantivy": bare_index,
        "bare, told": bare_told,
    }
    for command in programs.values():
        print("  $", " ".join(command(tools, path)))
    print("  told: the language of each comment from its country, so that one stem field is spared")
    # In turns, so that what else the machine does falls on all of them.
    runs = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, command in programs.items():
            runs[name].append(Run(command(tools, path)))
    voz, bare, told = (Runs(name, rows, runs[name]) for name in programs)
    print(f"  by processor time: {bare.cpu / voz.cpu:.2f} of bare, {told.cpu / voz.cpu:.2f} of told")
    print(f"  rate of voz to rate of bare tantivy told the language: {told.wall / voz.wall:.2f}")
    ratio = bare.wall / voz.wall
    return verdict("rate of voz to rate of bare tantivy", ratio, ">= 0.5", ratio >= 0.5)


def compare_tagging(tools):
    title(f"tagging: texts per second of one thread, the best of {TURNS} turns of 5 rounds")
    commands = [
        [tools.vader, str(HERE / "vader.py"), str(ENGLISH)],
        [tools.per_core, str(ENGLISH)],
    ]
    for command in commands:
        print("  $", " ".join(command))
    # In turns, and the best: what else the machine does only ever slows a program down.
    turns = [
        [json.loads(subprocess.check_output(command)) for command in commands]
        for _ in range(TURNS)
    ]
    texts = [json.loads(line)["text"] for line in open(ENGLISH, encoding="utf-8")]
    mean = sum(len(text.encode()) for text in texts) / len(texts)
    print(f"  input: the {len(texts)} English texts of the sample, {mean:.0f} bytes each on average")
    vader = max(vader for vader, _ in turns)
    parts = ["sentiment", "redaction", "whole"]
    voz = {part: max(voz[part] for _, voz in turns) for part in parts}
    opening = min(voz["opening"] for _, voz in turns)
    # Language, tokens, clauses, sentiment, emotions and themes of texts that are redacted already.
    read = 1 / (1 / voz["whole"] - 1 / voz["redaction"])
    print(f"  VADER               {vader:>9,.0f} texts/s")
    print(f"  voz, sentiment      {voz['sentiment']:>9,.0f} texts/s")
    print(f"  voz, whole tagging  {voz['whole']:>9,.0f} texts/s")
    print(f"  the same without redaction of personal data: {read:,.0f} texts/s")
    sentiment, whole, read = voz["sentiment"] / vader, voz["whole"] / vader, read / vader
    met = verdict("sentiment alone to VADER", sentiment, ">= 20", sentiment >= 20)
    print(f"  tagging without redaction to VADER: {read:.1f}")
    print(f"  whole tagging to VADER: {whole:.1f} (redaction, language, clauses, themes and more)")
    met &= verdict("opening the shipped model in ms", opening, "< 50", opening < 50)
    return met


def compare_scale(tools, few=100_000, many=1_000_000):
    title(f"scale: {few:,} and {many:,} rows; the smaller 3 times")
    met = True
    for name, command in [("voz index", voz_index), ("voz tag", voz_tag)]:
        runs = {}
        for rows, times in [(few, 3), (many, 1)]:
            path = make_input(tools.folder, rows)
            print("  $", " ".join(command(tools, path)))
            runs[rows] = Runs(name, rows, [Run(command(tools, path)) for _ in range(times)])
        ratio = (runs[many].wall / many) / (runs[few].wall / few)
        cpu = (runs[many].cpu / many) / (runs[few].cpu / few)
        print(f"  {name}, processor time per row: {cpu:.2f}")
        met &= verdict(f"{name}, time per row", ratio, "<= 1.2", ratio <= 1.2)
        memory = runs[many].memory / 1024
        met &= verdict(f"{name}, peak memory in GiB", memory, "< 1", memory < 1)
    return met


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    for program in ["voz", "bare", "per-core", "vader"]:
        parser.add_argument(f"--{program}", required=True)
    parser.add_argument("parts", nargs="*", help=f"some of {', '.join(PARTS)}")
    tools = parser.parse_args()
    unknown = set(tools.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part is called {', '.join(sorted(unknown))}")
    machine()
    measures = [compare_index, compare_tagging, compare_scale]
    wanted = [
        measure for part, measure in zip(PARTS, measures) if part in (tools.parts or PARTS)
    ]
    return 0 if all([measure(tools) for measure in wanted]) else 1


if __name__ == "__main__":
    sys.exit(main())
