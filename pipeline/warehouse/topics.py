"""Topics, the articles to link, and their tags."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from pipeline.types import LinkInput, Signature, Subject, Tag, Topic
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, given, given_ids, merge, read
from pipeline.warehouse.publishing import touch_standing
from pipeline.warehouse.stories import replace_signatures


def record_topics(conn: Connection, topics: Sequence[Topic]) -> None:
    """Takes topics over. A vocabulary's word on a code beats a delivered one, which has no release; of two delivered
    names the one that sorts first stays, whichever came first.
    """
    columns = columns_of(tables.topics, topics)
    update = {name: f"given.{name}" for name in columns}
    update["label"] = "case when given.release is null then least(stored.label, given.label) else given.label end"
    merge(
        conn,
        tables.topics,
        {**columns, "topic_id": [topic.id for topic in topics]},
        using="select * from {batch} qualify row_number() over (partition by {keys} order by release desc, label) = 1",
        update=update,
        when="given.release is not null or stored.release is null",
    )


def load_topics(conn: Connection) -> list[Topic]:
    """All topics, in order of their ids."""
    rows = read(conn, "select * from ingest.topics order by topic_id")
    return [
        Topic(row["topic_id"], row["label"], row["broader_id"], row["release"], tuple(row["same_as"] or ()))
        for row in rows
    ]


_TO_LINK = """
select
    article_id,
    versions.source_id,
    coalesce(versions.canonical_url, versions.url) as url,
    versions.title,
    coalesce(versions.text, '') as text,
    versions.language,
    versions.section,
    versions.subjects,
    coalesce(versions.published_at, cast(versions.published_date as timestamp), articles.first_seen_at) as compare_at
from ingest.articles
join ingest.article_versions as versions using (article_id)
where versions.version_id = articles.current_version_id
    and (articles.linked_version_id, articles.linked_code) is distinct from (articles.current_version_id, :linked_code)
order by article_id
limit :limit
"""


def articles_to_link(conn: Connection, linked_code: str, *, limit: int) -> list[LinkInput]:
    """Articles whose topics and story were made of another version, or by another code, or not yet."""
    rows = read(conn, _TO_LINK, linked_code=linked_code, limit=limit)
    return [
        LinkInput(**row | {"subjects": tuple(s for s in _subjects(row["subjects"]) if s.kind == "topic")})
        for row in rows
    ]


def _subjects(delivered: str | None) -> list[Subject]:
    return [Subject(**subject) for subject in json.loads(delivered or "[]")]


def record_links(
    conn: Connection,
    *,
    articles: Sequence[LinkInput],
    tags: Sequence[Tag],
    signatures: Sequence[Signature],
    linked_code: str,
) -> None:
    """Replaces the articles' tags and signatures, and marks them as linked by `linked_code`."""
    with given_ids(conn, [article.article_id for article in articles]) as linked:
        touch_standing(conn, _replace_tags(conn, linked, tags))
        replace_signatures(conn, linked, signatures)
        conn.exec_driver_sql(
            "update ingest.articles set linked_version_id = current_version_id, linked_code = ? "
            f"where article_id in (select id from {linked})",
            (linked_code,),
        )


_STRONGEST = (
    "select * from {batch} qualify row_number() over (partition by {keys} order by confidence desc, detail) = 1"
)


def _replace_tags(conn: Connection, linked: str, tags: Sequence[Tag]) -> set[str]:
    """Makes `tags` the tags of the articles in `linked`; the ids of those whose tags differ from before."""
    columns: dict[str, list[Any]] = columns_of(tables.tags, tags)
    keys = {name: columns.get(name, []) for name in ("article_id", "topic_id", "evidence")}
    with given(conn, keys, tables.tags) as kept:
        gone = conn.exec_driver_sql(
            f"delete from ingest.tags where article_id in (select id from {linked}) "
            f"and (article_id, topic_id, evidence) not in (select (article_id, topic_id, evidence) from {kept}) "
            "returning article_id"
        )
        changed = {article_id for (article_id,) in gone}
    rows = merge(conn, tables.tags, columns, using=_STRONGEST, returning="article_id")
    return changed | {row["article_id"] for row in rows}
