"""Versions of articles as rows, and what comes with each: date candidates, dropped lines, captions."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table

from pipeline.types import Article, DateCandidate
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import Columns, columns_of, given, given_ids, insert, merge

# A version is what its earliest capture says, and is made again when other code reads that capture.
FROM_EARLIER = """
row(given.captured_at, given.capture_id, given.position) < row(stored.captured_at, stored.capture_id, stored.position)
or (given.capture_id = stored.capture_id and given.position = stored.position
    and given.code_version <> stored.code_version)
"""
WIPED = "(given.capture_id = stored.capture_id and given.position = stored.position and stored.text is null)"


def write_versions(conn: Connection, articles: Sequence[Article], when: str) -> dict[str, str]:
    """Writes the versions that are new or have an earlier capture now; the article of each that was written."""
    earliest: dict[str, Article] = {}
    for article in sorted(articles, key=lambda article: (article.captured_at, article.capture_id, article.position)):
        earliest.setdefault(article.version_id, article)
    rows = merge(
        conn,
        tables.article_versions,
        columns_of(tables.article_versions, list(earliest.values())),
        using="select * from {batch}",
        when=when,
        returning="version_id, merge_action",
    )
    _write_last_made(conn, articles)
    replaced = [row["version_id"] for row in rows if row["merge_action"] == "UPDATE"]
    written = [earliest[row["version_id"]] for row in rows]
    _write_parts(conn, written, replaced)
    return {article.version_id: article.article_id for article in written}


def _write_last_made(conn: Connection, articles: Sequence[Article]) -> None:
    """When a wire last sent each version as it is: what tells a withheld item that comes back from one that doesn't."""
    of_wires = [article for article in articles if article.revision_id]
    columns: Columns = {
        "version_id": [article.version_id for article in of_wires],
        "last_made_at": [article.version_at or article.captured_at for article in of_wires],
    }
    with given(conn, columns, tables.article_versions) as sent:
        conn.exec_driver_sql(
            "update ingest.article_versions as stored set last_made_at = sent.last_made_at "
            f"from (select version_id, max(last_made_at) as last_made_at from {sent} group by version_id) as sent "
            "where stored.version_id = sent.version_id "
            "and sent.last_made_at > coalesce(stored.last_made_at, timestamp '-infinity')"
        )


def _write_parts(conn: Connection, written: Sequence[Article], replaced: Sequence[str]) -> None:
    parts: dict[Table, dict[str, list[Any]]] = {
        tables.date_candidates: _candidates(written),
        tables.dropped_blocks: _numbered(tables.dropped_blocks, [(a.version_id, a.dropped) for a in written]),
        tables.captions: _numbered(tables.captions, [(a.version_id, a.captions) for a in written]),
    }
    with given_ids(conn, replaced) as old:
        for table, columns in parts.items():
            if replaced:
                conn.exec_driver_sql(f"delete from {table.fullname} where version_id in (select id from {old})")
            insert(conn, table, columns)


def _candidates(written: Sequence[Article]) -> dict[str, list[Any]]:
    columns = _numbered(tables.date_candidates, [(article.version_id, article.dates) for article in written])
    return columns | {"is_chosen": [chosen for article in written for chosen in _chosen(article)]}


def _chosen(article: Article) -> Iterator[bool]:
    """Whether each of its date candidates is the one that was chosen: the first that says what the article says."""
    is_found = False
    for candidate in article.dates:
        is_it = not is_found and candidate.refused is None and _says_it(candidate, article)
        is_found = is_found or is_it
        yield is_it


def _says_it(candidate: DateCandidate, article: Article) -> bool:
    if candidate.kind != article.published_kind:
        return False
    if article.published_at is None:
        return candidate.day == article.published_date
    return candidate.at == article.published_at


def _numbered(table: Table, parts: Sequence[tuple[str, Sequence[Any]]]) -> dict[str, list[Any]]:
    """The parts of all versions, each with its version and its place among that version's parts."""
    columns = columns_of(table, [part for _, of_version in parts for part in of_version])
    return columns | {
        "version_id": [version_id for version_id, of_version in parts for _ in of_version],
        "position": [position for _, of_version in parts for position in range(len(of_version))],
    }
