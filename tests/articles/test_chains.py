"""Chains of revisions: their root and their order, read off a set of links."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles.chains import chain_places, chain_roots
from pipeline.types import WireLink

NOON = datetime(2026, 4, 13, 12, tzinfo=UTC)


def links(*pairs: str) -> list[WireLink]:
    """`ba`: b replaces a."""
    return [WireLink("tidewire", pair[0], pair[1]) for pair in pairs]


def roots(*pairs: str) -> dict[str, str]:
    return {revision: root for (_, revision), root in chain_roots(links(*pairs)).items()}


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        pytest.param(["ba", "cb"], {"a": "a", "b": "a", "c": "a"}, id="one after the other"),
        pytest.param(["ba", "ca"], {"a": "a", "b": "a", "c": "a"}, id="two that replace one"),
        pytest.param(["ca", "cb"], {"a": "a", "b": "a", "c": "a"}, id="one that replaces two: the smaller is the root"),
        pytest.param(["ba", "yx"], {"a": "a", "b": "a", "x": "x", "y": "x"}, id="two chains"),
        pytest.param(["cb", "dc"], {"b": "b", "c": "b", "d": "b"}, id="the root itself never came"),
        pytest.param(["ba", "cb", "ac"], {"a": "a", "b": "a", "c": "a"}, id="a ring"),
        pytest.param([], {}, id="none"),
    ],
)
def test_a_story_goes_by_the_revision_that_replaces_none(pairs: list[str], expected: dict[str, str]) -> None:
    assert roots(*pairs) == roots(*reversed(pairs)) == expected


def test_ids_of_two_agencies_are_two_chains() -> None:
    assert chain_roots([WireLink("one", "b", "a"), WireLink("two", "b", "z")]) == {
        ("one", "a"): "a",
        ("one", "b"): "a",
        ("two", "b"): "z",
        ("two", "z"): "z",
    }


def places(made: dict[str, float], *pairs: str) -> str:
    at = {revision: NOON + timedelta(hours=hours) for revision, hours in made.items()}
    placed = chain_places(links(*pairs), at)
    return "".join(sorted(placed, key=placed.__getitem__))


@pytest.mark.parametrize(
    ("made", "pairs", "expected"),
    [
        pytest.param({"a": 1, "b": 2, "c": 3}, ["ba", "cb"], "abc", id="by links and by time alike"),
        pytest.param({"a": 3, "b": 2, "c": 1}, ["ba", "cb"], "abc", id="the links are right where the clock is not"),
        pytest.param({"a": 1, "c": 2}, ["ba", "cb"], "abc", id="one between that is only named"),
        pytest.param({"a": 1, "b": 3, "c": 2}, ["ba", "ca"], "acb", id="two of one revision, by time"),
        pytest.param({"a": 1, "b": 1, "c": 1}, ["ba", "ca"], "abc", id="of the same time, by id"),
        pytest.param({"a": 2, "b": 1, "c": 3}, ["ba", "cb", "ac"], "bca", id="a ring, opened at its first"),
    ],
)
def test_a_revision_comes_after_all_that_it_replaces(made: dict[str, float], pairs: list[str], expected: str) -> None:
    assert places(made, *pairs) == places(made, *reversed(pairs)) == expected


@settings(max_examples=50)
@given(st.lists(st.text("abcdef", min_size=2, max_size=2), max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_links_changes_nothing_and_none_is_lost(pairs: list[str], chance: random.Random) -> None:
    made = {revision: float(ord(revision) % 3) for revision in "abcdef"}
    shuffled = chance.sample(pairs, len(pairs))
    assert roots(*pairs) == roots(*shuffled)
    assert places(made, *pairs) == places(made, *shuffled)
    assert sorted(places(made, *pairs)) == list("abcdef")
