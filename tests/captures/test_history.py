"""A backfill finds a source's past, asks for no more than it may need, and claims silence only where it is proved."""

from collections import deque
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.captures.history import PAGES_AT_MOST, first_requests, further_requests, listings
from pipeline.captures.periods import Period, numbered, period_of
from pipeline.types import (
    BadItem,
    CaptureKind,
    CaptureRef,
    Delivery,
    Entry,
    Feed,
    FeedDocument,
    Politeness,
    Secret,
    Source,
    Window,
)

ROOT = "https://planet.example"
KEY = Secret("s3cret")
PLANET = Source(
    id="planet",
    name="The Planet",
    kind="publisher",
    timezone="Europe/Berlin",
    homepage=f"{ROOT}/",
    feeds=(
        Feed(
            "planet/main",
            "planet",
            f"{ROOT}/feed/?key=${{KEY}}",
            secrets=(("KEY", KEY),),
            politeness=Politeness(1, 5.0),
        ),
        Feed("planet/drop", "planet", "/srv/drop", delivery=Delivery.FOLDER),
    ),
)
MARCH = Window(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC))


def ref_of(url, kind=CaptureKind.SITEMAP, *, status=200, feed_id=None, at=datetime(2024, 5, 1, tzinfo=UTC), **changes):
    ref = CaptureRef(
        id="c", kind=kind, source_id="planet", feed_id=feed_id, entry_id=None, url=url, final_url=url, status=status,
        content_type=None, size_bytes=1, captured_at=at, digest="", warc_path="", warc_offset=0,
    )  # fmt: skip
    return replace(ref, **changes)


def entry(position, at=None, *, changed=None, url=None):
    return Entry(id=str(position), position=position, url=url, published_at=at, updated_at=changed)


def document(*entries, format="sitemap", links=(), older_url=None, bad_items=()):
    return FeedDocument(format, entries, links=tuple(links), older_url=older_url, bad_items=bad_items)


def urls(requests):
    return [request.url for request in requests]


def further(ref, document=None, body=b"", window=MARCH, source=PLANET):
    return further_requests(source, window, ref, document, body)


# ------------------------------------------------------------------------------------------------ names of listings


@pytest.mark.parametrize(
    ("url", "period"),
    [
        ("/sitemap-2024-03.xml", Period(date(2024, 3, 1), date(2024, 3, 31), True)),
        ("/sitemap_202402.xml.gz", Period(date(2024, 2, 1), date(2024, 2, 29), True)),
        ("/sitemap/2024/03/05/", Period(date(2024, 3, 5), date(2024, 3, 5), True)),
        ("/sitemap20240305.xml", Period(date(2024, 3, 5), date(2024, 3, 5), True)),
        ("/2024/sitemap-2024-03.xml", Period(date(2024, 3, 1), date(2024, 3, 31), True)),
        ("/sitemap.xml?yyyy=2024&mm=3&dd=5", Period(date(2024, 3, 5), date(2024, 3, 5), True)),
        ("/sitemap.xml?year=2024&month=3", Period(date(2024, 3, 1), date(2024, 3, 31), True)),
        ("/sitemap.xml?date=2024-03-01&unit=months&p=1", Period(date(2024, 3, 1), date(2024, 3, 31), False)),
        ("/sitemap-2024.xml", Period(date(2024, 1, 1), date(2024, 12, 31), True)),
        ("/sitemap-2024-3.xml", Period(date(2024, 1, 1), date(2024, 12, 31), False)),
        ("/sitemap-2024-03-p00.xml", Period(date(2024, 3, 1), date(2024, 3, 31), False)),
        ("/sport/sitemap-2024-03.xml", Period(date(2024, 3, 1), date(2024, 3, 31), False)),
        ("/sitemap-2024-01-01-2024-02-15.xml", Period(date(2024, 1, 1), date(2024, 2, 15), True)),
        ("/sitemap-2024-02-30.xml", None),
        ("/sitemap-17.xml", None),
        ("/sitemap-1712345678.xml", None),
        ("/sitemap-news.xml", None),
    ],
)
def test_a_name_tells_the_days_that_a_listing_covers(url, period):
    assert period_of(ROOT + url) == period


def test_a_year_among_part_numbers_is_a_part_number():
    parts = [f"{ROOT}/sitemap-{n}.xml" for n in (1, 1999, 2000)]
    assert numbered([*parts, f"{ROOT}/archive-2000.xml"]) == frozenset(parts)


