"""Runs, the catalogue, feeds' state, polls, listings, and the index of captures."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

from sqlalchemy import Connection

from pipeline.types import CaptureKind, Feed, FeedState, Link, Listing, Poll, PollOutcome, Source, Window
from pipeline.warehouse.arrow import read
from pipeline.warehouse.captures import (
    Archived,
    KnownFile,
    archived_documents,
    archived_files,
    capture_refs,
    known_files,
    mark_derived,
    record_captures,
    record_files,
)
from pipeline.warehouse.feeds import add_sources, feed_states, record_listings, record_polls, sync_catalogue
from pipeline.warehouse.links import links_due, record_links, strike_links
from pipeline.warehouse.runs import begin_run, finish_run

WORLD = Feed("harbour/world", "harbour", "https://harbour.example/world.rss")
SPORT = Feed("harbour/sport", "harbour", "https://harbour.example/sport.rss")
HARBOUR = Source("harbour", "The Harbour", "publisher", country="ie", language="en", feeds=(WORLD, SPORT))


def state(make: Any, hours: float, **changes: Any) -> FeedState:
    standard = FeedState(
        "harbour/world",
        etag=f'"{hours}"',
        moved_to="https://harbour.example/new.rss",
        last_polled_at=make.at(hours),
        next_due_at=make.at(hours + 1),
        window_ids=("b", "a"),
    )
    return replace(standard, **changes)


def poll(make: Any, hours: float) -> Poll:
    return Poll("harbour/world", "harbour", make.at(hours), PollOutcome.OK, 200, 10, 2, make.at(hours - 5), True)


def test_a_feed_that_nobody_polled_has_an_empty_state(conn: Connection) -> None:
    sync_catalogue(conn, [HARBOUR])

    assert feed_states(conn) == {feed.id: FeedState(feed.id) for feed in (WORLD, SPORT)}
    assert feed_states(conn, ["harbour/sport", "unknown"]) == {"harbour/sport": FeedState("harbour/sport")}


def test_the_catalogue_taken_over_again_keeps_the_state(conn: Connection, make: Any) -> None:
    sync_catalogue(conn, [HARBOUR])
    record_polls(conn, "r1", [poll(make, 0)], [state(make, 0)])
    before = make.state_of(conn)
    sync_catalogue(conn, [HARBOUR])
    assert make.state_of(conn) == before

    sync_catalogue(conn, [replace(HARBOUR, name="Harbour Times", feeds=(WORLD,))])
    sync_catalogue(conn, [])
    assert feed_states(conn)["harbour/world"] == state(make, 0)
    assert read(conn, "select name from ingest.sources") == [{"name": "Harbour Times"}]
    assert len(feed_states(conn)) == 2


def test_a_source_that_a_warc_file_brought_is_on_record_and_changes_none_of_the_catalogue(conn: Connection) -> None:
    sync_catalogue(conn, [HARBOUR])
    strangers = [Source(name, name, "publisher") for name in ("harbour", "www.elsewhere.example")]
    add_sources(conn, strangers)
    assert read(conn, "select source_id, name, country from ingest.sources order by source_id") == [
        {"source_id": "harbour", "name": "The Harbour", "country": "ie"},
        {"source_id": "www.elsewhere.example", "name": "www.elsewhere.example", "country": None},
    ]


def test_a_feed_whose_address_changed_keeps_its_window_and_no_validators_of_the_old_address(
    conn: Connection, make: Any
) -> None:
    sync_catalogue(conn, [HARBOUR])
    record_polls(conn, "r1", [poll(make, 0)], [state(make, 0)])
    sync_catalogue(conn, [replace(HARBOUR, feeds=(replace(WORLD, url="https://harbour.example/2.rss"),))])

    assert feed_states(conn)["harbour/world"] == state(make, 0, etag=None, moved_to=None, next_due_at=None)


def test_the_last_poll_leaves_the_state_in_any_order(conn: Connection, make: Any) -> None:
    states = []
    for order in permutations([0, 1, 2]):
        make.empty(conn)
        sync_catalogue(conn, [HARBOUR])
        for hours in order:
            record_polls(conn, f"r{hours}", [poll(make, hours)], [state(make, hours)])
            record_polls(conn, "again", [poll(make, hours)], [state(make, hours)])
        states.append(make.state_of(conn))

    assert all(one == states[0] for one in states)
    assert feed_states(conn)["harbour/world"] == state(make, 2)
    assert read(conn, "select run_id, outcome from ingest.polls order by polled_at") == [
        {"run_id": f"r{hours}", "outcome": "ok"} for hours in range(3)
    ]


def test_a_listing_counts_as_last_read(conn: Connection, make: Any) -> None:
    for hours, items in ((1, 5), (2, 7), (0, 9), (2, 7)):
        record_listings(
            conn, [Listing("harbour", date(2026, 4, 12), items, "https://harbour.example/sitemap.xml", make.at(hours))]
        )

    assert [row["items"] for row in read(conn, "select items from ingest.listings")] == [7]


def test_of_two_polls_at_one_instant_the_one_that_saw_more_is_the_evidence(conn: Connection, make: Any) -> None:
    seen = poll(make, 0)
    unchanged = replace(seen, outcome=PollOutcome.NOT_MODIFIED, status=304, entries=0, window_since=None)
    failed = replace(seen, outcome=PollOutcome.FAILED, status=500, entries=0, window_since=None)
    for order in permutations([seen, unchanged, failed]):
        conn.exec_driver_sql("delete from ingest.polls")
        for one in order:
            record_polls(conn, "r1", [one], [state(make, 0)])

        rows = read(conn, "select outcome, window_since from ingest.polls")
        assert rows == [{"outcome": "ok", "window_since": make.at(-5)}]


def test_captures_are_indexed_once_and_found_again(conn: Connection, make: Any) -> None:
    refs = [make.ref("c1", make.at(0)), make.ref("c2", make.at(1), kind=CaptureKind.PAGE, feed_id=None, entry_id="e")]
    record_captures(conn, "r1", refs)
    record_captures(conn, "r2", [*refs, make.ref("c3", make.at(2))])

    assert capture_refs(conn, ["c1", "c2", "none"]) == {ref.id: ref for ref in refs}
    assert [row["run_id"] for row in read(conn, "select run_id from ingest.captures order by capture_id")] == [
        "r1",
        "r1",
        "r2",
    ]


def test_each_file_of_a_folder_is_known_as_it_was_read_the_last_time(conn: Connection, make: Any) -> None:
    def file(capture_id: str, hours: float, url: str) -> Any:
        return make.ref(capture_id, make.at(hours), url=url, kind=CaptureKind.FILE, feed_id="tidewire/drop")

    first, again = file("a", 1, "file:///a.xml"), file("b", 2, "file:///a.xml")
    killed = file("e", 4, "file:///killed-before-it-was-taken-in.xml")
    record_captures(conn, "r1", [first, again, killed, file("c", 1, "file:///not-asked-for.xml")])
    record_files(conn, "tidewire/drop", {first.url: "1:1"}, [first])
    record_files(conn, "tidewire/drop", {again.url: "2:2", killed.url: "3:3"}, [again, killed])
    mark_derived(conn, ["a", "b", "c"], "v1")

    asked = [again.url, killed.url, "file:///never-seen.xml"]
    assert known_files(conn, "tidewire/drop", asked) == {
        again.url: KnownFile("2:2", Archived(again, is_derived=True)),
        killed.url: KnownFile("3:3", Archived(killed, is_derived=False)),
    }
    assert known_files(conn, "another/drop", asked) == {}
    assert archived_files(conn, "tidewire/drop", asked) == {
        (ref.url, ref.digest): ref for ref in (first, again, killed)
    }


def test_the_last_good_answer_of_an_address_is_what_the_archive_has_of_it(conn: Connection, make: Any) -> None:
    answers = [make.ref("a", make.at(1)), make.ref("b", make.at(2)), make.ref("c", make.at(3), status=503)]
    other = make.ref("d", make.at(4), feed_id="harbour/sport")
    record_captures(conn, "r1", [*answers, other])
    mark_derived(conn, ["d"], "v1")

    assert archived_documents(conn, [other.url, "https://harbour.example/never"]) == {
        ("harbour/world", other.url): Archived(answers[1], is_derived=False),
        ("harbour/sport", other.url): Archived(other, is_derived=True),
    }


def test_a_document_waits_until_it_came_or_is_given_up(conn: Connection, make: Any) -> None:
    links = [Link("tidewire/all", "tidewire", f"https://tidewire.example/{n}", n, make.at(n)) for n in (2, 1)]
    record_links(conn, links)
    record_links(conn, [Link("harbour/world", "harbour", "https://tidewire.example/1", 1, make.at(0))])
    assert links_due(conn, ["tidewire/all"], make.at(1.5)) == [links[1]]
    assert links_due(conn, ["tidewire/all"], make.at(2)) == [links[1], links[0]]

    record_links(conn, [replace(links[1], attempts=2, next_due_at=make.at(9))])
    strike_links(conn, [("tidewire/all", links[0].url)])
    assert links_due(conn, ["tidewire/all"], make.at(8)) == []
    assert len(links_due(conn, ["tidewire/all", "harbour/world"], make.at(9))) == 2


def test_a_cursor_is_the_feeds_and_of_one_address(conn: Connection, make: Any) -> None:
    sync_catalogue(conn, [HARBOUR])
    at = state(make, 0, cursor="https://harbour.example/next?token=${HARBOUR_KEY}")
    record_polls(conn, "r1", [], [at])
    sync_catalogue(conn, [replace(HARBOUR, feeds=(replace(WORLD, cursor_parameter="since"), SPORT))])
    assert feed_states(conn)["harbour/world"] == at
    sync_catalogue(conn, [replace(HARBOUR, feeds=(replace(WORLD, url="https://harbour.example/other"),))])
    assert feed_states(conn)["harbour/world"].cursor is None


def test_a_run_that_died_is_abandoned_when_the_next_begins(conn: Connection, make: Any) -> None:
    window = Window(make.at(-9), make.at(-1))
    begin_run(conn, "r1", "nightly", make.at(0), Window(), "v1")
    begin_run(conn, "r2", "backfill", make.at(1), window, "v1")
    begin_run(conn, "r2", "backfill", make.at(1), window, "v1")
    finish_run(conn, "r2", state="done", now=make.at(2), report_json="{}")
    begin_run(conn, "r3", "nightly", make.at(3), Window(), "v2")
    finish_run(conn, "r3", state="failed", now=make.at(4), error="PublishError: no room")

    columns = "run_id, state, finished_at, window_since, window_until, report, error"
    assert [tuple(run.values()) for run in read(conn, f"select {columns} from ingest.runs order by run_id")] == [
        ("r1", "abandoned", None, None, None, None, None),
        ("r2", "done", make.at(2), window.since, window.until, "{}", None),
        ("r3", "failed", make.at(4), None, None, None, "PublishError: no room"),
    ]
