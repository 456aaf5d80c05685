"""The published file: a copy of the warehouse that takes the last one's place in one step.

Whoever has the last one open goes on reading it: a replaced file lives until its readers are gone.
"""

import os
import shutil
from pathlib import Path

import duckdb

from pipeline.errors import PublishError


def publish_snapshot(warehouse_path: Path, published_path: Path) -> int:
    """Replaces the published file by a copy of the warehouse; gives its size in bytes.

    No engine may have the warehouse open. Raises `PublishError`; the last snapshot stands then.
    """
    temporary = _temporary(published_path, os.getpid())
    try:
        _remove_leavings(published_path)
        _checkpoint(warehouse_path)
        _copy(warehouse_path, temporary)
        _check(temporary)
        size_bytes = temporary.stat().st_size
        temporary.replace(published_path)
        _sync(published_path.parent)
    except (OSError, duckdb.Error) as error:
        raise PublishError(
            f"{published_path} was not replaced by a copy of {warehouse_path}: {error}. The last snapshot stands; "
            "see that the disk has room for another copy and that nothing else holds the warehouse, and run again"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
    return size_bytes


def _temporary(published_path: Path, number: int) -> Path:
    return published_path.with_name(f".{published_path.name}.{number}.tmp")


def _remove_leavings(published_path: Path) -> None:
    """What a run left that was killed while it copied; there is one writer, so none of it is in use."""
    for leaving in published_path.parent.glob(f".{published_path.name}.*.tmp*"):
        leaving.unlink(missing_ok=True)


def _checkpoint(warehouse_path: Path) -> None:
    """Moves what the write-ahead log holds into the file, so that the file alone is the warehouse."""
    if not warehouse_path.exists():
        raise FileNotFoundError(f"there is no {warehouse_path}")
    with duckdb.connect(str(warehouse_path)) as connection:
        connection.execute("checkpoint")
    if (log := warehouse_path.with_name(f"{warehouse_path.name}.wal")).exists():
        raise OSError(f"{log} is still there after a checkpoint")


def _copy(warehouse_path: Path, temporary: Path) -> None:
    published_folder = temporary.parent
    published_folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(warehouse_path, temporary)
    _sync(temporary)


def _check(temporary: Path) -> None:
    """The copy opens, and says which run built it."""
    with duckdb.connect(str(temporary), read_only=True) as connection:
        connection.execute("select run_id from meta.snapshot").fetchall()


def _sync(path: Path) -> None:
    """Has the file, or the folder's names, on the disk before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
