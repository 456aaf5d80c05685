"""Landing versions: idempotent, free of order, and each change marked for the next snapshot."""

from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Connection

from pipeline.types import Article, Status
from pipeline.warehouse.arrow import read
from pipeline.warehouse.articles import record_articles, version_states
from pipeline.warehouse.publishing import clear_touched


def land(conn: Connection, make: Any, *articles: Article) -> dict[str, dict[str, int]]:
    """Lands the articles with decisions on their stored and new versions, as a run does."""
    stored = version_states(conn, [article.article_id for article in articles])
    revisions = [
        revision
        for article_id in {article.article_id for article in articles}
        for revision in make.decided(
            [*stored.get(article_id, []), *(a for a in articles if a.article_id == article_id)], article_id
        )
    ]
    return record_articles(conn, articles, revisions, make.now)


def one(conn: Connection, sql: str) -> Any:
    rows = conn.exec_driver_sql(sql).fetchall()
    assert len(rows) == 1
    return rows[0] if len(rows[0]) > 1 else rows[0][0]


def rows_of(conn: Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in conn.exec_driver_sql(sql)]


def test_a_new_article_lands_with_all_that_belongs_to_it(conn: Connection, make: Any) -> None:
    article = make.article()

    assert land(conn, make, article) == {"harbour": {"articles_new": 1}}
    version = read(conn, "select * from ingest.article_versions")[0]
    assert version["text"] == article.text
    assert version["published_at"] == article.published_at
    assert version["authors"] == article.authors
    assert version["subjects"].startswith('[{"name":"ports","scheme":null')
    assert (version["number"], version["decision"]) == (1, "new")
    assert one(conn, "select current_version_id from ingest.articles") == article.version_id
    assert rows_of(conn, "select kind, refused, is_chosen from ingest.date_candidates order by position") == [
        ("jsonld", None, True),
        ("url", "future", False),
    ]
    assert one(conn, "select position, reason from ingest.dropped_blocks") == (0, "newsletter")
    assert one(conn, "select text, credit from ingest.captions") == ("The quay on Monday", "Bo Pier")


def test_landing_the_same_again_changes_and_touches_nothing(conn: Connection, make: Any) -> None:
    articles = [make.article(0), make.article(1, text="Changed."), make.article(2, name="b")]
    land(conn, make, *articles)
    before = make.state_of(conn)
    clear_touched(conn)

    assert land(conn, make, *articles) == {}
    assert land(conn, make, articles[1]) == {}
    assert make.state_of(conn) == before
    assert one(conn, "select count(*) from ingest.touched") == 0


def test_a_changed_article_has_a_new_version_and_touches_its_old_and_its_new_day(conn: Connection, make: Any) -> None:
    land(conn, make, make.article(0))
    clear_touched(conn)
    moved = make.article(1, text="Changed.", published_at=make.at(30), published_date=make.at(30).date())

    assert land(conn, make, moved)["harbour"] == {"articles_changed": 1}
    assert one(conn, "select current_version_id from ingest.articles") == moved.version_id
    assert rows_of(conn, "select cast(date as varchar) from ingest.touched order by all") == [
        ("2026-04-13",),
        ("2026-04-14",),
    ]


def test_an_article_without_a_date_touches_the_day_that_stands_for_none(conn: Connection, make: Any) -> None:
    land(conn, make, make.article(0, published_at=None, published_date=None, published_kind=None))

    assert str(one(conn, "select date from ingest.touched")) == "0001-01-01"


def test_a_refused_version_is_kept_and_does_not_stand(conn: Connection, make: Any) -> None:
    good, index = make.article(0), make.article(1, text="Latest news", page_kind="index")
    land(conn, make, good)

    assert land(conn, make, index) == {"harbour": {"refused": 1}}
    assert one(conn, "select current_version_id from ingest.articles") == good.version_id
    assert one(conn, "select count(*) from ingest.article_versions") == 2


