"""The warehouse file, opened for one run: lease, schema, transactions.

DuckDB lets one process have a file open for writing, and nobody else beside it. So `dispose` closes it for a child
process (the SQL models) and `reopen` opens it again, under one and the same lease.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from pipeline.errors import WarehouseError
from pipeline.warehouse.faults import explained
from pipeline.warehouse.lease import Lease
from pipeline.warehouse.migrations import migrate
from pipeline.warehouse.runs import resume_backfill, suspend_backfill

__all__ = ["Connection", "Warehouse"]

_CONFIG = {
    "threads": os.cpu_count() or 1,
    "memory_limit": "2GB",  # DuckDB would take 80% of the machine, which extraction needs
    "preserve_insertion_order": False,
    "autoinstall_known_extensions": False,  # nothing is fetched from outside
    "checkpoint_threshold": "128MB",  # at the default of 16 MB nearly every batch of articles would pay for one
}


class Warehouse:
    """The warehouse at `path` for a run of `kind` nightly or backfill; `now` is the run's clock, for the records.

    Raises `WarehouseBusy` where another run holds it, and `WarehouseError` where the file can't be used.
    """

    def __init__(self, path: Path, kind: str, *, now: datetime | None = None, wait_s: float = 600.0) -> None:
        self.path = path
        self._now = now
        self._lease = Lease(path, kind, now, wait_s=wait_s)
        self._writing = Lock()
        self._engine: Engine | None = None

    def __enter__(self) -> "Warehouse":
        self._lease.take()
        try:
            self._open()
        except BaseException:
            self._lease.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.dispose()
        finally:
            self._lease.release()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A connection in a transaction, committed at the end; threads take turns."""
        with self._writing, explained(self.path), self._opened().begin() as conn:
            yield conn

    def dispose(self) -> None:
        """Writes everything into the file and closes it: another process can open it until `reopen`."""
        with self._writing:
            self._close()

    def reopen(self) -> None:
        with self._writing:
            self._open()

    def yield_if_wanted(self) -> bool:
        """Whether a nightly run waited for the warehouse, and has had it meanwhile. For backfills, between batches."""
        if not self._lease.is_wanted():
            return False
        with self._writing:
            with explained(self.path), self._opened().begin() as conn:
                suspend_backfill(conn)
            self._close()
            self._lease.step_aside()
            self._open()
            with explained(self.path), self._opened().begin() as conn:
                resume_backfill(conn)
        return True

    def compact(self) -> None:
        """Writes the file anew without its freed blocks, which would carry the text of recalled articles along.

        Everything that the catalogue holds goes along: schemas, comments, constraints, views, macros.
        """
        fresh = self.path.with_name(self.path.name + ".compacting")
        fresh.unlink(missing_ok=True)  # of a run that was killed
        with self._writing, explained(self.path):
            try:
                self._copy_to(fresh)
                self._close()
                _replace(fresh, self.path)
            finally:
                fresh.unlink(missing_ok=True)  # there is no room for it, for instance
            self._open()

    def _copy_to(self, fresh: Path) -> None:
        with self._duck() as duck:
            name = duck.execute("select current_database()").fetchone()[0]
            duck.execute(f"attach '{_quoted(fresh)}' as compacted")
            try:
                duck.execute(f'copy from database "{name}" to compacted')
            finally:
                duck.execute("detach compacted")

    def _opened(self) -> Engine:
        if self._engine is None:
            raise WarehouseError(f"{self.path} is not open: it was given to another process, call reopen() first")
        return self._engine

    def _open(self) -> None:
        if self._engine is not None:
            return
        engine = _engine(self.path)
        try:
            with explained(self.path), engine.begin() as conn:
                migrate(conn, self._now)
        except BaseException:
            engine.dispose()
            raise
        self._engine = engine

    def _close(self) -> None:
        if self._engine is None:
            return
        try:
            with explained(self.path), self._duck() as duck:
                duck.execute("checkpoint")
        finally:
            self._engine.dispose()
            self._engine = None

    @contextmanager
    def _duck(self) -> Iterator[Any]:
        """DuckDB's own connection outside a transaction, for what can't run in one."""
        connection = self._opened().raw_connection()
        try:
            yield connection.dbapi_connection
        finally:
            connection.close()


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"duckdb:///{path}", poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args={"config": _CONFIG}
    )

    @event.listens_for(engine, "connect")
    def _speak_utc(duck: Any, _: Any) -> None:
        duck.execute("set TimeZone = 'UTC'")

    return engine


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _replace(fresh: Path, path: Path) -> None:
    """Puts `fresh` in the place of `path` so that a power cut leaves one of the two whole."""
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
