"""Texts per second of VADER, in one process on one thread: python vader.py FILE

Reads JSON Lines with a member `text`; prints the best of five rounds. A round reads them again and
again for about half a second, as long as a round of per_core.rs.
"""

import json
import sys
import time

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

ROUNDS = 5
TEXTS = 10_000

with open(sys.argv[1], encoding="utf-8") as lines:
    texts = [json.loads(line)["text"] for line in lines]
texts *= -(-TEXTS // len(texts))
analyzer = SentimentIntensityAnalyzer()
best = 0.0
for _ in range(ROUNDS):
    begun = time.perf_counter()
    for text in texts:
        analyzer.polarity_scores(text)
    best = max(best, len(texts) / (time.perf_counter() - begun))
print(round(best, 1))
