"""Lines that recur over a source's pages: which pages bear witness of them, what was learned, what an operator says.

Everything here is free of order. Of each source and month of capture, the `WITNESSES` articles with the smallest ids
bear witness, each by its first page of that month: the same ones, however often and in whatever order pages come. So
their number is bounded, and what is learned is made of all of them, whole, each time.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from pipeline.types import Article, KnownLine, Learned, LineChange, LineEvidence, LineVerdict, VersionPlace
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import Columns, columns_of, given, given_ids, insert, merge, read
from pipeline.warehouse.recalls import version_places

WITNESSES = 50  # articles of a source and month

# ------------------------------------------------------------------------------------------------ witnesses

# Of a month the first page of an article counts; it is taken in again when other code reads it.
_ACCEPTED = """
with stored as (
    select distinct article_id, month, captured_at, capture_id, code_version
    from ingest.line_sightings semi join {batch} using (article_id, month)
)
select page.article_id
from {batch} as page
join ingest.articles on articles.article_id = page.article_id and articles.status = 'usable'
left join stored on stored.article_id = page.article_id and stored.month = page.month
where stored.capture_id is null
    or row(page.captured_at, page.capture_id) < row(stored.captured_at, stored.capture_id)
    or (page.capture_id = stored.capture_id and page.code_version <> stored.code_version)
"""


def record_sightings(conn: Connection, articles: Sequence[Article]) -> None:
    """Takes in what the pages of these articles, which have landed, bear witness of; a recalled one bears none."""
    by_month: dict[date, list[Article]] = {}
    for article in _first_of_month(article for article in articles if article.sightings):
        by_month.setdefault(_month(article), []).append(article)
    for month, pages in by_month.items():
        _record_month(conn, month, pages)


def _month(article: Article) -> date:
    return article.captured_at.astimezone(UTC).date().replace(day=1)


def _first_of_month(articles: Iterable[Article]) -> list[Article]:
    first: dict[tuple[str, date], Article] = {}
    for article in sorted(articles, key=lambda article: (article.captured_at, article.capture_id)):
        first.setdefault((article.article_id, _month(article)), article)
    return list(first.values())


def _record_month(conn: Connection, month: date, pages: Sequence[Article]) -> None:
    with given_ids(conn, {page.source_id for page in pages}) as sources:
        last = _last_witnesses(conn, month, sources)
        pages = [page for page in pages if page.article_id <= last.get(page.source_id, page.article_id)]
        if not pages:
            return
        with given(conn, _pages(month, pages), tables.line_sightings) as batch:
            accepted = {row["article_id"] for row in read(conn, _ACCEPTED.format(batch=batch))}
        with given_ids(conn, accepted) as ids:
            delete = f"delete from ingest.line_sightings where month = ? and article_id in (select id from {ids})"
            conn.exec_driver_sql(delete, (month,))
        insert(conn, tables.line_sightings, _lines(month, [page for page in pages if page.article_id in accepted]))
        for source_id, article_id in _last_witnesses(conn, month, sources).items():
            conn.exec_driver_sql(
                "delete from ingest.line_sightings where source_id = ? and month = ? and article_id > ?",
                (source_id, month, article_id),
            )


def _last_witnesses(conn: Connection, month: date, sources: str) -> dict[str, str]:
    """The largest id that bears witness, of each source that has as many witnesses as it may."""
    rows = read(
        conn,
        "select source_id, article_id from (select distinct source_id, article_id from ingest.line_sightings "
        f"join {sources} on id = source_id where month = :month) "
        "qualify row_number() over (partition by source_id order by article_id) = :witnesses",
        month=month,
        witnesses=WITNESSES,
    )
    return {row["source_id"]: row["article_id"] for row in rows}


def _pages(month: date, pages: Sequence[Article]) -> Columns:
    names = ("article_id", "source_id", "captured_at", "capture_id", "code_version")
    return {"month": [month] * len(pages), **{name: [getattr(page, name) for page in pages] for name in names}}


def _lines(month: date, pages: Sequence[Article]) -> Columns:
    told = [(page, sighting) for page in pages for sighting in page.sightings]
    return {
        **_pages(month, [page for page, _ in told]),
        **columns_of(tables.line_sightings, [sighting for _, sighting in told]),
        "date": [page.published_date or page.captured_at.astimezone(UTC).date() for page, _ in told],
    }


# ------------------------------------------------------------------------------------------------ what was learned

# What holds, an operator's word before the evidence's.
_IN_FORCE = """
select
    source_id,
    line_id,
    coalesce(learned.frame, said.frame) as frame,
    case said.verdict when 'drop' then 'anywhere' when 'keep' then null else learned.place end as place
