"""What an analyst finds in the file of a rehearsed night."""

import re
from pathlib import Path

import pytest

from pipeline.publish.query import COMPARED

ROOT = Path(__file__).parents[2]
ANALYSES = sorted((ROOT / "sql" / "analyses").glob("*.sql"))
README_SQL = re.findall(r"```sql\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


def test_every_public_table_and_column_says_what_it_is(news) -> None:
    silent = news.execute(
        """
        select schema_name, table_name, column_name from duckdb_columns()
        where schema_name in ('main', 'meta') and not internal and coalesce(comment, '') = ''
        union all
        select schema_name, table_name, null from duckdb_tables()
        where schema_name in ('main', 'meta') and coalesce(comment, '') = ''
        """
    ).fetchall()
    assert silent == []
    [(described,)] = news.execute("select count(*) from duckdb_columns() where schema_name = 'main'").fetchall()
    assert described > 100


@pytest.mark.parametrize("path", ANALYSES, ids=lambda path: path.stem)
def test_every_analysis_answers(news, path) -> None:
    news.execute(path.read_text("utf-8")).fetchall()


def test_the_analyses_are_there() -> None:
    assert len(ANALYSES) > 5


@pytest.mark.parametrize("sql", [one for block in README_SQL for one in block.split(";") if one.strip()])
def test_the_sql_of_the_readme_answers(news, sql) -> None:
    assert news.execute(sql).fetchall()


def test_the_snapshot_says_what_the_file_has(news) -> None:
    [(articles, stories)] = news.execute("select articles, stories from meta.snapshot").fetchall()
    assert (articles,) == news.execute("select count(*) from articles").fetchone()
    assert (stories,) == news.execute("select count(*) from stories").fetchone()
    assert all(news.execute(f"select count(*) from {table}").fetchone() > (0,) for table in COMPARED)


def test_every_day_of_every_source_has_a_state(news) -> None:
    states = {state for (state,) in news.execute("select distinct state from source_daily").fetchall()}
    assert states <= {"observed", "silent", "partly", "failed", "not_collected"}
    assert {"observed", "silent"} <= states
    holes = news.execute(
        """
        select source_id from source_daily
        group by source_id having count(*) <> date_diff('day', min(date), max(date)) + 1
        """
    ).fetchall()
    assert holes == []


def test_what_changed_between_the_nights_is_restated_with_its_reason(news) -> None:
    """A kill and a correction touched days that had been published."""
    rows = news.execute("select * from meta.restatements").fetchall()
    assert rows
