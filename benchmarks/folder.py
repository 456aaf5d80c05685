"""A drop folder of many ninjs files: files a second, memory, a second night, and a night that is killed halfway.

    python benchmarks/folder.py --files 20000

It makes invented ninjs files in a temporary folder (a tenth of them are second versions, one in two hundred is a kill)
and runs `dateline nightly` over them: once, once again, and in a fresh data folder killed with SIGKILL when half of the
files are in the archive, and once more after it. Articles and versions of that must be those of the undisturbed run.

Memory is that of all processes together (proportional set size, five times a second): the most while the first half of
the files was archived, while the second was, and after that (topics, stories, public tables).
"""

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nightly import family, proportional_bytes

from pipeline.warehouse.publishing import fingerprints
from pipeline.warehouse.reading import reading

SYLLABLES = [
    "ba",
    "ko",
    "ri",
    "ten",
    "mur",
    "lo",
    "va",
    "sei",
    "dra",
    "pol",
    "ni",
    "quo",
    "har",
    "lem",
    "ost",
    "ju",
    "fa",
]
START = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
NOW = "2026-04-13T02:00:00Z"

# What tells of the runs themselves and of where in the archive a record came to lie.
COMPARED = {
    "ingest.articles": (),
    "ingest.article_versions": (),
    "ingest.entries": (),
    "ingest.recalls": ("compacted_at",),
    "ingest.captures": ("run_id", "warc_path", "warc_offset"),
    "ingest.files": (),
    "ingest.tags": (),
    "ingest.story_members": (),
}


@dataclass(frozen=True, slots=True)
class Night:
    """One run: how long it took, and the most memory in each of its parts."""

    wall_s: float
    cpu_s: float  # of all its processes
    reading_s: float  # from the first to the last file that was archived
    peak_bytes: tuple[int, int, int]  # first half of the files, second half, the rest of the run


def main() -> None:
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        inbox = root / "inbox"
        catalogue = root / "sources.toml"
        make_files(inbox, arguments.files, arguments.seed)
        write_catalogue(catalogue, inbox)
        size = sum(path.stat().st_size for path in inbox.rglob("*.json"))
        print(f"{arguments.files} files, {size / 1e6:.1f} MB", flush=True)

        whole = root / "whole"
        first = night(catalogue, whole, size)
        print(told("first night", first, arguments.files), flush=True)
        wanted, archived = state_of(whole), archive_bytes(whole)
        again = night(catalogue, whole, size)
        read_again = archive_bytes(whole) - archived
        print(f"{told('second night', again, arguments.files)}; {read_again} bytes more in the archive", flush=True)
        same_after_second = state_of(whole) == wanted

        broken = root / "broken"
        at_bytes = killed_night(catalogue, broken, archived // 2)
        print(f"killed when {at_bytes / archived:.0%} of the bytes were in the archive", flush=True)
        print(told("the night after it", night(catalogue, broken, size), arguments.files), flush=True)
        found = state_of(broken)
    rows = {table: count for table, (count, _) in wanted.items()}
    differing = [table for table in wanted if found[table] != wanted[table]]
    print(f"rows: {rows}")
    print(f"second night changed {'nothing' if same_after_second else 'SOMETHING'}")
    print(f"killed and run again: {'the same tables' if not differing else f'OTHER: {differing}'}")
    if differing or not same_after_second:
        raise SystemExit(1)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


# ------------------------------------------------------------------------------------------------ the files


def make_files(folder: Path, count: int, seed: int) -> None:
    """Invented items, a thousand to a sub-folder, all an hour old."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(4000)]
    changed_at = time.time() - 3600
    for number in range(count):
        path = folder / f"{number // 1000:03}" / f"item-{number:06}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(item(number, words, chance)), "utf-8")
        os.utime(path, (changed_at, changed_at))


def item(number: int, words: list[str], chance: random.Random) -> dict[str, object]:
    """A ninjs item (IPTC ninjs 1.4)."""
    story, version = (number - 7, 2) if number % 10 == 9 else (number, 1)
    at = START + timedelta(minutes=number)
    is_kill = number % 200 == 19
    paragraphs = [" ".join(chance.choices(words, k=chance.randint(25, 60))).capitalize() for _ in range(8)]
    return {
        "uri": f"urn:newsml:tidewire.example:20260105:story-{story}",
        "version": str(version),
        "type": "text",
        "pubstatus": "canceled" if is_kill else "usable",
        "firstcreated": (START + timedelta(minutes=story)).isoformat(),
        "versioncreated": at.isoformat(),
        "language": "en",
        "headline": " ".join(chance.choices(words, k=8)).capitalize(),
        "byline": "Ada Quay",
        "located": chance.choice(words).capitalize(),
        "urgency": 4,
        "subject": [{"code": "medtop:04000000", "name": "economy, business and finance"}],
        "body_html": None if is_kill else "".join(f"<p>{paragraph}.</p>" for paragraph in paragraphs),
    }


def write_catalogue(path: Path, inbox: Path) -> None:
    path.write_text(
        f'[[source]]\nid = "tidewire"\nname = "Tidewire"\nkind = "agency"\n\n[[source.feed]]\nfolder = "{inbox}"\n',
        "utf-8",
    )


# ------------------------------------------------------------------------------------------------ the nights


def start(catalogue: Path, data: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "pipeline.cli", "nightly", "--sources", str(catalogue)]
    environ = {**os.environ, "DATELINE_DATA": str(data), "DATELINE_NOW": NOW}
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, start_new_session=True)


def night(catalogue: Path, data: Path, size: int) -> Night:
    """A run to its end."""
    began = time.monotonic()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    first_at = last_at = began
    before, last = archive_bytes(data), 0
    peaks = [0, 0, 0]
    process = start(catalogue, data)
    while process.poll() is None:
        new = archive_bytes(data) - before
        if new != last:
            last_at = time.monotonic()
            first_at = last_at if last == 0 else first_at
            last = new
        part = 2 if new >= size else 1 if new >= size // 2 else 0
        peaks[part] = max(peaks[part], sum(proportional_bytes(pid) for pid in family(process.pid)))
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"the run ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return Night(time.monotonic() - began, cpu_s, last_at - first_at, (peaks[0], peaks[1], peaks[2]))


def killed_night(catalogue: Path, data: Path, at_bytes: int) -> int:
    """A run that is killed with all its processes once so many bytes are in the archive; how many there were."""
    process = start(catalogue, data)
    while process.poll() is None and archive_bytes(data) < at_bytes:
        time.sleep(0.02)
    if process.poll() is not None:
        raise SystemExit("the run was over before it could be killed")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return archive_bytes(data)


def archive_bytes(data: Path) -> int:
    return sum(path.stat().st_size for path in (data / "archive").rglob("*.warc"))


def state_of(data: Path) -> dict[str, tuple[int, str]]:
    with reading(data / "warehouse.duckdb") as conn:
        return fingerprints(conn, COMPARED)


def told(label: str, cost: Night, files: int) -> str:
    halves = "/".join(f"{peak / 1e6:.0f}" for peak in cost.peak_bytes)
    return (
        f"{label}: {cost.wall_s:.1f} s ({files / cost.wall_s:.0f} files/s), {cost.cpu_s:.1f} s of CPU; "
        f"from the first batch archived to the last {cost.reading_s:.1f} s; peak MB {halves}"
    )


if __name__ == "__main__":
    main()
