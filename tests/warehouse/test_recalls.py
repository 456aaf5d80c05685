"""A recall takes text, topics, stories and captions with it in one step, and the fact stays."""

from typing import Any

from sqlalchemy import Connection

from pipeline.types import LinkInput, Signature, StoryEdge, StoryMember, Tag
from pipeline.warehouse.articles import record_articles
from pipeline.warehouse.entries import record_entries
from pipeline.warehouse.recalls import mark_compacted, uncompacted_recalls
from pipeline.warehouse.stories import record_edges, record_members
from pipeline.warehouse.topics import articles_to_link, record_links


def rows_of(conn: Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in conn.exec_driver_sql(sql)]


def link(conn: Connection, make: Any, ids: list[str]) -> None:
    """All of them tagged, signed and in one story."""
    inputs = [LinkInput(i, "harbour", None, None, "", None, None, (), make.now) for i in ids]
    record_links(
        conn,
        articles=inputs,
        tags=[Tag(i, "medtop:1", "delivered", "1", 1.0) for i in ids],
        signatures=[Signature(i, make.now, 50, (1, 2)) for i in ids],
        linked_code="l1",
    )
    record_edges(conn, ids, [StoryEdge(ids[0], other, 0.9) for other in ids[1:]])
    record_members(conn, [StoryMember(i, ids[0], 0.9) for i in ids])


def landed_and_killed(conn: Connection, make: Any) -> tuple[str, list[str], dict[str, dict[str, int]]]:
    """The article that was killed, its two neighbours, and what the kill did."""
    versions = {name: make.article(0, name=name) for name in "abc"}
    record_articles(conn, list(versions.values()), make.decided(list(versions.values())), make.now)
    record_entries(conn, [make.seen(0, id="entry-a", title="Title of a", summary="Summary of a")])
    ids = sorted(version.article_id for version in versions.values())
    link(conn, make, ids)
    killed = next(version for version in versions.values() if version.article_id == ids[0])
    conn.exec_driver_sql("update ingest.article_versions set entry_id = 'entry-a' where article_id = ?", (ids[0],))
    conn.exec_driver_sql("delete from ingest.touched")
    notice = make.kill(5, name=next(name for name, v in versions.items() if v is killed), wire_version=2)
    did = record_articles(conn, [notice], make.decided([killed, notice]), make.at(6))
    return ids[0], ids[1:], did


def test_a_kill_leaves_the_fact_and_nothing_of_the_text(conn: Connection, make: Any) -> None:
    killed, _, did = landed_and_killed(conn, make)

    assert did == {"harbour": {"recalled": 1}}
    assert rows_of(
        conn, "select current_version_id, status, recall_note from ingest.articles where status <> 'usable'"
    ) == [(None, "canceled", "Mandatory kill")]
    assert rows_of(
        conn,
        "select distinct title, summary, text, kicker from ingest.article_versions where decision <> 'new' or "
        f"article_id = '{killed}'",
    ) == [(None, None, None, None)]
    assert rows_of(conn, "select title, summary from ingest.entries") == [(None, None)]
    assert rows_of(conn, f"select status, note, compacted_at from ingest.recalls where article_id = '{killed}'") == [
        ("canceled", "Mandatory kill", None)
    ]
    for table in ("dropped_blocks", "captions"):
        assert len(rows_of(conn, f"select * from ingest.{table}")) == 2
    assert len(rows_of(conn, "select raw from ingest.date_candidates where raw is null")) == 2


def test_a_kill_takes_topics_and_story_along_and_has_its_neighbours_linked_again(conn: Connection, make: Any) -> None:
    killed, others, _ = landed_and_killed(conn, make)

    for table in ("tags", "signatures", "story_members"):
        assert sorted(rows_of(conn, f"select article_id from ingest.{table}")) == [(other,) for other in others]
    assert rows_of(conn, "select * from ingest.story_edges") == []
    assert [article.article_id for article in articles_to_link(conn, "l1", limit=9)] == others
    assert rows_of(conn, "select article_id, cast(date as varchar) from ingest.touched order by date") == [
        (killed, "0001-01-01"),
        (killed, "2026-04-13"),
    ]


def test_a_kill_that_comes_again_changes_nothing_and_asks_for_no_second_compaction(conn: Connection, make: Any) -> None:
    first, notice = make.article(0), make.kill(5, wire_version=2)
    record_articles(conn, [first, notice], make.decided([first, notice]), make.now)
    assert uncompacted_recalls(conn) == [first.article_id]
    mark_compacted(conn, make.at(7))
    before = make.state_of(conn)

    again = make.kill(8, wire_version=2)
    record_articles(conn, [first, notice], make.decided([first, notice]), make.at(9))
    assert make.state_of(conn) == before
    assert record_articles(conn, [again], make.decided([first, notice]), make.at(9)) == {}
    assert uncompacted_recalls(conn) == []


def test_a_kill_of_what_never_came_has_nothing_to_compact(conn: Connection, make: Any) -> None:
    notice = make.kill(5, title=None, summary=None, kicker=None)
    assert record_articles(conn, [notice], make.decided([notice]), make.now) == {"harbour": {"recalled": 1}}

    assert uncompacted_recalls(conn) == []
    assert len(rows_of(conn, "select * from ingest.recalls")) == 1


def test_text_that_comes_after_its_kill_is_wiped_in_the_same_step(conn: Connection, make: Any) -> None:
    first, notice = make.article(0, wire_version=1), make.kill(5, wire_version=2)
    record_articles(conn, [notice], make.decided([notice]), make.now)
    mark_compacted(conn, make.at(6))
    record_articles(conn, [first], make.decided([first, notice]), make.now)

    assert rows_of(conn, "select text from ingest.article_versions") == [(None,), (None,)]
    assert rows_of(conn, "select * from ingest.captions") == []
    assert uncompacted_recalls(conn) == [first.article_id]


def test_an_article_that_stands_again_keeps_the_fact_of_its_recall(conn: Connection, make: Any) -> None:
    first, notice, again = make.article(0), make.kill(5, wire_version=2), make.article(9, wire_version=3, text="Anew.")
    record_articles(conn, [first, notice], make.decided([first, notice]), make.now)

    did = record_articles(conn, [again], make.decided([first, notice, again]), make.now)
    assert did == {"harbour": {"articles_changed": 1}}
    assert rows_of(conn, "select status, recalled_at from ingest.articles") == [("usable", None)]
    assert rows_of(conn, "select text from ingest.article_versions order by number") == [(None,), (None,), ("Anew.",)]
    assert len(rows_of(conn, "select * from ingest.recalls")) == 1
