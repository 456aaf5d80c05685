"""The sample wire's nights by the real flows, and the command line, in this process."""

import io
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deployments.sample.gold import special_cases
from deployments.sample.site import NIGHTS, SampleWire
from flows.home import LOOPBACK
from pipeline.catalogue import folder_source, load_catalogue
from pipeline.settings import Settings
from pipeline.steps.run import open_run
from pipeline.types import RunReport, Window
from tests.echo import ENVIRONMENT, echoing
from tests.night import take_in

THIRD_NIGHT = special_cases().embargoed.embargo_until + timedelta(hours=14)


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Again:
    """A night that was run twice."""

    said: Said
    published: Path


@dataclass(frozen=True)
class Rehearsal:
    """Both nights of the sample wire, by the nightly flow, with the echo's feeds in its catalogue."""

    data: Path  # as the second night left it; to look at
    live: Path  # the same, where runs go on
    catalogue: Path
    prefect: Path  # where Prefect kept its own
    first_published: Path  # the first night's news.duckdb
    reports: tuple[RunReport, ...]
    given: frozenset[str]  # keys that the echo was given
    said: str  # all output and logs

    @property
    def published(self) -> Path:
        return self.data / "news.duckdb"


def rehearse(folder: Path, prefect: Path) -> Rehearsal:
    """Runs the nights. Prefect must have been prepared."""
    from flows.nightly import nightly

    live = folder / "live"
    catalogue = folder / "sources.toml"  # a key stands in it, so not below live
    out, reports = io.StringIO(), []
    with environment(DATELINE_DATA=str(live), **ENVIRONMENT) as patch, SampleWire() as wire:
        for name, value in by_proxy(wire).items():  # and not by the run's parameter: the echo is asked straight
            patch.setenv(name, value)
        wire.write_catalogue(catalogue, live / "sample")
        with echoing(catalogue) as given, redirect_stdout(out), redirect_stderr(out), logging_to(out):
            for night in NIGHTS:
                wire.set_now(night)
                wire.fill_folders(live / "sample")
                reports.append(nightly(sources=str(catalogue), now=night))
                if night == NIGHTS[0]:
                    first_published = Path(shutil.copy(live / "news.duckdb", folder / "first.duckdb"))
    data = Path(shutil.copytree(live, folder / "data"))
    return Rehearsal(data, live, catalogue, prefect, first_published, tuple(reports), frozenset(given), out.getvalue())


@contextmanager
def logging_to(out: io.StringIO) -> Iterator[None]:
    """Whatever our loggers and the HTTP client's can tell."""
    handler = logging.StreamHandler(out)
    loggers = [logging.getLogger(name) for name in ("dateline", "httpx")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)


def dateline(*arguments: str, data: Path, **environ: str) -> Said:
    """The command line on that data folder, in this process."""
    from pipeline.cli import main

    out, err = io.StringIO(), io.StringIO()
    with environment(DATELINE_DATA=str(data), **environ) as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["dateline", *arguments])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Said(code, out.getvalue(), err.getvalue())


def by_proxy(wire: SampleWire) -> dict[str, str]:
    """The environment that leads all but loopback to the wire."""
    return {"HTTP_PROXY": wire.proxy_url, "http_proxy": wire.proxy_url, "no_proxy": LOOPBACK, "NO_PROXY": LOOPBACK}


