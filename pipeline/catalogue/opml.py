"""OPML 2.0 subscription lists (opml.org/spec2.opml), also ill-formed ones → Source, and back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from pipeline.catalogue.fields import LANGUAGE
from pipeline.catalogue.keys import hide_keys
from pipeline.catalogue.load import default_feed_name
from pipeline.errors import CatalogueError
from pipeline.text import squash
from pipeline.types import Delivery, Feed, Source
from pipeline.urls import host_of

_BARE_AMPERSAND = re.compile(rb"&(?!#?\w+;)")


@dataclass(frozen=True, slots=True)
class _Outline:
    """One subscription."""

    url: str
    homepage: str | None
    title: str | None
    language: str | None

    @property
    def site(self) -> str:
        """The publisher's host: its page's where one is named, since feeds often lie with a feed host."""
        return _host(self.homepage) or _host(self.url) or ""


def import_opml(body: bytes) -> tuple[Source, ...]:
    """One publisher per host, with its feeds. Subscriptions without a web address are left out: `skipped_outlines`.

    OPML tells neither kind, country nor time zone: all are publishers, on UTC. Raises `CatalogueError` where the body
    holds no subscription at all.
    """
    sites: dict[str, dict[str, _Outline]] = {}
    for outline in _outlines(body):
        if outline.site and _host(outline.url):
            sites.setdefault(outline.site, {}).setdefault(outline.url, outline)
    if not sites:
        raise CatalogueError("The file holds no feed: no outline of it has an xmlUrl. Is it an OPML subscription list?")
    taken: set[str] = set()
    return tuple(_source(site, list(outlines.values()), taken) for site, outlines in sites.items())


def skipped_outlines(body: bytes) -> list[str]:
    """A sentence for each subscription that `import_opml` leaves out."""
    return [
        f"{outline.title or 'A feed'} was left out: its xmlUrl {outline.url!r} is no web address."
        for outline in _outlines(body)
        if not _host(outline.url)
    ]


def export_opml(sources: Sequence[Source]) -> bytes:
    """The web feeds as an OPML 2.0 list, with ${NAME} for keys. Drop folders have no place in OPML and are left out."""
    opml = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(opml, "head"), "title").text = "Dateline sources"
    body = etree.SubElement(opml, "body")
    for source in sources:
        feeds = [feed for feed in source.feeds if feed.delivery is Delivery.HTTP]
        parent = body if len(feeds) < 2 else etree.SubElement(body, "outline", text=source.name)
        for feed in feeds:
            text = source.name if len(feeds) == 1 else f"{source.name}: {feed.id.partition('/')[2]}"
            found = {"text": text, "xmlUrl": feed.url, "htmlUrl": source.homepage, "language": source.language}
            etree.SubElement(parent, "outline", {"type": "rss"} | {key: one for key, one in found.items() if one})
    written: bytes = etree.tostring(opml, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _outlines(body: bytes) -> Iterator[_Outline]:
    """Every outline with an xmlUrl, however deep; attribute names in any case, as readers write them."""
    if b"\x00" not in body[:200]:  # UTF-16 has zeros
        body = _BARE_AMPERSAND.sub(b"&amp;", body)  # libxml2 recovers by dropping it with the word that follows
    # A list comes from anywhere: no entities, no network; recover, since many are ill-formed.
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except etree.XMLSyntaxError:
        return
    for element in root.iter("{*}outline") if root is not None else ():
        found = {str(name).lower(): squash(str(value)) for name, value in element.attrib.items()}
        if url := found.get("xmlurl"):
            language = found.get("language", "").replace("_", "-")
            yield _Outline(
                url=_web_url(url),
                homepage=found["htmlurl"] if _host(found.get("htmlurl")) else None,
                title=found.get("title") or found.get("text") or None,
                language=language if LANGUAGE.pattern.fullmatch(language) and language != "unknown" else None,
            )


def _source(site: str, outlines: Sequence[_Outline], taken: set[str]) -> Source:
    id_ = _unique(_slug(site) or "source", taken)
    names: set[str] = set()
    feeds = []
    for position, outline in enumerate(outlines, 1):
        default = default_feed_name(position)
        name = _unique(default if len(outlines) == 1 else _slug(outline.title or "")[:40].strip("-") or default, names)
        url, _, secrets = hide_keys(outline.url, (), {}, f"{id_}/{name}")
        feeds.append(Feed(id=f"{id_}/{name}", source_id=id_, url=url, secrets=secrets))
    languages = {outline.language for outline in outlines}
    return Source(
        id=id_,
        name=(outlines[0].title if len(outlines) == 1 else None) or site,
        kind="publisher",
        language=languages.pop() if len(languages) == 1 else None,
        homepage=next((outline.homepage for outline in outlines if outline.homepage), None),
        feeds=tuple(feeds),
    )


def _web_url(url: str) -> str:
    """Without the `feed:` that browsers once handed to feed readers: feed://host/… and feed:https://host/…"""
    bare = url.removeprefix("feed:")
    return f"http:{bare}" if bare.startswith("//") else bare


def _host(url: str | None) -> str | None:
    """The host of a web address, without www; None where it is none."""
    host = host_of(url) if url else None
    return host.removeprefix("www.") if host else None


def _slug(value: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")


def _unique(wanted: str, taken: set[str]) -> str:
    """The name, or the first of name-2, name-3 … that is free; it is then taken."""
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name
