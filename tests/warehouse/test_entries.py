"""Entries as last delivered, and the queue of their pages."""

from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Connection

from pipeline.types import Entry, HeldItem, PageResult, Status, Window
from pipeline.warehouse.captures import record_captures
from pipeline.warehouse.entries import record_entries
from pipeline.warehouse.held import held_due, record_held, release_held
from pipeline.warehouse.pages import entries_of, pages_due, record_pages


def landed(make: Any, hours: float, *, url: str = "https://harbour.example/news/1", **changes: Any) -> PageResult:
    standard: dict[str, Any] = {"capture_id": f"page{hours}", "etag": f'"{hours}"', "next_due_at": make.at(hours + 24)}
    return PageResult("harbour", url, "landed", make.at(hours), **standard | changes)


def failed(make: Any, hours: float, back_in: float = 1) -> PageResult:
    url = "https://harbour.example/news/1"
    return PageResult("harbour", url, "failed", make.at(hours), reason="timeout", next_due_at=make.at(hours + back_in))


def row(conn: Connection, columns: str) -> tuple[Any, ...]:
    return tuple(conn.exec_driver_sql(f"select {columns} from ingest.entries").one())


def due_after(conn: Connection, make: Any) -> float | None:
    """Hours after noon from which the one entry's page is due."""
    (at,) = row(conn, "next_due_at")
    return None if at is None else float((at - make.now.replace(tzinfo=None)).total_seconds() / 3600)


def test_new_entries_are_counted_by_feed_once(conn: Connection, make: Any) -> None:
    batch = [make.seen(0), make.seen(0, id="e2"), make.seen(1), make.seen(0, feed=make.wire)]

    assert record_entries(conn, batch) == {"harbour/world": 2, "tidewire/all": 1}
    assert record_entries(conn, batch) == {}


def test_the_last_delivery_counts_in_any_order(conn: Connection, make: Any) -> None:
    batches = [
        [make.seen(0, title="One", summary="first"), make.seen(0, id="e2", title="Two")],
        [make.seen(1, title="One", summary="second"), make.seen(1, id="e2", title="Two, changed")],
        [make.seen(2, title="Three", updated_at=make.at(1.5)), make.seen(2, id="e2", title="Two, changed")],
    ]
    record_entries(conn, [one for batch in batches for one in batch])
    expected = make.state_of(conn)
    for order in permutations(batches):
        make.empty(conn)
        for batch in order:
            record_entries(conn, batch)
        assert make.state_of(conn) == expected

    assert conn.exec_driver_sql(
        "select entry_id, title, date_diff('hour', first_seen_at, last_seen_at), "
        "date_diff('hour', first_seen_at, changed_at), date_diff('hour', first_seen_at, next_due_at) "
        "from ingest.entries order by 1"
    ).fetchall() == [("e1", "Three", 2, 2, 0), ("e2", "Two, changed", 2, 1, 0)]


STATES = {
    "an entry that names a page": ({}, "world", ("pending", True, False)),
    "a feed whose pages are not fetched": ({}, "wire", ("landed", False, False)),
    "an entry without a page": ({"url": None}, "world", ("landed", False, False)),
    "a delivered body": ({"body": True}, "world", ("landed", False, True)),
    "an embargo": ({"status": Status.EMBARGOED}, "world", ("held", False, False)),
    "withheld": ({"status": Status.WITHHELD}, "world", ("held", False, False)),
    "canceled": ({"status": Status.CANCELED}, "world", ("landed", False, False)),
}


@pytest.mark.parametrize("case", STATES)
def test_what_an_entry_asks_for(conn: Connection, make: Any, case: str) -> None:
    changes, feed, expected = STATES[case]
    changes = changes | ({"body": make.body} if "body" in changes else {})
    record_entries(conn, [make.seen(0, feed=make.wire if feed == "wire" else make.feed, **changes)])

    assert row(conn, "state, wants_page, has_body") == expected
    assert (row(conn, "next_due_at")[0] is not None) == (expected[0] == "pending")
    if changes.get("status"):
        assert row(conn, "title, summary") == (None, None)


