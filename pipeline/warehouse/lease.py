"""The one-writer rule: an operating-system lock beside the warehouse, which is gone with the process that holds it.

Two files. `<data>/warehouse.lease` is locked by the run that writes. `<data>/warehouse.wanted` is locked by a nightly
run that waits for a backfill to step aside. What stands in them (process, kind, since) is for messages alone: a lock
that nobody holds counts for nothing, whatever its file says. The locks belong to open files (flock, not POSIX), so
that two threads of one process exclude each other like two processes.
"""

import fcntl
import json
import os
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType

from pipeline.errors import WarehouseBusy, WarehouseError

NIGHTLY, BACKFILL = "nightly", "backfill"
_LOOK_AGAIN_S = 0.05


class Lock:
    """One lock file, with a note on who holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def take(self, wait_s: float | None = 0.0) -> bool:
        """Whether the lock is ours after at most `wait_s` (None: however long it takes)."""
        until = None if wait_s is None else time.monotonic() + wait_s
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        while not _has_locked(file):
            if until is not None and time.monotonic() >= until:
                os.close(file)
                return False
            time.sleep(_LOOK_AGAIN_S)
        os.ftruncate(file, 0)  # the note of one that was killed
        self._file = file
        return True

    def sign(self, kind: str, since: datetime | None) -> None:
        """Writes down who holds the lock."""
        if self._file is not None:
            note = {"pid": os.getpid(), "kind": kind, "since": since.isoformat(timespec="seconds") if since else None}
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, json.dumps(note).encode(), 0)

    def release(self) -> None:
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def holder(self) -> dict[str, object]:
        """Who wrote into the file last; empty where that can't be read."""
        try:
            note = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}


def _has_locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Lease:
    """The right to write the warehouse at `path`, held from `take` to `release`."""

    def __init__(self, path: Path, kind: str, now: datetime | None = None, *, wait_s: float = 600.0) -> None:
        self.kind = kind
        self.since = now
        self.wait_s = wait_s
        self._lease = Lock(path.with_suffix(".lease"))
        self._wanted = Lock(path.with_suffix(".wanted"))

    def take(self) -> None:
        """Raises `WarehouseBusy` where another run holds the lease; a nightly run first asks a backfill to yield."""
        try:
            self._lease.path.parent.mkdir(parents=True, exist_ok=True)
            if (self.kind != NIGHTLY and self.is_wanted()) or not self._lease.take():
                self._take_from_backfill()
        except OSError as error:
            raise WarehouseError(
                f"can't lock {self._lease.path}: {error.strerror}; make its folder writable for this user, "
                "or set DATELINE_DATA to a folder that is"
            ) from error
        self._lease.sign(self.kind, self.since)

    def _take_from_backfill(self) -> None:
        if self.kind != NIGHTLY or self._is_nightly(self._lease):
            raise WarehouseBusy(self._held_by(self._lease))
        # A backfill that looks whether it is wanted holds that lock for an instant; a nightly run holds it for long.
        if not self._wanted.take(wait_s=0.5):
            raise WarehouseBusy(self._held_by(self._wanted))
        try:
            self._wanted.sign(self.kind, self.since)
            self._wait()
        finally:
            self._wanted.release()

    def _wait(self) -> None:
        until = time.monotonic() + self.wait_s
        while not self._lease.take(_LOOK_AGAIN_S):
            if self._is_nightly(self._lease):  # it began at the same instant, and had not signed when we looked first
                raise WarehouseBusy(self._held_by(self._lease))
            if time.monotonic() >= until:
                raise WarehouseBusy(f"{self._held_by(self._lease)}; it did not step aside within {self.wait_s:g} s")

    @staticmethod
    def _is_nightly(lock: Lock) -> bool:
        return lock.holder().get("kind") == NIGHTLY

    def _held_by(self, lock: Lock) -> str:
        note = lock.holder()
        kind, pid, since = note.get("kind") or "writing", note.get("pid"), note.get("since")
        told = ", ".join([*([f"pid {pid}"] if pid else []), *([f"since {since}"] if since else [])])
        doing = "waits for" if lock is self._wanted else "holds"
        return (
            f"another {kind} run{f' ({told})' if told else ''} {doing} the warehouse in {lock.path.parent}: "
            "wait until it is done, or stop it"
        )

    def release(self) -> None:
        self._lease.release()

    def is_wanted(self) -> bool:
        """Whether a nightly run waits for this lease."""
        if not self._wanted.take():
            return True
        self._wanted.release()
        return False

    def step_aside(self) -> None:
        """Gives the lease to the nightly run that waits for it, and takes it again when that is done."""
        self._lease.release()
        self._wanted.take(wait_s=None)  # free once the nightly run has the lease, or has given up
        self._wanted.release()
        self._lease.take(wait_s=None)
        self._lease.sign(self.kind, self.since)

    def __enter__(self) -> "Lease":
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
