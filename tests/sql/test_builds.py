"""The models over two nights: what is made again is what a full build makes."""

from pathlib import Path

import duckdb
import pytest

PUBLIC = [
    "articles", "article_versions", "stories", "topics", "article_topics", "article_names", "topic_daily",
    "topic_weekly", "topic_trends", "topic_pairs", "sources", "source_daily", "meta.snapshot", "meta.freshness",
    "meta.gaps", "meta.seams", "meta.restatements", "meta.columns", "intermediate.observed_days",
    "intermediate.source_day_counts", "lineage", "recalls", "recall_copies",
]  # fmt: skip


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def differing(one: Path, other: Path, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        schema, _, name = table.rpartition(".")
        a, b = (f"{database}.{schema or 'main'}.{name}" for database in ("one", "other"))
        return connection.execute(
            f"(from {a} except all from {b}) union all (from {b} except all from {a}) limit 5"
        ).fetchall()


def test_the_first_build_is_full_and_the_next_follows_the_night(nights):
    assert nights.first.is_full
    assert not nights.second.is_full
    assert nights.second.models > 25
    assert nights.second.tests > 20
    assert nights.second.warnings == ()
    assert any("main.articles" in line for line in nights.lines)


@pytest.mark.parametrize("table", PUBLIC)
def test_a_night_leaves_what_a_full_build_makes(nights, full, table):
    assert ask(nights.warehouse, f"select count(*) from {table}") != [(0,)]
    assert differing(nights.warehouse, full, table) == []


def test_something_of_each_kind_changed_between_the_nights(nights):
    unchanged = {"topics", "sources", "meta.columns", "meta.snapshot", "meta.freshness", "meta.gaps", "meta.seams"}
    for table in set(PUBLIC) - unchanged:
        assert differing(nights.first_published, nights.published, table), table


def test_what_is_recalled_is_in_no_table_but_as_a_fact(nights):
    left = ask(nights.published, "from ingest.articles semi join articles using (article_id) where status <> 'usable'")
    assert left == []
    recalled = ask(nights.published, "select decision, text, title from article_versions where decision = 'recalled'")
    assert len(recalled) > 2
    assert {row[1:] for row in recalled} == {(None, None)}


def test_restatements_name_days_that_were_over_and_their_figures_before(nights):
    rows = ask(
        nights.published,
        """
        select count(*), count(distinct run_id), count(*) filter (topic_id is null), max(date)
        from meta.restatements
        """,
    )
    [(rows_count, runs, denominators, last_date)] = rows
    assert rows_count > 10
    assert runs == 1
    assert 0 < denominators < rows_count
    assert str(last_date) < "2026-05-01"


def test_the_calendar_shows_the_gap_as_a_gap(nights):
    states = dict(
        ask(
            nights.published,
            "select date::varchar, state from source_daily where source_id = 'dagsposten'",
        )
    )
    assert states["2026-03-18"] == "not_collected"
    in_gap = ask(
        nights.published, "select articles from source_daily where date = '2026-03-18' and state = 'not_collected'"
    )
    assert in_gap
    assert set(in_gap) == {(None,)}
    assert {"observed", "silent", "not_collected"} <= set(states.values())


def test_a_failed_test_is_named_with_its_rows_and_the_way_on(failure):
    said = str(failure)
    assert "articles_are_those_that_stand" in said
    assert "'article_id': 'a0007'" in said
    assert "The last snapshot stands" in said
