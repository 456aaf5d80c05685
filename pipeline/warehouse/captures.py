"""The index of the WARC archive: where each exchange lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from pipeline.types import CaptureKind, CaptureRef
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, given_ids, merge, read


@dataclass(frozen=True, slots=True)
class Archived:
    """A capture that the archive has, and whether its entries were taken in, or are in quarantine."""

    ref: CaptureRef
    is_derived: bool


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of a drop folder as it stood when it was read, and the capture that has its bytes."""

    stamp: str
    archived: Archived


def record_captures(conn: Connection, run_id: str, refs: Sequence[CaptureRef]) -> None:
    """Indexes the exchanges; one that is indexed already stays as it is."""
    columns = columns_of(tables.captures, refs)
    ids = {"capture_id": [ref.id for ref in refs], "run_id": [run_id] * len(refs)}
    merge(conn, tables.captures, {**columns, **ids}, update=())


def capture_refs(conn: Connection, ids: Sequence[str]) -> dict[str, CaptureRef]:
    """Where these captures lie, by id; those that are not indexed are left out."""
    with given_ids(conn, ids) as wanted:
        rows = read(conn, f"select captures.* from ingest.captures join {wanted} on id = capture_id")
    return {row["capture_id"]: _ref(row) for row in rows}


def mark_derived(conn: Connection, ids: Sequence[str], code_version: str) -> None:
    """The entries of these captures are taken in, or in quarantine, by this code."""
    with given_ids(conn, ids) as derived:
        conn.exec_driver_sql(
            f"update ingest.captures set derived_code = ? where capture_id in (select id from {derived}) "
            "and derived_code is distinct from ?",
            (code_version, code_version),
        )


def archived_documents(conn: Connection, urls: Sequence[str]) -> dict[tuple[str | None, str], Archived]:
    """The last good answer of each of these addresses to each feed that asked, by feed id and address."""
    with given_ids(conn, urls) as wanted:
        rows = read(
            conn,
            f"select captures.* from ingest.captures join {wanted} on id = url "
            "where kind = 'feed' and status between 200 and 299 "
            "qualify row_number() over (partition by feed_id, url order by captured_at desc, capture_id) = 1",
        )
    return {(row["feed_id"], row["url"]): _archived(row) for row in rows}


def known_files(conn: Connection, feed_id: str, urls: Sequence[str]) -> dict[str, KnownFile]:
    """What is known of these files of a drop folder, by URL."""
    with given_ids(conn, urls) as wanted:
        rows = read(
            conn,
            f"""
            select files.stamp, captures.*
            from ingest.files
            join {wanted} on id = files.url
            join ingest.captures using (capture_id)
            where files.feed_id = :feed_id
            """,
            feed_id=feed_id,
        )
    return {row["url"]: KnownFile(row["stamp"], _archived(row)) for row in rows}


def archived_files(conn: Connection, feed_id: str, urls: Sequence[str]) -> dict[tuple[str, str], CaptureRef]:
    """Where these files of a drop folder lie in the archive, by URL and digest."""
    with given_ids(conn, urls) as wanted:
        rows = read(
            conn,
            f"select captures.* from ingest.captures join {wanted} on id = url "
            "where feed_id = :feed_id and kind = 'file'",
            feed_id=feed_id,
        )
    return {(row["url"], row["digest"]): _ref(row) for row in rows}


def record_files(conn: Connection, feed_id: str, stamps: Mapping[str, str], refs: Sequence[CaptureRef]) -> None:
    """Keeps how each file (of these captures) stood when it was read; `stamps` by URL."""
    columns = {
        "feed_id": [feed_id] * len(refs),
        "url": [ref.url for ref in refs],
        "stamp": [stamps[ref.url] for ref in refs],
        "capture_id": [ref.id for ref in refs],
    }
    merge(conn, tables.files, columns)


def _archived(row: dict[str, Any]) -> Archived:
    return Archived(_ref(row), is_derived=row["derived_code"] is not None)


def _ref(row: dict[str, Any]) -> CaptureRef:
    return CaptureRef(
        id=row["capture_id"],
        kind=CaptureKind(row["kind"]),
        source_id=row["source_id"],
        feed_id=row["feed_id"],
        entry_id=row["entry_id"],
        url=row["url"],
        final_url=row["final_url"],
        status=row["status"],
        content_type=row["content_type"],
        size_bytes=row["size_bytes"],
        captured_at=row["captured_at"],
        digest=row["digest"],
        warc_path=row["warc_path"],
        warc_offset=row["warc_offset"],
    )
