"""The index of the WARC archive: where each exchange lies."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from pipeline.types import CaptureKind, CaptureRef
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import columns_of, given_ids, merge, read


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


def known_files(conn: Connection, feed_id: str) -> dict[str, str]:
    """The last digest of each file of a drop folder that was derived, by its URL."""
    rows = read(
        conn,
        "select url, arg_max(digest, (captured_at, capture_id)) as digest from ingest.captures "
        "where feed_id = :feed_id and kind = 'file' and derived_code is not null group by url",
        feed_id=feed_id,
    )
    return {row["url"]: row["digest"] for row in rows}


def file_refs(conn: Connection, feed_id: str) -> dict[tuple[str, str], CaptureRef]:
    """Where each file of a drop folder lies in the archive, by URL and digest."""
    rows = read(conn, "select * from ingest.captures where feed_id = :feed_id and kind = 'file'", feed_id=feed_id)
    return {(row["url"], row["digest"]): _ref(row) for row in rows}


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
