"""Processes that can be killed: a bad item costs itself, never the run."""

import gc
import importlib
import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

Item = TypeVar("Item")
Result = TypeVar("Result")

# A worker that dies between taking a task and saying so breaks the whole pool (pebble 5.2).
_RESTARTS = 3
_GOODBYE_S = 10.0


@dataclass(frozen=True, slots=True)
class WorkerFailure:
    """What one item came to instead of a result. `reason`: timeout, crashed, memory, or raised:<type of exception>."""

    reason: str
    detail: str


class Workers:
    """Worker processes that start with the first item and live as long as the object.

    Items go out in chunks, since a hand-over costs more than a small item. A chunk that takes longer than `limit_s` or
    kills its process is run again item by item, each with a limit of its own, so that only the guilty ones fail.
    Functions and items are pickled: hand over places in the archive, not bodies. `warm` names modules that each process
    imports when it starts, outside any item's time.
    """

    def __init__(
        self, count: int, limit_s: float, memory_bytes: int | None = None, *, warm: Sequence[str] = ()
    ) -> None:
        self._count = count
        self._limit_s = limit_s
        self._memory_bytes = memory_bytes
        self._warm = tuple(warm)
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def run(
        self,
        function: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        chunk: int = 16,
        limit_s: float | None = None,
    ) -> list[Result | WorkerFailure]:
        """`function(item)` of each item, in the items' order; `limit_s` instead of the workers' own for these items.

        Raises `BrokenProcessPool` where no process can start.
        """
        limit_s = limit_s or self._limit_s
        parts = [items[start : start + chunk] for start in range(0, len(items), chunk)]
        results: list[Result | WorkerFailure] = []
        for part, outcome in zip(parts, self._outcomes(function, parts, limit_s), strict=True):
            if not isinstance(outcome, WorkerFailure):
                results += outcome
            elif len(part) == 1:
                results.append(outcome)
            else:
                results += self.run(function, part, chunk=1, limit_s=limit_s)
        return results

    def _outcomes(
        self, function: Callable[[Item], Result], parts: Sequence[Sequence[Item]], limit_s: float
    ) -> list[list[Result | WorkerFailure] | WorkerFailure]:
        """What became of each part, all under way at once."""
        found: dict[int, list[Result | WorkerFailure] | WorkerFailure] = {}
        for restarts in range(_RESTARTS + 1):
            waiting = [
                (index, self._running().schedule(_run_part, args=(function, parts[index]), timeout=limit_s))
                for index in range(len(parts))
                if index not in found
            ]
            try:
                for index, future in waiting:
                    found[index] = _outcome(future, limit_s)
                break
            except BrokenProcessPool:
                self._stop()
                if restarts == _RESTARTS:
                    raise
        return [found[index] for index in range(len(parts))]

    def _running(self) -> ProcessPool:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._count,
                initializer=_prepare,
                initargs=(self._memory_bytes, self._warm),
                # Forking would copy the locks of our threads (event loop, Prefect, DuckDB) in whatever state they are.
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def _stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            # After Ctrl-C its own thread and this one may take away the same worker (pebble 5.2), or wait for each
            # other; what is left are daemons, which end with us.
            with suppress(KeyError, TimeoutError):
                pool.join(timeout=_GOODBYE_S)


def _outcome(
    future: ProcessFuture[list[Result | WorkerFailure]], limit_s: float
) -> list[Result | WorkerFailure] | WorkerFailure:
    try:
        return future.result()
    except (BrokenProcessPool, CancelledError):
        raise
    except TimeoutError:
        return WorkerFailure("timeout", f"took longer than {limit_s:g} s")
    except ProcessExpired as error:
        return WorkerFailure("crashed", f"its process ended with exit code {error.exitcode}")
    except Exception as error:  # noqa: BLE001 (what can't be pickled raises whatever its own code raises)
        return _raised(error)


def _run_part(function: Callable[[Item], Result], part: Iterable[Item]) -> list[Result | WorkerFailure]:
    return [_run_item(function, item) for item in part]


def _run_item(function: Callable[[Item], Result], item: Item) -> Result | WorkerFailure:
    try:
        return function(item)
    except MemoryError:
        return WorkerFailure("memory", "needs more memory than a worker may have")
    except Exception as error:  # noqa: BLE001 (any failure of one item is that item's; its type is kept for counting)
        return _raised(error)


def _raised(error: Exception) -> WorkerFailure:
    return WorkerFailure(f"raised:{type(error).__name__}", str(error))


def _prepare(memory_bytes: int | None, modules: Sequence[str]) -> None:
    """Readies a new process: imports first, then the cap.

    RLIMIT_DATA, not RLIMIT_AS: it counts the memory that can be written to (Linux ≥ 4.7), whereas pyarrow's allocator
    reserves address space by the gigabyte that it never touches.
    """
    for module in modules:
        importlib.import_module(module)
    # A page makes and drops some 100,000 objects, few of them in cycles: looking for those at every 700th, through all
    # that the imports brought, takes a twentieth of a worker's time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    if memory_bytes is not None:
        import resource  # not on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        cap = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (cap, hard))