def test_a_page_is_due_once_until_its_entry_changes(conn: Connection, make: Any) -> None:
    record_entries(conn, [make.seen(0)])
    assert due_after(conn, make) == 0
    record_pages(conn, [landed(make, 1)])
    assert due_after(conn, make) == 25

    record_entries(conn, [make.seen(2)])
    assert due_after(conn, make) == 25
    record_entries(conn, [make.seen(3, title="Quay open")])
    assert due_after(conn, make) == 3
    record_pages(conn, [failed(make, 4)])
    assert due_after(conn, make) == 5
    record_entries(conn, [make.seen(4.5, title="Quay open")])
    assert due_after(conn, make) == 5
    assert row(conn, "state, attempts, reason") == ("failed", 1, "timeout")


def test_a_change_of_the_time_of_change_makes_a_page_due(conn: Connection, make: Any) -> None:
    record_entries(conn, [make.seen(0)])
    record_pages(conn, [landed(make, 1)])
    record_entries(conn, [make.seen(2, updated_at=make.at(1.5))])

    assert due_after(conn, make) == 2


def test_a_page_captured_before_its_entry_changed_is_due_in_any_order(conn: Connection, make: Any) -> None:
    acts = [
        lambda: record_entries(conn, [make.seen(0)]),
        lambda: record_entries(conn, [make.seen(3, title="Quay open")]),
        lambda: record_pages(conn, [landed(make, 1)]),
    ]
    for order in permutations(acts):
        make.empty(conn)
        for act in order:
            act()
        if order[0] is not acts[2]:  # a page is asked for because an entry names it
            assert due_after(conn, make) == 3


def test_page_results_are_free_of_order_and_may_come_again(conn: Connection, make: Any) -> None:
    results = [landed(make, 1), landed(make, 2), landed(make, 3)]
    states = []
    for order in (*permutations(results), (*results, *results)):
        make.empty(conn)
        record_entries(conn, [make.seen(0), make.seen(0, id="e2")])
        for result in order:
            record_pages(conn, [result])
        states.append(make.state_of(conn))
    make.empty(conn)
    record_entries(conn, [make.seen(0), make.seen(0, id="e2")])
    record_pages(conn, results)

    assert all(state == make.state_of(conn) for state in states)
    assert conn.exec_driver_sql(
        "select distinct page_capture_id, page_etag, hour(page_first_at) - 12, hour(page_last_at) - 12 "
        "from ingest.entries"
    ).fetchall() == [("page3", '"3"', 1, 3)]


def test_failed_attempts_count_once_and_until_the_next_good_one(conn: Connection, make: Any) -> None:
    record_entries(conn, [make.seen(0)])
    for hours in (1, 1, 2, 3):
        record_pages(conn, [failed(make, hours)])
    assert row(conn, "attempts") == (3,)
    assert [due.attempts for due in pages_due(conn, make.at(9))] == [3]
    record_pages(conn, [landed(make, 4)])
    assert row(conn, "attempts, state, reason") == (0, "landed", None)


def test_a_304_keeps_the_last_good_capture(conn: Connection, make: Any) -> None:
    record_entries(conn, [make.seen(0)])
    record_pages(conn, [landed(make, 1), landed(make, 2, capture_id=None)])

    assert row(conn, "page_capture_id, hour(page_last_at) - 12") == ("page1", 2)


def test_a_page_that_two_entries_name_is_due_once_with_what_is_known_of_it(conn: Connection, make: Any) -> None:
    record_entries(conn, [make.seen(0)])
    record_pages(conn, [landed(make, 1, next_due_at=None)])
    record_entries(conn, [make.seen(2, id="other"), make.seen(2, id="other", feed=make.wire)])

    (due,) = pages_due(conn, make.at(3))
    assert (due.entry.id, due.etag, due.first_at, due.last_at) == ("other", '"1"', make.at(1), make.at(1))


def test_hosts_take_turns(conn: Connection, make: Any) -> None:
    urls = [f"https://a.example/{n}" for n in range(4)] + [
        "https://B.example/1",
        "https://c.example/1",
        "https://b.example/2",
    ]
    record_entries(conn, [make.seen(0, id=url, url=url) for url in urls])

    hosts = [due.url[8].lower() for due in pages_due(conn, make.at(1))]
    assert "".join(hosts) == "abcabaa"
    assert pages_due(conn, make.at(-1)) == []
    assert pages_due(conn, make.at(1), source_ids=["other"]) == []
    assert len(pages_due(conn, make.at(1), source_ids=["other", "harbour"])) == 7


WINDOWS = {
    "no bounds": (None, None, {"old", "new", "changed", "unknown"}),
    "since": (0, None, {"new", "changed"}),
    "until, which is outside": (None, 5, {"old", "changed"}),
    "both": (0, 5, set()),
    "none such": (50, 60, set()),
}


