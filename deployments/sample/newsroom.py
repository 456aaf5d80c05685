"""The nouns of the sample wire: Outlet, Item, Version; and the outlets as sources.toml and outlets.toml tell them."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class SiteFeed:
    """The feed of an outlet's site, with its oddities."""

    format: str  # rss, atom or jsonfeed
    path: str
    items: int  # how many it shows
    moved_from: str | None = None  # an old path, which answers 301
    guid: str | None = None  # one guid for all its items
    entities: bool = False  # HTML's entities, and bare &, in XML that declares none
    rubric: str | None = None  # a category that it gives all its items


@dataclass(frozen=True, slots=True)
class Outlet:
    """A house that publishes: an agency or a paper."""

    id: str
    name: str
    kind: str
    language: str
    timezone: str
    homepage: str | None
    authors: tuple[str, ...]
    short: str | None = None  # how an agency signs
    page: str | None = None  # the template of its pages; None: it has no site
    path: str = "/{slug}"
    dateline: str = ""
    feed: SiteFeed | None = None
    has_sitemap: bool = False

    @property
    def host(self) -> str | None:
        return urlsplit(self.homepage).hostname if self.homepage else None

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def local(self, at: datetime) -> datetime:
        """The instant by the house's own clock."""
        return at.astimezone(ZoneInfo(self.timezone))


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an item, as it stood from `at` on."""

    number: int
    at: datetime
    title: str
    paragraphs: tuple[str, ...]  # as a reader sees them, the dateline included
    status: str = "usable"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One story in one outlet, with all its versions."""

    id: str  # "<outlet>/<arc>-<language>-<beat>"
    outlet: Outlet
    story: str  # the same for an agency's story and the papers that run it
    arc: str
    versions: tuple[Version, ...]
    summary: str
    authors: tuple[str, ...]
    agency: Outlet | None  # whose story it is, if it is not the outlet's own
    place: str
    section: str
    tags: tuple[str, ...]
    subjects: tuple[str, ...]  # medtop qcodes
    caption: str
    credit: str
    path: str
    oddity: str | None = None  # stub, gone or disallowed
    embargo_until: datetime | None = None

    @property
    def published_at(self) -> datetime:
        return self.versions[0].at

    @property
    def url(self) -> str | None:
        return self.outlet.url(self.path) if self.outlet.page else None

    @property
    def wire_id(self) -> str | None:
        """The guid of its NewsML-G2 or the uri of its ninjs, which has no word on any site."""
        return None if self.outlet.page else f"tag:{self.outlet.id}.example,2026:{self.id.partition('/')[2]}"

    def version(self, now: datetime) -> Version | None:
        """The version that stood at `now`; None before the first."""
        return next((version for version in reversed(self.versions) if version.at <= now), None)


@cache
def outlets() -> dict[str, Outlet]:
    """The outlets by id, in the order of sources.toml."""
    ways = read_toml(HERE / "outlets.toml")
    return {row["id"]: _outlet(row, ways[row["id"]]) for row in read_toml(HERE / "sources.toml")["source"]}


@cache
def words(language: str) -> dict[str, Any]:
    """What stands around the stories in that language."""
    found: dict[str, Any] = read_toml(HERE / "words.toml")[language]
    return found


def rfc3339(at: datetime) -> str:
    """An instant as most formats write it, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _outlet(row: dict[str, Any], way: dict[str, Any]) -> Outlet:
    return Outlet(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        language=row["language"],
        timezone=row["timezone"],
        homepage=row.get("homepage"),
        authors=tuple(way["authors"]),
        short=way.get("short"),
        page=way.get("page"),
        path=way.get("path", "/{slug}"),
        dateline=way.get("dateline", ""),
        feed=SiteFeed(**way["feed"]) if "feed" in way else None,
        has_sitemap=way.get("sitemap", False),
    )
