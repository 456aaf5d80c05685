"""What DuckDB's errors about its file mean to a person: why it could not be opened or written, and what to do.

DuckDB tells an I/O error's cause in prose alone, so the cause is looked for where it lies: at the file and its disk.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlalchemy.exc import DBAPIError

from pipeline.errors import WarehouseError

# What the file and its disk can do to a statement or a commit; any other error is a bug of ours and is let through.
_OF_THE_FILE = (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException, duckdb.TransactionException)
_MAGIC = slice(8, 12)  # "DUCK" in the header of every DuckDB file
_LITTLE_BYTES = 64 * 2**20


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns DuckDB's errors about the file at `path` into `WarehouseError`s that say what to do."""
    try:
        yield
    except (duckdb.Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, duckdb.OutOfMemoryException):
            raise WarehouseError(
                f"{path}: DuckDB ran out of memory, or of room for its temporary files beside it: free some ({cause})"
            ) from error
        if isinstance(cause, _OF_THE_FILE):
            raise WarehouseError(f"{path}: {_diagnose(path)} ({str(cause).splitlines()[0]})") from error
        raise


def _diagnose(path: Path) -> str:
    """What is wrong with the file, and what to do."""
    folder = path.parent
    if not os.access(folder, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.R_OK | os.W_OK)):
        return "this user may not read and write it: give its owner's rights to the user that runs Dateline"
    if shutil.disk_usage(folder).free < _LITTLE_BYTES:
        return "the disk is full: free some space and run again; what was committed is safe"
    if path.exists() and not _has_duckdb_header(path):
        return (
            "it is no DuckDB file: move it away and restore a backup, or let `dateline backfill --warc` "
            "make the warehouse again from the archive"
        )
    return (
        "it is open in another program, or damaged, or was written by a newer DuckDB. Close what has it open "
        "(analysts open news.duckdb); else move it away and let `dateline backfill --warc` make it again from "
        "the archive"
    )


def _has_duckdb_header(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16)[_MAGIC] == b"DUCK"
    except OSError:
        return False
