"""One writer: between threads, between processes, and after kill -9."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import WarehouseBusy, WarehouseError
from pipeline.warehouse.lease import Lease

NOW = datetime(2026, 4, 13, 2, tzinfo=UTC)

HOLD = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from pipeline.warehouse.lease import Lease
with Lease(Path(sys.argv[1]), sys.argv[2], datetime(2026, 4, 13, 2, tzinfo=UTC)) as lease:
    print("held", flush=True)
    while True:
        if sys.argv[2] == "backfill" and lease.is_wanted():
            print("yielding", flush=True)
            lease.step_aside()
            print("again", flush=True)
        time.sleep(0.02)
"""


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts a process that holds the lease."""
    started: list[subprocess.Popen[str]] = []

    def start(kind: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLD, str(tmp_path / "warehouse.duckdb"), kind]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        started.append(process)
        assert line(process) == "held"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def lease(tmp_path: Path, kind: str, wait_s: float = 5.0) -> Lease:
    return Lease(tmp_path / "warehouse.duckdb", kind, NOW, wait_s=wait_s)


@pytest.mark.parametrize("kind", ["nightly", "backfill"])
def test_a_second_run_beside_a_nightly_one_is_told_who_holds_the_warehouse(
    tmp_path: Path, hold: Callable[[str], subprocess.Popen[str]], kind: str
) -> None:
    process = hold("nightly")

    with pytest.raises(WarehouseBusy) as caught:
        lease(tmp_path, kind).take()
    assert f"another nightly run (pid {process.pid}, since 2026-04-13T02:00:00+00:00) holds" in str(caught.value)
    assert "wait until it is done, or stop it" in str(caught.value)


def test_a_process_that_was_killed_leaves_nothing_that_stops_the_next(
    tmp_path: Path, hold: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = hold("nightly")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    with lease(tmp_path, "nightly"):
        assert str(os.getpid()) in (tmp_path / "warehouse.lease").read_text()


def test_a_backfill_steps_aside_for_a_nightly_run_and_goes_on_after_it(
    tmp_path: Path, hold: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = hold("backfill")

    with lease(tmp_path, "nightly"):
        assert line(process) == "yielding"
        with pytest.raises(WarehouseBusy):
            lease(tmp_path, "backfill").take()
    assert line(process) == "again"
    with pytest.raises(WarehouseBusy, match=f"another backfill run \\(pid {process.pid}"):
        lease(tmp_path, "backfill").take()


def test_a_nightly_run_waits_only_so_long(tmp_path: Path) -> None:
    with lease(tmp_path, "backfill"):
        began = time.monotonic()
        with pytest.raises(WarehouseBusy, match=r"did not step aside within 0\.2 s"):
            lease(tmp_path, "nightly", wait_s=0.2).take()
        assert time.monotonic() - began < 1


def test_a_backfill_that_starts_does_not_overtake_a_nightly_run_that_waits(tmp_path: Path) -> None:
    holder, waiter = lease(tmp_path, "backfill"), lease(tmp_path, "nightly")
    holder.take()
    waiting = threading.Thread(target=waiter.take)
    waiting.start()
    while not holder.is_wanted():
        time.sleep(0.01)
    with pytest.raises(WarehouseBusy):
        lease(tmp_path, "backfill").take()
    with pytest.raises(WarehouseBusy, match=r"another nightly run .* waits for"):
        lease(tmp_path, "nightly").take()
    holder.release()
    waiting.join()

    assert not holder.is_wanted()
    waiter.release()


def test_two_threads_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    outcomes: list[str] = []

    def take() -> None:
        try:
            lease(tmp_path, "nightly").take()
            outcomes.append("held")
        except WarehouseBusy:
            outcomes.append("busy")

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["busy", "busy", "busy", "held"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WarehouseError, match="DATELINE_DATA"):
        Lease(tmp_path / "file" / "warehouse.duckdb", "nightly", NOW).take()
