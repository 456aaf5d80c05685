"""Dateline's extraction beside bare trafilatura: what the public benchmarks' figures say, and CPU per page.

usage: PYTHONPATH=. python benchmarks/extraction.py PAGES [--scorer SCORE.py] [--sets zyte,traf] [--sample 200]

PAGES has for each set `<set>.jsonl` (id, url, …) and `<set>/<id>.html.gz`. SCORE.py is a scorer that takes
`--dev PAGES --extractor MODULE:FUNC`; without it only CPU is measured. CPU is taken in one process, page by page, the
two extractors in turn, so that a busy machine burdens both alike.
"""

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from pipeline.articles.extract import extract_page
from pipeline.articles.published import choose_date
from pipeline.types import BadItem

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SETS = "zyte,fundus_eval,fixtures,traf"
Extractor = Callable[[bytes, str], dict[str, object]]


def dateline(html: bytes, url: str) -> dict[str, object]:
    """What the scorers ask for. They count an agency as an author where nobody else signs."""
    found = extract_page(html, url=url, content_type=None, entry=None, source_language=None, timezone="UTC", now=NOW)
    if isinstance(found, BadItem):
        return {}
    chosen, _ = choose_date(found.dates, now=NOW, timezone="UTC")
    return {
        "text": "\n".join(block.text for block in found.blocks),
        "title": found.title,
        "authors": list(found.authors) or ([found.agency] if found.agency else []),
        "published_at": chosen.day.isoformat() if chosen else None,
    }


def bare(html: bytes, url: str) -> dict[str, object]:
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    if found is None:
        return {}
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return {"text": found.text, "title": found.title, "authors": authors, "published_at": found.date}


def read_pages(folder: Path, names: list[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            yield row["url"], gzip.decompress((folder / name / f"{row['id']}.html.gz").read_bytes())


def cpu_per_page(pages: list[tuple[str, bytes]]) -> dict[str, float]:
    """Milliseconds of CPU a page, paired; the first pages, which load models, are not counted."""
    spent = {"bare": 0.0, "dateline": 0.0}
    both: list[tuple[str, Extractor]] = [("bare", bare), ("dateline", dateline)]
    for url, html in pages[:5]:
        for _, extract in both:
            extract(html, url)
    for turn, (url, html) in enumerate(pages):
        for name, extract in both if turn % 2 else reversed(both):
            begun = time.process_time()
            extract(html, url)
            spent[name] += time.process_time() - begun
    return {name: 1000 * seconds / len(pages) for name, seconds in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--scorer", type=Path)
    parser.add_argument("--sets", default=SETS)
    parser.add_argument("--sample", type=int, default=200, help="pages that CPU is measured on")
    asked = parser.parse_args()
    pages = list(read_pages(asked.pages, asked.sets.split(",")))
    random.Random(1).shuffle(pages)
    cpu = cpu_per_page(pages[: asked.sample])
    print(f"CPU on {min(asked.sample, len(pages))} of {len(pages)} pages, in milliseconds a page")
    ratio = cpu["dateline"] / cpu["bare"]
    print(f"  bare trafilatura {cpu['bare']:.1f}  Dateline {cpu['dateline']:.1f}  ratio {ratio:.2f}")
    here = Path(__file__).resolve().parent
    path = os.pathsep.join([str(here.parent), str(here)])
    for name in ("bare", "dateline") if asked.scorer else ():
        print(f"\n{name}", flush=True)
        command = [sys.executable, str(asked.scorer), "--dev", str(asked.pages), "--sets", asked.sets, "--jobs", "2"]
        subprocess.run(
            [*command, "--extractor", f"extraction:{name}"], check=True, env=os.environ | {"PYTHONPATH": path}
        )


if __name__ == "__main__":
    main()
