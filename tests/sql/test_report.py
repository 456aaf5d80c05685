"""The report page, written from the published file."""

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline.publish.report import write_report
from pipeline.publish.series import read_calendar, read_topics, read_volume
from pipeline.types import RunReport

NOW = datetime(2026, 5, 2, 2, tzinfo=UTC)


@pytest.fixture
def published(nights, tmp_path) -> Path:
    return Path(shutil.copy(nights.published, tmp_path / "news.duckdb"))


def page(published: Path, *statements: str, report: RunReport | None = None, now: datetime = NOW) -> str:
    """The page without its script library, after the file was made to hold more."""
    with duckdb.connect(str(published)) as connection:
        for statement in statements:
            connection.execute(statement)
    output = published.with_name("report.html")
    write_report(published, report, output, now)
    return re.sub(r"<script>.*?</script>", "", output.read_text("utf-8"), flags=re.DOTALL)


def test_a_quiet_night_asks_for_no_look(published):
    html = page(published)
    assert "Nothing asks for a look." in html
    assert "Nothing is set aside." in html
    assert "each of which came to its end" in html


def test_a_page_that_is_written_again_is_as_of_the_snapshot(published):
    at_once = page(published)
    assert "As of Saturday 02 May 2026, 02:00 UTC · run <code>second</code></p>" in at_once
    assert "polled since" not in at_once
    later = page(published, now=datetime(2026, 11, 24, 20, tzinfo=UTC))
    assert later == at_once.replace("</code></p>", "</code> · written 24 November 2026</p>", 1)


def test_a_page_long_after_the_last_poll_says_so_and_claims_nothing_of_the_days_since(published):
    backfill = datetime(2026, 6, 20, 12, tzinfo=UTC)
    report = RunReport("backfill-1", "backfill", started_at=backfill, finished_at=backfill)
    html = page(published, report=report, now=backfill)
    assert "As of Saturday 20 June 2026, 12:00 UTC · run <code>backfill-1</code></p>" in html
    assert '<li><a href="#gaps">Nothing has been polled since 30 April 2026.</a></li>' in html
    assert "None that is known: nothing has been polled since 30 April 2026." in html
    assert "was seen whole" not in html
    assert "No source had anything for this run." in html
    built_later = page(published, "update meta.snapshot set built_at = '2026-06-20 12:00'", now=backfill)
    assert "Nothing has been polled since 30 April 2026." in built_later
    delivered = page(published, "update source_daily set polls = 0, failed_polls = 0", report=report, now=backfill)
    assert "polled since" not in delivered
    assert "Nothing was ever polled: there is only what was delivered." in delivered


@pytest.mark.parametrize(("day", "is_told"), [(2, False), (3, True)])
def test_two_days_without_a_poll_are_not_told_and_three_are(published, day, is_told):
    now = datetime(2026, 5, day, 23, tzinfo=UTC)
    report = RunReport("retry-1", "retry", started_at=now, finished_at=now)
    html = page(published, report=report, now=now)
    assert ("Nothing has been polled since 30 April 2026." in html) is is_told


def test_runs_that_failed_or_were_killed_stand_there_with_their_reason_and_old_ones_do_not(published):
    html = page(
        published,
        """insert into ingest.runs (run_id, kind, state, started_at, error) values
           ('nightly-1', 'nightly', 'failed', '2026-05-01 02:00', 'The disk is full: <b>make room</b>'),
           ('nightly-2', 'nightly', 'abandoned', '2026-04-30 02:00', null),
           ('nightly-3', 'nightly', 'done', '2026-04-29 02:00', null),
           ('nightly-4', 'nightly', 'failed', '2026-04-02 02:00', 'long ago')""",
    )
    assert "The run nightly-1 failed: The disk is full: &lt;b&gt;make room" in html
    assert "The run nightly-2 was abandoned: its process was gone before its end" in html
    assert "3 in the last seven days" in html
    assert "long ago" not in html


