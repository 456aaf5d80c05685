"""`kill -9` at moments all over a night, each time run again in the same folder: the same tables as undisturbed.

A process dies right before a transaction would be committed. Before each of them lie the bytes in the archive that the
transaction was to index, or the state that it was to move on.
"""

import multiprocessing
import signal
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from deployments.sample.site import NIGHTS, SampleWire
from pipeline.catalogue import load_catalogue, write_toml
from pipeline.settings import Settings
from pipeline.warehouse import tables
from pipeline.warehouse.publishing import fingerprints
from pipeline.warehouse.reading import reading
from tests.night import run_night

SOURCES = ("mna", "fenmoor-standard", "lakeside-weekly")  # a drop folder with a kill; a page that is gone; a plain feed
MOMENTS = (("feeds", 2), ("folders", 3), ("pages", 6), ("links", 3))  # stage and number of the transaction that fails

# What tells of the runs themselves: which it was, where in the archive a record came to lie (what was written before a
# kill may lie there twice), and what a feed answered, who says "not modified" when it is asked again.
NOT_COMPARED = {"runs", "snapshots", "schema_version"}
LEFT_OUT = {
    "captures": ("run_id", "warc_path", "warc_offset"),
    "polls": ("run_id",),
}
AGAIN_NOT_MODIFIED = "create temp view bodies as select * from ingest.captures where status <> 304"
COMPARED = {"bodies": LEFT_OUT["captures"]} | {
    f"ingest.{table.name}": LEFT_OUT.get(table.name, ())
    for table in tables.metadata.sorted_tables
    if table.name not in {*NOT_COMPARED, "captures"}
}

# One process imports everything; the nights are forked from it.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.night"])


@pytest.fixture(scope="module")
def few_sources(tmp_path_factory):
    """The wire, and the catalogue of a few of its sources."""
    folder = tmp_path_factory.mktemp("kill")
    catalogue = folder / "sources.toml"
    with SampleWire() as wire:
        wire.set_now(NIGHTS[-1])
        wire.fill_folders(folder / "wires")
        wire.write_catalogue(catalogue, folder / "wires")
        few = [source for source in load_catalogue(catalogue, {}) if source.id in SOURCES]
        catalogue.write_text(write_toml(few), encoding="utf-8")
        yield wire, catalogue


def start_night(few_sources, data: Path, killed_at: tuple[str, int] | None = None) -> BaseProcess:
    """A night in a process of its own."""
    wire, catalogue = few_sources
    settings = Settings(data, now=NIGHTS[-1], workers=1, proxy=wire.proxy_url)
    process = CONTEXT.Process(target=run_night, args=(settings, catalogue, killed_at))
    process.start()
    return process


def end_of(process: BaseProcess) -> int | None:
    process.join(120)
    return process.exitcode


def state_of(data: Path) -> dict[str, tuple[int, str]]:
    with reading(data / "warehouse.duckdb") as conn:
        conn.exec_driver_sql(AGAIN_NOT_MODIFIED)
        return fingerprints(conn, COMPARED)


def test_a_night_that_is_killed_again_and_again_ends_as_an_undisturbed_one(few_sources, tmp_path) -> None:
    undisturbed = start_night(few_sources, tmp_path / "undisturbed")
    ends = [end_of(start_night(few_sources, tmp_path / "killed", moment)) for moment in (*MOMENTS, None)]
    assert ends == [-signal.SIGKILL] * len(MOMENTS) + [0]
    assert end_of(undisturbed) == 0
    wanted, found = (state_of(tmp_path / name) for name in ("undisturbed", "killed"))
    assert [table for table in COMPARED if found[table] != wanted[table]] == []
    assert all(wanted[table][0] > 30 for table in ("bodies", "ingest.entries", "ingest.articles", "ingest.tags"))
    with reading(tmp_path / "killed" / "warehouse.duckdb") as conn:
        states = conn.exec_driver_sql("select state, count(*) from ingest.runs group by state").fetchall()
    assert dict(map(tuple, states)) == {"abandoned": len(MOMENTS), "running": 1}
