"""Stories: signatures that find near-duplicates, the verified pairs among them, and each article's place."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from pipeline.types import Signature, StoryEdge, StoryMember
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, given, given_ids, merge, read
from pipeline.warehouse.publishing import touch_standing

# A band that so many articles share is boilerplate: an agency's sign-off, a table of prices.
CROWD = 200


def _bands(signature: Signature) -> list[str]:
    return [f"{number:02x}{band:016x}" for number, band in enumerate(signature.bands)]


def _signature_columns(signatures: Sequence[Signature]) -> dict[str, list[Any]]:
    return {**columns_of(tables.signatures, signatures), "bands": [_bands(signature) for signature in signatures]}


def replace_signatures(conn: Connection, linked: str, signatures: Sequence[Signature]) -> None:
    """Makes `signatures` the signatures of the articles in the set named `linked`."""
    with given_ids(conn, [signature.article_id for signature in signatures]) as signed:
        conn.exec_driver_sql(
            f"delete from ingest.signatures where article_id in (select id from {linked}) "
            f"and article_id not in (select id from {signed})"
        )
    merge(conn, tables.signatures, _signature_columns(signatures))


def record_signatures(conn: Connection, article_ids: Iterable[str], signatures: Sequence[Signature]) -> None:
    """Makes `signatures` the signatures of these articles."""
    with given_ids(conn, article_ids) as signed:
        replace_signatures(conn, signed, signatures)


# Bands in common within the window, from one article's side: `mine` are the given ones, `theirs` all that are stored.
_NEAR_PAIRS = """
with mine as (
    select article_id, compare_at, unnest(bands) as band from {batch}
),
theirs as (
    select article_id, compare_at, unnest(bands) as band
    from ingest.signatures
    where compare_at between (select min(compare_at) - {window} from {batch})
        and (select max(compare_at) + {window} from {batch})
),
meetings as (
    select
        mine.article_id as article,
        theirs.article_id as other,
        count(*) over (partition by mine.article_id, mine.band) as crowd
    from mine
    join theirs on theirs.band = mine.band and theirs.article_id <> mine.article_id
        and theirs.compare_at between mine.compare_at - {window} and mine.compare_at + {window}
)
select distinct least(article, other) as article_a, greatest(article, other) as article_b
from meetings
where crowd < {crowd}
"""


def near_pairs(conn: Connection, signatures: Sequence[Signature], window_h: int = 72) -> set[tuple[str, str]]:
    """Pairs of one of these articles and a stored one that share a band and lie at most `window_h` hours apart.

    The signatures must be stored already (`record_links`), so that the pairs among them are found.
    """
    if not signatures:
        return set()
    with given(conn, _signature_columns(signatures), tables.signatures) as batch:
        sql = _NEAR_PAIRS.format(batch=batch, window=f"interval {int(window_h)} hours", crowd=CROWD)
        return {(article_a, article_b) for article_a, article_b in conn.exec_driver_sql(sql)}


def texts_of(conn: Connection, article_ids: Iterable[str]) -> dict[str, str]:
    """The text that stands of each of these articles."""
    with given_ids(conn, article_ids) as wanted:
        rows = read(
            conn,
            f"select articles.article_id, text from ingest.articles join {wanted} on id = articles.article_id "
            "join ingest.article_versions on version_id = current_version_id where text is not null",
        )
    return {row["article_id"]: row["text"] for row in rows}


def record_edges(conn: Connection, article_ids: Sequence[str], edges: Sequence[StoryEdge]) -> None:
    """Makes `edges` the edges that these articles have."""
    columns = columns_of(tables.story_edges, edges)
    keys = {name: columns.get(name, []) for name in ("article_a", "article_b")}
    with given_ids(conn, article_ids) as linked, given(conn, keys, tables.story_edges) as kept:
        conn.exec_driver_sql(
            f"delete from ingest.story_edges where (article_a in (select id from {linked}) "
            f"or article_b in (select id from {linked})) "
            f"and (article_a, article_b) not in (select (article_a, article_b) from {kept})"
        )
    merge(conn, tables.story_edges, columns)


_COMPONENT = """
with recursive seeds as (
    select id from {batch}
    union
    select others.article_id
    from {batch} as batch
    join ingest.story_members as mine on mine.article_id = batch.id
    join ingest.story_members as others on others.story_id = mine.story_id
),
neighbours as (
    select article_a as id, article_b as neighbour from ingest.story_edges
    union all
    select article_b as id, article_a as neighbour from ingest.story_edges
),
reached as (
    select id from seeds
    union
    select neighbours.neighbour from reached join neighbours using (id)
)
select reached.id from reached
join ingest.articles on article_id = reached.id
where current_version_id is not null
order by reached.id
"""


def component_of(conn: Connection, article_ids: Iterable[str]) -> tuple[list[str], list[StoryEdge]]:
    """These articles, those of the stories that they were in, and all that edges lead to from there; and the edges."""
    with given_ids(conn, article_ids) as batch:
        ids: list[str] = [row["id"] for row in read(conn, _COMPONENT.format(batch=batch))]
    with given_ids(conn, ids) as batch:
        rows = read(
            conn,
            f"select story_edges.* from ingest.story_edges join {batch} as a on a.id = article_a "
            f"join {batch} as b on b.id = article_b order by article_a, article_b",
        )
    return ids, [StoryEdge(**row) for row in rows]


def record_members(conn: Connection, members: Sequence[StoryMember]) -> None:
    """Writes the places that differ from what is on record.

    Marks each article whose story is another now, and the articles that name its old and its new story.
    """
    columns = columns_of(tables.story_members, members)
    if not members:
        return
    with given(conn, columns, tables.story_members) as batch:
        moved = read(
            conn,
            f"select batch.article_id, batch.story_id, members.story_id as old_story_id from {batch} as batch "
            "left join ingest.story_members as members using (article_id) "
            "where members.story_id is distinct from batch.story_id",
        )
    merge(conn, tables.story_members, columns)
    named = {row[name] for row in moved for name in ("article_id", "story_id", "old_story_id")} - {None}
    touch_standing(conn, named)