# ------------------------------------------------------------------------------------------------ where to look


def test_a_walk_begins_at_robots_txt_and_the_web_feeds():
    robots, feed = first_requests(PLANET)
    assert (robots.kind, robots.url) == (CaptureKind.ROBOTS, f"{ROOT}/robots.txt")
    assert (feed.kind, feed.url, feed.feed_id) == (CaptureKind.FEED, f"{ROOT}/feed/?key=${{KEY}}", "planet/main")
    assert feed.secrets == (("KEY", KEY),)
    assert robots.secrets == ()
    assert robots.politeness == Politeness(1, 5.0)


def test_without_a_homepage_the_hosts_of_the_feeds_are_asked_once_each_and_without_user_information():
    feeds = [Feed(f"planet/{n}", "planet", url) for n, url in enumerate(
        ["https://${U}:${P}@a.example/1", "https://a.example/2", "http://b.example:8080/3"]
    )]  # fmt: skip
    requests = first_requests(replace(PLANET, homepage=None, feeds=tuple(feeds)))
    robots = [request.url for request in requests if request.kind is CaptureKind.ROBOTS]
    assert robots == ["https://a.example/robots.txt", "http://b.example:8080/robots.txt"]


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"User-agent: *\r\nSITEMAP : https://planet.example/a.xml\r\nsitemap: /b.xml #\n", 200, ["/a.xml", "/b.xml"]),
        (b"\xef\xbb\xbfSitemap: https://planet.example/a.xml\nSitemap: https://planet.example/a.xml", 200, ["/a.xml"]),
        (b"User-agent: *\nDisallow:\n", 200, ["/sitemap.xml"]),
        (b"<html>Sitemap: /404.xml</html>", 404, ["/sitemap.xml"]),
        (b"Sitemap: /sitemap-2023-11.xml\nSitemap: /sitemap-2024-03.xml", 200, ["/sitemap-2024-03.xml"]),
    ],
    ids=["lines in any case", "with a byte order mark, and twice", "none named", "no robots.txt", "an old one"],
)  # fmt: skip
def test_robots_txt_tells_the_sitemaps(body, status, expected):
    ref = ref_of(f"{ROOT}/robots.txt", CaptureKind.ROBOTS, status=status)
    found = further(ref, body=body)
    assert urls(found) == [ROOT + path for path in expected]
    assert {request.kind for request in found} == {CaptureKind.SITEMAP}


def test_only_those_sitemaps_of_an_index_are_asked_that_can_hold_the_window():
    taken = ["/sitemap-2024-03.xml", "/sitemap/2024/02/29/", "/sitemap-2024-04.xml", "/sitemap-2024.xml", "/recent.xml"]
    left = [
        "/sitemap-2024-01.xml", "/sitemap/2024/02/28/", "/sitemap-2024-05.xml", "/sitemap-2023.xml",
        "/image-sitemap.xml", "/wp-sitemap-taxonomies-category-1.xml", "/post_tag-sitemap.xml", "/authors/sitemap.xml",
    ]  # fmt: skip
    links = [ROOT + path for path in (*taken, *left)]
    index = document(links=[*links, links[0], f"{ROOT}/sitemap.xml", "ftp://planet.example/sitemap-2024-03.xml"])
    assert urls(further(ref_of(f"{ROOT}/sitemap.xml"), index)) == [ROOT + path for path in taken]


def test_an_unbounded_window_takes_every_sitemap():
    index = document(links=[f"{ROOT}/sitemap-1999-01.xml", f"{ROOT}/sitemap-2024-03.xml"])
    assert len(further(ref_of(f"{ROOT}/sitemap.xml"), index, window=Window())) == 2


def feed_ref(url=f"{ROOT}/rss.xml", **changes):
    return ref_of(url, CaptureKind.FEED, feed_id="planet/main", **changes)


