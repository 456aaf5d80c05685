"""Recalls: a killed or withheld article loses its text, topics and story in one step; that it was recalled stays.

The text then still lies in freed blocks of the file, until `Warehouse.compact` has written it anew.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pipeline.warehouse import tables
from pipeline.warehouse.arrow import given_ids, merge, naive_utc, read

# All versions of an article that is recalled; of one that stands again, those before its last recall, also where that
# came so late that it decided nothing.
_FALLEN = """
with last_recalls as (
    select article_id, max(number) as number
    from ingest.article_versions join {ids} on id = article_id
    where status in ('canceled', 'withheld')
    group by article_id
)
select
    versions.version_id,
    versions.article_id,
    coalesce(versions.title, '') || coalesce(versions.summary, '') || coalesce(versions.text, '') <> '' as has_content
from ingest.article_versions as versions
join last_recalls on last_recalls.article_id = versions.article_id
join ingest.articles on articles.article_id = versions.article_id
where articles.status <> 'usable' or versions.number <= last_recalls.number
"""

_OF_VERSIONS = (
    "update ingest.article_versions set title = null, summary = null, text = null, slugline = null, credit = null "
    "where version_id in {versions} and (title is not null or summary is not null or text is not null)",
    "update ingest.date_candidates set raw = null where version_id in {versions} and raw is not null",
    "delete from ingest.dropped_blocks where version_id in {versions}",
    "delete from ingest.captions where version_id in {versions}",
)

# The others of its story are linked again, for the story may have been held together by the recalled article.
_OF_ARTICLES = (
    "update ingest.articles set linked_version_id = null, linked_code = null where linked_code is not null and "
    "(article_id in {articles} or article_id in ("
    "select others.article_id from ingest.story_members as others join ingest.story_members as recalled "
    "on recalled.story_id = others.story_id where recalled.article_id in {articles}))",
    "delete from ingest.tags where article_id in {articles}",
    "delete from ingest.signatures where article_id in {articles}",
    "delete from ingest.story_edges where article_a in {articles} or article_b in {articles}",
    "delete from ingest.story_members where article_id in {articles}",
    "update ingest.entries set title = null, summary = null where (title is not null or summary is not null) and "
    "(feed_id, entry_id) in (select (feed_id, entry_id) from ingest.article_versions where article_id in {articles})",
)

_RECALLS = """
select
    article_id,
    max(captured_at) as recalled_at,
    arg_max({{'status': status, 'note': note}}, number) as last
from ingest.article_versions join {ids} on id = article_id
where status in ('canceled', 'withheld')
group by article_id
"""


def wipe_recalled(conn: Connection, article_ids: Collection[str], now: datetime) -> set[str]:
    """Takes all that was said from those of the articles that are recalled; the ids of those that had any left."""
    with given_ids(conn, article_ids) as ids:
        fallen = read(conn, _FALLEN.format(ids=ids))
        if not fallen:
            return set()
        wiped = {row["article_id"] for row in fallen if row["has_content"]}
        with given_ids(conn, [row["version_id"] for row in fallen]) as versions:
            for statement in _OF_VERSIONS:
                conn.exec_driver_sql(statement.format(versions=f"(select id from {versions})"))
        recalled = f"(select article_id from ingest.articles join {ids} on id = article_id where status <> 'usable')"
        for statement in _OF_ARTICLES:
            conn.exec_driver_sql(statement.format(articles=recalled))
        _record_recalls(conn, read(conn, _RECALLS.format(ids=ids)), wiped, now)
    return wiped


def _record_recalls(conn: Connection, rows: list[dict[str, Any]], wiped: Collection[str], now: datetime) -> None:
    columns: dict[str, list[Any]] = {
        "article_id": [row["article_id"] for row in rows],
        "recalled_at": [row["recalled_at"] for row in rows],
        "status": [row["last"]["status"] for row in rows],
        "note": [row["last"]["note"] for row in rows],
        # Where nothing was wiped there is nothing to compact.
        "compacted_at": [None if row["article_id"] in wiped else now for row in rows],
    }
    update = {name: f"given.{name}" for name in ("recalled_at", "status", "note")}
    update |= {"compacted_at": "case when given.compacted_at is not null then stored.compacted_at end"}
    merge(conn, tables.recalls, columns, update=update)


def uncompacted_recalls(conn: Connection) -> list[str]:
    """The recalled articles whose text may still lie in freed blocks of the file."""
    rows = read(conn, "select article_id from ingest.recalls where compacted_at is null order by article_id")
    return [row["article_id"] for row in rows]


def mark_compacted(conn: Connection, now: datetime) -> None:
    """The file was written anew: no freed block of it holds recalled text."""
    conn.exec_driver_sql("update ingest.recalls set compacted_at = ? where compacted_at is null", (naive_utc(now),))
