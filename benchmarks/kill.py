"""The sample nights killed with SIGKILL at moments spread over their length, each run again: are the tables the same?

    python benchmarks/kill.py --moments 10

Each moment has a fresh folder: `dateline nightly --sample` is killed (it alone: its children are left to end by
themselves), then the same command runs to its end. Every table is compared with that of a run that nobody disturbed.
It prints each moment with how far the run had come, and a verdict for each table.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pipeline.publish.query import COMPARED as PUBLIC
from pipeline.warehouse import tables
from pipeline.warehouse.publishing import fingerprints
from pipeline.warehouse.reading import reading

COMMAND = [sys.executable, "-m", "pipeline.cli", "nightly", "--sample"]
GOODBYE_S = 15.0  # for the children of a process that was killed

# What tells of the runs themselves: which they were, where in the archive a record came to lie, that a feed that is
# asked again says "not modified", and how often a dead one was asked.
NOT_COMPARED = {"runs", "snapshots", "schema_version"}
LEFT_OUT = {
    "captures": ("run_id", "warc_path", "warc_offset"),
    "polls": ("run_id",),
    "feeds": ("failures_in_row", "next_due_at"),
}
ONLY = {"captures": "status <> 304"}
LEFT_OUT_PUBLIC = {
    **PUBLIC,
    "article_versions": (*PUBLIC["article_versions"], "warc_path", "warc_offset"),
    "sources": (),
    "source_daily": ("reason",),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One run that was killed, and the run after it."""

    at_s: float
    had_come_to: str
    left_behind: int  # processes that outlived it
    exit_code: int  # of the run after it
    differing: tuple[str, ...]  # tables


def main() -> None:
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"  # always the same: drop folders are named by their path
        began = time.monotonic()
        code = start(data, Path(name) / "undisturbed.log").wait()
        length_s = time.monotonic() - began
        if code:
            raise SystemExit(f"the undisturbed run ended with {code}")
        wanted = state_of(data)
        print(f"undisturbed: {length_s:.1f} s, {sum(rows for rows, _ in wanted.values()):,} rows", flush=True)
        moments = []
        for number in range(arguments.moments):
            shutil.rmtree(data)
            at_s = length_s * (number + 0.5) / arguments.moments
            moments.append(disturb(data, Path(name) / f"{number}.log", at_s, wanted))
            print(told(number + 1, moments[-1]), flush=True)
    print(verdicts(moments, wanted))
    if any(moment.differing or moment.exit_code for moment in moments):
        raise SystemExit(1)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moments", type=int, default=10)
    return parser.parse_args()


def disturb(data: Path, log: Path, at_s: float, wanted: dict[str, tuple[int, str]]) -> Moment:
    """Kills a run after so many seconds, runs it again, compares."""
    process = start(data, log)
    try:
        process.wait(at_s)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    left_behind = end_of_children(data)
    code = start(data, log.with_suffix(".again")).wait()
    found = state_of(data) if code == 0 else {}
    differing = tuple(name for name in wanted if found.get(name) != wanted[name])
    return Moment(at_s, progress(log.read_text("utf-8")), left_behind, code, differing)


def start(data: Path, log: Path) -> "subprocess.Popen[bytes]":
    """The command on that data folder, out of reach of a Ctrl-C that is for this benchmark."""
    with log.open("wb") as file:
        environ = {**os.environ, "DATELINE_DATA": str(data)}
        return subprocess.Popen(COMMAND, env=environ, stdout=file, stderr=subprocess.STDOUT, start_new_session=True)


def end_of_children(data: Path) -> int:
    """How many processes that work on that data folder were there still after a while; they are ended then."""
    until = time.monotonic() + GOODBYE_S
    while (there := working_on(data)) and time.monotonic() < until:
        time.sleep(0.1)
    for pid in there:
        os.kill(pid, signal.SIGKILL)
    return len(there)


def working_on(data: Path) -> list[int]:
    """The processes whose environment names the folder."""
    named = f"DATELINE_DATA={data}".encode()
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if named in environ.read_bytes().split(b"\0"):
                found.append(int(environ.parent.name))
        except OSError:
            continue  # it ended meanwhile, or is another user's
    return found


def progress(said: str) -> str:
    """The last thing that a run said of itself."""
    night = re.findall(r"as of (\w+ \d+ \w+)", said)
    stages = re.findall(r"^\w+: \d+ of \d+$", said.rpartition("as of ")[2], re.MULTILINE)
    return ", ".join([*night[-1:], *stages[-1:]]) or "its start"


def state_of(data: Path) -> dict[str, tuple[int, str]]:
    """Rows and fingerprint of each table, the private ones and what analysts see."""
    private = {f"ingest.{table.name}": table.name for table in tables.metadata.sorted_tables}
    with reading(data / "news.duckdb") as conn:
        found = {}
        for name, table in private.items():
            if table not in NOT_COMPARED:
                conn.exec_driver_sql(
                    f"create or replace temp view compared as from {name} where {ONLY.get(table, 'true')}"
                )
                found[name] = fingerprints(conn, {"compared": LEFT_OUT.get(table, ())})["compared"]
        return found | fingerprints(conn, {f"main.{name}": columns for name, columns in LEFT_OUT_PUBLIC.items()})


def told(number: int, moment: Moment) -> str:
    verdict = "all tables the same" if not moment.differing else f"differing: {', '.join(moment.differing)}"
    ended = f"; the run after it ended with {moment.exit_code}" if moment.exit_code else ""
    behind = f"; {moment.left_behind} processes outlived it" if moment.left_behind else ""
    return f"{number:3}. killed after {moment.at_s:5.1f} s, at {moment.had_come_to}: {verdict}{ended}{behind}"


def verdicts(moments: list[Moment], wanted: dict[str, tuple[int, str]]) -> str:
    """A line for each table: rows, and at how many of the moments it was the same."""
    lines = [f"\n{'table':28}{'rows':>8}   same"]
    for name, (rows, _) in wanted.items():
        same = sum(name not in moment.differing for moment in moments)
        lines.append(f"{name:28}{rows:8,}   {same} of {len(moments)}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
