"""The sample wire over real HTTP, as a proxy: what it serves when, and how it answers conditional requests."""

import gzip
import time
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

import pytest

from deployments.sample.gold import special_cases
from deployments.sample.newsroom import outlets
from deployments.sample.routes import answer
from deployments.sample.site import NIGHTS, SampleWire
from deployments.sample.stories import compose
from pipeline.catalogue.load import load_catalogue, missing_folders

FIRST, SECOND = NIGHTS
CASES = special_cases()
WEEKLY = "http://lakeside-weekly.example/rss"
COURIER = "http://www.harbour-courier.example/feeds/news.rss"


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@pytest.fixture(scope="module")
def wire() -> Iterator[SampleWire]:
    with SampleWire() as found:
        yield found


@pytest.fixture(scope="module")
def opener(wire: SampleWire) -> OpenerDirector:
    return build_opener(ProxyHandler({"http": wire.proxy_url}), Stay())


def ask(opener: OpenerDirector, url: str, **headers: str) -> tuple[int, Message, bytes]:
    request = Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with opener.open(request, timeout=5) as found:
            return found.status, found.headers, found.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


@pytest.mark.parametrize(
    ("url", "status"),
    [
        pytest.param(COURIER, 200, id="a feed"),
        pytest.param(CASES.stub.url, 200, id="a paywall stub"),
        pytest.param(CASES.gone.url, 404, id="a page that is gone"),
        pytest.param("http://www.tidewater-post.example/rss.xml", 301, id="a feed that moved"),
        pytest.param("http://radio.harbour-courier-archive.example/rss", 502, id="a host that is dead"),
        pytest.param("http://inland-gazette.example/sitemap-2026-03.xml", 200, id="a sitemap of a month"),
        pytest.param("http://inland-gazette.example/sitemap-2026-02.xml", 404, id="a month before there was news"),
        pytest.param("http://www.harbour-courier.example/nothing", 404, id="a page that never was"),
    ],
)
def test_addresses_answer_as_they_should(wire: SampleWire, opener: OpenerDirector, url: str, status: int) -> None:
    wire.set_now(SECOND)
    assert ask(opener, url)[0] == status


def test_the_moved_feed_says_where_it_is(wire: SampleWire, opener: OpenerDirector) -> None:
    _, headers, _ = ask(opener, "http://www.tidewater-post.example/rss.xml")
    assert ask(opener, headers["Location"])[0] == 200


def test_the_weekly_is_unchanged_on_the_second_night_and_the_courier_is_not(
    wire: SampleWire, opener: OpenerDirector
) -> None:
    wire.set_now(FIRST)
    validators = {url: ask(opener, url)[1] for url in (WEEKLY, COURIER)}
    wire.set_now(SECOND)
    for name, header in (("If_None_Match", "ETag"), ("If_Modified_Since", "Last-Modified")):
        assert ask(opener, WEEKLY, **{name: validators[WEEKLY][header]})[0] == 304
        assert ask(opener, COURIER, **{name: validators[COURIER][header]})[0] == 200


def test_a_page_appears_when_it_is_published_and_changes_when_it_is_corrected(
    wire: SampleWire, opener: OpenerDirector
) -> None:
    item = CASES.corrected_page
    assert item.url
    seen = []
    for now in (FIRST.replace(month=3), FIRST, SECOND):
        wire.set_now(now)
        status, headers, body = ask(opener, item.url)
        seen.append((status, headers["ETag"], b"Correction: an earlier version" in body))
    assert [(status, corrected) for status, _, corrected in seen] == [(404, False), (200, False), (200, True)]
    assert seen[1][1] != seen[2][1]


def test_a_page_is_the_same_bytes_on_both_nights_unless_it_was_corrected() -> None:
    for item in compose():
        if item.url and item.published_at < FIRST and item is not CASES.corrected_page:
            host = item.outlet.host or ""
            assert answer(host, item.path, FIRST) == answer(host, item.path, SECOND), item.id


def test_bodies_are_packed_for_those_who_take_it(wire: SampleWire, opener: OpenerDirector) -> None:
    _, headers, packed = ask(opener, COURIER, Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == ask(opener, COURIER)[2]


def test_robots_keeps_fetchers_from_the_page_that_it_names(wire: SampleWire, opener: OpenerDirector) -> None:
    _, _, body = ask(opener, "http://www.harbour-courier.example/robots.txt")
    assert b"Disallow: /subscribers/" in body
    assert CASES.disallowed.path.startswith("/subscribers/")


def test_the_date_header_is_of_the_rehearsed_night(wire: SampleWire, opener: OpenerDirector) -> None:
    wire.set_now(FIRST)
    assert ask(opener, COURIER)[1]["Date"] == "Mon, 06 Apr 2026 02:00:00 GMT"


def test_the_catalogue_loads_and_its_folders_fill_as_the_nights_pass(wire: SampleWire, tmp_path: Path) -> None:
    folders = tmp_path / "wires of the night"
    counts = []
    for night in (FIRST, SECOND, SECOND):
        wire.set_now(night)
        wire.fill_folders(folders)
        counts.append(len(list(folders.rglob("*.*"))))
    wire.write_catalogue(tmp_path / "sources.toml", folders)
    sources = load_catalogue(tmp_path / "sources.toml", {})
    assert [source.id for source in sources] == list(outlets())
    assert missing_folders(sources) == []
    assert counts[0] < counts[1] == counts[2]
    assert all(path.stat().st_mtime < SECOND.timestamp() for path in folders.rglob("*.*"))


def test_all_pages_are_made_in_less_than_a_second() -> None:
    compose()
    since = time.process_time()
    for item in compose():
        if item.url:
            answer(item.outlet.host or "", item.path, SECOND)
    assert time.process_time() - since < 1