@pytest.mark.parametrize("case", WINDOWS)
def test_a_window_holds_pages_published_or_changed_within_it(conn: Connection, make: Any, case: str) -> None:
    since, until, expected = WINDOWS[case]
    dates = {"old": (-9, None), "new": (5, None), "changed": (-9, 9), "unknown": (None, None)}
    batch = [
        make.seen(
            0,
            id=name,
            url=f"https://harbour.example/{name}",
            published_at=make.at(published) if published is not None else None,
            updated_at=make.at(updated) if updated is not None else None,
        )
        for name, (published, updated) in dates.items()
    ]
    record_entries(conn, batch)
    window = Window(make.at(since) if since is not None else None, make.at(until) if until is not None else None)

    assert {due.entry.id for due in pages_due(conn, make.at(1), window=window)} == expected


def test_an_entry_comes_back_from_the_queue_as_it_was_delivered(conn: Connection, make: Any) -> None:
    seen = make.seen(
        0,
        authors=("Ada Quay",),
        published_at=make.at(-1),
        published_raw="today",
        section="World",
        version=3,
        version_at=make.at(-2),
    )
    record_entries(conn, [seen])

    (due,) = pages_due(conn, make.at(1))
    assert isinstance(due.entry, Entry)
    assert due.entry == seen.entry


@pytest.mark.parametrize("status", [Status.CANCELED, Status.WITHHELD, Status.EMBARGOED])
def test_a_page_that_was_fetched_is_read_as_its_entry_was_then(conn: Connection, make: Any, status: Status) -> None:
    record_entries(conn, [make.seen(0), make.seen(1, status=status, embargo_until=make.at(9))])

    (entry,) = entries_of(conn, [("harbour/world", "e1")]).values()
    assert (entry.status, entry.embargo_until) == (Status.USABLE, None)
    assert pages_due(conn, make.at(2)) == []


def held(
    make: Any, capture: str, status: Status, until: float | None, entry: str | None = None, version: int | None = None
) -> HeldItem:
    """An item in a capture of its own; until so many hours after noon."""
    until_at = None if until is None else make.at(until)
    ref = make.ref(capture, make.at(0))
    return HeldItem(ref, 0, "harbour/world", entry or f"of {capture}", "harbour", status, until_at, version)


def test_held_items_are_due_when_their_embargo_has_passed(conn: Connection, make: Any) -> None:
    items = [
        held(make, "c1", Status.EMBARGOED, 5),
        held(make, "c2", Status.EMBARGOED, 50),
        held(make, "c3", Status.WITHHELD, None),
        held(make, "c4", Status.EMBARGOED, 5, "withheld since"),
    ]
    record_captures(conn, "r1", [item.ref for item in items])
    record_held(conn, items)
    record_held(conn, items)
    record_entries(conn, [make.seen(1, id="withheld since", status=Status.WITHHELD)])

    assert held_due(conn, make.at(4)) == []
    assert held_due(conn, make.at(5)) == [items[0]]
    release_held(conn, [items[0]])
    release_held(conn, [])
    assert held_due(conn, make.at(6)) == []
    assert conn.exec_driver_sql("select count(*) from ingest.held").scalar() == 3


@pytest.mark.parametrize(
    ("first", "second", "due_at"),
    [
        pytest.param(5, 9, {5: [], 9: ["c1", "c2"]}, id="later"),
        pytest.param(9, 5, {5: ["c2"], 9: ["c1", "c2"]}, id="earlier"),
        pytest.param(5, None, {5: [], 9: []}, id="of unknown end"),
    ],
)
def test_the_embargo_of_the_latest_version_counts(
    conn: Connection, make: Any, first: float, second: float | None, due_at: dict[float, list[str]]
) -> None:
    items = [
        held(make, "c1", Status.EMBARGOED, first, "e1", 1),
        held(make, "c2", Status.EMBARGOED, second, "e1", 2),
    ]
    record_captures(conn, "r1", [item.ref for item in items])
    record_held(conn, items)

    assert {at: [item.ref.id for item in held_due(conn, make.at(at))] for at in due_at} == due_at


def test_an_entry_that_is_released_asks_for_its_page(conn: Connection, make: Any) -> None:
    record_entries(conn, [make.seen(0, status=Status.EMBARGOED)])
    record_entries(conn, [make.seen(5)])

    assert row(conn, "state, title") == ("pending", "Quay closed")
    assert len(pages_due(conn, make.at(5))) == 1
