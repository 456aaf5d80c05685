"""From wire to web: which version of an agency's story another source's article runs, and how much of it → Copy."""

from collections.abc import Iterable

from pipeline.topics.stories import shingles_of, verify
from pipeline.types import Copy, RunText


def trace_copy(copy: RunText, versions: Iterable[RunText]) -> Copy | None:
    """The version that the copy is closest to; None where nothing says that it runs the story at all.

    A text most of which the other holds, or a canonical link to the agency's own page, says so; a credit line and a
    byline in common only bear it out. Of versions that are equally close it is the last that was made before the copy.
    """
    texts = list(versions)
    if not texts:
        return None
    mine = shingles_of(copy.text)
    measured = [(_shares(shingles_of(version.text), mine), version) for version in texts]
    (of_version, of_copy), closest = max(measured, key=lambda one: _closeness(one[0], one[1], copy))
    evidence = _evidence(copy, closest, texts)
    if "near_duplicate" not in evidence and "canonical_link" not in evidence:
        return None
    return Copy(
        copy_article_id=copy.article_id,
        copy_version_id=copy.version_id,
        article_id=closest.article_id,
        version_id=closest.version_id,
        share_of_version=round(of_version, 4),
        share_of_copy=round(of_copy, 4),
        evidence=evidence,
    )


def _shares(theirs: set[str], mine: set[str]) -> tuple[float, float]:
    shared = len(theirs & mine)
    return shared / len(theirs) if theirs else 0.0, shared / len(mine) if mine else 0.0


def _closeness(shares: tuple[float, float], version: RunText, copy: RunText) -> tuple[float, bool, float, str]:
    """The harmonic mean of both shares, so that cuts and additions count alike; then what could have been copied."""
    mean = 2 * shares[0] * shares[1] / (sum(shares) or 1.0)
    is_before = version.at is not None and (copy.at is None or version.at <= copy.at)
    made = version.at.timestamp() if version.at else 0.0
    return round(mean, 4), is_before, made if is_before else -made, version.version_id


def _evidence(copy: RunText, closest: RunText, versions: Iterable[RunText]) -> tuple[str, ...]:
    is_linked = copy.canonical_url is not None and any(copy.canonical_url == one.canonical_url for one in versions)
    found = {
        "near_duplicate": verify((copy.article_id, copy.text), (closest.article_id, closest.text)) is not None,
        "canonical_link": is_linked,
        "credit": copy.agency is not None and copy.agency == closest.agency,
        "byline": not set(copy.authors).isdisjoint(closest.authors),
    }
    return tuple(kind for kind, is_there in found.items() if is_there)
