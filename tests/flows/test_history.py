"""What a source's own addresses still hold of its past: an archive of texts, sitemaps after an overrun."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.catalogue import load_catalogue
from pipeline.settings import Settings
from pipeline.steps import collect, held, overruns, polls
from pipeline.steps.history import discover, discover_past
from pipeline.steps.run import PAGE_LIMIT_S, Run, open_run
from pipeline.types import Window
from pipeline.warehouse.engine import Warehouse
from pipeline.warehouse.reading import reading
from pipeline.workers import Workers

NOW = datetime(2026, 4, 13, 2, tzinfo=UTC)
APRIL = Window(datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
CATALOGUE = """
[[source]]
id = "tidewire"
name = "Tidewire"
kind = "agency"
allow_private = true
spacing_s = 0

[[source.feed]]
name = "archive"
url = "SITE/archive"
"""


@dataclass
class Site:
    """What the server has, by path; what it has not is a 404."""

    folder: Path
    workers: Workers
    url: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)

    @property
    def warehouse(self) -> Path:
        return self.folder / "data" / "warehouse.duckdb"

    @contextmanager
    def run(self, kind: str, window: Window | None = None, *, now: datetime = NOW) -> Iterator[Run]:
        catalogue = self.folder / "sources.toml"
        catalogue.write_text(CATALOGUE.replace("SITE", self.url), "utf-8")
        settings = Settings(self.folder / "data", now=now, workers=1)
        with open_run(settings, kind, load_catalogue(catalogue, {}), window=window) as run:
            run.workers = self.workers
            yield run

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with reading(self.warehouse) as conn:
            return [tuple(row) for row in conn.exec_driver_sql(sql)]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """All runs share them: starting some for each costs seconds."""
    with Workers(1, PAGE_LIMIT_S, warm=("pipeline.steps.work",)) as workers:
        yield workers


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse file with its tables and nothing in them."""
    path = tmp_path_factory.mktemp("template") / "warehouse.duckdb"
    with Warehouse(path, "nightly", now=NOW):
        return path


