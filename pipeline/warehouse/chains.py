"""Chains of revisions that have an id each: their links, and the articles that move when a link joins two of them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from pipeline.types import WireLink
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, given, given_texts, merge, read
from pipeline.warehouse.publishing import touch, touch_standing
from pipeline.warehouse.recalls import unlink


def record_links(conn: Connection, links: Sequence[WireLink]) -> list[WireLink]:
    """Keeps the links; those that were new."""
    links = [link for link in links if link.wire_id != link.replaces]
    rows = merge(
        conn,
        tables.wire_links,
        columns_of(tables.wire_links, links),
        update=(),
        returning="source_id, wire_id, replaces, merge_action",
    )
    return [WireLink(row["source_id"], row["wire_id"], row["replaces"]) for row in rows]


# All links of the chains that these revisions are of, whichever way they point.
_AROUND = """
with recursive ends as (
    select source_id, wire_id, replaces as other from ingest.wire_links
    union all
    select source_id, replaces as wire_id, wire_id as other from ingest.wire_links
),
chain as (
    select source_id, wire_id from {asked}
    union
    select ends.source_id, ends.other from chain join ends using (source_id, wire_id)
)
select wire_links.* from ingest.wire_links semi join chain using (source_id, wire_id)
order by source_id, wire_id, replaces
"""


def links_around(conn: Connection, revisions: Collection[tuple[str, str]]) -> list[WireLink]:
    """The links of the chains that these (source id, agency's id) are of; none where they are of no chain."""
    asked = sorted(set(revisions))
    if not asked or not read(conn, "select 1 from ingest.wire_links limit 1"):
        return []
    columns = {"source_id": [one[0] for one in asked], "wire_id": [one[1] for one in asked]}
    with given(conn, columns, tables.wire_links) as names:
        return [WireLink(**row) for row in read(conn, _AROUND.format(asked=names))]


# The article that several become: what is not made of its versions is carried over.
_CARRY_OVER = (
    """
    merge into ingest.articles as stored using (
        select moves.new_id as article_id, min(source_id) as source_id, max(last_seen_at) as last_seen_at
        from ingest.articles join {moves} as moves on moves.old_id = article_id group by moves.new_id
    ) as given on stored.article_id = given.article_id
    when matched then update set last_seen_at = greatest(stored.last_seen_at, given.last_seen_at)
    when not matched then insert (article_id, source_id, last_seen_at)
        values (given.article_id, given.source_id, given.last_seen_at)
    """,
    """
    merge into ingest.recalls as stored using (
        select
            moves.new_id as article_id,
            max(recalled_at) as recalled_at,
            case when bool_and(compacted_at is not null) then max(compacted_at) end as compacted_at
        from ingest.recalls join {moves} as moves on moves.old_id = article_id group by moves.new_id
    ) as given on stored.article_id = given.article_id
    when matched then update set
        compacted_at = case when given.compacted_at is not null then stored.compacted_at end
    when not matched then insert (article_id, recalled_at, compacted_at)
        values (given.article_id, given.recalled_at, given.compacted_at)
    """,
    """
    update ingest.article_versions set article_id = moves.new_id, wire_id = moves.wire_id
    from {moves} as moves where article_id = moves.old_id
    """,
    "delete from ingest.lineage where article_id in (select old_id from {moves}) "
    "or copy_article_id in (select old_id from {moves})",
    "delete from ingest.articles where article_id in (select old_id from {moves})",
    "delete from ingest.recalls where article_id in (select old_id from {moves})",
)


def move_articles(conn: Connection, moves: Mapping[str, tuple[str, str]]) -> set[str]:
    """Gives the versions of each article to another, under the story's wire id: old article id → (new, wire id).

    The new article is still to be decided upon. The ids of those that were on record, and are no more.
    """
    columns = {
        "old_id": list(moves),
        "new_id": [new for new, _ in moves.values()],
        "wire_id": [wire_id for _, wire_id in moves.values()],
    }
    with given_texts(conn, columns) as names:
        rows = read(conn, f"select article_id from ingest.articles join {names} on old_id = article_id")
        moved = {row["article_id"] for row in rows}
        if moved:
            touch_standing(conn, moved)
            unlink(conn, f"(select old_id from {names})")
            for statement in _CARRY_OVER:
                conn.exec_driver_sql(statement.format(moves=names))
            touch(conn, [(article_id, None) for article_id in moved])
    return moved
