"""Failures: kept, counted once an instant, closed, open again; and what tells two warehouses apart."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from pipeline.types import Failure, Snapshot, Stage
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import merge, read
from pipeline.warehouse.articles import record_articles
from pipeline.warehouse.captures import record_captures
from pipeline.warehouse.entries import record_entries
from pipeline.warehouse.explain import explain
from pipeline.warehouse.publishing import fingerprints, public_counts, record_snapshot
from pipeline.warehouse.quarantine import record_failures, resolve_failures


def failure(make: Any, hours: float, **changes: Any) -> Failure:
    url = "https://harbour.example/news/1"
    return replace(Failure(Stage.FETCH, "timeout", f"No answer at {hours}", url, "harbour", make.at(hours)), **changes)


def standing(conn: Connection) -> list[dict[str, Any]]:
    """The failures that are open, the latest first."""
    return read(conn, "select * from ingest.quarantine where resolved_at is null order by last_at desc")


def test_a_failure_counts_once_an_instant_and_keeps_its_last_words(conn: Connection, make: Any) -> None:
    record_failures(conn, [failure(make, 1), failure(make, 2), failure(make, 2)], "v1")
    record_failures(conn, [failure(make, 2)], "v1")
    record_failures(conn, [failure(make, 2), failure(make, 0)], "v0")

    (one,) = standing(conn)
    assert (one["times"], one["first_at"], one["last_at"]) == (3, make.at(0), make.at(2))
    assert (one["detail"], one["code_version"]) == (failure(make, 2).detail, "v1")


def test_a_failure_is_closed_by_its_landing_and_opened_by_the_next(conn: Connection, make: Any) -> None:
    other = failure(make, 1, url="https://harbour.example/news/2")
    record_failures(conn, [failure(make, 1), other], "v1")
    resolve_failures(conn, [], make.at(2))
    resolve_failures(conn, [("harbour", failure(make, 1).url), ("tidewire", other.url)], make.at(2))
    assert [one["url"] for one in standing(conn)] == [other.url]

    record_failures(conn, [failure(make, 1)], "v1")
    assert len(standing(conn)) == 1
    record_failures(conn, [failure(make, 3)], "v1")
    assert [one["last_at"] for one in standing(conn)] == [make.at(3), make.at(1)]


def test_a_fingerprint_is_free_of_order_and_sees_every_column_but_those_left_out(conn: Connection, make: Any) -> None:
    def fingerprint(rows: list[tuple[str, str | None, tuple[str, ...]]], *left_out: str) -> tuple[int, str]:
        conn.exec_driver_sql("delete from ingest.feeds")
        names = ("feed_id", "url", "window_ids")
        merge(conn, tables.feeds, {name: [row[place] for row in rows] for place, name in enumerate(names)})
        return fingerprints(conn, {"ingest.feeds": left_out})["ingest.feeds"]

    one, two = ("a", None, ("1", "2")), ("b", "u", ())
    assert fingerprint([one, two]) == fingerprint([two, one])
    assert fingerprint([]) == (0, "0")
    others = [[one], [one, ("b", "v", ())], [one, ("b", "u", ("1",))], [("a", "u", ("1", "2")), ("b", None, ())]]
    assert all(fingerprint([one, two]) != fingerprint(rows) for rows in others)
    assert fingerprint([one], "url") == fingerprint([("a", "v", ("1", "2"))], "url")


def test_a_snapshot_is_on_record_with_what_stands_in_it(conn: Connection, make: Any) -> None:
    article = make.article()
    record_articles(conn, [article], make.decided([article]), make.now)
    assert public_counts(conn) == (1, 0)
    snapshot = Snapshot("data/news.duckdb", 123, make.now, *public_counts(conn))
    record_snapshot(conn, "r1", snapshot, code_version="v1", rules_version="l1")

    assert read(conn, "select * from ingest.snapshots") == [
        {
            "run_id": "r1",
            "built_at": make.now,
            "code_version": "v1",
            "rules_version": "l1",
            "articles": 1,
            "stories": 0,
            "size_bytes": 123,
        }
    ]


def test_an_article_is_explained_by_any_name_it_goes_by(conn: Connection, make: Any) -> None:
    first = make.article(0, wire_id="urn:tidewire:1")
    second = make.article(1, wire_id="urn:tidewire:1", text="Changed.")
    record_captures(conn, "r1", [make.ref(first.capture_id, make.at(0), warc_offset=77)])
    record_entries(conn, [make.seen(0, id="entry-a", url="https://harbour.example/short/1")])
    record_articles(
        conn,
        [first, second, make.article(0, name="b")],
        make.decided([first, second, make.article(0, name="b")]),
        make.now,
    )

    names = [first.article_id, second.version_id, "urn:tidewire:1", "entry-a", "https://harbour.example/short/1"]
    names += [first.url, first.canonical_url, f"{first.canonical_url}?utm_medium=mail#top"]
    assert all([one.article_id for one in explain(conn, name)] == [first.article_id] for name in names)
    assert explain(conn, "https://harbour.example/nothing") == []


def test_an_explanation_leads_from_the_article_to_the_record(conn: Connection, make: Any) -> None:
    article = make.article()
    record_captures(conn, "r1", [make.ref(article.capture_id, make.at(0), warc_offset=77)])
    record_articles(conn, [article], make.decided([article]), make.now)

    (explained,) = explain(conn, article.article_id)
    (version,) = explained.versions
    assert (explained.url, explained.status, explained.story, explained.tags) == (
        article.canonical_url,
        "usable",
        (),
        (),
    )
    assert version.capture is not None
    assert (version.capture.warc_offset, version.decision, version.is_current) == (77, "new", True)
    assert tuple(date.candidate for date in version.dates) == article.dates
    assert [date.is_chosen for date in version.dates] == [True, False]
    assert version.captions == article.captions
    assert [(line.position, line.text) for line in version.dropped] == [(0, "Sign up for our letter")]
