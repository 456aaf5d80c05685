"""Articles: their versions on record, the decisions on these, and what stands.

The same versions, decided upon as a whole, give the same rows in any order: a version is what its earliest capture
says, and an article is what the decisions on its versions say.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from pipeline.types import Article, Revision, Status, VersionState
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import Columns, given, given_ids, merge_query, read
from pipeline.warehouse.publishing import touch, touch_standing
from pipeline.warehouse.recalls import wipe_recalled
from pipeline.warehouse.versions import FROM_EARLIER, WIPED, write_versions


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stood of an article before, or stands after."""

    source_id: str
    current_version_id: str | None
    status: str
    published_date: date | None


def version_states(conn: Connection, article_ids: Sequence[str]) -> dict[str, list[VersionState]]:
    """The versions on record of these articles, each article's in order of capture."""
    with given_ids(conn, article_ids) as wanted:
        rows = read(
            conn,
            "select article_id, version_id, captured_at, wire_version, version_at, status, page_kind, word_count, "
            f"title, note, revision_id, last_made_at from ingest.article_versions join {wanted} on id = article_id "
            "order by article_id, captured_at, version_id",
        )
    states: dict[str, list[VersionState]] = {}
    for row in rows:
        article_id, status = row.pop("article_id"), Status(row.pop("status"))
        states.setdefault(article_id, []).append(VersionState(status=status, **row))
    return states


def articles_of(conn: Connection, article_ids: Collection[str]) -> set[str]:
    """Those of the articles that have a version on record."""
    with given_ids(conn, article_ids) as wanted:
        rows = read(conn, f"select distinct article_id from ingest.article_versions join {wanted} on id = article_id")
    return {row["article_id"] for row in rows}


def forget_other_readings(conn: Connection, articles: Sequence[Article]) -> None:
    """Forgets the versions on record that other code, or what was learned since, makes of the same captures otherwise.

    What stands at one place of the archive is one version. Other captures that had made the forgotten one make what
    they make when they are read again.
    """
    columns: Columns = {
        name: [getattr(article, name) for article in articles]
        for name in ("article_id", "version_id", "capture_id", "position")
    }
    with given(conn, columns, tables.article_versions) as read_now:
        other = read(
            conn,
            "select distinct stored.version_id, stored.article_id from ingest.article_versions as stored "
            f"join {read_now} as given using (article_id, capture_id, position) "
            f"where stored.version_id not in (select version_id from {read_now})",
        )
    if not other:
        return
    touch_standing(conn, {row["article_id"] for row in other})
    with given_ids(conn, [row["version_id"] for row in other]) as ids:
        for table in (tables.article_versions, tables.date_candidates, tables.dropped_blocks, tables.captions):
            conn.exec_driver_sql(f"delete from {table.fullname} where version_id in (select id from {ids})")


def record_articles(
    conn: Connection,
    articles: Sequence[Article],
    revisions: Sequence[Revision],
    now: datetime,
    *,
    is_restoring: bool = False,
) -> dict[str, dict[str, int]]:
    """Lands new versions with the decisions on all versions of their articles; what that did, by source.

    Counted under the names that `SourceReport` has for it: articles_new (that stand for the first time),
    articles_changed (of which another version stands now), recalled, and refused (versions that are kept, and don't
    stand). `revisions` holds a decision for every version of every article named. An article that is recalled loses its
    text, topics and story here and now. A batch that is on record already changes nothing; `is_restoring` gives
    versions back what a recall had taken from them.
    """
    ids = {article.article_id for article in articles} | {revision.article_id for revision in revisions}
    if undecided := {article.version_id for article in articles} - {revision.version_id for revision in revisions}:
        raise ValueError(f"no decision on {len(undecided)} versions, such as {min(undecided)}")
    before = _standing(conn, ids)
    written = write_versions(conn, articles, f"{FROM_EARLIER} or {WIPED}" if is_restoring else FROM_EARLIER)
    _have_traced_again(conn, set(written.values()))
    changed = set(written.values()) | _write_decisions(conn, revisions)
    _write_articles(conn, ids, articles, revisions)
    changed |= wipe_recalled(conn, ids, now)
    after = _standing(conn, ids)
    changed |= {article_id for article_id in ids if before.get(article_id) != after.get(article_id)}
    touch(conn, _days(changed, before, after))
    return _landed(before, after, _refused(written, revisions, articles))


def _standing(conn: Connection, ids: Collection[str]) -> dict[str, _Standing]:
    with given_ids(conn, ids) as wanted:
        rows = read(
            conn,
            "select articles.article_id, articles.source_id, current_version_id, articles.status, published_date "
            f"from ingest.articles join {wanted} on id = articles.article_id "
            "left join ingest.article_versions as versions on versions.version_id = current_version_id",
        )
    return {row.pop("article_id"): _Standing(**row) for row in rows}


