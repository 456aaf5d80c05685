"""sources.toml → Source, Feed. Every error of the file is told at once, with its entry, field and remedy."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.catalogue.fields import COUNTRY, ID, LANGUAGE, PARAMETER, Problem, Row
from pipeline.catalogue.keys import broken_placeholder, hide_keys
from pipeline.errors import CatalogueError
from pipeline.types import Delivery, Feed, Politeness, Source

KINDS = ("agency", "publisher")
FORMATS = (
    "auto", "rss", "atom", "rdf", "jsonfeed", "newsml_g2", "newsml1", "nitf", "ninjs", "ap_media", "reuters_list",
    "ritzau", "anpa", "iptc7901", "zczc", "sitemap",
)  # fmt: skip
SOURCE_FIELDS = (
    "id", "name", "kind", "country", "language", "timezone", "homepage", "allow_private", "concurrency", "spacing_s",
    "feed",
)  # fmt: skip
FEED_FIELDS = (
    "name", "url", "folder", "format", "every", "headers", "cursor", "pages", "seen", "concurrency", "spacing_s",
)  # fmt: skip


def load_catalogue(path: Path, environ: Mapping[str, str]) -> tuple[Source, ...]:
    """The sources of a catalogue, with keys from `environ`. A variable that is not set fails its feed alone, later.

    Raises `CatalogueError`, whose text lists everything that is wrong with the file.
    """
    problems: list[Problem] = []
    root = Row("the file", _read_toml(path), ("source",), problems)
    tables = root.tables("source")
    if not tables and not problems:
        root.wrong("source", "is missing", "begin a source with [[source]], id, name and kind")
    sources = [_source(table, at, path, environ, problems) for at, table in enumerate(tables, 1)]
    problems += _repeated(sources)
    if problems:
        count = "1 error" if len(problems) == 1 else f"{len(problems)} errors"
        raise CatalogueError("\n".join([f"{path} has {count}:", *(f"  {problem}" for problem in problems)]))
    return tuple(sources)


def missing_folders(sources: Sequence[Source]) -> list[str]:
    """A sentence for each drop folder that is not there (which is no error of the file: it may be mounted later)."""
    return [
        f"{feed.id}: the folder {feed.url} does not exist; make it, mount it, or correct folder in the catalogue."
        for source in sources
        for feed in source.feeds
        if feed.delivery is Delivery.FOLDER and not Path(feed.url).is_dir()
    ]


def default_feed_name(position: int) -> str:
    """The name of a source's nth feed (from 1) that gives none."""
    return "main" if position == 1 else f"feed-{position}"


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8-sig")
        if text.lstrip().startswith("<"):
            raise CatalogueError(
                f"{path} is XML, no TOML. If it is OPML, make a catalogue of it: "
                f"`dateline sources import {path} --output sources.toml`."
            )
        return tomllib.loads(text)
    except OSError as error:
        raise CatalogueError(
            f"The catalogue {path} can't be read ({error.strerror}). Give the path of a sources.toml."
        ) from error
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path} is not UTF-8 at byte {error.start}. Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path} is no TOML: {error}. Correct that place and load it again.") from error


def _entry(table: Mapping[str, Any], position: int) -> str:
    named = next((one for field in ("id", "name") if isinstance(one := table.get(field), str) and one), None)
    return f"source {named!r}" if named else f"source no. {position}"


def _source(
    table: Mapping[str, Any], position: int, path: Path, environ: Mapping[str, str], problems: list[Problem]
) -> Source:
    """The source; a field that is wrong has a stand-in, since its problem keeps the whole catalogue from being used."""
    entry = _entry(table, position)
    row = Row(entry, table, SOURCE_FIELDS, problems)
    id_ = row.text("id", ID, needed='write id = "daily-planet"') or ""
    politeness = _politeness(row, Politeness())
    if not row.has("feed"):
        row.wrong("feed", "is missing", "begin a feed with [[source.feed]] and give its url or folder")
    feeds = []
    for at, one in enumerate(row.tables("feed"), 1):
        named = repr(one["name"]) if isinstance(one.get("name"), str) else f"no. {at}"
        feed = Row(f"{entry}, feed {named}", one, FEED_FIELDS, problems)
        feeds.append(_feed(feed, id_, at, politeness, path, environ))
    return Source(
        id=id_,
        name=row.text("name", needed="write the name that people know it by") or "",
        kind=row.one_of("kind", KINDS) or "",
        country=row.text("country", COUNTRY),
        language=row.text("language", LANGUAGE),
        timezone=row.timezone("timezone"),
        homepage=row.url("homepage"),
        allow_private=row.flag("allow_private", False),
        feeds=tuple(feeds),
    )


def _feed(
    row: Row, source_id: str, position: int, politeness: Politeness, path: Path, environ: Mapping[str, str]
) -> Feed:
    id_ = f"{source_id}/{row.text('name', ID) or default_feed_name(position)}"
    folder, url = row.text("folder"), row.text("url")
    if folder and url:
        row.wrong("url", "and folder are both given", "keep one of them, or make two feeds of it")
    elif not row.has("folder") and not row.has("url"):
        row.wrong("url", "is missing", 'write url = "https://…", or folder = "…" for a drop folder')
    headers = row.pairs("headers")
    if any(broken_placeholder(value) for value in (url or "", *(value for _, value in headers))):
        row.wrong("url" if url and broken_placeholder(url) else "headers", "holds ${ without a name", "write ${NAME}")
    if folder and row.has("cursor"):
        row.wrong("cursor", "is given to a folder", "take it out: a folder keeps what it was given")
    if url and not row.is_web_url("url", url):
        url = None
    shown, shown_headers, secrets = hide_keys(url or "", headers, environ, id_)
    return Feed(
        id=id_,
        source_id=source_id,
        url=str((path.parent / Path(folder).expanduser()).resolve()) if folder else shown,
        delivery=Delivery.FOLDER if folder else Delivery.HTTP,
        format=row.one_of("format", FORMATS, "auto") or "auto",
        every_s=row.seconds("every", 900),
        headers=shown_headers,
        secrets=secrets,
        has_pages=row.flag("pages", True),
        cursor_parameter=row.text("cursor", PARAMETER),
        politeness=_politeness(row, politeness),
        seen=row.text("seen"),
    )


def _politeness(row: Row, default: Politeness) -> Politeness:
    return Politeness(
        concurrency=int(row.number("concurrency", default.concurrency, least=1, whole=True)),
        spacing_s=float(row.number("spacing_s", default.spacing_s, least=0)),
    )


def _repeated(sources: Sequence[Source]) -> list[Problem]:
    """What may stand only once: source ids, feed names within a source, addresses."""
    problems = [
        Problem(f"source {id_!r}", "id", f"is given to {count} sources", "give each an id of its own")
        for id_, count in Counter(source.id for source in sources).items()
        if id_ and count > 1
    ]
    for source in sources:
        problems += [
            Problem(
                f"source {source.id!r}",
                "feed",
                f"has {count} feeds of the name {id_.split('/')[1]!r}",
                "rename all but one",
            )
            for id_, count in Counter(feed.id for feed in source.feeds).items()
            if count > 1
        ]
    holders: dict[str, str] = {}
    for feed in (feed for source in sources for feed in source.feeds if feed.url):
        if (holder := holders.setdefault(feed.url, feed.id)) != feed.id:
            problems.append(Problem(f"feed {feed.id!r}", "url", f"is that of {holder!r} too", "keep one of the two"))
    return problems
