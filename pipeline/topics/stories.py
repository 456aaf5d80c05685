"""Near-duplicates: articles that run one text → Signature, StoryEdge, StoryMember.

A story is a wire text with all its copies and re-runs, cut and edited. Three steps: `sign` makes what the warehouse
joins to find candidates, `verify` compares two texts, `group` joins what was verified. Only verified pairs count.

The measure is containment, not Jaccard: a paper that cut half of a wire story still runs that story. Notices by form
(a bond issue, the day's treasury balance, crop stocks) share most of their words with yesterday's and are another
story; what tells them from a re-run is that the figures differ.
"""

import hashlib
import re
import struct
import unicodedata
from collections.abc import Iterable, Sequence

from rensa import RMinHash

from pipeline.types import LinkInput, Signature, StoryEdge, StoryMember

SHINGLE_WORDS = 3
MIN_SHINGLES = 40
MIN_CONTAINMENT = 0.6
MIN_FIGURES = 3
PERMUTATIONS = 128
BANDS = 32
SEED = 1987  # changing any of these makes stored signatures worthless: they are to be signed again

_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # Chinese and Japanese: a character is taken for a word
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[{_UNSPACED}]|[^\W\d{_UNSPACED}]+")


def sign(article: LinkInput) -> Signature | None:
    """What finds the article's near-duplicates; None where the text is too short to tell it from others."""
    shingles = _shingles(_tokens(article.text))
    if len(shingles) < MIN_SHINGLES:
        return None
    return Signature(article.article_id, article.compare_at, len(shingles), _bands(shingles))


def verify(a: tuple[str, str], b: tuple[str, str]) -> StoryEdge | None:
    """The edge between two articles, each (id, text), if the longer runs the text of the shorter; else None.

    The caller sees to the time between them.
    """
    tokens_a, tokens_b = _tokens(a[1]), _tokens(b[1])
    smaller, larger = sorted((_shingles(tokens_a), _shingles(tokens_b)), key=len)
    if len(smaller) < MIN_SHINGLES:
        return None
    containment = len(smaller & larger) / len(smaller)
    if containment * _figures_shared(tokens_a, tokens_b) < MIN_CONTAINMENT:
        return None
    first, second = sorted((a[0], b[0]))
    return StoryEdge(first, second, round(containment, 4))


def group(article_ids: Iterable[str], edges: Sequence[StoryEdge]) -> list[StoryMember]:
    """Each article's place in its story, sorted by id; the same for any order of articles and edges.

    Edges with an end that is not among the articles join nothing: a recalled copy does not hold others together.
    """
    parent = {article_id: article_id for article_id in article_ids}
    nearest: dict[str, float] = {}
    for edge in edges:
        if edge.article_a not in parent or edge.article_b not in parent:
            continue
        first, second = sorted((_root(parent, edge.article_a), _root(parent, edge.article_b)))
        parent[second] = first  # the smaller id is always the root, so the root is the story's id
        for end in (edge.article_a, edge.article_b):
            nearest[end] = max(nearest.get(end, 0.0), edge.containment)
    return [
        StoryMember(article_id, _root(parent, article_id), nearest.get(article_id)) for article_id in sorted(parent)
    ]


def shingles_of(text: str) -> set[str]:
    """What two texts are compared by: each three words in a row, without case and punctuation."""
    return _shingles(_tokens(text))


def _tokens(text: str) -> list[str]:
    """The words and figures of a text, without case and punctuation."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def _shingles(tokens: Sequence[str]) -> set[str]:
    """Each three tokens in a row, but for those that are mostly figures: the cells of a table."""
    is_figure = [token[0].isdigit() for token in tokens]
    return {
        f"{tokens[at]} {tokens[at + 1]} {tokens[at + 2]}"
        for at in range(len(tokens) - SHINGLE_WORDS + 1)
        if is_figure[at] + is_figure[at + 1] + is_figure[at + 2] < 2
    }


def _figures_shared(tokens_a: Sequence[str], tokens_b: Sequence[str]) -> float:
    """Share of the figures of the text that has fewer that the other has; 1.0 where there are too few to judge by."""
    fewer, more = sorted(({t for t in tokens if t[0].isdigit()} for tokens in (tokens_a, tokens_b)), key=len)
    return len(fewer & more) / len(fewer) if len(fewer) >= MIN_FIGURES else 1.0


def _bands(shingles: Iterable[str]) -> tuple[int, ...]:
    """One unsigned 64-bit hash per band of the MinHash; equal ones mark candidates.

    Each is mixed with the number of its band, so that one index serves all bands.
    """
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(list(shingles))
    rows = struct.pack(f"<{PERMUTATIONS}I", *minhash.digest())
    width = len(rows) // BANDS
    return tuple(
        int.from_bytes(
            hashlib.blake2b(struct.pack("<B", band) + rows[band * width : (band + 1) * width], digest_size=8).digest(),
            "little",
        )
        for band in range(BANDS)
    )


def _root(parent: dict[str, str], article_id: str) -> str:
    while parent[article_id] != article_id:
        parent[article_id] = parent[parent[article_id]]
        article_id = parent[article_id]
    return article_id
