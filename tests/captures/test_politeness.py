"""What servers say of when to come back and where not to go, as tables of named cases."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.captures.politeness import fresh_until, next_start, retry_after, robot_rules

NOW = datetime(2026, 4, 13, 2, 0, tzinfo=UTC)
DATE = ("Date", "Mon, 13 Apr 2026 12:00:00 GMT")  # the server's clock is ten hours ahead of the run's

RETRY_AFTER = {
    "seconds": ([("Retry-After", "120")], 120),
    "a date, by the server's clock": ([DATE, ("retry-after", "Mon, 13 Apr 2026 12:05:00 GMT")], 300),
    "a date, by ours where it has none": ([("Retry-After", "Mon, 13 Apr 2026 02:05:00 GMT")], 300),
    "a date that is past": ([DATE, ("Retry-After", "Mon, 13 Apr 2026 11:00:00 GMT")], 0),
    "nonsense": ([("Retry-After", "soon")], None),
    "negative": ([("Retry-After", "-5")], None),
    "none": ([], None),
}


@pytest.mark.parametrize(("headers", "seconds"), RETRY_AFTER.values(), ids=RETRY_AFTER.keys())
def test_retry_after(headers, seconds: int | None) -> None:
    assert retry_after(headers, NOW) == (None if seconds is None else timedelta(seconds=seconds))


FRESH = {
    "max-age": ([("Cache-Control", "public, max-age=300")], 300),
    "max-age less its age": ([("Cache-Control", "max-age=300"), ("Age", "100")], 200),
    "older than its age": ([("Cache-Control", "max-age=300"), ("Age", "400")], None),
    "a shared cache's lifetime is not ours": ([("Cache-Control", "s-maxage=300")], None),
    "no-cache": ([("Cache-Control", "no-cache, max-age=300")], None),
    "max-age goes before Expires": (
        [("Cache-Control", "max-age=60"), DATE, ("Expires", "Mon, 13 Apr 2026 13:00:00 GMT")],
        60,
    ),
    "Expires, by the server's clock": ([DATE, ("Expires", "Mon, 13 Apr 2026 12:10:00 GMT")], 600),
    "Expires of the past": ([DATE, ("Expires", "Mon, 13 Apr 2026 11:10:00 GMT")], None),
    "Expires that is no date": ([("Expires", "0")], None),
    "in two fields": ([("Cache-Control", "public"), ("Cache-Control", "max-age=300")], 300),
    "nothing": ([], None),
}


@pytest.mark.parametrize(("headers", "seconds"), FRESH.values(), ids=FRESH.keys())
def test_freshness(headers, seconds: int | None) -> None:
    assert fresh_until(headers, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_starts_are_spaced() -> None:
    start, free = next_start(0.0, 10.0, 1.5)
    assert (start, free) == (10.0, 11.5)
    assert next_start(free, 10.2, 1.5) == (11.5, 13.0)


def test_robots() -> None:
    rules = robot_rules(200, "\ufeffUser-agent: *\nDisallow: /a\nAllow: /a/b\nCrawl-delay: 2.5".encode(), "Dateline")
    assert rules is not None
    assert [rules.allows(f"https://x.example{path}") for path in ("/a", "/a/b", "/c")] == [False, True, True]
    assert rules.crawl_delay_s == 2.5
    missing = robot_rules(403, b"", "Dateline")
    assert missing is not None
    assert missing.allows("https://x.example/a")
    assert missing.crawl_delay_s == 0
    assert robot_rules(500, b"", "Dateline") is None
    odd = robot_rules(200, b"<html>\xff\x00 not robots at all", "Dateline")
    assert odd is not None
    assert odd.allows("https://x.example/a")
