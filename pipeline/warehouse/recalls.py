"""Recalls: a killed or withheld article loses its text, topics and story in one step; that it was recalled stays.

The text then still lies in freed blocks of the file, until `Warehouse.compact` has written it anew.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pipeline.types import VersionPlace
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import given_ids, merge, naive_utc, read
from pipeline.warehouse.captures import capture_refs

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
    concat(versions.title, versions.summary, versions.text, versions.slugline, versions.kicker) <> '' as has_content
from ingest.article_versions as versions
join last_recalls on last_recalls.article_id = versions.article_id
join ingest.articles on articles.article_id = versions.article_id
where articles.status <> 'usable' or versions.number <= last_recalls.number
"""

# Versions that don't lie before a recall any more, as where the agency sent what it had withheld again as it was.
_UNFALLEN = """
with last_recalls as (
    select article_id, max(number) as number
    from ingest.article_versions
    where status in ('canceled', 'withheld') {of_articles}
    group by article_id
)
select version_id, versions.article_id, capture_id, position, feed_id, entry_id
from ingest.article_versions as versions
join last_recalls on last_recalls.article_id = versions.article_id
join ingest.articles on articles.article_id = versions.article_id
where articles.status = 'usable' and versions.status = 'usable' and versions.text is null
    and versions.number > last_recalls.number
order by version_id
"""

# One that was recalled before has nothing to lose, but the marks that its copies were looked for.
_RECALLED_NOW = """(
    select article_id from ingest.articles join {ids} on id = article_id
    where status <> 'usable' and (
        article_id in (select id from {wiped}) or article_id in (select article_id from ingest.story_members)
    )
)"""

_OF_VERSIONS = (
    "update ingest.article_versions set title = null, summary = null, text = null, slugline = null, credit = null, "
    "kicker = null, authors = null, subjects = null, note = case when status <> 'usable' then note end "
    "where version_id in {versions} "
    "and (authors is not null or coalesce(title, summary, text, slugline, credit, kicker, subjects) is not null)",
    "update ingest.date_candidates set raw = null where version_id in {versions} and raw is not null",
    "delete from ingest.dropped_blocks where version_id in {versions}",
    "delete from ingest.captions where version_id in {versions}",
)

# The others of its story are linked again, for the story may have been held together by the unlinked article.
_UNLINK = (
    "update ingest.articles set linked_version_id = null, linked_code = null where linked_code is not null and "
    "(article_id in {articles} or article_id in ("
    "select others.article_id from ingest.story_members as others join ingest.story_members as unlinked "
    "on unlinked.story_id = others.story_id where unlinked.article_id in {articles}))",
    "delete from ingest.tags where article_id in {articles}",
    "delete from ingest.signatures where article_id in {articles}",
    "delete from ingest.story_edges where article_a in {articles} or article_b in {articles}",
    "delete from ingest.story_members where article_id in {articles}",
    "delete from ingest.line_sightings where article_id in {articles}",
)

# An article may be named by entries of several feeds; an entry may name a version that fell, or one that came after.
_OF_ENTRIES = """
with recalled as (
    select
        versions.*,
        articles.status <> 'usable' or number <= max(number) filter (versions.status in ('canceled', 'withheld'))
            over (partition by article_id) as is_fallen
    from ingest.article_versions as versions
    join ingest.articles using (article_id)
    semi join ingest.recalls using (article_id)
),
fallen as (select * from recalled where is_fallen),
kept as (select * from recalled where not is_fallen)
update ingest.entries set title = null, summary = null, authors = null, subjects = null
where coalesce(title, summary, subjects) is not null
    and (
        (feed_id, entry_id) in (select (feed_id, entry_id) from fallen)
        or (source_id, wire_id) in (select (source_id, revision_id) from fallen)
        or (source_id, url) in (select (source_id, url) from fallen)
    )
    and (source_id, coalesce(wire_id, entry_id), coalesce(version, -1)) not in (
        select (source_id, coalesce(revision_id, entry_id), coalesce(wire_version, -1)) from kept
    )
"""

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
        with given_ids(conn, wiped) as wiped_ids:
            unlink(conn, _RECALLED_NOW.format(ids=ids, wiped=wiped_ids))
        _record_recalls(conn, read(conn, _RECALLS.format(ids=ids)), wiped, now)
    wipe_entries(conn)
    return wiped


def versions_to_restore(conn: Connection, article_ids: Collection[str] | None = None) -> list[VersionPlace]:
    """Where the versions lie whose content was wiped and that may be shown again; of these articles, or of all."""
    if article_ids is None:
        return version_places(conn, read(conn, _UNFALLEN.format(of_articles="")))
    with given_ids(conn, article_ids) as ids:
        return version_places(
            conn, read(conn, _UNFALLEN.format(of_articles=f"and article_id in (select id from {ids})"))
        )


def version_places(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> list[VersionPlace]:
    """The places in the archive that these rows of versions name."""
    refs = capture_refs(conn, [row["capture_id"] for row in rows])
    return [
        VersionPlace(ref=refs[row["capture_id"]], **{name: row[name] for name in _PLACE})
        for row in rows
        if row["capture_id"] in refs
    ]


_PLACE = ("version_id", "article_id", "position", "feed_id", "entry_id")


def unlink(conn: Connection, articles: str) -> None:
    """Takes topics and story from the articles whose ids the subquery `articles` gives."""
    for statement in _UNLINK:
        conn.exec_driver_sql(statement.format(articles=articles))


def wipe_entries(conn: Connection) -> None:
    """Takes what feeds said of recalled articles from their entries, also where one said it again since."""
    conn.exec_driver_sql(_OF_ENTRIES)


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
