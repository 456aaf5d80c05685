"""What a nightly run costs per page, against bare extraction of the same pages in the same run of this benchmark.

    python benchmarks/nightly.py --proxy http://127.0.0.1:8899 --opml FEEDS.opml --pages FOLDER

FEEDS.opml lists feeds that the forward proxy serves; FOLDER has the pages behind them, as `*.html.gz` anywhere below.
It prints, for whole processes with their children: CPU seconds, wall seconds, pages a second, peak memory. "Start-up"
is a run over one feed: interpreter, Prefect's API, the first dbt parse, the workers' imports.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from pipeline.catalogue import import_opml, write_toml

# On as many processes at once as the run's workers: a busy neighbour makes every page dearer, to both alike.
BARE = """
import gzip, os, sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from trafilatura import bare_extraction

def extract(path):
    bare_extraction(gzip.decompress(path.read_bytes()), with_metadata=True)

if __name__ == "__main__":
    paths = sorted(Path(sys.argv[1]).rglob("*.html.gz"))[: int(sys.argv[2])]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(extract, paths, chunksize=16))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    cpu_s: float
    wall_s: float
    peak_bytes: int


def main() -> None:
    arguments = parse_arguments()
    catalogue = import_opml(arguments.opml.read_bytes())
    pages = sum(1 for _ in arguments.pages.rglob("*.html.gz"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        full, one = folder / "sources.toml", folder / "one.toml"
        full.write_text(write_toml(catalogue), "utf-8")
        one.write_text(write_toml(catalogue[:1]), "utf-8")
        environ = dict(os.environ) | {"HTTP_PROXY": arguments.proxy}
        print("start-up …", file=sys.stderr)
        start = nightly(one, folder / "start", environ)
        print("the run …", file=sys.stderr)
        run = nightly(full, folder / "run", environ)
        again = nightly(full, folder / "run", environ)
        articles = landed(folder / "run")
        print("bare extraction: start-up, then all pages …", file=sys.stderr)
        bare_start = measured([sys.executable, "-c", BARE, str(arguments.pages), "32"], environ)
        bare = measured([sys.executable, "-c", BARE, str(arguments.pages), str(pages)], environ)
        if arguments.keep:
            shutil.copytree(folder / "run", arguments.keep)
    per_page = (run.cpu_s - start.cpu_s) / pages
    bare_page = (bare.cpu_s - bare_start.cpu_s) / (pages - 32)
    print(f"{'':24}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}")
    for label, cost in (("start-up (one feed)", start), ("nightly run", run), ("second run", again), ("bare", bare)):
        print(f"{label:24}{cost.cpu_s:9.1f}{cost.wall_s:9.1f}{cost.peak_bytes / 1e6:9.0f}")
    print(f"{articles} articles of {pages} pages")
    print(f"CPU per page, start-up apart: {1e3 * per_page:.1f} ms; bare: {1e3 * bare_page:.1f} ms")
    print(f"ratio {per_page / bare_page:.2f}; {pages / (run.wall_s - start.wall_s):.1f} pages/s, start-up apart")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proxy", required=True)
    parser.add_argument("--opml", type=Path, required=True)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="keep the run's data folder there")
    return parser.parse_args()


def nightly(sources: Path, data: Path, environ: dict[str, str]) -> Cost:
    command = [sys.executable, "-m", "pipeline.cli", "nightly", "--sources", str(sources)]
    return measured(command, environ | {"DATELINE_DATA": str(data)})


def measured(command: list[str], environ: dict[str, str]) -> Cost:
    """CPU of the process and all its children that it waited for; peak memory of all of them together."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL) as process:
        peak = PeakMemory(process.pid)
        peak.start()
        code = process.wait()
        peak.stop()
    if code:
        raise SystemExit(f"{command[:4]} ended with {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.monotonic() - began, peak.bytes)


class PeakMemory(threading.Thread):
    """The largest sum of proportional set sizes of a process and its descendants, looked at five times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.bytes, self._pid, self._ended = 0, pid, threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.2):
            self.bytes = max(self.bytes, sum(proportional_bytes(pid) for pid in family(self._pid)))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(member for child in children for member in family(int(child)))]


def proportional_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def landed(data: Path) -> int:
    import duckdb

    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as connection:
        row = connection.execute("select count(*) from articles").fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