IN_MARCH, BEFORE = datetime(2024, 3, 10, tzinfo=UTC), datetime(2024, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dates", "window", "goes_on"),
    [
        ([IN_MARCH], MARCH, True),
        ([datetime(2026, 1, 1, tzinfo=UTC)], MARCH, True),
        ([BEFORE, IN_MARCH], MARCH, True),
        ([BEFORE], MARCH, False),
        ([IN_MARCH, BEFORE], Window(), True),
        ([IN_MARCH, None], MARCH, True),
        ([None, None], MARCH, False),
        ([], Window(), False),
    ],
    ids=["in it", "later", "an older one pinned above", "older", "no bound", "one undated", "all undated", "empty"],
)
def test_an_archive_is_followed_until_it_is_older_than_the_window(dates, window, goes_on):
    page = document(*(entry(n, at) for n, at in enumerate(dates)), format="atom", older_url=f"{ROOT}/archive/7")
    found = further(feed_ref(), page, window=window)
    assert urls(found) == ([f"{ROOT}/archive/7"] if goes_on else [])


@pytest.mark.parametrize(
    ("url", "body", "older"),
    [
        ("/feed/", b"<rss>", "/feed/?paged=2"),
        ("/feed/?key=${KEY}&paged=2", b"<rss>", "/feed/?key=${KEY}&paged=3"),
        ("/news.rss", b"<rss><generator>https://wordpress.org/?v=6.4</generator>", "/news.rss?paged=2"),
        ("/news.atom", b'<feed><generator uri="https://wordpress.org/" version="6.4">', "/news.atom?paged=2"),
        (f"/feed/?paged={PAGES_AT_MOST}", b"<rss>", None),
        ("/news.rss", b"<rss><generator>Ours 2.0</generator>", None),
    ],
)
def test_wordpress_feeds_have_pages(url, body, older):
    found = further(feed_ref(ROOT + url), document(entry(0, IN_MARCH), format="rss"), body)
    assert urls(found) == ([ROOT + older] if older else [])


def test_keys_go_to_the_feeds_own_host_alone():
    own, other = (
        further(feed_ref(), document(entry(0, IN_MARCH), format="rss", older_url=url))[0]
        for url in (f"{ROOT}/old?key=${{KEY}}", "https://elsewhere.example/old")
    )
    assert own.secrets == (("KEY", KEY),)
    assert other.secrets == ()


def test_private_addresses_are_asked_only_at_the_hosts_of_the_catalogue():
    source = replace(PLANET, allow_private=True)
    index = document(links=[f"{ROOT}/a.xml", "http://10.0.0.1/b.xml"])
    assert [r.allow_private for r in further(ref_of(f"{ROOT}/sitemap.xml"), index, source=source)] == [True, False]


@pytest.mark.parametrize("older_url", [f"{ROOT}/rss.xml", "javascript:void(0)", None])
def test_a_page_that_names_itself_or_nothing_ends_the_walk(older_url):
    assert further(feed_ref(), document(entry(0, IN_MARCH), format="rss", older_url=older_url)) == []


def test_what_could_not_be_read_leads_nowhere():
    assert further(ref_of(f"{ROOT}/sitemap.xml")) == []


def test_a_whole_site_is_walked_and_the_walk_ends():
    """An index that names itself and its parent, an archive that runs in a circle, and a page that is not there."""
    april = datetime(2024, 4, 2, tzinfo=UTC)
    site = {
        "/robots.txt": b"Sitemap: https://planet.example/sitemap.xml",
        "/sitemap.xml": document(
            links=[f"{ROOT}/{name}.xml" for name in ("sitemap", "blog", "sitemap-2024-01", "sitemap-2024-03")]
        ),
        "/blog.xml": document(links=[f"{ROOT}/sitemap.xml", f"{ROOT}/gone-2024-03.xml"]),
        "/sitemap-2024-03.xml": document(entry(0, IN_MARCH)),
        "/feed/?key=${KEY}": document(entry(0, april), format="rss", older_url=f"{ROOT}/feed/2"),
        "/feed/2": document(entry(0, IN_MARCH), format="rss", older_url=f"{ROOT}/feed/?key=${{KEY}}"),
    }  # fmt: skip
    queue, asked = deque(first_requests(PLANET)), []
    while queue:
        request = queue.popleft()
        if request.url in asked:
            continue
        asked.append(request.url)
        answer = site.get(request.url.removeprefix(ROOT))
        ref = ref_of(request.url, request.kind, feed_id=request.feed_id)
        if isinstance(answer, bytes):
            queue += further(ref, body=answer)
        elif answer:
            queue += further(ref, answer)
    assert sorted(asked) == sorted(f"{ROOT}{path}" for path in [*site, "/gone-2024-03.xml"])


# ------------------------------------------------------------------------------------------------ silence


MONTH = ref_of(f"{ROOT}/sitemap-2024-03.xml")


