"""Runs: when each began and ended, and what it did."""

from datetime import datetime

from sqlalchemy import Connection

from pipeline.types import Window
from pipeline.warehouse import tables
from pipeline.warehouse.arrow import merge


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
