"""Dateline's extraction beside bare trafilatura: what the public benchmarks' figures say, and CPU per page.

usage: PYTHONPATH=. python benchmarks/extraction.py PAGES [--scorer SCORE.py] [--sets zyte,traf] [--sample 200]

PAGES has for each set `<set>.jsonl` (id, url, …) and `<set>/<id>.html.gz`. SCORE.py is a scorer that takes
`--dev PAGES --extractor MODULE:FUNC`; without it only CPU is measured. CPU is taken in one process, page by page, the
extractors in turn, so that a busy machine burdens all alike.

Every figure of Dateline stands twice: with nothing learned, and with the boilerplate that was learned of each host's
pages in PAGES. The sets have few pages of one host: their number is printed.
"""

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import trafilatura
from boilerplate import land
from trafilatura.settings import Document

from pipeline.articles.extract import extract_page
from pipeline.articles.learned import MIN_STORIES
from pipeline.articles.published import choose_date
from pipeline.articles.versions import article_of_page
from pipeline.steps.boilerplate import learn_lines
from pipeline.types import Article, BadItem, CaptureKind, CaptureRef, Extraction, Learned, Source
from pipeline.warehouse.boilerplate import learned_lines
from pipeline.warehouse.engine import Warehouse

NOW = datetime(2026, 12, 1, tzinfo=UTC)
LEARNED = "LEARNED_LINES"  # a variable of the environment: the file that says what was learned
SETS = "zyte,fundus_eval,fixtures,traf"
Extractor = Callable[[bytes, str], dict[str, object]]


def dateline(html: bytes, url: str) -> dict[str, object]:
    """With nothing learned."""
    return scored(extract(html, url))


def dateline_learned(html: bytes, url: str) -> dict[str, object]:
    """With what was learned of the pages of its host."""
    return scored(extract(html, url, learned_of_hosts().get(host(url))))


def extract(html: bytes, url: str, learned: Learned | None = None) -> Extraction | BadItem:
    return extract_page(
        html,
        url=url,
        content_type=None,
        entry=None,
        source_language=None,
        timezone="UTC",
        now=NOW,
        learned=learned,
    )


def scored(found: Extraction | BadItem) -> dict[str, object]:
    """What the scorers ask for. They count an agency as an author where nobody else signs."""
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
    if not isinstance(found, Document):
        return {}
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return {"text": found.text, "title": found.title, "authors": authors, "published_at": found.date}


def read_pages(folder: Path, names: list[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            yield row["url"], gzip.decompress((folder / name / f"{row['id']}.html.gz").read_bytes())


def host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


@cache
def learned_of_hosts() -> dict[str, Learned]:
    """What `learn_of_hosts` had written for this process."""
    written = json.loads(Path(os.environ[LEARNED]).read_text("utf-8"))
    return {name: Learned(places) for name, places in written.items()}


def learn_of_hosts(pages: list[tuple[str, bytes]], folder: Path) -> None:
    """Learns of all pages, each host a source, and writes that down for this process and its children."""
    articles = [article for url, html in pages if (article := article_of(url, html))]
    names = sorted({article.source_id for article in articles})
    with Warehouse(folder / "learned.duckdb", "nightly", now=NOW) as warehouse, warehouse.begin() as conn:
        land(conn, articles)
        learn_lines(conn)
        learned = learned_lines(conn, names)
    path = folder / "learned.json"
    path.write_text(json.dumps({name: dict(of_host.places) for name, of_host in learned.items()}), "utf-8")
    os.environ[LEARNED] = str(path)
    sizes = [sum(article.source_id == name for article in articles) for name in names]
    lines = sum(len(of_host.places) for of_host in learned.values())
    print(f"{len(names)} hosts, of which {sum(size >= MIN_STORIES for size in sizes)} have {MIN_STORIES} pages or more")
    print(f"  learned: {lines} lines of {len(learned)} hosts")


def article_of(url: str, html: bytes) -> Article | None:
    found = extract(html, url)
    if isinstance(found, BadItem):
        return None
    ref = CaptureRef(url, CaptureKind.PAGE, host(url), None, None, url, url, 200, None, len(html), NOW, url, "", 0)
    source = Source(host(url), host(url), "publisher")
    return article_of_page(found, ref, source, None, now=NOW, code_version="1")


def cpu_per_page(pages: list[tuple[str, bytes]]) -> dict[str, float]:
    """Milliseconds of CPU a page, paired; the first pages, which load models, are not counted."""
    spent = dict.fromkeys(EXTRACTORS, 0.0)
    for url, html in pages[:5]:
        for extractor in EXTRACTORS.values():
            extractor(html, url)
    for turn, (url, html) in enumerate(pages):
        for name, extractor in sorted(EXTRACTORS.items(), reverse=bool(turn % 2)):
            begun = time.process_time()
            extractor(html, url)
            spent[name] += time.process_time() - begun
    return {name: 1000 * seconds / len(pages) for name, seconds in spent.items()}


EXTRACTORS: dict[str, Extractor] = {"bare": bare, "dateline": dateline, "dateline_learned": dateline_learned}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--scorer", type=Path)
    parser.add_argument("--sets", default=SETS)
    parser.add_argument("--sample", type=int, default=200, help="pages that CPU is measured on")
    asked = parser.parse_args()
    pages = list(read_pages(asked.pages, asked.sets.split(",")))
    random.Random(1).shuffle(pages)
    with tempfile.TemporaryDirectory() as folder:
        learn_of_hosts(pages, Path(folder))
        measure(asked, pages)


def measure(asked: argparse.Namespace, pages: list[tuple[str, bytes]]) -> None:
    cpu = cpu_per_page(pages[: asked.sample])
    print(f"CPU on {min(asked.sample, len(pages))} of {len(pages)} pages, in milliseconds a page")
    for name, spent in cpu.items():
        print(f"  {name:16} {spent:5.1f}  ratio {spent / cpu['bare']:.2f}")
    here = Path(__file__).resolve().parent
    path = os.pathsep.join([str(here.parent), str(here)])
    for name in EXTRACTORS if asked.scorer else ():
        print(f"\n{name}", flush=True)
        command = [sys.executable, str(asked.scorer), "--dev", str(asked.pages), "--sets", asked.sets, "--jobs", "2"]
        subprocess.run(
            [*command, "--extractor", f"extraction:{name}"], check=True, env=os.environ | {"PYTHONPATH": path}
        )


if __name__ == "__main__":
    main()
