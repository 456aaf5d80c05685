"""What must come out of the sample wire: texts, dates and names to compare with, and where the special cases are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from deployments.sample.newsroom import Item, Version, outlets
from deployments.sample.routes import in_feed
from deployments.sample.stories import compose


@dataclass(frozen=True, slots=True)
class Gold:
    """One article as it stands at a moment, as a careful reader would copy it."""

    item_id: str
    source_id: str
    url: str | None  # of a page
    wire_id: str | None  # of a wire
    story: str  # the same for an agency's story and the papers that run it
    version: int
    language: str
    title: str
    paragraphs: tuple[str, ...]  # dateline included; of a stub, what its page shows
    authors: tuple[str, ...]  # empty where only an agency signs
    agency: str | None  # the agency whose story a paper runs
    place: str
    published_at: datetime
    section: str
    subjects: tuple[str, ...]  # medtop qcodes; only wires deliver them
    tags: tuple[str, ...]
    is_stub: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def gold(now: datetime) -> tuple[Gold, ...]:
    """Every article that can be had at `now`, in the order of publication: published, with a page that may be fetched
    and is there, neither canceled nor under embargo.
    """
    found = ((item, item.version(now)) for item in compose())
    return tuple(_gold(item, version) for item, version in found if version and is_open(item, version, now))


def landed(nights: Sequence[datetime]) -> tuple[Gold, ...]:
    """The articles that nightly runs at those moments can know of from feeds and drop folders, as they stand at the
    last: an overrun feed hides some, which only its sitemap has.
    """
    named = {item.id for night in nights for item in _delivered(night)}
    return tuple(one for one in gold(nights[-1]) if one.item_id in named)


def articles_by_source(articles: Iterable[Gold]) -> Mapping[str, int]:
    return Counter(one.source_id for one in articles)


def copies(now: datetime) -> Mapping[str, tuple[Gold, ...]]:
    """The stories that more than one source ran, by story, the agency's first."""
    groups: defaultdict[str, list[Gold]] = defaultdict(list)
    for one in gold(now):
        groups[one.story].append(one)
    return {story: tuple(members) for story, members in groups.items() if len(members) > 1}


@dataclass(frozen=True, slots=True)
class SpecialCases:
    """The items that something happens to, and the feeds that are odd (by feed id)."""

    corrected_wire: Item  # version 2 by the second night, with a note to editors
    corrected_page: Item  # the page and its feed entry change with it
    killed: Item  # canceled by the second night
    embargoed: Item  # until after the second night
    embargo_passed: tuple[Item, ...]
    stub: Item  # its page shows the first paragraph and says isAccessibleForFree: false
    gone: Item  # its page answers 404
    disallowed: Item  # robots.txt asks not to fetch its page
    moved_feed: str = "tidewater-post/news"
    unchanged_feed: str = "lakeside-weekly/issue"
    overrun_feed: str = "inland-gazette/latest"
    one_guid_feed: str = "diario-costaverde/ultimas"
    entities_feeds: tuple[str, ...] = ("holmstedt-tageblatt/aktuell", "echo-rives/fil")


def special_cases() -> SpecialCases:
    """Where they are."""
    items = compose()
    last = max(item.published_at for item in items)
    corrected = [item for item in items if len(item.versions) > 1 and item.versions[-1].status == "usable"]
    held = [item for item in items if item.embargo_until]
    odd = {item.oddity: item for item in items}
    return SpecialCases(
        corrected_wire=next(item for item in corrected if item.wire_id),
        corrected_page=next(item for item in corrected if item.url),
        killed=next(item for item in items if item.versions[-1].status == "canceled"),
        embargoed=next(item for item in held if item.embargo_until and item.embargo_until > last),
        embargo_passed=tuple(item for item in held if item.embargo_until and item.embargo_until <= last),
        stub=odd["stub"],
        gone=odd["gone"],
        disallowed=odd["disallowed"],
    )


def is_open(item: Item, version: Version, now: datetime) -> bool:
    """Whether its text can be had and may be shown."""
    is_held = item.embargo_until is not None and item.embargo_until > now
    return version.status == "usable" and not is_held and item.oddity not in ("gone", "disallowed")


def _delivered(night: datetime) -> Iterable[Item]:
    """What the folders and the feeds of that night name."""
    for house in outlets().values():
        if house.feed:
            yield from (item for item, _ in in_feed(house, night))
        else:
            yield from (item for item in compose() if item.outlet is house and item.version(night))


def _gold(item: Item, version: Version) -> Gold:
    is_stub = item.oddity == "stub"
    return Gold(
        item_id=item.id,
        source_id=item.outlet.id,
        url=item.url,
        wire_id=item.wire_id,
        story=item.story,
        version=version.number,
        language=item.outlet.language,
        title=version.title,
        paragraphs=version.paragraphs[:1] if is_stub else version.paragraphs,
        authors=item.authors,
        agency=item.agency.name if item.agency else None,
        place=item.place,
        published_at=item.published_at,
        section=item.section,
        subjects=item.subjects,
        tags=item.tags,
        is_stub=is_stub,
    )