def noon(day, month=3):
    return datetime(2024, month, day, 12, tzinfo=UTC)


def listed(document, ref=MONTH, window=MARCH, source=PLANET):
    return {one.day: one.items for one in listings(source, window, document, ref)}


def test_every_day_of_a_dated_sitemap_is_claimed_those_without_items_too():
    found = listings(PLANET, Window(), document(entry(0, noon(5)), entry(1, noon(5)), entry(2, noon(31))), MONTH)
    assert [one.day for one in found] == [date(2024, 3, 1) + timedelta(n) for n in range(31)]
    assert {one.day.day: one.items for one in found if one.items} == {5: 2, 31: 1}
    assert {(one.source_id, one.url, one.listed_at) for one in found} == {("planet", MONTH.url, MONTH.captured_at)}


def test_days_are_those_of_the_sources_clock():
    late = datetime(2024, 3, 5, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    assert listed(document(entry(0, late)))[date(2024, 3, 6)] == 1
    assert listed(document(entry(0, late)), source=replace(PLANET, timezone="UTC"))[date(2024, 3, 5)] == 1


def test_only_days_that_lie_whole_in_the_window_are_claimed():
    window = Window(datetime(2024, 3, 10, tzinfo=UTC), datetime(2024, 3, 12, 23, tzinfo=UTC))
    assert listed(document(entry(0, noon(5))), window=window) == {date(2024, 3, 11): 0, date(2024, 3, 12): 0}


def test_a_day_that_was_not_over_is_not_claimed():
    today = replace(MONTH, captured_at=datetime(2024, 3, 3, 22, 59, tzinfo=UTC))  # one minute to midnight in Berlin
    assert max(listed(document(entry(0, noon(1))), today, Window())) == date(2024, 3, 2)
    past_midnight = replace(today, captured_at=datetime(2024, 3, 3, 23, 1, tzinfo=UTC))
    assert max(listed(document(entry(0, noon(1))), past_midnight, Window())) == date(2024, 3, 3)


@pytest.mark.parametrize(
    ("item", "day"),
    [
        (entry(0, noon(5), changed=noon(9), url=f"{ROOT}/2024/03/07/a"), 5),
        (entry(0, changed=noon(9), url=f"{ROOT}/2024/03/07/a"), 7),
        (entry(0, changed=noon(9), url=f"{ROOT}/2024/03/a"), 9),
        (entry(0, changed=noon(9)), 9),
    ],
    ids=["published", "address", "address without a day", "changed"],
)
def test_an_items_day_is_the_best_that_is_known(item, day):
    assert {one.day for one, items in listed(document(item)).items() if items} == {day}


def test_where_items_lie_just_outside_the_days_at_both_ends_are_not_claimed():
    found = listed(document(entry(0, datetime(2024, 3, 31, 23, tzinfo=UTC)), entry(1, noon(4))), window=Window())
    assert min(found) == date(2024, 3, 2)
    assert max(found) == date(2024, 3, 30)


@pytest.mark.parametrize(
    ("found", "ref"),
    [
        (document(entry(0, noon(5)), entry(1)), MONTH),
        (document(entry(0, noon(5)), entry(1, noon(5, month=7))), MONTH),
        (document(entry(0, noon(5)), bad_items=(BadItem(1, "no_url", ""),)), MONTH),
        (document(), MONTH),
        (document(entry(0, noon(5)), format="rss"), MONTH),
        (document(entry(0, noon(5)), links=["x"]), MONTH),
        (document(entry(0, noon(5))), ref_of(f"{ROOT}/sitemap.xml")),
        (document(entry(0, noon(5))), ref_of(f"{ROOT}/sitemap-2024.xml")),
        (document(entry(0, noon(5))), ref_of(f"{ROOT}/sitemap-2024-03-2.xml")),
        (document(entry(0, noon(5))), ref_of(f"{ROOT}/sport-sitemap-2024-03.xml")),
        (document(entry(0, noon(5))), replace(MONTH, final_url=f"{ROOT}/sitemap.xml")),
    ],
    ids=[
        "an undated item", "an item of another time", "an unreadable item", "empty", "a feed", "an index",
        "no date in the name", "a year", "a part", "a section", "redirected to an undated one",
    ],
)  # fmt: skip
def test_nothing_is_claimed_from_a_listing_that_may_not_be_whole(found, ref):
    assert listed(found, ref, Window()) == {}
