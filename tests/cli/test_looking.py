"""Looking at what stands: query, explain, status, report."""

import csv
import io
import json
import shutil
from pathlib import Path

import duckdb
import pytest

from deployments.sample.gold import special_cases
from pipeline.cli.results import series_of
from pipeline.publish.query import ask
from pipeline.settings import Settings
from pipeline.steps.publish import last_snapshot
from tests.rehearsal import dateline

CASES = special_cases()


@pytest.fixture
def say(nights):
    return lambda *arguments: dateline(*arguments, data=nights.data)


SQL = (
    "select title, authors, published_at, published_date, summary, word_count / 2.0 as half, null as nothing "
    "from articles where url is not null order by published_at, title limit 3"
)


@pytest.fixture
def rows(nights):
    return ask(nights.published, SQL).rows


def test_rows_come_as_csv(say, rows) -> None:
    said = say("query", "--format", "csv", SQL)
    told = list(csv.DictReader(io.StringIO(said.out)))
    assert said.code == 0
    assert [one["title"] for one in told] == [row[0] for row in rows]
    assert [json.loads(one["authors"]) for one in told] == [row[1] for row in rows]
    assert [one["published_at"] for one in told] == [row[2].isoformat() for row in rows]
    assert {one["nothing"] for one in told} == {""}
    assert say("query", "--format", "csv", "select 1/3 as a, 1234567.891 as b, true as c").out == (
        "a,b,c\n0.3333333333333333,1234567.891,true\n"
    )


def test_rows_come_as_json(say, rows) -> None:
    told = json.loads(say("query", "--format", "json", SQL).out)
    assert [one["authors"] for one in told] == [row[1] for row in rows]
    assert [one["published_date"] for one in told] == [row[3].isoformat() for row in rows]
    assert [one["half"] for one in told] == [row[5] for row in rows]
    assert {one["nothing"] for one in told} == {None}
    assert json.loads(say("query", "--format", "json", "select sum(n) as n from range(4) as t(n)").out) == [{"n": 6}]


def test_rows_come_as_a_table_of_markdown(say, rows) -> None:
    lines = say("query", "--format", "markdown", SQL).out.strip().splitlines()
    assert lines[0] == "| title | authors | published_at | published_date | summary | half | nothing |"
    assert lines[1] == "| --- | --- | --- | --- | --- | --- | --- |"
    assert [line.split(" | ")[0].removeprefix("| ") for line in lines[2:]] == [row[0] for row in rows]
    assert say("query", "--format", "markdown", "select 'a|b' as x").out.splitlines()[-1] == "| a\\|b |"


def test_rows_come_as_a_table(say, rows) -> None:
    said = say("query", SQL)
    assert all(word in said.out for row in rows for word in row[0].split())


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("selec 1", "The query was not understood."),
        ("select nothing from articles", "The query was not understood."),
        ("select regexp_matches('a', '(')", "The query was not understood."),
        ("delete from topics", "The published file is read-only: a query can't change it."),
        (" ;", "There is no statement in the query."),
    ],
)
def test_sql_that_has_no_answer_ends_with_2_and_the_reason(say, sql, reason) -> None:
    said = say("query", sql)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"error: {reason}")


def test_a_file_that_is_damaged_is_told(tmp_path) -> None:
    (tmp_path / "news.duckdb").write_bytes(b"no database" * 500)
    said = dateline("query", "select 1", data=tmp_path)
    assert (said.code, said.out) == (1, "")
    assert "the next nightly run makes it again" in said.err


def test_a_run_compares_with_the_last_snapshot_and_replaces_one_that_is_damaged(nights, tmp_path) -> None:
    damaged = tmp_path / "news.duckdb"
    assert (last_snapshot(nights.published), last_snapshot(damaged)) == (nights.published, None)
    damaged.write_bytes(b"no database" * 500)
    assert last_snapshot(damaged) is None
    assert series_of(Settings(tmp_path)) == {}


def test_a_file_of_an_older_release_is_compared_as_far_as_it_goes_and_is_told_by_the_report(tmp_path) -> None:
    with duckdb.connect(str(tmp_path / "news.duckdb")) as older:
        older.execute("create table recalls as select 1 as recall_id")
    assert list(series_of(Settings(tmp_path))) == ["recalls"]
    said = dateline("report", data=tmp_path)
    assert (said.code, said.out) == (1, "")
    assert "was published by another release; the next nightly run makes it again" in said.err


@pytest.mark.parametrize("sql", ["select date from attention('typo')", "from story('typo')"])
def test_a_mistake_that_a_macro_tells_is_told_in_its_words(say, sql) -> None:
    said = say("query", sql)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"error: {sql.split(' ')[-1].partition('(')[0]}(): no ")


# ------------------------------------------------------------------------------------------------ explain


def test_an_article_is_explained_back_to_its_record(say, nights) -> None:
    item = CASES.corrected_page
    said = say("explain", item.url)
    out = said.out
    assert said.code == 0
    for words in (item.versions[-1].title, "Version 1: new", "Version 2: changed, the one that stands"):
        assert words in out
    for words in ("Topics", "evidence", "publisher", "Dates", "chosen", "jsonld", "Left out", "Captions"):
        assert words in out, words
    records = ask(
        nights.published,
        "select warc_path, warc_offset from article_versions join articles using (article_id) "
        f"where url = '{item.url}' order by number",
    ).rows
    assert len(records) == 2
    for path, offset in records:
        assert f"archive/{path} at byte {offset:,}" in out
        record = (nights.data / "archive" / path).read_bytes()[offset:]
        assert record.startswith(b"WARC/1.")
        assert item.url.encode() in record[:2000]


@pytest.mark.parametrize("column", ["article_id", "version_id", "wire_id"])
def test_an_article_goes_by_its_ids_too(say, nights, column) -> None:
    item = CASES.corrected_wire
    [(name,)] = ask(nights.published, f"select {column} from articles where wire_id = '{item.wire_id}'").rows
    said = say("explain", name)
    assert item.versions[-1].title in said.out
    assert "delivered" in said.out


def test_a_killed_story_is_explained_without_its_words(say) -> None:
    item = CASES.killed
    out = say("explain", item.wire_id).out
    assert "canceled" in out
    assert item.versions[-1].note in out
    assert item.versions[0].title not in out
    assert item.versions[0].paragraphs[-1][:40] not in out


def test_nothing_that_goes_by_a_name_ends_with_2(say) -> None:
    said = say("explain", "http://nobody.example/nothing")
    assert (said.code, said.out) == (2, "")
    assert "Nothing goes by http://nobody.example/nothing." in said.err


# ------------------------------------------------------------------------------------------------ status, report


def test_the_status_says_what_stands_who_is_behind_and_what_is_set_aside(say, nights) -> None:
    said = say("status")
    assert said.code == 0
    for words in ("nightly-20260413T020000Z", "Last runs", "Freshness", "Set aside", "lakeside-weekly", "http_502"):
        assert words in said.out, words
    runs = said.out[said.out.index("Last runs") : said.out.index("Freshness")]
    assert runs.count("done") == 2


def test_the_report_is_written_again_from_the_file(nights, tmp_path) -> None:
    shutil.copy(nights.published, tmp_path)
    said = dateline("report", data=tmp_path)
    assert (said.code, said.out) == (0, f"{(tmp_path / 'report.html').as_uri()}\n")
    html = Path(tmp_path / "report.html").read_text("utf-8")
    assert "The Harbour Courier" in html
    assert CASES.killed.versions[0].paragraphs[0] not in html
