"""Manners: robots.txt, spacing and slots, over real HTTP."""

import time

from pipeline.captures.web import Web
from pipeline.types import CaptureKind, Politeness

PAGE, SITEMAP, FEED, ROBOTS = CaptureKind.PAGE, CaptureKind.SITEMAP, CaptureKind.FEED, CaptureKind.ROBOTS
RULES = b"User-agent: *\nDisallow: /private/\nUser-agent: dateline\nDisallow: /not-us/\n"


def test_what_robots_disallow_is_never_fetched(site, proxied, make_request) -> None:
    site.serve("/robots.txt", 200, RULES)
    site.serve("/private/a", 200, b"for others")
    site.serve("/not-us/a", 200, b"not for us")
    urls = ["http://news.example/private/a", "http://news.example/not-us/a"]
    allowed, refused, robots = proxied.fetch([make_request(url, PAGE) for url in urls])
    assert allowed.failure is None  # the group of our name stands alone (RFC 9309 2.2.1)
    assert refused.failure.reason == "robots_disallowed"
    assert refused.captures == ()
    assert robots.request.kind is ROBOTS
    assert robots.capture.body == RULES
    assert sorted(site.urls_asked()) == ["http://news.example/private/a", "http://news.example/robots.txt"]


def test_robots_are_asked_once_a_host_and_for_what_we_find_ourselves_alone(site, proxied, make_request) -> None:
    site.serve("/robots.txt", 200, b"User-agent: *\nDisallow: /")
    site.serve("/feed.xml", 200, b"feed")
    fetched = proxied.fetch(
        [
            make_request("http://news.example/feed.xml", FEED),
            make_request("http://news.example/a", PAGE),
            make_request("http://news.example/sitemap.xml", SITEMAP),
            make_request("http://news.example:8080/a", PAGE),
        ]
    )
    assert [one.failure.reason if one.failure else None for one in fetched[:4]] == [None, *["robots_disallowed"] * 3]
    assert len(fetched) == 6  # one for each of the two authorities (RFC 9309 2.3)
    again = proxied.fetch([make_request("http://news.example/b", PAGE)])
    assert [one.failure.reason for one in again] == ["robots_disallowed"]


def test_no_robots_allow_all(site, proxied, make_request) -> None:
    site.serve("/a", 200, b"page")
    page, robots = proxied.fetch([make_request("http://news.example/a", PAGE)])
    assert page.failure is None
    assert robots.capture.status == 404


def test_robots_out_of_reach_disallow_all(site, proxied, make_request) -> None:
    site.serve("/robots.txt", 503)
    site.serve("/a", 200, b"page")
    failure = proxied.fetch([make_request("http://news.example/a", PAGE)])[0].failure
    assert failure.reason == "robots_unreachable"
    assert "http_503" in failure.detail
    assert "http://news.example/a" not in site.urls_asked()


def test_robots_are_followed_through_redirects(site, proxied, make_request) -> None:
    site.serve("/robots.txt", 301, Location="http://www.news.example/robots")
    site.serve("/robots", 200, RULES)
    page, robots = proxied.fetch([make_request("http://news.example/not-us/a", PAGE)])
    assert page.failure.reason == "robots_disallowed"
    assert [capture.status for capture in robots.captures] == [301, 200]


def test_a_redirect_to_another_host_asks_its_robots(site, proxied, make_request) -> None:
    site.serve("http://news.example/a", 302, Location="http://other.example/private/a")
    site.serve("http://other.example/robots.txt", 200, b"User-agent: *\nDisallow: /private/")
    site.serve("http://other.example/private/a", 200, b"page")
    page = proxied.fetch([make_request("http://news.example/a", PAGE)])[0]
    assert page.failure.reason == "robots_disallowed"
    assert [capture.status for capture in page.captures] == [302]


def starts(site, host: str) -> list[float]:
    return sorted(asked.at for asked in site.asked if host in asked.url and "robots" not in asked.url)


def test_requests_to_one_host_are_spaced(site, proxied: Web, make_request) -> None:
    for path in "abc":
        site.serve(f"/{path}", 200, b"page")
    polite = Politeness(concurrency=3, spacing_s=0.2)
    requests = [
        make_request(f"http://{host}.example/{path}", politeness=polite) for host in ("x", "y") for path in "abc"
    ]
    proxied.fetch(requests)
    for host in ("x.example", "y.example"):
        first, _, third = starts(site, host)
        assert third - first > 0.3
    both = starts(site, "")
    assert both[-1] - both[0] < 0.8  # hosts do not wait for each other


def test_a_crawl_delay_raises_the_spacing(site, proxied, make_request) -> None:
    site.serve("/robots.txt", 200, b"User-agent: *\nCrawl-delay: 0.3\n")
    site.serve("/a", 200)
    site.serve("/b", 200)
    proxied.fetch([make_request(f"http://news.example/{path}", PAGE) for path in "ab"])
    first, second = starts(site, "news.example")
    assert second - first > 0.2


def test_a_host_is_asked_so_much_at_once_and_no_more(site, proxied, make_request) -> None:
    for number in range(8):
        site.serve_by(f"/{number}", lambda handler: (time.sleep(0.02), handler.answer(200)))
    two = Politeness(concurrency=2, spacing_s=0.0)
    proxied.fetch([make_request(f"http://news.example/{number}", politeness=two) for number in range(8)])
    assert site.most_at_once == 2