def _have_traced_again(conn: Connection, article_ids: Collection[str]) -> None:
    """Has an agency's articles linked again that have another version now, be it one that doesn't stand: papers may
    have run it.
    """
    with given_ids(conn, article_ids) as ids:
        conn.exec_driver_sql(
            "update ingest.articles set linked_code = null where linked_code is not null "
            f"and article_id in (select id from {ids}) "
            "and source_id in (select source_id from ingest.sources where kind = 'agency')"
        )


def _write_decisions(conn: Connection, revisions: Sequence[Revision]) -> set[str]:
    """Writes the decisions; the articles of those that differ from what was decided before."""
    columns = {name: [getattr(r, name) for r in revisions] for name in ("version_id", "number", "decision", "reason")}
    with given(conn, columns, tables.article_versions) as decided:
        rows = conn.exec_driver_sql(
            "update ingest.article_versions as stored "
            "set number = decided.number, decision = decided.decision, reason = decided.reason "
            f"from {decided} as decided where stored.version_id = decided.version_id "
            "and row(stored.number, stored.decision, stored.reason) is distinct from "
            "row(decided.number, decided.decision, decided.reason) returning stored.article_id"
        )
        return {article_id for (article_id,) in rows}


# What the versions and the decisions on them make of each article.
_ARTICLES = """
with decided as (
    select
        versions.article_id,
        min(versions.source_id) as source_id,
        min(versions.captured_at) as first_seen_at,
        max(greatest(versions.captured_at, seen.captured_at)) as last_seen_at,
        max(current.id) as current_version_id,
        arg_max(
            {{'status': versions.status, 'recalled_at': versions.captured_at, 'note': versions.note}}, versions.number
        ) filter (where versions.decision = 'recalled') as recall
    from ingest.article_versions as versions
    join {ids} as wanted on wanted.id = versions.article_id
    left join {current} as current on current.id = versions.version_id
    left join {seen} as seen on seen.version_id = versions.version_id
    group by versions.article_id
)
select
    * exclude (recall),
    case when current_version_id is null then coalesce(recall.status, 'usable') else 'usable' end as status,
    case when current_version_id is null then recall.recalled_at end as recalled_at,
    case when current_version_id is null then recall.note end as recall_note
from decided
"""


def _write_articles(
    conn: Connection, ids: Collection[str], articles: Sequence[Article], revisions: Sequence[Revision]
) -> None:
    """Writes what stands of each article; of one that is recalled, that it was."""
    current_ids = [revision.version_id for revision in revisions if revision.is_current]
    sights: Columns = {"version_id": [a.version_id for a in articles], "captured_at": [a.captured_at for a in articles]}
    decided = ("first_seen_at", "current_version_id", "status", "recalled_at", "recall_note")
    update = {name: f"given.{name}" for name in decided}
    update["last_seen_at"] = "greatest(stored.last_seen_at, given.last_seen_at)"
    with (
        given_ids(conn, ids) as wanted,
        given_ids(conn, current_ids) as current,
        given(conn, sights, tables.article_versions) as seen,
    ):
        source = _ARTICLES.format(ids=wanted, current=current, seen=seen)
        merge_query(conn, tables.articles, source, ["article_id", "source_id", *update], update=update)


def _days(
    changed: Iterable[str], before: Mapping[str, _Standing], after: Mapping[str, _Standing]
) -> Iterator[tuple[str, date | None]]:
    """The days on which each article stood or stands."""
    for article_id in changed:
        for state in (before.get(article_id), after.get(article_id)):
            if state and state.current_version_id:
                yield article_id, state.published_date
        if article_id in after and not after[article_id].current_version_id:
            yield article_id, None


def _landed(
    before: Mapping[str, _Standing], after: Mapping[str, _Standing], refused: Mapping[str, int]
) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {source_id: Counter(refused=n) for source_id, n in refused.items()}
    for article_id, now in after.items():
        if kind := _change(before.get(article_id), now):
            counts.setdefault(now.source_id, Counter())[kind] += 1
    return {source_id: dict(count) for source_id, count in counts.items()}


def _change(before: _Standing | None, after: _Standing) -> str | None:
    stood = before.current_version_id if before else None
    was_usable = before is None or before.status == Status.USABLE
    if after.status != Status.USABLE:
        return "recalled" if was_usable else None
    if after.current_version_id is None or after.current_version_id == stood:
        return None
    return "articles_new" if stood is None and was_usable else "articles_changed"


def _refused(written: Mapping[str, str], revisions: Sequence[Revision], articles: Sequence[Article]) -> dict[str, int]:
    """The versions written now that were refused, by source."""
    sources = {article.article_id: article.source_id for article in articles}
    refused = [r.article_id for r in revisions if r.decision == "refused" and r.version_id in written]
    return dict(Counter(sources[article_id] for article_id in refused))
