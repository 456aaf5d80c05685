"""Copies of agencies' stories on other sources: what to compare, and what was found."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection

from pipeline.types import Copy, RunText, VersionPlace
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, given, given_ids, merge, read
from pipeline.warehouse.recalls import version_places

# Pairs that share a band, and copies that name the agency's page as their canonical one. An agency that runs another
# agency's text is no copy to trace: who had it first can't be told.
_CANDIDATES = """
with pairs as (
    select article_a as one, article_b as other from {pairs}
    union all
    select article_b as one, article_a as other from {pairs}
),
named as (
    select article_id, source_id, canonical_url from ingest.article_versions
    where article_id in (select id from {ids}) and canonical_url is not null
),
linked as (
    select named.article_id as one, others.article_id as other
    from named
    join ingest.article_versions as others
        on others.canonical_url = named.canonical_url and others.source_id <> named.source_id
),
candidates as (
    select one, other from pairs
    union
    select one, other from linked
    union
    select other as one, one as other from linked
)
select candidates.one as article_id, candidates.other as copy_article_id
from candidates
join ingest.articles as stories on stories.article_id = candidates.one
join ingest.articles as copies on copies.article_id = candidates.other
join ingest.sources as agencies on agencies.source_id = stories.source_id and agencies.kind = 'agency'
join ingest.sources as papers on papers.source_id = copies.source_id and papers.kind is distinct from 'agency'
where copies.current_version_id is not null
order by article_id, copy_article_id
"""


def copy_candidates(
    conn: Connection, article_ids: Collection[str], pairs: Collection[tuple[str, str]]
) -> list[tuple[str, str]]:
    """(agency's article, another source's article) that may run one text, of which one is among the articles."""
    ordered = sorted(pairs)
    columns = {"article_a": [a for a, _ in ordered], "article_b": [b for _, b in ordered]}
    with given(conn, columns, tables.story_edges) as near, given_ids(conn, article_ids) as ids:
        rows = read(conn, _CANDIDATES.format(pairs=near, ids=ids))
    return [(row["article_id"], row["copy_article_id"]) for row in rows]


_TEXTS = """
select
    versions.article_id, version_id, coalesce(version_at, published_at) as at, captured_at as seen_at, text, authors,
    agency, canonical_url, capture_id, position, feed_id, entry_id
from ingest.article_versions as versions
join ingest.articles using (article_id)
semi join {ids} on id = versions.article_id
where versions.status = 'usable' and ({all} or version_id = current_version_id)
order by versions.article_id, number
"""


def standing_texts(conn: Connection, article_ids: Collection[str]) -> dict[str, RunText]:
    """The version that stands of each of these articles."""
    with given_ids(conn, article_ids) as ids:
        rows = read(conn, _TEXTS.format(ids=ids, all="false"))
    return {row["article_id"]: _run_text(row) for row in rows}


def texts_of_versions(conn: Connection, article_ids: Collection[str]) -> tuple[list[RunText], list[VersionPlace]]:
    """All usable versions of these articles; and where those lie whose text a recall took."""
    with given_ids(conn, article_ids) as ids:
        rows = read(conn, _TEXTS.format(ids=ids, all="true"))
    wiped = [row for row in rows if row["text"] is None]
    return [_run_text(row) for row in rows if row["text"] is not None], version_places(conn, wiped)


def _run_text(row: dict[str, Any]) -> RunText:
    return RunText(
        article_id=row["article_id"],
        version_id=row["version_id"],
        at=row["at"],
        seen_at=row["seen_at"],
        text=row["text"] or "",
        authors=row["authors"] or (),
        agency=row["agency"],
        canonical_url=row["canonical_url"],
    )


def record_copies(conn: Connection, article_ids: Collection[str], copies: Sequence[Copy]) -> None:
    """Makes `copies` the copies in which these articles have a part; those of a recalled story stay on record."""
    columns = columns_of(tables.lineage, copies)
    keys = {name: columns.get(name, []) for name in ("copy_article_id", "article_id")}
    with given_ids(conn, article_ids) as ids, given(conn, keys, tables.lineage) as kept:
        conn.exec_driver_sql(
            f"delete from ingest.lineage where (copy_article_id in (select id from {ids}) "
            f"or article_id in (select id from {ids})) "
            f"and (copy_article_id, article_id) not in (select (copy_article_id, article_id) from {kept}) "
            "and article_id not in (select article_id from ingest.articles where status <> 'usable')"
        )
    merge(conn, tables.lineage, columns)


_RECALLED = """
select article_id, arg_max(version_id, number) as version_id
from ingest.articles
join ingest.article_versions as versions using (article_id)
join ingest.sources on sources.source_id = articles.source_id and sources.kind = 'agency'
where articles.status <> 'usable' and versions.status = 'usable' and linked_code is distinct from :linked_code
group by article_id order by article_id
"""


def recalled_to_trace(conn: Connection, linked_code: str) -> dict[str, str]:
    """Recalled stories whose copies were not looked for by this code: the last version of each that was usable."""
    return {row["article_id"]: row["version_id"] for row in read(conn, _RECALLED, linked_code=linked_code)}


def mark_traced(conn: Connection, last_versions: dict[str, str], linked_code: str) -> None:
    """The copies of these recalled stories were looked for."""
    columns = {"article_id": list(last_versions), "linked_version_id": list(last_versions.values())}
    with given(conn, columns, tables.articles) as traced:
        conn.exec_driver_sql(
            f"update ingest.articles set linked_version_id = traced.linked_version_id, linked_code = ? "
            f"from {traced} as traced where articles.article_id = traced.article_id",
            (linked_code,),
        )
