"""`dateline retry`, after a parser was mended."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline.types import Failure, Stage
from pipeline.warehouse.arrow import read
from pipeline.warehouse.engine import Connection, Warehouse
from pipeline.warehouse.quarantine import record_failures
from tests.rehearsal import Later, Rehearsal, dateline

_OF_A_FILE = """
select article_id, title, captures.*
from ingest.article_versions join ingest.articles using (article_id) join ingest.captures using (capture_id)
where version_id = current_version_id and captures.kind = 'file'
order by version_id limit 1
"""


@pytest.fixture
def data(later: Later, tmp_path: Path) -> Path:
    return Path(shutil.copytree(later.data, tmp_path / "data"))


def forget_one(conn: Connection) -> tuple[str, str]:
    """An article's id and title, as if an earlier version of the code had not been able to read its file."""
    (one,) = read(conn, _OF_A_FILE)
    for table in ("article_versions", "articles"):
        conn.exec_driver_sql(f"delete from ingest.{table} where article_id = ?", (one["article_id"],))
    failure = Failure(
        Stage.PARSE,
        "raised:IndexError",
        "list index out of range",
        one["url"],
        one["source_id"],
        datetime(2026, 4, 13, tzinfo=UTC),
        feed_id=one["feed_id"],
        capture_id=one["capture_id"],
    )
    record_failures(conn, [failure], "0.0.1")
    conn.exec_driver_sql(  # as an earlier code had made the id
        "update ingest.quarantine set failure_id = 'of-old' where failure_id = ?", (failure.id,)
    )
    return one["article_id"], one["title"]


def test_one_command_takes_in_what_can_be_read_now(nights: Rehearsal, data: Path) -> None:
    with Warehouse(data / "warehouse.duckdb", "test") as warehouse, warehouse.begin() as conn:
        article_id, title = forget_one(conn)
    said = dateline("retry", "--sources", str(nights.catalogue), data=data)
    assert said.code == 0, said.err
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as news:
        assert news.execute("select title from articles where article_id = ?", [article_id]).fetchall() == [(title,)]
        assert news.execute(
            "select resolved_at is not null from ingest.quarantine where reason = 'raised:IndexError'"
        ).fetchall() == [(True,)]
        assert news.execute("select kind from meta.snapshot join ingest.runs using (run_id)").fetchall() == [("retry",)]
