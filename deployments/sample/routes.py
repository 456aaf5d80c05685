"""A host and a path → the answer that its site gives at a moment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from deployments.sample.feeds import (
    Shown,
    last_change,
    months,
    render_feed,
    render_sitemap,
    render_sitemap_index,
)
from deployments.sample.newsroom import Item, Outlet, SiteFeed, outlets
from deployments.sample.pages import FEED_TYPES, render_home, render_page
from deployments.sample.stories import compose

_SITEMAP = re.compile(r"/sitemap-(\d{4}-\d{2})\.xml")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    modified_at: datetime | None = None
    location: str | None = None


def answer(host: str, path: str, now: datetime) -> Answer:
    """What the site of `host` says. 502 for a host that nobody has, as a proxy answers."""
    house = _hosts().get(host)
    if house is None:
        return Answer(502, f"The host {host} is not known.\n".encode(), "text/plain; charset=utf-8")
    if item := _items(house.id).get(path):
        return _page(item, now)
    if house.feed and (path == house.feed.path or path == house.feed.moved_from):
        return _feed(house, house.feed, path, now)
    return _service(house, path, now)


def shown(house: Outlet, now: datetime) -> Shown:
    """The items that the house has published by `now`, in the version that stands, newest first."""
    found = [(item, version) for item in _items(house.id).values() if (version := item.version(now))]
    return sorted(found, key=lambda row: (row[0].published_at, row[0].id), reverse=True)


def in_feed(house: Outlet, now: datetime) -> Shown:
    """Those of them that its feed shows."""
    return shown(house, now)[: house.feed.items] if house.feed else []


def _page(item: Item, now: datetime) -> Answer:
    version = item.version(now)
    if version is None or item.oddity == "gone":
        return Answer(404, b"<!DOCTYPE html><title>404</title><h1>This page is not here.</h1>")
    older = [other for other, _ in shown(item.outlet, item.published_at) if other is not item and not other.oddity]
    return Answer(200, render_page(item, version, older).encode(), modified_at=version.at)


def _feed(house: Outlet, feed: SiteFeed, path: str, now: datetime) -> Answer:
    if path == feed.moved_from:
        return Answer(301, location=house.url(feed.path))
    rows = in_feed(house, now)
    content_type = f"{FEED_TYPES[feed.format]}; charset=utf-8"
    return Answer(200, render_feed(house, feed, rows).encode(), content_type, last_change(rows))


def _service(house: Outlet, path: str, now: datetime) -> Answer:
    """Front page, robots.txt and sitemaps."""
    rows = shown(house, now)
    listed = [row for row in rows if row[0].oddity is None or row[0].oddity == "stub"]
    if path == "/":
        return Answer(200, render_home(house, [item for item, _ in rows], now).encode(), modified_at=last_change(rows))
    if path == "/robots.txt" and house.has_sitemap:
        text = f"User-agent: *\nDisallow: /subscribers/\n\nSitemap: {house.url('/sitemap.xml')}\n"
        return Answer(200, text.encode(), "text/plain; charset=utf-8")
    if path == "/sitemap.xml" and house.has_sitemap:
        return Answer(200, render_sitemap_index(house, listed).encode(), "application/xml", last_change(listed))
    if (found := _SITEMAP.fullmatch(path)) and house.has_sitemap and (part := months(listed).get(found[1])):
        return Answer(200, render_sitemap(house, part).encode(), "application/xml", last_change(part))
    return Answer(404, b"<!DOCTYPE html><title>404</title><h1>This page is not here.</h1>")


@cache
def _hosts() -> Mapping[str, Outlet]:
    return {house.host: house for house in outlets().values() if house.host}


@cache
def _items(outlet_id: str) -> Mapping[str, Item]:
    return {item.path: item for item in compose() if item.outlet.id == outlet_id}
