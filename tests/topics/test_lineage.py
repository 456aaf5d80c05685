"""Which version of an agency's story a paper ran, and what says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.topics.lineage import trace_copy
from pipeline.types import RunText

NOON = datetime(2026, 4, 13, 12, tzinfo=UTC)
WORDS = [f"{first}{second}" for first in "bdfgklmnprst" for second in ("ara", "elo", "ina", "usk", "yva", "omb")]


def text(start: int, end: int) -> str:
    return " ".join(WORDS[start:end])


def version(number: int, hours: float, words: str, **changes: object) -> RunText:
    at = NOON + timedelta(hours=hours)
    standard = RunText("story", f"v{number}", at, at, words, ("Edda Brandt",), "Harbour Wire", None)
    return replace(standard, **changes)  # type: ignore[arg-type]


def paper(hours: float, words: str, **changes: object) -> RunText:
    at = NOON + timedelta(hours=hours)
    return replace(RunText("copy", "c1", at, at, words), **changes)  # type: ignore[arg-type]


SHORT, LONG = version(1, 0, text(0, 50)), version(2, 3, text(0, 72))


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        pytest.param(paper(1, text(0, 50)), ("v1", 1.0, 1.0), id="the first version, whole"),
        pytest.param(paper(4, text(0, 72)), ("v2", 1.0, 1.0), id="the second version, whole"),
        pytest.param(paper(4, text(0, 45)), ("v1", 0.8958, 1.0), id="cut: closest to the shorter"),
    ],
)
def test_a_copy_ran_the_version_that_it_is_closest_to(copy: RunText, expected: tuple[str, float, float]) -> None:
    for versions in ([SHORT, LONG], [LONG, SHORT]):
        found = trace_copy(copy, versions)
        assert found is not None
        assert (found.version_id, found.share_of_version, found.share_of_copy) == expected


def test_of_equal_versions_it_is_the_last_that_was_made_before_the_copy() -> None:
    same = [version(number, hours, text(0, 60)) for number, hours in ((1, 0), (2, 2), (3, 9))]
    found = trace_copy(paper(5, text(0, 60)), same)
    assert found is not None
    assert found.version_id == "v2"


def test_the_evidence_is_kept() -> None:
    copy = paper(1, text(0, 60), agency="Harbour Wire", authors=("Edda Brandt", "Staff"))
    found = trace_copy(copy, [version(1, 0, text(0, 60))])
    assert found is not None
    assert found.evidence == ("near_duplicate", "credit", "byline")


def test_a_canonical_link_is_enough_where_the_text_is_too_short_or_was_rewritten() -> None:
    link = "https://harbourwire.example/wall"
    story = version(1, 0, text(0, 20), canonical_url=link)
    found = trace_copy(paper(1, text(30, 40), canonical_url=link), [story])
    assert found is not None
    assert (found.evidence, found.share_of_copy) == (("canonical_link",), 0.0)


def test_a_credit_alone_makes_no_copy() -> None:
    assert trace_copy(paper(1, text(30, 72), agency="Harbour Wire"), [version(1, 0, text(0, 42))]) is None
    assert trace_copy(paper(1, text(0, 50)), []) is None
