"""Runs: when each began and ended, and what it did."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pipeline.types import Window
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import merge, read


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run as it is on record."""

    run_id: str
    kind: str
    state: str  # running, waiting, done, failed, abandoned
    started_at: datetime
    finished_at: datetime | None
    window: Window
    code_version: str | None
    error: str | None
    report_json: str | None


def begin_run(conn: Connection, run_id: str, kind: str, now: datetime, window: Window, code_version: str) -> None:
    """Puts the run on record as running. Those that still run are abandoned: we hold the lease, so they are gone."""
    stale = "state = 'running' or (state = 'waiting' and kind = ?)"
    conn.exec_driver_sql(f"update ingest.runs set state = 'abandoned' where run_id <> ? and ({stale})", (run_id, kind))
    row = {
        "run_id": run_id,
        "kind": kind,
        "state": "running",
        "started_at": now,
        "window_since": window.since,
        "window_until": window.until,
        "code_version": code_version,
    }
    merge(conn, tables.runs, {name: [value] for name, value in row.items()})


def finish_run(
    conn: Connection,
    run_id: str,
    *,
    state: str,
    now: datetime,
    report_json: str | None = None,
    error: str | None = None,
) -> None:
    """Puts the run's end on record. `state` is done or failed."""
    row = {"run_id": run_id, "state": state, "finished_at": now, "report": report_json, "error": error}
    merge(conn, tables.runs, {name: [value] for name, value in row.items()})


def suspend_backfill(conn: Connection) -> None:
    """The running backfill steps aside for a nightly run, which must not take it for dead."""
    conn.exec_driver_sql("update ingest.runs set state = 'waiting' where state = 'running' and kind <> 'nightly'")


def resume_backfill(conn: Connection) -> None:
    conn.exec_driver_sql("update ingest.runs set state = 'running' where state = 'waiting' and kind <> 'nightly'")


def last_runs(conn: Connection, n: int) -> list[PastRun]:
    """The last `n` runs, newest first."""
    rows = read(conn, "select * from ingest.runs order by started_at desc, run_id desc limit :n", n=n)
    return [
        PastRun(
            run_id=row["run_id"],
            kind=row["kind"],
            state=row["state"],
            started_at=row["started_at"],
            finished_at=row["finished_at"],
            window=Window(row["window_since"], row["window_until"]),
            code_version=row["code_version"],
            error=row["error"],
            report_json=row["report"],
        )
        for row in rows
    ]
