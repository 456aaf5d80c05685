"""Keys go to the server that asks for them, and nowhere else: no file of a run, no output, no log has one."""

import html
import json
from pathlib import Path
from urllib.parse import quote, quote_plus

import duckdb
import pytest

from tests.echo import BROKEN, HEADER, KEYS, LITERAL, MOVED


def spellings(key: str) -> set[bytes]:
    found = {key, quote(key), quote(key, safe=""), quote(key, safe="").lower(), quote_plus(key)}
    return {one.encode() for one in (*found, html.escape(key), json.dumps(key)[1:-1], key.replace("/", "\\/"))}


def files_of(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_the_echo_was_given_every_key(nights) -> None:
    assert nights.given == set(KEYS)


def test_the_echo_repeated_them_where_we_keep_what_it_says(nights, news) -> None:
    """Or else the tests below could not fail."""
    archive = b"".join(path.read_bytes() for path in (nights.data / "archive").rglob("*.warc"))
    for name in (b"${ECHO_LITERAL_KEY}", b"${ECHO_MOVED}", b"${ECHO_HEADER}", b"${ECHO_BROKEN}"):
        assert b"<title>You asked with " + name in archive or b"The key " + name + b" is not known" in archive, name
    rows = news.execute("select feed_id, title from ingest.entries where source_id = 'echo' order by all").fetchall()
    assert rows == [
        ("echo/header", "You asked with ${ECHO_HEADER}"),
        ("echo/literal", "You asked with ${ECHO_LITERAL_KEY}"),
        ("echo/moved", "You asked with ${ECHO_MOVED}"),
    ]
    assert news.execute("select distinct reason from ingest.quarantine where feed_id = 'echo/broken'").fetchall() == [
        ("http_403",)
    ]
    [(moved_to,)] = news.execute("select moved_to from ingest.feeds where feed_id = 'echo/moved'").fetchall()
    assert moved_to.endswith("/moved-here?token=${ECHO_MOVED}")


@pytest.mark.parametrize("key", [LITERAL, MOVED, HEADER, BROKEN])
def test_no_file_of_the_runs_has_a_key(nights, key) -> None:
    files = files_of(nights.data, nights.prefect)
    kinds = {path.suffix for path in files}
    assert {".warc", ".duckdb", ".db", ".html", ".log"} <= kinds
    found = [(path.name, one) for path in files for one in spellings(key) if one in path.read_bytes()]
    assert found == []


def test_no_table_has_a_key(nights) -> None:
    """A file's bytes may be packed; what a query shows is not."""
    for path in (nights.published, nights.data / "warehouse.duckdb"):
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                rows = connection.execute(f'select row::varchar from "{schema}"."{table}" as row').fetchall()
                text = "\n".join(row for (row,) in rows).encode()
                assert not any(one in text for key in KEYS for one in spellings(key)), (path.name, schema, table)


def test_nothing_that_was_said_has_a_key(nights) -> None:
    assert "feeds 20 of 20" in nights.said
    assert [key for key in KEYS for one in spellings(key) if one in nights.said.encode()] == []
    text = repr(nights.reports).encode()
    assert [key for key in KEYS for one in spellings(key) if one in text] == []
    assert b"echo" in text
