"""A backfill of what a source's own addresses still hold: an agency's archive that delivers its texts whole."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline.catalogue import load_catalogue
from pipeline.settings import Settings
from pipeline.steps.history import discover
from pipeline.steps.run import open_run
from pipeline.types import Window
from pipeline.warehouse.reading import reading

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
url = "SITE/archive.json"
"""


def story(name: str, day: str, body: object) -> dict[str, object]:
    stamp = f"{day}T09:00:00Z"
    return {"uri": f"tide:{name}", "type": "text", "headline": name, "versioncreated": stamp, "body_text": body}


ITEMS = [
    story("In April", "2026-04-02", "The lock was opened on Thursday for the first time since the flood of March."),
    story("In March", "2026-03-02", "The lock was closed on Monday, for the flood had bent both of its lower gates."),
    "no item at all",
]


class Archive(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_there = self.path == "/archive.json"
        body = json.dumps(ITEMS).encode() if is_there else b"nothing here"
        self.send_response(200 if is_there else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Archive) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_archive_that_delivers_its_texts_lands_those_of_the_window_and_sets_aside_what_is_no_item(
    site, tmp_path
) -> None:
    catalogue = tmp_path / "sources.toml"
    catalogue.write_text(CATALOGUE.replace("SITE", site), "utf-8")
    settings = Settings(tmp_path / "data", now=NOW, workers=1)
    with open_run(settings, "backfill", load_catalogue(catalogue, {}), window=APRIL) as run:
        discover(run, {"tidewire": APRIL})
    with reading(settings.warehouse_path) as conn:
        assert [tuple(row) for row in conn.exec_driver_sql("select title from ingest.article_versions")] == [
            ("In April",)
        ]
        assert [row[0] for row in conn.exec_driver_sql("select reason from ingest.quarantine")] != []
