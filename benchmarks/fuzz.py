"""The readers of wires fed with damaged files for minutes: none may raise, hang, or reach for a file or the network.

    python -m benchmarks.fuzz --minutes 10 newsml_g2 ninjs --folder WIRES

The files of `tests/golden` (and, if given, of a folder of real ones) are damaged as in `tests/entries/test_fuzz.py`, by
a seed that grows from 0. It prints, for each format, how many were read, how many were told as a reason, and the
slowest.
A failure prints the file and the seed that make it again, and ends the command.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from pipeline.entries.detect import parse_document
from pipeline.types import BadItem
from tests.entries.test_fuzz import assert_told, damaged, seeds

FORMATS = ("newsml_g2", "nitf", "newsml1", "ritzau", "reuters_list", "ninjs", "ap_media", "anpa", "iptc7901", "zczc")
MOST_WOUNDS = 8
HANGS_S = 10.0
URL = "https://feeds.example/wire?token=${KEY}"

_watched: list[str] = []


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Notes what reaches for a file, a process or the network while a reader is at work; Python's own modules and time
    zones are read when they are first needed.
    """
    if (event == "open" and str(arguments[0]).endswith((".py", ".pyc", ".so"))) or "zoneinfo" in str(arguments[:1]):
        return
    if event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"):
        _watched.append(f"{event} {arguments[:1]}")


def material(format: str, folder: Path | None) -> list[tuple[str, bytes]]:
    """The files of a format, each with its name."""
    found = [(f"golden {number}", body) for number, body in enumerate(seeds(format))]
    for path in sorted(folder.iterdir()) if folder else ():
        document = parse_document(body := path.read_bytes(), url=URL)
        if not isinstance(document, BadItem) and document.format == format:
            found.append((path.name, body))
    return found


def fuzz(format: str, minutes: float, folder: Path | None) -> None:
    files = material(format, folder)
    told: Counter[str] = Counter()
    slowest_s, seed, end = 0.0, 0, time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        name, body = files[seed % len(files)]
        wounded = damaged(body, seed, 1 + seed % MOST_WOUNDS)
        _watched.clear()
        start = time.monotonic()
        try:
            found = parse_document(wounded, url=URL, format=format)
            assert not _watched, _watched
            assert_told(found)
        except BaseException:
            print(f"{format}: {name}, seed {seed}", file=sys.stderr)
            raise
        slowest_s = max(slowest_s, took_s := time.monotonic() - start)
        assert took_s < HANGS_S, f"{format}: {name}, seed {seed} took {took_s:.1f} s"
        told[found.reason if isinstance(found, BadItem) else "read"] += 1
        seed += 1
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in told.most_common())
    print(f"{format:12} {seed:9,} files, slowest {slowest_s:.2f} s: {reasons}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", nargs="*", default=FORMATS, metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--minutes", type=float, default=1.0, help="for each format")
    parser.add_argument("--folder", type=Path, help="real files, told apart by their bytes")
    arguments = parser.parse_args()
    sys.addaudithook(watch)
    for format in arguments.formats:
        fuzz(format, arguments.minutes, arguments.folder)


if __name__ == "__main__":
    main()