from ingest.boilerplate as learned
full join ingest.boilerplate_corrections as said using (source_id, line_id)
"""


def record_verdicts(conn: Connection, verdicts: Sequence[tuple[LineEvidence, LineVerdict]], rules_version: str) -> None:
    """Puts what the evidence says now in the place of what it said before."""
    evidence = [seen for seen, _ in verdicts]
    columns: Columns = columns_of(tables.boilerplate, evidence) | {
        "place": [verdict.place for _, verdict in verdicts],
        "reason": [verdict.reason for _, verdict in verdicts],
        "rules_version": [rules_version] * len(verdicts),
    }
    conn.exec_driver_sql("delete from ingest.boilerplate")
    insert(conn, tables.boilerplate, columns)


def learned_lines(conn: Connection, source_ids: Iterable[str]) -> dict[str, Learned]:
    """The lines to leave out of the pages of these sources; a source of which nothing was learned is left out."""
    with given_ids(conn, source_ids) as wanted:
        rows = read(
            conn, f"select * from ({_IN_FORCE}) join {wanted} on id = source_id where place is not null order by all"
        )
    places: dict[str, dict[str, str]] = {}
    for row in rows:
        places.setdefault(row["source_id"], {})[row["line_id"]] = row["place"]
    return {source_id: Learned(of_source) for source_id, of_source in places.items()}


def changes_due(conn: Connection) -> list[LineChange]:
    """The lines that the stored texts have otherwise than what holds now would have them."""
    rows = read(
        conn,
        "select source_id, line_id, coalesce(now.frame, applied.frame) as frame, now.place "
        f"from (select * from ({_IN_FORCE}) where place is not null) as now "
        "full join ingest.boilerplate_applied as applied using (source_id, line_id) "
        "where now.place is distinct from applied.place order by source_id, line_id",
    )
    return [LineChange(**row) for row in rows]


def versions_with(conn: Connection, source_id: str, pattern: str) -> list[VersionPlace]:
    """The versions of a source's pages that have a line which the regular expression describes (whole and in lower
    case) in their text, or among what was left out of it as learned.
    """
    rows = read(
        conn,
        "with lines as (select version_id, text from ingest.article_versions where source_id = :source_id "
        "union all select version_id, dropped.text from ingest.dropped_blocks as dropped "
        "join ingest.article_versions using (version_id) where source_id = :source_id and dropped.reason = 'learned') "
        "select distinct version_id, versions.article_id, capture_id, position, versions.feed_id, versions.entry_id "
        "from ingest.article_versions as versions join lines using (version_id) "
        "join ingest.captures using (capture_id) "
        "where kind = 'page' and regexp_matches(lower(lines.text), :pattern) order by version_id",
        source_id=source_id,
        pattern=f"(?:^|\n)(?:{pattern})(?:$|\n)",
    )
    return version_places(conn, rows)


def mark_applied(conn: Connection, changes: Sequence[LineChange]) -> None:
    """The stored texts have these lines as they are to have them."""
    if not changes:
        return
    with given(conn, columns_of(tables.boilerplate_applied, changes), tables.boilerplate_applied) as batch:
        conn.exec_driver_sql(
            f"delete from ingest.boilerplate_applied as applied using {batch} as given "
            "where applied.source_id = given.source_id and applied.line_id = given.line_id"
        )
    insert(conn, tables.boilerplate_applied, columns_of(tables.boilerplate_applied, [c for c in changes if c.place]))


# ------------------------------------------------------------------------------------------------ an operator's word


def known_lines(conn: Connection, source_id: str) -> list[KnownLine]:
    """What is known of a source's lines and what was said of them; first those that are left out."""
    rows = read(
        conn,
        "select line_id, force.frame, coalesce(said.text, learned.text) as text, force.place, learned.reason, "
        "said.verdict as said, learned.stories, learned.days, learned.share "
        f"from ({_IN_FORCE}) as force left join ingest.boilerplate as learned using (source_id, line_id) "
        "left join ingest.boilerplate_corrections as said using (source_id, line_id) where source_id = :source_id "
        "order by force.place is null, learned.stories desc nulls first, line_id",
        source_id=source_id,
    )
    return [KnownLine(**row) for row in rows]


def knows_source(conn: Connection, source_id: str) -> bool:
    return bool(read(conn, "select 1 from ingest.sources where source_id = :source_id", source_id=source_id))


def has_line(conn: Connection, source_id: str, line_id: str, pattern: str) -> bool:
    """Whether a page of the source that was read has the line, which the regular expression describes as for
    `versions_with`.
    """
    sql = "select 1 from ingest.line_sightings where source_id = :source_id and line_id = :line_id limit 1"
    is_witnessed = bool(read(conn, sql, source_id=source_id, line_id=line_id))
    return is_witnessed or bool(versions_with(conn, source_id, pattern))


def correct(
    conn: Connection, source_id: str, line_id: str, *, verdict: str, frame: str, text: str, now: datetime
) -> None:
    """Keeps the operator's word on a line: keep or drop."""
    columns: Columns = {
        "source_id": [source_id],
        "line_id": [line_id],
        "frame": [frame],
        "text": [text],
        "verdict": [verdict],
        "corrected_at": [now],
    }
    merge(conn, tables.boilerplate_corrections, columns)


def undo_correction(conn: Connection, source_id: str, line_id: str) -> bool:
    """Forgets the operator's word on a line; whether there was one."""
    parameters = (source_id, line_id)
    done = conn.exec_driver_sql(
        "delete from ingest.boilerplate_corrections where source_id = ? and line_id = ? returning line_id", parameters
    )
    return bool(done.fetchall())
