"""The archive alone, replayed: the same articles; and in any order the same warehouse."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from deployments.sample.site import NIGHTS
from pipeline.catalogue import load_catalogue
from pipeline.settings import Settings
from pipeline.steps import boilerplate
from pipeline.steps.run import Run, Tally, open_run
from pipeline.steps.warc import collect_warc, derive_archived_pages, derive_documents
from pipeline.types import CaptureKind, CaptureRef, SourceReport
from pipeline.warehouse.captures import record_captures
from pipeline.warehouse.engine import Warehouse
from pipeline.warehouse.feeds import sync_catalogue
from pipeline.warehouse.publishing import fingerprints
from pipeline.warehouse.reading import reading
from tests.echo import ENVIRONMENT
from tests.night import batches, link_all

# All that is made of captures. Left out: when a recall was compacted, which is an affair of the run that publishes, and
# the code that linked an article, which a recalled one has if it was linked before.
MADE = {
    "ingest.entries": (),
    "ingest.articles": ("linked_code",),
    "ingest.article_versions": (),
    "ingest.date_candidates": (),
    "ingest.dropped_blocks": (),
    "ingest.captions": (),
    "ingest.recalls": ("compacted_at",),
    "ingest.quarantine": (),
    "ingest.topics": (),
    "ingest.tags": (),
    "ingest.signatures": (),
    "ingest.story_edges": (),
    "ingest.story_members": (),
    "ingest.wire_links": (),
    "ingest.lineage": (),
    "ingest.line_sightings": (),
    "ingest.boilerplate": (),
    "ingest.boilerplate_applied": (),
}


@dataclass(frozen=True)
class Replays:
    """Warehouses of one archive's captures: in the order of the archive, backwards, and shuffled."""

    in_order: Path
    backwards: Path
    shuffled: Path
    told: tuple[SourceReport, ...]  # what the first of them counted


@pytest.fixture(scope="module")
def replays(nights, tmp_path_factory) -> Replays:
    """The replays share one run's workers: starting some for each costs seconds."""
    folder = tmp_path_factory.mktemp("replay")
    catalogue = load_catalogue(nights.catalogue, ENVIRONMENT)
    with open_run(Settings(folder, now=NIGHTS[-1], workers=1), "backfill", catalogue) as run:
        refs: list[CaptureRef] = []
        for file in sorted((nights.data / "archive").rglob("*.warc")):
            for batch in collect_warc(run, file, 96):
                refs += batch
        for _ in take_in(run, refs, 96):
            pass
        told = run.tally.reports()
        learn_and_link(run)
        assert len(refs) > 350
        found = Replays(run.warehouse.path, folder / "backwards.duckdb", folder / "shuffled.duckdb", told)
        derive_elsewhere(run, found.backwards, refs[::-1], 50)
        derive_elsewhere(run, found.shuffled, random.Random(7).sample(refs, len(refs)), 120)
    return found


def derive_elsewhere(run: Run, path: Path, refs: list[CaptureRef], size: int) -> None:
    """Into another warehouse, boilerplate learned and articles linked after every batch."""
    with Warehouse(path, "backfill", now=run.now) as warehouse:
        other = replace(run, warehouse=warehouse, tally=Tally())
        with warehouse.begin() as conn:
            sync_catalogue(conn, list(run.sources.values()))
            record_captures(conn, run.id, refs)
        for _ in take_in(other, refs, size):
            learn_and_link(other)


def take_in(run: Run, refs: list[CaptureRef], size: int) -> Iterator[None]:
    """In batches: the documents first, then the pages, as a backfill does."""
    for batch in batches([ref for ref in refs if ref.kind is not CaptureKind.PAGE], size):
        derive_documents(run, batch)
        yield
    for batch in batches([ref.id for ref in refs if ref.kind is CaptureKind.PAGE], size):
        derive_archived_pages(run, batch)
        yield


def learn_and_link(run: Run) -> None:
    boilerplate.learn(run)
    boilerplate.apply(run)
    link_all(run)


@pytest.mark.parametrize("order", ["backwards", "shuffled"])
def test_captures_in_another_order_give_the_same_warehouse(replays, order) -> None:
    with reading(replays.in_order) as conn:
        wanted = fingerprints(conn, MADE)
    with reading(getattr(replays, order)) as conn:
        found = fingerprints(conn, MADE)
    assert [table for table in MADE if found[table] != wanted[table]] == []
    assert wanted["ingest.articles"][0] > 300


def test_a_replay_counts_the_entries_that_are_new_and_those_that_are_held(replays) -> None:
    [(entries,)] = rows(replays.in_order, "select count(*) from ingest.entries")
    [(held,)] = rows(replays.in_order, "select count(*) from ingest.held")
    assert (sum(one.entries_new for one in replays.told), sum(one.held for one in replays.told)) == (entries, held)
    assert min(entries, held) > 0


PAGES = """
select article_id, number, version_id, decision, title, text, captured_at, authors, published_at, subjects
from ingest.article_versions where wire_id is null order by all
"""
WIRES = """
select article_id, number, version_id, decision, title, text, captured_at
from ingest.article_versions where wire_id is not null order by all
"""


def rows(path: Path, sql: str) -> Iterator[tuple]:
    with reading(path) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


@pytest.mark.parametrize("sql", [PAGES, WIRES], ids=["pages", "wires"])
def test_a_replay_of_the_archive_gives_the_same_versions_of_the_same_articles(nights, replays, sql) -> None:
    assert rows(replays.in_order, sql) == rows(nights.data / "warehouse.duckdb", sql)
