#!/usr/bin/env python3
"""Writes the sample again and again, with other ids and dates, to the number of rows asked for.

    python3 benches/make_input.py ROWS FILE

Texts and scores are those of corpora/nubela.csv in their order. Ids count up; dates walk through
the half year of the sample, one day further at every row. The same call writes the same bytes.
"""

import csv
import datetime
import itertools
import pathlib
import sys

SAMPLE = pathlib.Path(__file__).parent.parent / "corpora" / "nubela.csv"
FIRST_DAY = datetime.date(2026, 1, 1)
DAYS = 181


def main(rows, path):
    with open(SAMPLE, newline="", encoding="utf-8") as sample:
        header, *lines = csv.reader(sample)
    days = [str(FIRST_DAY + datetime.timedelta(days=day)) for day in range(DAYS)]
    identifier, date = header.index("id"), header.index("date")
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for number, line in zip(range(rows), itertools.cycle(lines)):
            line = list(line)
            line[identifier] = f"NB-{number:08}"
            line[date] = days[number % DAYS]
            writer.writerow(line)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(int(sys.argv[1]), sys.argv[2])