def test_what_is_set_aside_says_what_becomes_of_it_and_where_it_was(published):
    html = page(
        published,
        """insert into ingest.quarantine
               (failure_id, stage, reason, detail, url, source_id, first_at, last_at, times) values
           ('f1', 'parse', 'not_a_feed', 'No <item>.', 'https://post.example/rss', 'dagsposten',
            '2026-04-30', '2026-05-01', 2),
           ('f2', 'fetch', 'robots_disallowed', 'No.', 'javascript:alert(1)', 'unknown.example',
            '2026-05-01', '2026-05-01', 1)""",
    )
    assert "2 items are set aside." in html
    assert '<a href="https://post.example/rss" rel="noreferrer noopener">https://post.example/rss</a>' in html
    assert "No &lt;item&gt;." in html
    assert "Its bytes are kept: dateline retry" in html
    assert "the site does not want it fetched" in html
    assert "unknown.example" in html
    assert 'href="javascript' not in html


def test_a_topic_without_a_label_is_shown_by_its_id(published):
    html = page(published, "update topics set label = null where topic_id = 'medtop:sport'")
    assert "<h3>medtop:sport<span>" in html


def test_a_day_that_is_not_over_by_its_sources_clock_is_told_apart(published):
    with duckdb.connect(str(published), read_only=True) as connection:
        days, hidden = read_calendar(connection, datetime(2026, 4, 9, 23, tzinfo=UTC))
        assert hidden == 0
        volume = read_volume(connection, datetime(2026, 4, 9, 23, tzinfo=UTC))
    first_unfinished = {
        source: min(day.day for day in days if day.source == source and day.state == "not_over")
        for source in {day.source for day in days}
    }
    assert first_unfinished == {  # at 23:00 UTC it is tomorrow in Oslo
        "Dagsposten": date(2026, 4, 10), "Morgenavis": date(2026, 4, 10), "Nordwire": date(2026, 4, 9),
    }  # fmt: skip
    assert min(day.day for day in volume if not day.is_over) == date(2026, 4, 9)


def test_a_series_is_null_where_nothing_was_observed_and_zero_where_nothing_came(published):
    with duckdb.connect(str(published), read_only=True) as connection:
        volume = {day.day: day.articles for day in read_volume(connection, NOW)}
        topics = read_topics(connection, NOW)
        [(articles,)] = connection.execute("select count(*) from articles where published_date is not null").fetchall()
    assert sum(count or 0 for count in volume.values()) == articles
    assert volume[date(2026, 3, 18)] is None
    for topic in topics:
        assert [day.day for day in topic.days] == list(volume)
        assert {day.day for day in topic.days if day.articles is None} == {
            day for day, count in volume.items() if count is None
        }
        assert any(day.articles == 0 for day in topic.days)


def test_topics_that_one_story_lifted_on_one_day_are_one_burst(published):
    last = "(select max(date) from topic_daily)"
    scores = "values ('medtop:sport', 4.0), ('medtop:economy', 6.0), ('subj:99999999', 0.5)"
    html = page(
        published,
        "update stories set title = 'A harbour opens' where story_id = (select min(story_id) from stories)",
        "delete from topic_trends",
        f"delete from article_topics where published_date = {last}",
        f"""insert into article_topics
            select first_article_id, unnest(['medtop:sport', 'medtop:economy', 'subj:99999999']), 'rule', 1.0, null,
                   {last}, first_source_id, story_id
            from stories where title = 'A harbour opens'""",
        f"""insert into topic_trends
            select {last}, topic_id, 5, 0.5, 0.01, 28, score from ({scores}) as lifted (topic_id, score)""",
    )
    assert re.findall(r"<td>([^<]*)<small>A harbour opens</small></td>", html) == ["Economy, Sport"]


def test_an_empty_archive_has_a_page_too(published):
    html = page(published, "delete from articles", "delete from topic_daily", "delete from source_daily")
    assert "<b>0</b><span>articles</span>" in html
    assert "None was run by more than one." in html
