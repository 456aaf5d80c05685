"""A run of the steps alone: the path of flows/nightly.py as far as the stories, without Prefect and without the models.

The batches are small, so that there are many moments between them. `run_night` is made for a child process that is to
be killed: see tests/flows/test_kill.py.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Engine, event

from pipeline.catalogue import load_catalogue
from pipeline.settings import Settings
from pipeline.steps import boilerplate, collect, derive, folders, follow, held, link, overruns, polls
from pipeline.steps.run import Run, open_run
from pipeline.types import Delivery

PAGE_BATCH = 8


def take_in(run: Run, begin: Callable[[str], None] = lambda stage: None) -> None:
    """Feeds, folders, embargoes, overruns, pages, topics and stories. `begin` is told of each stage."""
    begin("feeds")
    due = collect.due_feeds(run)
    web = [feed for feed in due if feed.delivery is Delivery.HTTP]
    follow.follow(run, web, polls.derive_feeds(run, collect.collect_feeds(run, web)))
    begin("folders")
    for feed in due:
        if feed.delivery is Delivery.FOLDER:
            for files in folders.collect_folder(run, feed):
                polls.derive_feeds(run, files)
    begin("held and overrun")
    held.release_embargoes(run)
    overruns.repair_overruns(run)
    begin("pages")
    for batch in batches(collect.due_pages(run), PAGE_BATCH):
        derive.derive_pages(run, collect.collect_pages(run, batch))
    begin("boilerplate")
    boilerplate.learn(run)
    boilerplate.apply(run)
    begin("links")
    link_all(run)


def link_all(run: Run) -> None:
    linker = link.open_linker(run)
    while link.link_batch(run, linker):
        pass


def batches(items: Sequence, size: int) -> list[Sequence]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def run_night(settings: Settings, catalogue: Path, killed_at: tuple[str, int] | None) -> None:
    """One night. Its process is killed before the transaction of that number in that stage (1 is the first) is
    committed.
    """
    begun, commits = ["start"], Counter[str]()

    def before_commit(_: object) -> None:
        commits[begun[-1]] += 1
        if killed_at == (begun[-1], commits[begun[-1]]):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "commit", before_commit)
    with open_run(settings, "nightly", load_catalogue(catalogue, {})) as run:
        take_in(run, begun.append)
