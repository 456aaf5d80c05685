"""Links between revisions, and articles that move when one joins them."""

from typing import Any

from sqlalchemy import Connection

from pipeline.types import LinkInput, Signature, StoryMember, Tag, WireLink
from pipeline.warehouse.arrow import read
from pipeline.warehouse.articles import record_articles
from pipeline.warehouse.chains import links_around, move_articles, record_links
from pipeline.warehouse.publishing import clear_touched
from pipeline.warehouse.recalls import mark_compacted, uncompacted_recalls
from pipeline.warehouse.stories import record_members
from pipeline.warehouse.topics import record_links as record_topics_of

CB, BA, YX = (WireLink("harbour", later, earlier) for later, earlier in ("cb", "ba", "yx"))


def test_links_are_kept_once_and_none_points_at_itself(conn: Connection) -> None:
    assert record_links(conn, [CB, CB, WireLink("harbour", "c", "c")]) == [CB]
    assert record_links(conn, [CB]) == []


def test_a_chain_is_found_from_any_of_its_revisions(conn: Connection) -> None:
    assert links_around(conn, [("harbour", "a")]) == []
    record_links(conn, [CB, YX, BA, WireLink("tidewire", "b", "z")])

    for revision in "abc":
        assert links_around(conn, [("harbour", revision)]) == [BA, CB]
    assert links_around(conn, [("harbour", "unknown"), ("harbour", "y")]) == [YX]
    assert links_around(conn, []) == []


def test_an_article_that_moves_leaves_nothing_behind_but_its_touched_days(conn: Connection, make: Any) -> None:
    moved, other = make.article(1, name="b", wire_id="b"), make.article(0, name="a", wire_id="a")
    record_articles(conn, [moved, other], make.decided([moved, other]), make.now)
    linked = [LinkInput(one.article_id, "harbour", None, None, "", None, None, (), make.now) for one in (moved, other)]
    record_topics_of(
        conn,
        articles=linked,
        tags=[Tag(one.article_id, "medtop:1", "delivered", "1", 1.0) for one in linked],
        signatures=[Signature(one.article_id, make.now, 50, (1,)) for one in linked],
        linked_code="1",
    )
    record_members(conn, [StoryMember(one.article_id, one.article_id, None) for one in linked])
    clear_touched(conn)

    assert move_articles(conn, {moved.article_id: (other.article_id, "a")}) == {moved.article_id}
    for table in ("articles", "article_versions", "tags", "signatures", "story_members", "lineage"):
        left = read(conn, f"select 1 from ingest.{table} where article_id = '{moved.article_id}'")
        assert left == [], table
    versions = read(conn, "select version_id, wire_id from ingest.article_versions order by captured_at")
    assert versions == [{"version_id": one.version_id, "wire_id": "a"} for one in (other, moved)]
    touched = read(conn, f"select date from ingest.touched where article_id = '{moved.article_id}' order by date")
    assert [str(row["date"]) for row in touched] == ["0001-01-01", "2026-04-13"]
    assert move_articles(conn, {moved.article_id: (other.article_id, "a")}) == set()


def test_a_recall_that_is_still_to_be_compacted_stays_so_when_its_article_moves(conn: Connection, make: Any) -> None:
    first, notice = make.article(0), make.kill(5, wire_version=2)
    record_articles(conn, [first, notice], make.decided([first, notice]), make.now)
    move_articles(conn, {first.article_id: ("root", "a")})
    assert uncompacted_recalls(conn) == ["root"]
    mark_compacted(conn, make.at(6))
    move_articles(conn, {"root": ("other root", "z")})
    assert uncompacted_recalls(conn) == []
