import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

import pipeline
from pipeline.workers import WorkerFailure, Workers


def behave(item: str) -> str:
    """One item of any kind: an honest one is answered in capitals."""
    match item:
        case "hang":
            time.sleep(60)
        case "crash":
            os._exit(3)
        case "eat memory":
            return str(len(bytearray(2 << 30)))
        case "raise":
            raise ValueError("no such thing")
        case "pid":
            return str(os.getpid())
    return item.upper()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, limit_s=0.5, memory_bytes=1 << 30, warm=["json"]) as workers:
        yield workers


GUILTY = {
    "hang": WorkerFailure("timeout", "took longer than 0.5 s"),
    "crash": WorkerFailure("crashed", "its process ended with exit code 3"),
    "eat memory": WorkerFailure("memory", "needs more memory than a worker may have"),
    "raise": WorkerFailure("raised:ValueError", "no such thing"),
}


def test_an_item_that_hangs_crashes_raises_or_eats_memory_costs_itself_alone(workers: Workers) -> None:
    items = ["a", "hang", "b", "c", "crash", "d", "eat memory", "e", "raise"]
    expected = [GUILTY.get(item, item.upper()) for item in items]
    assert workers.run(behave, items, chunk=4) == expected


def test_order_is_kept_over_many_chunks(workers: Workers) -> None:
    items = [f"item {number}" for number in range(100)]
    assert workers.run(behave, items, chunk=7) == [item.upper() for item in items]


def test_no_items_are_no_results(workers: Workers) -> None:
    assert workers.run(behave, []) == []


def test_processes_live_from_run_to_run(workers: Workers) -> None:
    first = {pid for _ in range(3) for pid in workers.run(behave, ["pid"] * 4, chunk=1)}
    assert first
    assert len(first) <= 2


def test_processes_that_cannot_start_stop_the_run() -> None:
    with Workers(1, limit_s=5.0, warm=["no_such_module"]) as workers, pytest.raises(BrokenProcessPool):
        workers.run(behave, ["a"])


def test_they_end_with_their_parent_however_it_ends(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os\nfrom pipeline.workers import Workers\n"
        "def work(item): return os.getpid()\n"
        "if __name__ == '__main__':\n"
        "    workers = Workers(1, limit_s=5)\n    print(workers.run(work, [1])[0], flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(pipeline.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=30, check=False, env=environment
    )
    assert done.returncode == -9
    worker = Path("/proc") / done.stdout.strip()
    until = time.monotonic() + 5
    while worker.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not worker.exists()