@pytest.fixture
def site(tmp_path: Path, workers: Workers, template: Path) -> Iterator[Site]:
    site = Site(tmp_path, workers)
    site.warehouse.parent.mkdir()
    shutil.copy(template, site.warehouse)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.pages.get(self.path, "nothing here").encode()
            self.send_response(500 if self.path in site.failing else 200 if self.path in site.pages else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        site.url = f"http://127.0.0.1:{server.server_port}"
        yield site
        server.shutdown()


@pytest.mark.parametrize(("is_up", "failed"), [(True, 0), (False, 1)])
def test_a_site_that_answers_without_a_listing_is_no_outage(site, is_up, failed) -> None:
    if not is_up:
        site.failing |= {"/robots.txt", "/sitemap.xml", "/sitemap-2026-04.xml", "/archive"}
    with site.run("backfill", APRIL) as run:
        discover_past(run, {"tidewire": APRIL})
        [report] = run.tally.reports()
    assert (report.polled, report.failed) == (1, failed)
    assert "none of its listings could be read" in report.notes[-1]


# ------------------------------------------------------------------------------------------------ an archive of texts


def story(name: str, day: str, body: object, **further: object) -> dict[str, object]:
    stamp = f"{day}T09:00:00Z"
    return {
        "uri": f"tide:{name}",
        "type": "text",
        "headline": name,
        "versioncreated": stamp,
        "body_text": body,
        **further,
    }


IN_APRIL = story(
    "In April", "2026-04-02", "The lock was opened on Thursday for the first time since the flood of March."
)
IN_MARCH = story(
    "In March", "2026-03-02", "The lock was closed on Monday, for the flood had bent both of its lower gates."
)
HELD_BACK = story(
    "At noon",
    "2026-04-12",
    "The gates of the lock are to be painted green, as the harbour office had promised in the winter.",
    embargoed=f"{NOW + timedelta(hours=10):%Y-%m-%dT%H:%M:%SZ}",
)


def test_an_archive_lands_the_texts_of_the_window_and_sets_aside_what_is_no_item(site) -> None:
    site.pages["/archive"] = json.dumps([IN_APRIL, IN_MARCH, "no item at all"])
    with site.run("backfill", APRIL) as run:
        discover(run, {"tidewire": APRIL})
        [report] = run.tally.reports()
    assert (report.entries_new, report.articles_new, report.quarantined) == (1, 1, 1)
    assert site.rows("select title from ingest.article_versions") == [("In April",)]
    assert site.rows("select reason from ingest.quarantine") != []


def test_an_embargoed_item_that_only_an_archive_has_comes_in_after_its_minute(site) -> None:
    site.pages["/archive"] = json.dumps([IN_APRIL, HELD_BACK])
    with site.run("backfill", APRIL) as run:
        discover(run, {"tidewire": APRIL})
        [report] = run.tally.reports()
    assert (report.held, report.articles_new) == (1, 1)
    assert b"painted green" not in site.warehouse.read_bytes()
    with site.run("nightly", now=NOW + timedelta(hours=11)) as run:
        assert held.release_embargoes(run) == 1
    assert site.rows("select title from ingest.article_versions order by title") == [("At noon",), ("In April",)]


# ------------------------------------------------------------------------------------------------ overruns

FIRST_NIGHT = NOW - timedelta(days=3)


def feed(*days: int) -> str:
    items = "".join(
        f"<item><guid>{day}</guid><title>Of {day} April</title><link>https://tidewire.example/{day}</link>"
        f"<pubDate>{day:02} Apr 2026 12:00:00 GMT</pubDate></item>"
        for day in days
    )
    return f'<rss version="2.0"><channel><title>Tidewire</title>{items}</channel></rss>'


def sitemap(*days: int) -> str:
    named = "".join(
        f"<url><loc>https://tidewire.example/{day}</loc><lastmod>2026-04-{day:02}T12:00:00Z</lastmod></url>"
        for day in days
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{named}</urlset>'


def night(run: Run) -> str:
    """Feeds, and the repair of their overruns; what the run noted."""
    polls.derive_feeds(run, collect.collect_feeds(run, collect.due_feeds(run)))
    overruns.repair_overruns(run)
    return " ".join(note for report in run.tally.reports() for note in report.notes)


@pytest.fixture
def overrun(site: Site) -> Site:
    """A site whose feed has moved past what the first night saw, and that names a sitemap of the month."""
    site.pages |= {"/archive": feed(9), "/robots.txt": f"Sitemap: {site.url}/sitemap-2026-04.xml\n"}
    with site.run("nightly", now=FIRST_NIGHT) as run:
        night(run)
    site.pages["/archive"] = feed(12)
    return site


ATTEMPTS = "select repaired_at is not null, repair_attempts from ingest.polls where is_overrun"
NAMED = "select url from ingest.entries order by 1"


def test_an_overrun_is_repaired_by_a_sitemap_that_has_its_days(overrun) -> None:
    overrun.pages["/sitemap-2026-04.xml"] = sitemap(9, 10, 11, 12)
    with overrun.run("nightly") as run:
        assert "no listing has" not in night(run)
    assert overrun.rows(ATTEMPTS) == [(True, 1)]
    assert len(overrun.rows(NAMED)) == 5  # the feed's two, and three days of the sitemap, which has ids of its own


@pytest.mark.parametrize(
    ("pages", "failing"),
    [
        pytest.param({}, ["/sitemap-2026-04.xml"], id="fails"),
        pytest.param({}, [], id="is not there"),
        pytest.param({"/sitemap-2026-04.xml": "<urlset"}, [], id="can't be read"),
        pytest.param({"/sitemap-2026-04.xml": sitemap()}, [], id="names nothing"),
    ],
)
def test_an_overrun_whose_listing_is_no_evidence_stays_open_and_is_tried_again(overrun, pages, failing) -> None:
    overrun.pages |= pages
    overrun.failing |= set(failing)
    with overrun.run("nightly") as run:
        assert "no listing has 2026-04-10 and 2 more days; asked again from 2026-04-13 22:00 UTC on" in night(run)
    assert overrun.rows(ATTEMPTS) == [(False, 1)]
    overrun.failing.clear()
    overrun.pages["/sitemap-2026-04.xml"] = sitemap(9, 10, 11, 12)
    with overrun.run("nightly", now=NOW + timedelta(hours=1)) as run:
        night(run)
    assert overrun.rows(ATTEMPTS) == [(False, 1)]  # not within the hour
    with overrun.run("nightly", now=NOW + timedelta(days=1)) as run:
        night(run)
    assert overrun.rows(ATTEMPTS) == [(True, 2)]


def test_a_feed_that_is_followed_back_to_before_the_gap_is_repaired_too(overrun) -> None:
    """RFC 5005 3: the pages of a feed."""
    older = '<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="/archive?page=2"/><item>'
    overrun.pages["/archive"] = feed(12).replace("<item>", older, 1)
    overrun.pages["/archive?page=2"] = feed(11, 10).replace("<item>", older.replace("2", "3"), 1)
    overrun.pages["/archive?page=3"] = feed(9)
    with overrun.run("nightly") as run:
        assert "no listing has" not in night(run)
    assert overrun.rows(ATTEMPTS) == [(True, 1)]
