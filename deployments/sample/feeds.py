"""Items → RSS 2.0, Atom, JSON Feed, sitemaps, with the oddities that the outlets have."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import entities
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from deployments.sample.newsroom import Item, Outlet, SiteFeed, Version, rfc3339

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
Shown = Sequence[tuple[Item, Version]]  # newest first


def render_feed(house: Outlet, feed: SiteFeed, shown: Shown) -> str:
    """The feed's document; it depends on the items alone, so that an unchanged feed is the same bytes."""
    return {"rss": _rss, "atom": _atom, "jsonfeed": _jsonfeed}[feed.format](house, feed, shown)


def last_change(shown: Shown) -> datetime | None:
    """When the newest of the versions was made."""
    return max((version.at for _, version in shown), default=None)


def _rss(house: Outlet, feed: SiteFeed, shown: Shown) -> str:
    text = _with_entities if feed.entities else escape
    items = "".join(_rss_item(house, feed, item, version, text) for item, version in shown)
    return (
        f'{_HEAD}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n'
        f"<channel>\n<title>{text(house.name)}</title>\n<link>{house.homepage}</link>\n"
        f"<description>{text(house.name)}</description>\n<language>{house.language}</language>\n"
        f'<atom:link href={quoteattr(house.url(feed.path))} rel="self" type="application/rss+xml"/>\n'
        f"{items}</channel>\n</rss>\n"
    )


def _rss_item(house: Outlet, feed: SiteFeed, item: Item, version: Version, text: Callable[[str], str]) -> str:
    creators = "".join(f"<dc:creator>{text(name)}</dc:creator>" for name in item.authors)
    tags = (item.section, *item.tags, *([feed.rubric] if feed.rubric else []))
    categories = "".join(f"<category>{text(tag)}</category>" for tag in tags)
    updated = f"<atom:updated>{rfc3339(version.at)}</atom:updated>" if version.number > 1 else ""
    guid = feed.guid or f"{house.id}:{item.path}"
    return (
        f"<item><title>{text(version.title)}</title><link>{escape(item.url or '')}</link>"
        f'<guid isPermaLink="false">{escape(guid)}</guid>'
        f"<pubDate>{format_datetime(house.local(item.published_at))}</pubDate>{updated}{creators}{categories}"
        f"<description>{text(item.summary)}</description></item>\n"
    )


def _with_entities(text: str) -> str:
    """Text as careless software writes it into XML: HTML's entities without a DTD, & as it is (not well-formed)."""
    named = {code: f"&{name};" for code, name in entities.codepoint2name.items() if code >= 160}
    return text.replace("<", "&lt;").replace(" :", "\N{NO-BREAK SPACE}:").translate(named)


def _atom(house: Outlet, feed: SiteFeed, shown: Shown) -> str:
    updated = last_change(shown)
    entries = "".join(_atom_entry(item, version) for item, version in shown)
    return (
        f'{_HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{house.language}">\n'
        f"<title>{escape(house.name)}</title>\n<id>{escape(house.url(feed.path))}</id>\n"
        f'<link href="{house.homepage}"/><link rel="self" href={quoteattr(house.url(feed.path))}/>\n'
        f"<updated>{rfc3339(updated) if updated else '2026-01-01T00:00:00Z'}</updated>\n{entries}</feed>\n"
    )


def _atom_entry(item: Item, version: Version) -> str:
    names = item.authors or ((item.agency or item.outlet).name,)
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in names)
    categories = "".join(f"<category term={quoteattr(tag)}/>" for tag in (item.section, *item.tags))
    return (
        f"<entry><id>tag:{item.outlet.host},2026:{escape(item.path)}</id><title>{escape(version.title)}</title>"
        f"<link href={quoteattr(item.url or '')}/><published>{rfc3339(item.published_at)}</published>"
        f"<updated>{rfc3339(version.at)}</updated>{authors}{categories}<summary>{escape(item.summary)}</summary></entry>\n"
    )


def _jsonfeed(house: Outlet, feed: SiteFeed, shown: Shown) -> str:
    items = [
        {
            "id": f"{house.id}{item.path}",
            "url": item.url,
            "title": version.title,
            "summary": item.summary,
            "date_published": house.local(item.published_at).isoformat(),
            "date_modified": house.local(version.at).isoformat(),
            "authors": [{"name": name} for name in item.authors],
            "tags": [item.section, *item.tags],
            "language": house.language,
        }
        for item, version in shown
    ]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": house.name, "home_page_url": house.homepage}
    return json.dumps(head | {"feed_url": house.url(feed.path), "items": items}, ensure_ascii=False, indent=1)


def render_sitemap_index(house: Outlet, shown: Shown) -> str:
    """sitemaps.org: a sitemap for each month that has items."""
    rows = "".join(
        f"<sitemap><loc>{house.url(f'/sitemap-{month}.xml')}</loc>"
        f"<lastmod>{rfc3339(max(version.at for _, version in rows))}</lastmod></sitemap>\n"
        for month, rows in months(shown).items()
    )
    return f'{_HEAD}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</sitemapindex>\n'


def render_sitemap(house: Outlet, shown: Shown) -> str:
    """The items with their news: names, so that their days are known without their pages."""
    rows = "".join(
        f"<url><loc>{escape(item.url or '')}</loc><lastmod>{house.local(version.at).isoformat()}</lastmod>"
        f"<news:news><news:publication><news:name>{escape(house.name)}</news:name>"
        f"<news:language>{house.language}</news:language></news:publication>"
        f"<news:publication_date>{house.local(item.published_at).isoformat()}</news:publication_date>"
        f"<news:title>{escape(version.title)}</news:title></news:news></url>\n"
        for item, version in shown
    )
    return (
        f'{_HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{rows}</urlset>\n'
    )


def months(shown: Shown) -> dict[str, list[tuple[Item, Version]]]:
    """The items by the month that they came out in, by the house's clock."""

    def month(row: tuple[Item, Version]) -> str:
        return f"{row[0].outlet.local(row[0].published_at):%Y-%m}"

    return {name: list(rows) for name, rows in groupby(shown, key=month)}
