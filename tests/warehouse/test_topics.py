"""Topics, tags and stories: replaced as wholes, and each change marked."""

from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Connection

from pipeline.types import LinkInput, Signature, StoryEdge, StoryMember, Tag, Topic
from pipeline.warehouse import stories
from pipeline.warehouse.articles import record_articles
from pipeline.warehouse.publishing import clear_touched
from pipeline.warehouse.stories import component_of, near_pairs, record_edges, record_members, texts_of
from pipeline.warehouse.topics import articles_to_link, load_topics, record_links, record_topics


def rows_of(conn: Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in conn.exec_driver_sql(sql)]


@pytest.fixture
def ids(conn: Connection, make: Any) -> list[str]:
    """Five articles that stand, in order of their ids; nothing is touched yet."""
    articles = [make.article(0, name=name) for name in "abcde"]
    record_articles(conn, articles, make.decided(articles), make.now)
    clear_touched(conn)
    return sorted(article.article_id for article in articles)


def sign(make: Any, article_id: str, *bands: int, hours: float = 0) -> Signature:
    return Signature(article_id, make.at(hours), 50, bands)


def link(
    conn: Connection, make: Any, ids: list[str], tags: list[Tag], signatures: list[Signature], code: str = "l1"
) -> None:
    inputs = [LinkInput(i, "harbour", None, None, "", None, None, (), make.now) for i in ids]
    record_links(conn, articles=inputs, tags=tags, signatures=signatures, linked_code=code)


def test_a_vocabulary_beats_a_delivered_name_and_that_a_bare_code_in_any_order(conn: Connection) -> None:
    known = Topic("medtop:1", "arts", None, "2026", ("subj:01",))
    batches = [
        [known, Topic("house:9", "Ships"), Topic("house:9", None)],
        [Topic("medtop:1", "Kunst")],
        [Topic("house:9", "SHIPS"), Topic("medtop:1", None)],
        [Topic("house:9", None)],
    ]
    for order in permutations(batches):
        conn.exec_driver_sql("delete from ingest.topics")
        for batch in order:
            record_topics(conn, batch)
        assert load_topics(conn) == [Topic("house:9", "SHIPS"), known]


def test_articles_are_to_be_linked_until_this_code_has_linked_what_stands(
    conn: Connection, make: Any, ids: list[str]
) -> None:
    inputs = articles_to_link(conn, "l1", limit=9)
    assert [article.article_id for article in inputs] == ids
    assert inputs[0].compare_at == make.at(-2)
    assert inputs[0].subjects[1].code == "20000170"
    assert [article.article_id for article in articles_to_link(conn, "l1", limit=2)] == ids[:2]

    record_links(conn, articles=inputs, tags=[], signatures=[], linked_code="l1")
    assert articles_to_link(conn, "l1", limit=9) == []
    assert len(articles_to_link(conn, "l2", limit=9)) == 5
    changed = make.article(1, name="a", text="Changed.")
    record_articles(conn, [changed], make.decided([make.article(0, name="a"), changed]), make.now)
    assert [article.text for article in articles_to_link(conn, "l1", limit=9)] == ["Changed."]


def test_tags_are_replaced_and_only_articles_whose_tags_differ_are_touched(
    conn: Connection, make: Any, ids: list[str]
) -> None:
    first, second = ids[:2]
    before = [Tag(first, "medtop:1", "delivered", "1", 1.0), Tag(second, "medtop:1", "delivered", "1", 1.0)]
    link(conn, make, [first, second], before, [sign(make, first, 1), sign(make, second, 1)])
    assert len(rows_of(conn, "select * from ingest.touched")) == 2
    clear_touched(conn)

    after = [before[0], Tag(second, "medtop:2", "rule", "ship", 0.6), Tag(second, "medtop:2", "rule", "boat", 0.6)]
    link(conn, make, [first, second], after, [sign(make, first, 1)], "l2")
    assert rows_of(conn, "select article_id, topic_id, detail from ingest.tags order by all") == sorted(
        [(first, "medtop:1", "1"), (second, "medtop:2", "boat")]
    )
    assert rows_of(conn, "select article_id from ingest.touched") == [(second,)]
    assert rows_of(conn, "select article_id from ingest.signatures") == [(first,)]


def test_pairs_share_a_band_of_the_same_number_within_the_window(conn: Connection, make: Any, ids: list[str]) -> None:
    a, b, c, d, e = ids
    signatures = [
        sign(make, a, 7, 8),
        sign(make, b, 7, 9, hours=72),
        sign(make, c, 8, 7),
        sign(make, d, 7, 2**64 - 1, hours=73),
        sign(make, e, 0, 2**64 - 1, hours=73),
    ]
    link(conn, make, ids, [], signatures)

    assert near_pairs(conn, signatures) == {(a, b), (b, d), (d, e)}
    assert near_pairs(conn, [signatures[0]]) == {(a, b)}
    assert near_pairs(conn, [signatures[4]]) == {(d, e)}
    assert near_pairs(conn, [signatures[0]], window_h=71) == set()
    assert near_pairs(conn, []) == set()


def test_a_band_that_a_crowd_shares_makes_no_pairs(
    conn: Connection, make: Any, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    signatures = [sign(make, article_id, 7, number // 2) for number, article_id in enumerate(ids)]
    link(conn, make, ids, [], signatures)
    monkeypatch.setattr(stories, "CROWD", 4)

    assert near_pairs(conn, signatures) == {(ids[0], ids[1]), (ids[2], ids[3])}


def test_edges_of_articles_that_are_linked_again_are_replaced(conn: Connection, ids: list[str]) -> None:
    a, b, c, d, _ = ids
    record_edges(conn, [a, b, c, d], [StoryEdge(a, b, 0.9), StoryEdge(b, c, 0.8), StoryEdge(c, d, 0.7)])
    record_edges(conn, [b], [StoryEdge(a, b, 0.95)])

    assert rows_of(conn, "select * from ingest.story_edges order by all") == [(a, b, 0.95), (c, d, 0.7)]


def test_a_component_holds_all_that_edges_lead_to_and_the_story_it_was(conn: Connection, ids: list[str]) -> None:
    a, b, c, d, e = ids
    edges = [StoryEdge(a, b, 0.9), StoryEdge(b, c, 0.8)]
    record_edges(conn, ids, edges)
    assert component_of(conn, [c]) == ([a, b, c], edges)
    assert component_of(conn, [e]) == ([e], [])

    record_members(conn, [StoryMember(d, d, 0.9), StoryMember(e, d, 0.9)])
    assert component_of(conn, [e]) == ([d, e], [])
    assert component_of(conn, []) == ([], [])


def test_an_article_that_moves_to_another_story_touches_itself_and_what_names_both(
    conn: Connection, make: Any, ids: list[str]
) -> None:
    a, b, c, d, _ = ids
    members = [StoryMember(a, a, 0.9), StoryMember(c, a, 0.9), StoryMember(b, b, None), StoryMember(d, b, None)]
    record_members(conn, members)
    clear_touched(conn)
    record_members(conn, members)
    record_members(conn, [])
    assert rows_of(conn, "select * from ingest.touched") == []

    record_members(conn, [StoryMember(c, b, 0.7), StoryMember(d, b, 0.7)])
    assert rows_of(conn, "select article_id from ingest.touched order by all") == [(a,), (b,), (c,)]
    assert rows_of(conn, "select similarity from ingest.story_members where article_id = '" + d + "'") == [(0.7,)]


def test_the_texts_that_stand_are_read(conn: Connection, ids: list[str]) -> None:
    assert set(texts_of(conn, [*ids[:2], "unknown"])) == set(ids[:2])