def test_a_version_is_what_its_earliest_capture_says(conn: Connection, make: Any) -> None:
    late, early = make.article(5, title="Late", dropped=()), make.article(1, title="Early")
    land(conn, make, late)
    land(conn, make, early)

    assert one(conn, "select title, capture_id from ingest.article_versions") == ("Early", early.capture_id)
    assert one(conn, "select count(*) from ingest.dropped_blocks") == 1
    seen = read(conn, "select first_seen_at, last_seen_at from ingest.articles")[0]
    assert (seen["first_seen_at"], seen["last_seen_at"]) == (make.at(1), make.at(5))


def test_other_code_makes_a_version_again_from_the_same_capture(conn: Connection, make: Any) -> None:
    land(conn, make, make.article(0, section="World"))
    clear_touched(conn)
    land(conn, make, make.article(0, section="Ports", code_version="v2", dates=()))

    assert one(conn, "select section, code_version from ingest.article_versions") == ("Ports", "v2")
    assert one(conn, "select count(*) from ingest.date_candidates") == 0
    assert one(conn, "select count(*) from ingest.touched") == 1


def histories(make: Any) -> dict[str, list[Article]]:
    """Articles of three versions each, by what is special about them."""
    return {
        "two versions and a second sight of the first": [
            make.article(0, name="a"),
            make.article(1, name="a", text="Second."),
            make.article(3, name="a", title="Other words around the same text"),
        ],
        "a kill between two versions of a wire": [
            make.article(0, name="b", wire_version=1),
            make.kill(1, name="b", wire_version=2),
            make.article(2, name="b", wire_version=3, text="Third."),
        ],
        "a version, a change and its kill": [
            make.article(0, name="c", wire_version=1),
            make.article(1, name="c", wire_version=2, text="Second."),
            make.kill(2, name="c", wire_version=3),
        ],
        "a refused version, one that stands, one withheld": [
            make.article(0, name="d", page_kind="index"),
            make.article(1, name="d", text="Second."),
            make.kill(2, name="d", status=Status.WITHHELD, wire_version=1),
        ],
    }


def test_the_same_versions_in_any_order_give_the_same_warehouse(conn: Connection, make: Any) -> None:
    every = list(histories(make).values())
    land(conn, make, *(article for history in every for article in history))
    expected = make.state_of(conn)
    for order in permutations(range(3)):
        make.empty(conn)
        for turn in order:
            land(conn, make, *(history[turn] for history in every))
        assert make.state_of(conn) == expected, order


def test_a_version_without_a_decision_is_a_bug_that_surfaces(conn: Connection, make: Any) -> None:
    with pytest.raises(ValueError, match="no decision on 1 versions"):
        record_articles(conn, [make.article()], [], make.now)


def test_a_batch_may_be_landed_twice_within_one_transaction_and_again_after_its_rows_were_deleted(
    conn: Connection, make: Any
) -> None:
    articles = [make.article(0, name=f"n{number}") for number in range(50)]
    land(conn, make, *articles)
    before = make.state_of(conn)
    conn.exec_driver_sql("delete from ingest.article_versions")
    conn.exec_driver_sql("delete from ingest.date_candidates")
    conn.exec_driver_sql("delete from ingest.dropped_blocks")
    conn.exec_driver_sql("delete from ingest.captions")
    land(conn, make, *articles)
    land(conn, make, *articles)

    assert make.state_of(conn) == before


def test_the_states_of_versions_come_back_as_they_were_landed(conn: Connection, make: Any) -> None:
    first, second = (
        make.article(0, wire_version=7, version_at=make.at(-1)),
        make.article(1, wire_version=8, text="Two."),
    )
    land(conn, make, second, first, make.article(0, name="b"))

    states = version_states(conn, [first.article_id, "unknown"])
    assert list(states) == [first.article_id]
    assert [(s.version_id, s.captured_at, s.wire_version, s.version_at, s.title) for s in states[first.article_id]] == [
        (first.version_id, make.at(0), 7, make.at(-1), "Title of a"),
        (second.version_id, make.at(1), 8, None, "Title of a"),
    ]
