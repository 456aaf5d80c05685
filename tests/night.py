"""A run of the steps alone: the path of flows/nightly.py as far as the stories, without Prefect and without the models.

The batches are small, so that there are many moments between them. `run_night` is made for a child process that may be
killed: see tests/flows/test_kill.py.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event

from pipeline.catalogue import load_catalogue
from pipeline.settings import Settings
from pipeline.steps import collect, derive, history, link
from pipeline.steps.run import Run, open_run
from pipeline.types import Delivery

PAGE_BATCH = 8


def take_in(run: Run) -> None:
    """Feeds, folders, embargoes, overruns, pages, topics and stories."""
    due = collect.due_feeds(run)
    derive.derive_feeds(run, collect.collect_feeds(run, [feed for feed in due if feed.delivery is Delivery.HTTP]))
    for feed in due:
        if feed.delivery is Delivery.FOLDER:
            for files in collect.collect_folder(run, feed):
                derive.derive_feeds(run, files)
    derive.release_embargoes(run)
    windows = derive.overruns_due(run)
    history.discover(run, windows)
    derive.mark_repaired(run, windows)
    for batch in batches(collect.due_pages(run), PAGE_BATCH):
        derive.derive_pages(run, collect.collect_pages(run, batch))
    link_all(run)


def link_all(run: Run) -> str:
    linker = link.open_linker(run)
    while link.link_batch(run, linker):
        pass
    return linker.code


def batches(items: Sequence, size: int) -> list[Sequence]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def run_night(settings: Settings, catalogue: Path, killed_at: int | None, commits: Path) -> None:
    """One night; its process is killed before the transaction of that number (1 is the first) is committed. `commits`
    gets the number of those that there were.
    """
    with counted_commits(killed_at) as count, open_run(settings, "nightly", load_catalogue(catalogue, {})) as run:
        take_in(run)
    commits.write_text(str(len(count)))


@contextmanager
def counted_commits(killed_at: int | None) -> Iterator[list[None]]:
    """Grows by one with each commit; the one of that number does not come about."""
    count: list[None] = []

    def before_commit(_: object) -> None:
        count.append(None)
        if len(count) == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "commit", before_commit)
    try:
        yield count
    finally:
        event.remove(Engine, "commit", before_commit)
