"""Boilerplate learned of a simulated source: what is removed of its thirty recurring lines, and what of its stories.

usage: PYTHONPATH=. python benchmarks/boilerplate.py [--pages 500]

Ten pages come a day; each evening the lines are learned, and the next day's pages are extracted with what was learned
until then. Then the same pages are learned from in three random orders, and the tables compared.
"""

import argparse
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import trafilatura
from sqlalchemy import Connection

from pipeline.articles.extract import extract_page
from pipeline.articles.revisions import decide_revisions
from pipeline.articles.versions import article_of_page
from pipeline.steps.boilerplate import learn_lines
from pipeline.types import Article, CaptureKind, CaptureRef, Extraction, Learned, Source, VersionState
from pipeline.warehouse.arrow import read
from pipeline.warehouse.articles import record_articles
from pipeline.warehouse.boilerplate import learned_lines, record_sightings
from pipeline.warehouse.engine import Warehouse
from tests.recurring import HOST, PAGES_A_DAY, SimulatedPage, simulated_pages

NOW = datetime(2026, 12, 1, tzinfo=UTC)
FIRST = 30  # pages after which the lines are to be removed
SPENT: dict[str, float] = defaultdict(float)  # seconds of CPU
SOURCE = Source(HOST, "The Herald", "publisher", language="en")


def extract(page: SimulatedPage, learned: Learned | None = None) -> Extraction:
    found = extract_page(
        page.html,
        url=page.url,
        content_type=None,
        entry=None,
        source_language="en",
        timezone="UTC",
        now=NOW,
        learned=learned,
    )
    assert isinstance(found, Extraction)
    return found


def article(page: SimulatedPage, found: Extraction) -> Article:
    ref = CaptureRef(
        page.url, CaptureKind.PAGE, HOST, None, None, page.url, page.url, 200, None, 0, page.at, page.url, "", 0
    )
    return article_of_page(found, ref, SOURCE, None, now=NOW, code_version="1")


def land(conn: Connection, articles: Sequence[Article]) -> None:
    """The articles and what their pages bear witness of."""
    revisions = [revision for one in articles for revision in decide_revisions([_state(one)], one.article_id)]
    record_articles(conn, articles, revisions, NOW)
    begun = time.process_time()
    record_sightings(conn, articles)
    SPENT["sightings"] += time.process_time() - begun


def _state(one: Article) -> VersionState:
    return VersionState(
        one.version_id, one.captured_at, None, None, one.status, one.page_kind, one.word_count, one.title
    )


def table(conn: Connection) -> list[dict[str, object]]:
    return read(conn, "select * from ingest.boilerplate order by line_id")


def by_night(pages: Sequence[SimulatedPage], articles: Sequence[Article], folder: Path) -> None:
    """The nights one after the other."""
    left: Counter[int] = Counter()
    body_lost: Counter[str] = Counter()
    learned: Learned | None = None
    with Warehouse(folder / "nights.duckdb", "nightly", now=NOW) as warehouse:
        for start in range(0, len(pages), PAGES_A_DAY):
            for page in pages[start : start + PAGES_A_DAY] if start >= FIRST else ():
                text = extract(page, learned).text
                left[sum(line not in text for line in page.recurring)] += 1
                body_lost.update(line for line in page.paragraphs if line not in text)
            with warehouse.begin() as conn:
                land(conn, articles[start : start + PAGES_A_DAY])
                begun = time.process_time()
                learn_lines(conn)
                SPENT["learning"] += time.process_time() - begun
                learned = learned_lines(conn, [HOST]).get(HOST)
        told = table_of(warehouse)
    later = sum(left.values())
    kept = sum(line in (trafilatura.extract(page.html) or "") for page in pages[:20] for line in page.recurring)
    print(f"bare trafilatura keeps {kept / 20:.1f} of 30 recurring lines a page")
    print(f"of the {later} pages after the first {FIRST}:")
    for removed, count in sorted(left.items()):
        print(f"  {count:4} pages without {removed} of their 30 recurring lines")
    mean = sum(removed * count for removed, count in left.items()) / later
    print(f"  mean {mean:.2f} of 30; paragraphs of stories lost: {sum(body_lost.values())}")
    print(f"lines in the table: {len(told)}, left out: {sum(row['place'] is not None for row in told)}")
    nights = len(pages) / PAGES_A_DAY
    print(f"CPU: witness taken in {1000 * SPENT['sightings'] / len(pages):.1f} ms a page (ten at a time), ", end="")
    print(f"learning {1000 * SPENT['learning'] / nights:.0f} ms a night")


def table_of(warehouse: Warehouse) -> list[dict[str, object]]:
    with warehouse.begin() as conn:
        return table(conn)


def in_any_order(articles: Sequence[Article], folder: Path) -> None:
    tables = []
    for seed in range(3):
        shuffled = random.Random(seed).sample(articles, len(articles))
        with Warehouse(folder / f"order-{seed}.duckdb", "nightly", now=NOW) as warehouse, warehouse.begin() as conn:
            for start in range(0, len(shuffled), 37 + seed):
                land(conn, shuffled[start : start + 37 + seed])
            learn_lines(conn)
            tables.append(table(conn))
    same = all(one == tables[0] for one in tables)
    print(f"three random orders: {'the same table' if same else 'DIFFERENT TABLES'} of {len(tables[0])} lines")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=500)
    pages = simulated_pages(parser.parse_args().pages)
    articles = [article(page, extract(page)) for page in pages]
    with tempfile.TemporaryDirectory() as folder:
        by_night(pages, articles, Path(folder))
        in_any_order(articles, Path(folder))


if __name__ == "__main__":
    main()
