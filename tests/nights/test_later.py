"""A night after the embargo, a folder's past, and an analyst who reads meanwhile."""

import json

import duckdb
import pytest

from deployments.sample.gold import special_cases
from deployments.sample.newsroom import outlets
from tests.rehearsal import COVERED, WIRES

EMBARGOED = special_cases().embargoed


@pytest.fixture
def news(later):
    with duckdb.connect(str(later.data / "news.duckdb"), read_only=True) as connection:
        yield connection


# ------------------------------------------------------------------------------------------------ the embargo


def test_what_was_embargoed_is_published_by_the_first_night_after_it(news) -> None:
    row = news.execute(
        "select title, text, published_at, language from articles where wire_id = ?", [EMBARGOED.wire_id]
    ).fetchone()
    version = EMBARGOED.versions[0]
    assert row == (
        version.title,
        "\n\n".join(version.paragraphs),
        EMBARGOED.published_at.replace(tzinfo=None),
        outlets()[EMBARGOED.outlet.id].language,
    )
    assert news.execute("from ingest.held").fetchall() == []
    topics = news.execute(
        "select topic_id from article_topics join articles using (article_id) "
        "where wire_id = ? and evidence = 'delivered'",
        [EMBARGOED.wire_id],
    ).fetchall()
    assert {topic for (topic,) in topics} == set(EMBARGOED.subjects)


# ------------------------------------------------------------------------------------------------ the reader


def test_a_reader_that_keeps_the_file_open_notices_nothing(nights, later) -> None:
    with duckdb.connect(str(nights.published), read_only=True) as before:
        [(characters,)] = before.execute("select sum(length(text)) from articles").fetchall()
    assert later.meanwhile.times > 20
    assert [characters for _, characters in later.meanwhile.answers] == [characters]


def test_the_run_notices_no_reader_and_a_fresh_connection_sees_its_snapshot(later, news) -> None:
    assert later.backfill.code == 0
    [(run_id, kind)] = news.execute("select run_id, kind from meta.snapshot join ingest.runs using (run_id)").fetchall()
    assert kind == "backfill"
    assert run_id not in [run for run, _ in later.meanwhile.answers]


# ------------------------------------------------------------------------------------------------ the folder


def test_the_series_of_a_folder_is_the_count_of_its_codes(news) -> None:
    counted: dict[tuple[str, str], int] = {}
    for day in COVERED:
        for codes in WIRES[day]:
            for code in codes:
                counted[day, f"medtop:{code}"] = counted.get((day, f"medtop:{code}"), 0) + 1
    rows = news.execute(
        "select date::varchar, topic_id, articles from topic_daily where date < '2026-01-01'"
    ).fetchall()
    assert {(day, topic): articles for day, topic, articles in rows} == counted
    shares = news.execute(
        "select date::varchar, observed_articles from topic_daily where date < '2026-01-01' group by all"
    ).fetchall()
    assert dict(shares) == {day: len(WIRES[day]) for day in COVERED}


def test_days_that_no_window_had_are_not_collected_and_those_of_both_windows_are_there(news) -> None:
    rows = news.execute(
        "select date::varchar, state, articles from source_daily where source_id = 'quiet-wire' order by date"
    ).fetchall()
    assert rows == [
        ("2025-11-03", "observed", 2),
        ("2025-11-04", "observed", 1),
        ("2025-11-05", "not_collected", None),
        ("2025-11-06", "not_collected", None),  # the folder has items of the day; nobody asked for them
        ("2025-11-07", "observed", 1),
        ("2025-11-08", "observed", 1),
    ]


def test_the_archive_has_the_folder_once_though_two_windows_read_it(news) -> None:
    assert news.execute("select count(*) from ingest.captures where source_id = 'quiet-wire'").fetchone() == (1,)


def test_the_windows_of_the_runs_are_on_record(news) -> None:
    rows = news.execute(
        "select window_since::date::varchar, window_until::date::varchar, state from ingest.runs "
        "where kind = 'backfill' order by 1"
    ).fetchall()
    assert rows == [("2025-11-03", "2025-11-05", "abandoned"), ("2025-11-07", "2025-11-09", "done")]


def test_the_command_line_told_what_the_backfill_brought(later) -> None:
    out = later.backfill.out
    assert "quiet-wire" in out
    assert "Something changed." in out
    assert json.dumps(str(later.data / "news.duckdb"))[1:-1] in out