@contextmanager
def environment(**environ: str) -> Iterator[pytest.MonkeyPatch]:
    """The settings of a run, without those that this session was started with. One worker is enough for the sample."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("DATELINE_")]:
            patch.delenv(name)
        for name, value in {"DATELINE_WORKERS": "1", **environ}.items():
            patch.setenv(name, value)
        yield patch


# ------------------------------------------------------------------------------------------------ what came after

# Days of wires that a folder brings, and the Media Topics codes of the items of each day.
WIRES = {
    "2025-11-03": (("20000344", "20000170"), ("20000344",)),
    "2025-11-04": (("20000170",),),
    "2025-11-06": (("20000344",), ("20000344",), ("20000170",)),
    "2025-11-07": (("20000344", "20000170"),),
    "2025-11-08": (("20000170",),),
}
FIRST_WINDOW = Window(datetime(2025, 11, 3, tzinfo=UTC), datetime(2025, 11, 5, tzinfo=UTC))
SECOND_WINDOW = Window(datetime(2025, 11, 7, tzinfo=UTC), datetime(2025, 11, 9, tzinfo=UTC))
COVERED = ("2025-11-03", "2025-11-04", "2025-11-07", "2025-11-08")


@dataclass
class Reading:
    """What another process, which kept the file open and asked it over and over, was answered."""

    times: int = 0
    answers: list[list[object]] = field(default_factory=list)  # run and characters of all texts; each answer once


@dataclass(frozen=True)
class Later:
    """What stood when the wire had gone on: a third night, and two windows of a folder. The last of them published."""

    data: Path
    backfill: Said  # `dateline backfill --folder`, the second window
    meanwhile: Reading  # of a reader, while the second window was taken in and published


def go_on(live: Path, folder: Path) -> Later:
    """The night after the embargo and the first window leave their articles to the next run to publish, as runs do that
    are killed before they publish; the second window is the command line's.
    """
    wires, catalogue = write_wires(folder / "quiet-wire"), folder / "sources.toml"
    with SampleWire() as wire:
        wire.set_now(THIRD_NIGHT)
        wire.fill_folders(live / "sample")
        wire.write_catalogue(catalogue, live / "sample")
        settings = Settings(data=live, now=THIRD_NIGHT, workers=1, proxy=wire.proxy_url)
        with open_run(settings, "nightly", load_catalogue(catalogue, {})) as run:
            take_in(run)
    with open_run(settings, "backfill", (folder_source(wires, ()),), window=FIRST_WINDOW) as run:
        take_in(run)
    since, until = (f"{at:%Y-%m-%d}" for at in (SECOND_WINDOW.since, SECOND_WINDOW.until))
    command = ("backfill", "--folder", str(wires), "--since", since, "--until", until)
    with reader(live / "news.duckdb") as meanwhile:
        said = dateline(*command, data=live, DATELINE_NOW=THIRD_NIGHT.isoformat())
    return Later(live, said, meanwhile)


def write_wires(folder: Path) -> Path:
    """The folder, with one file of ninjs JSON lines."""
    lines = [
        json.dumps(
            {
                "uri": f"urn:quiet:{date}:{number}",
                "type": "text",
                "version": "1",
                "versioncreated": f"{date}T0{number}:30:00Z",
                "pubstatus": "usable",
                "language": "en",
                "headline": f"Item {number} of {date}",
                "body_text": f"What item {number} of {date} tells is told in this line.",
                "subject": [{"code": f"medtop:{code}"} for code in codes],
            }
        )
        for date, items in WIRES.items()
        for number, codes in enumerate(items, 1)
    ]
    folder.mkdir()
    (folder / "november.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


READER = """
import json, sys, threading
import duckdb
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
connection = duckdb.connect(sys.argv[1], read_only=True)
answers, times = set(), 0
while True:
    answers.add(connection.execute(sys.argv[2]).fetchone())
    times += 1
    if times == 1:
        print("open", flush=True)
    if ended.wait(0.05):
        break
print(json.dumps([times, *answers]))
"""


@contextmanager
def reader(published: Path) -> Iterator[Reading]:
    """A process that has the file open meanwhile."""
    reading = Reading()
    sql = "select run_id, (select sum(length(text)) from articles) from meta.snapshot"
    command = [sys.executable, "-c", READER, str(published), sql]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        yield reading
        told, _ = process.communicate("")
        reading.times, *reading.answers = json.loads(told)
    assert process.returncode == 0
