from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles.revisions import decide_revisions
from pipeline.types import Revision, Status, VersionState, WireLink

DAWN = datetime(2024, 3, 5, 6, tzinfo=UTC)


def version(
    name: str,
    hour: int = 0,
    *,
    number: int | None = None,
    words: int = 100,
    kind: str = "article",
    status: Status = Status.USABLE,
) -> VersionState:
    return VersionState(name, DAWN + timedelta(hours=hour), number, None, status, kind, words, "The dike")


def told(versions: Sequence[VersionState]) -> list[tuple[str, str, bool]]:
    return [(r.version_id, r.decision, r.is_current) for r in decide_revisions(versions, "article")]


CHAINS = {
    "a page that changes": (
        [version("a"), version("b", 1)],
        [("a", "new", False), ("b", "changed", True)],
    ),
    "a paywall after the article": (
        [version("a"), version("b", 1, words=80, kind="paywall")],
        [("a", "new", True), ("b", "refused", False)],
    ),
    "the article after a paywall": (
        [version("a", words=80, kind="paywall"), version("b", 1, words=400)],
        [("a", "new", False), ("b", "changed", True)],
    ),
    "a page that lost more than half of its text": (
        [version("a"), version("b", 1, words=49)],
        [("a", "new", True), ("b", "refused", False)],
    ),
    "a wire that cuts its own story": (
        [version("a", number=1), version("b", 1, number=2, words=20)],
        [("a", "new", False), ("b", "changed", True)],
    ),
    "an empty version never overwrites": (
        [version("a", number=1), version("b", 1, number=2, words=0)],
        [("a", "new", True), ("b", "refused", False)],
    ),
    "a title without a text is the first version": (
        [version("a", words=0), version("b", 1)],
        [("a", "new", False), ("b", "changed", True)],
    ),
    "a killed article": (
        [version("a", number=1), version("b", 1, number=2), version("k", 2, number=3, words=0, status=Status.CANCELED)],
        [("a", "new", False), ("b", "changed", False), ("k", "recalled", False)],
    ),
    "a page that is still up after the kill": (
        [version("a"), version("k", 1, words=0, status=Status.CANCELED), version("b", 2)],
        [("a", "new", False), ("k", "recalled", False), ("b", "refused", False)],
    ),
    "a withheld item that comes back": (
        [version("a", number=1), version("w", 1, number=2, words=0, status=Status.WITHHELD), version("b", 2, number=3)],
        [("a", "new", False), ("w", "recalled", False), ("b", "changed", True)],
    ),
    "an earlier version that came late": (
        [version("a", 5, number=1), version("b", 1, number=2)],
        [("a", "superseded", False), ("b", "new", True)],
    ),
    "one late between two": (
        [version("a", 0, number=1), version("b", 5, number=2), version("c", 1, number=3)],
        [("a", "new", False), ("b", "superseded", False), ("c", "changed", True)],
    ),
    "a version that came before a kill that came first": (
        [version("a", 5, number=1), version("k", 1, number=2, words=0, status=Status.CANCELED)],
        [("a", "superseded", False), ("k", "recalled", False)],
    ),
    "version 0 is a version": (
        [version("a", 1, number=0), version("b", 2, number=1)],
        [("a", "new", False), ("b", "changed", True)],
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_chain_is_decided(name: str) -> None:
    versions, expected = CHAINS[name]
    assert told(versions) == expected


@pytest.mark.parametrize("name", CHAINS)
def test_the_order_of_arrival_and_repeats_change_nothing(name: str) -> None:
    versions, expected = CHAINS[name]
    for order in permutations(versions):
        assert told(order) == expected
        assert told([*order, *order]) == expected


def test_four_versions_with_a_kill_in_all_their_orders() -> None:
    chain = [version(f"v{n}", n, number=n) for n in range(3)] + [
        version("k", 3, number=3, words=0, status=Status.CANCELED)
    ]
    results = {tuple(told(order)) for order in permutations(chain)}
    assert len(results) == 1
    assert not any(is_current for _, _, is_current in results.pop())


WITHHELD = version("w", 1, words=0, status=Status.WITHHELD)


@pytest.mark.parametrize(
    ("again", "stands"),
    [
        pytest.param(2, True, id="after the withhold"),
        pytest.param(0, False, id="only before it, however often"),
    ],
)
def test_what_was_withheld_stands_again_where_it_was_sent_again_since(again: int, stands: bool) -> None:
    first = replace(version("a"), last_made_at=DAWN + timedelta(hours=again))
    for order in permutations([first, WITHHELD]):
        assert [r.version_id for r in decide_revisions(order, "x") if r.is_current] == (["a"] if stands else [])


def test_a_numbered_version_that_comes_late_is_not_sent_again() -> None:
    first = replace(version("a", number=1), last_made_at=DAWN + timedelta(hours=9))
    withheld = version("w", 1, number=2, words=0, status=Status.WITHHELD)
    assert not any(r.is_current for r in decide_revisions([first, withheld], "x"))


def test_a_later_revision_may_be_shorter_by_far_and_stands() -> None:
    chain = [replace(version("a"), revision_id="a"), replace(version("b", 1, words=20), revision_id="b")]
    link = WireLink("wire", "b", "a")
    assert [(r.version_id, r.decision) for r in decide_revisions(chain, "x", [link])] == [
        ("a", "new"),
        ("b", "changed"),
    ]


def test_no_decision_depends_on_the_titles_that_a_recall_takes() -> None:
    kill = version("k", 2, number=3, words=0, status=Status.CANCELED)
    chain = [version("a", number=1), replace(version("b", 1, number=2), title="Another")]
    wiped = [replace(one, title=None) for one in chain]
    assert decide_revisions([*chain, kill], "x") == decide_revisions([*wiped, kill], "x")


def test_a_recall_says_why() -> None:
    kill = VersionState("k", DAWN, 2, None, Status.CANCELED, "article", 0, None, note="Kill: the minister denies it")
    assert decide_revisions([version("a", -1, number=1), kill], "x")[1].reason == "Kill: the minister denies it"


def test_no_version_no_revision() -> None:
    assert decide_revisions([], "x") == []


STATES = st.builds(
    lambda name, hour, number, words, kind, status: version(
        f"v{name}", hour, number=number, words=words, kind=kind, status=status
    ),
    st.integers(0, 5),
    st.integers(0, 4),
    st.one_of(st.none(), st.integers(0, 4)),
    st.sampled_from([0, 40, 100, 300]),
    st.sampled_from(["article", "paywall"]),
    st.sampled_from([Status.USABLE, Status.USABLE, Status.USABLE, Status.WITHHELD, Status.CANCELED]),
)


@settings(max_examples=60)
@given(st.lists(STATES, max_size=4, unique_by=lambda v: v.version_id))
def test_any_chain_in_any_order_is_decided_alike(chain: list[VersionState]) -> None:
    results: list[list[Revision]] = [decide_revisions(order, "x") for order in permutations(chain)]
    assert all(result == results[0] for result in results)
    assert sum(r.is_current for r in results[0]) <= 1
    assert sum(r.decision == "new" for r in results[0]) <= 1
    assert [r.number for r in results[0]] == list(range(1, len(chain) + 1))
