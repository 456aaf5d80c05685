"""An item → its page: the story in one of the templates, with all that stands around a story on the web."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from html import escape
from string import Template
from typing import Any

from deployments.sample.newsroom import HERE, Item, Outlet, Version, words
from deployments.sample.stories import slug

FEED_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "jsonfeed": "application/feed+json"}


def render_page(item: Item, version: Version, others: Sequence[Item]) -> str:
    """The page of that version. `others` are older items of the house; its nearest are the related links."""
    house, around = item.outlet, words(item.outlet.language)
    stub = item.oddity == "stub"
    shown = version.paragraphs[:1] if stub else version.paragraphs
    related = [other for other in others if other.arc == item.arc][:3] or list(others[:3])
    values = {
        **_furniture(house),
        "title": version.title,
        "summary": item.summary,
        "url": item.url or "",
        "number": str(sum(map(ord, item.id)) % 9000 + 1000),
        "iso": house.local(item.published_at).isoformat(),
        "modified_iso": house.local(version.at).isoformat(),
        "date": _dates(item, version),
        "byline": byline(item),
        "by": around["by"] if item.authors else "",
        "signed": f" {around['and']} ".join(item.authors) or _agency_name(item),
        "authors": ", ".join(item.authors),
        "keywords": ", ".join(item.tags),
        "section": item.section,
        "section_slug": slug(item.section),
        "caption": item.caption,
        "credit": item.credit,
    }
    markup = {
        "body": "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in shown),
        "jsonld": _json_ld(item, version),
        "nav": _links((name, house.url(f"/{slug(name)}")) for name in sections(house)),
        "related": _links((other.versions[0].title, other.url or "") for other in related),
        "tags": _links((tag, house.url(f"/tag/{slug(tag)}")) for tag in item.tags),
        "contact": " · ".join(f'<a href="{house.url(f"/{slug(one)}")}">{escape(one)}</a>' for one in around["contact"]),
        "paywall": f'<div class="paywall"><p>{escape(around["subscribe"])}</p></div>' if stub else "",
    }
    return _template(house.page or "").substitute({name: escape(value) for name, value in values.items()} | markup)


def render_home(house: Outlet, items: Sequence[Item], now: datetime) -> str:
    """The front page: what the house has, newest first."""
    rows = _links((version.title, item.url or "") for item in items if (version := item.version(now)))
    name = escape(house.name)
    return (
        f'<!DOCTYPE html>\n<html lang="{house.language}"><title>{name}</title><h1>{name}</h1><ul>{rows}</ul></html>\n'
    )


def byline(item: Item) -> str:
    """Who wrote it: people of the house, or the agency."""
    around = words(item.outlet.language)
    names = f" {around['and']} ".join(item.authors)
    return f"{around['by']} {names}" if names else _agency_name(item)


def sections(house: Outlet) -> list[str]:
    """What the house calls its pages."""
    names: dict[str, list[str]] = {
        "en": ["News", "Politics", "Business", "Health", "Education", "Culture", "Sport"],
        "de": ["Panorama", "Wirtschaft", "Bildung", "Kultur", "Sport"],
        "fr": ["Monde", "Politique", "Économie", "Justice", "Sciences", "Culture"],
        "es": ["Política", "Sociedad", "Salud", "Cultura", "Deportes"],
    }
    return names[house.language]


def _agency_name(item: Item) -> str:
    return item.agency.name if item.agency else item.outlet.name


def _dates(item: Item, version: Version) -> str:
    """The date that a reader sees, and the one of a later version beside it."""
    around = words(item.outlet.language)
    first = written_date(item.outlet, item.published_at)
    return first if version.number == 1 else f"{first} · {around['updated']} {written_date(item.outlet, version.at)}"


def written_date(house: Outlet, at: datetime) -> str:
    """The instant in the house's language and by its clock."""
    local, around = house.local(at), words(house.language)
    form: str = around["date"]
    return form.format(
        day=local.day,
        month=around["months"][local.month - 1],
        year=local.year,
        hour=f"{local:%H}",
        minute=f"{local:%M}",
    )


def _json_ld(item: Item, version: Version) -> str:
    """schema.org NewsArticle. Inside a script element only < can end it early."""
    house = item.outlet
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": version.title,
        "datePublished": house.local(item.published_at).isoformat(),
        "dateModified": house.local(version.at).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in item.authors]
        or {"@type": "Organization", "name": _agency_name(item)},
        "publisher": {"@type": "Organization", "name": house.name},
        "articleSection": item.section,
        "keywords": list(item.tags),
        "isAccessibleForFree": item.oddity != "stub",
        "mainEntityOfPage": item.url,
    }
    return json.dumps(document, ensure_ascii=False).replace("<", "\\u003c")


def _links(rows: Any) -> str:
    return "".join(f'<li><a href="{escape(url)}">{escape(name)}</a></li>' for name, url in rows)


def _furniture(house: Outlet) -> dict[str, str]:
    around = words(house.language)
    plain = {name: value for name, value in around.items() if isinstance(value, str)}
    feed = house.feed
    return plain | {
        "lang": house.language,
        "site": house.name,
        "home": house.homepage or "",
        "home_word": around["home"],
        "related_title": around["related"],
        "feed": house.url(feed.path) if feed else "",
        "feed_type": FEED_TYPES[feed.format] if feed else "",
    }


@cache
def _template(name: str) -> Template:
    return Template((HERE / "templates" / f"{name}.html").read_text("utf-8"))
