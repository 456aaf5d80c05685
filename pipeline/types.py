"""The nouns that travel between the rooms. All are frozen; unknown is `None`; every `_at` is aware UTC.

Source, Feed ──► FetchRequest ──► Capture ──► CaptureRef ──► FeedDocument (Entry…) ──► Article ──► Revision
                                                   └───────► Extraction ──────────────────┘          │
                                                                                    Tag, StoryEdge, StoryMember
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum


def short_hash(*parts: str) -> str:
    """24 hexadecimal digits that depend on the parts alone: the form of every id that Dateline makes."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


# ------------------------------------------------------------------------------------------------ the catalogue


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A key that must appear in no log, error, report or archive. Only `reveal()` gives it out."""

    _value: str

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"


@dataclass(frozen=True, slots=True)
class Politeness:
    concurrency: int = 2  # requests under way at once to one host
    spacing_s: float = 1.0  # between the starts of two requests to one host; robots.txt can only raise it


class Delivery(StrEnum):
    HTTP = "http"  # a feed or an API, polled
    FOLDER = "folder"  # a drop folder of files


@dataclass(frozen=True, slots=True)
class Feed:
    """One URL, drop folder or API of a source."""

    id: str  # "<source id>/<name>"
    source_id: str
    url: str  # as it may be shown: a key in it stands as ${NAME}. A folder is its absolute path.
    delivery: Delivery = Delivery.HTTP
    format: str = "auto"  # a format of entries.detect, or auto
    every_s: int = 900
    headers: tuple[tuple[str, str], ...] = ()  # (header, value; a key stands as ${NAME})
    secrets: tuple[tuple[str, Secret | None], ...] = ()  # (NAME, its value; None: the variable is not set)
    has_pages: bool = True  # whether the pages that its entries name are fetched
    cursor_parameter: str | None = None  # the parameter of its address that takes the poll token of its last answer
    politeness: Politeness = Politeness()
    seen: str | None = None  # where the address was seen, for the people who keep the catalogue


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher or an agency."""

    id: str
    name: str
    kind: str  # agency or publisher
    country: str | None = None  # ISO 3166-1 alpha-2, lower case
    language: str | None = None  # BCP 47
    timezone: str = "UTC"  # IANA name; the clock of stamps that carry no zone, and of the source's days
    homepage: str | None = None
    allow_private: bool = False  # whether addresses that are not public may be fetched
    feeds: tuple[Feed, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Half open: since ≤ t < until."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, at: datetime | None) -> bool:
        """Whether the instant lies inside; an unknown one lies in the unbounded window alone."""
        if at is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


# ------------------------------------------------------------------------------------------------ captures


class CaptureKind(StrEnum):
    FEED = "feed"
    PAGE = "page"
    ROBOTS = "robots"
    SITEMAP = "sitemap"
    FILE = "file"  # a file of a drop folder


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One address to ask for, with what the answer is for."""

    kind: CaptureKind
    url: str  # as it may be shown: a key stands as ${NAME}
    source_id: str
    feed_id: str | None = None
    entry_id: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    secrets: tuple[tuple[str, Secret | None], ...] = ()
    politeness: Politeness = Politeness()
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """One HTTP exchange, or one file of a drop folder, as it was; secrets are gone from every field."""

    kind: CaptureKind
    source_id: str
    url: str  # asked for
    final_url: str  # that answered, after redirects
    status: int  # a file has 200
    headers: tuple[tuple[str, str], ...]
    wire_body: bytes  # as it came: still gzip where it came as gzip
    body: bytes  # decoded
    captured_at: datetime
    feed_id: str | None = None
    entry_id: str | None = None
    request_headers: tuple[tuple[str, str], ...] = ()
    _digest: str = field(default="", init=False, repr=False, compare=False)  # once known

    @property
    def digest(self) -> str:
        """sha256 of the decoded body, in hexadecimal; made once, since it costs as much as archiving the body."""
        if not self._digest:
            object.__setattr__(self, "_digest", hashlib.sha256(self.body).hexdigest())
        return self._digest

    @property
    def id(self) -> str:
        """Made of whom it is for and what came when: two sources that name one page have a capture each, also by a
        clock that stands still.
        """
        asked = (self.source_id, self.feed_id or "", self.url)
        return short_hash(
            "capture", *asked, self.captured_at.astimezone(UTC).isoformat(), str(self.status), self.digest
        )

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """Where a capture lies in the archive. Tasks exchange these, never bodies."""

    id: str
    kind: CaptureKind
    source_id: str
    feed_id: str | None
    entry_id: str | None
    url: str
    final_url: str
    status: int
    content_type: str | None
    size_bytes: int  # of the decoded body
    captured_at: datetime
    digest: str
    warc_path: str  # relative to the archive's folder; an absolute path or URL for a foreign WARC file
    warc_offset: int


class Stage(StrEnum):
    FETCH = "fetch"
    PARSE = "parse"
    EXTRACT = "extract"


@dataclass(frozen=True, slots=True)
class Failure:
    """A reason as a value. `reason` is a code for counting (`http_404`, `timeout`), `detail` a sentence for people."""

    stage: Stage
    reason: str
    detail: str
    url: str
    source_id: str
    at: datetime
    feed_id: str | None = None
    entry_id: str | None = None
    capture_id: str | None = None
    retry_after_at: datetime | None = None  # the server asked for quiet until then

    @property
    def id(self) -> str:
        # What can't be fetched is one item, however many answers said so; what can't be read differs by its bytes.
        bytes_read = self.capture_id if self.stage is not Stage.FETCH else None
        item = (self.source_id, self.url, self.entry_id or "", bytes_read or "")
        return short_hash("failure", self.stage, self.reason, *item)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one request: every exchange of it (redirects first), and the failure if it was one."""

    request: FetchRequest
    captures: tuple[Capture, ...]
    failure: Failure | None = None
    moved_to: str | None = None  # after 301 and 308 alone all the way: the address to ask from now on
    fresh_until: datetime | None = None  # Cache-Control or Expires: not to be asked before

    @property
    def capture(self) -> Capture | None:
        """The exchange that answered."""
        return self.captures[-1] if self.captures else None


class PollOutcome(StrEnum):
    OK = "ok"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is known of a feed."""

    feed_id: str
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    next_due_at: datetime | None = None
    failures_in_row: int = 0
    window_ids: tuple[str, ...] = ()  # the entry ids of the last good fetch, as they stood in it
    last_digest: str | None = None
    cursor: str | None = None  # of the last good fetch, a key in it as ${NAME}


@dataclass(frozen=True, slots=True)
class Poll:
    """One look at one feed."""

    feed_id: str
    source_id: str
    polled_at: datetime
    outcome: PollOutcome
    status: int | None = None
    entries: int = 0
    new_entries: int = 0
    window_since: datetime | None = None  # the feed showed everything from here on; None: no such claim can be made
    is_overlapping: bool = False  # shares an entry with the last good fetch (or is a 304): nothing was missed between
    is_overrun: bool = False  # shares none: items are missing
    capture_id: str | None = None
    reason: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Overrun:
    """A poll whose feed had moved past what was seen last: of the time between, items are missing."""

    feed_id: str
    source_id: str
    polled_at: datetime
    since_at: datetime  # the good poll before
    until_at: datetime  # the oldest entry that the feed still showed
    attempts: int = 0  # at a repair


@dataclass(frozen=True, slots=True)
class Repair:
    """What an attempt to repair an overrun came to; given up where neither `_at` is known."""

    feed_id: str
    polled_at: datetime
    repaired_at: datetime | None
    repair_attempts: int
    repair_due_at: datetime | None  # the next attempt


@dataclass(frozen=True, slots=True)
class Listing:
    """A dated listing (sitemap, archive) named so many items of a source for one day, all that it has."""

    source_id: str
    day: date
    items: int
    url: str
    listed_at: datetime


# ------------------------------------------------------------------------------------------------ entries


class Status(StrEnum):
    """IPTC pubstatus (NewsML-G2 8.5, ninjs pubstatus), and what Dateline makes of an embargo."""

    USABLE = "usable"
    EMBARGOED = "embargoed"
    WITHHELD = "withheld"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a text. `kind`: paragraph, heading, quote, item (of a list), standfirst."""

    text: str
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands under a picture."""

    text: str
    credit: str | None = None
    slug: str | None = None  # the heading that its desk gave it


@dataclass(frozen=True, slots=True)
class Subject:
    """A code or a label that was delivered with an item. `scheme`: medtop, subj, …; None for a plain tag."""

    name: str | None = None
    scheme: str | None = None
    code: str | None = None
    relevance: float | None = None  # 0 to 1
    kind: str = "topic"  # topic, place, person, organisation, event: only topics become tags


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed or a wire says of an item."""

    id: str  # within its feed; the link or a hash of the content where the feed's own id does not tell apart
    position: int  # within its capture, from 0
    wire_id: str | None = None  # the agency's id of the story, the same for all its versions
    version: int | None = None
    version_at: datetime | None = None
    url: str | None = None
    title: str | None = None
    summary: str | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    language: str | None = None
    section: str | None = None
    subjects: tuple[Subject, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    published_raw: str | None = None  # as the feed wrote it
    status: Status = Status.USABLE
    embargo_until: datetime | None = None
    dateline_place: str | None = None
    slugline: str | None = None
    urgency: int | None = None  # 1 to 9
    note: str | None = None  # to editors
    rights: str | None = None  # the copyright notice
    credit: str | None = None  # the credit line as delivered
    genre: str | None = None
    signal: str | None = None  # what this version does, as the wire says: correction, update, writethru, 1st ld …
    replaces: tuple[str, ...] = ()  # wire ids of the story's earlier versions, where each version has an id of its own
    assumed_timezone: str | None = None  # the zone in which stamps were read that carry none
    kind: str = "text"  # text, picture, graphic, video, audio, composite: only a text is an article
    body: tuple[Block, ...] | None = None  # when the feed delivers the whole text
    captions: tuple[Caption, ...] = ()


@dataclass(frozen=True, slots=True)
class BadItem:
    """One item of a feed document that could not be read; the others were."""

    position: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """What one capture of a feed, a sitemap or a wire file says."""

    format: str
    entries: tuple[Entry, ...]
    bad_items: tuple[BadItem, ...] = ()
    title: str | None = None
    language: str | None = None
    older_url: str | None = None  # RFC 5005 prev-archive or next page
    links: tuple[str, ...] = ()  # the further documents that a sitemap index, or a list of an agency's API, names
    held_links: tuple[tuple[str, datetime], ...] = ()  # those of held items, not to be asked for before
    cursor: str | None = None  # where the next poll goes on: a poll token, or the next page of an API


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry in the capture that has it. While held, `entry` carries nothing of its content (`without_content`)."""

    feed: Feed
    ref: CaptureRef
    entry: Entry


@dataclass(frozen=True, slots=True)
class HeldItem:
    """An item whose text waits in the archive."""

    ref: CaptureRef
    position: int
    feed_id: str
    entry_id: str
    source_id: str
    status: Status
    embargo_until: datetime | None
    version: int | None = None
    version_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WireLink:
    """A revision of a wire's story says that it replaces an earlier one; each has an id of its own."""

    source_id: str
    wire_id: str
    replaces: str


@dataclass(frozen=True, slots=True)
class Link:
    """A document that a feed's answer named and that is still to be had: it failed, its item was under an embargo, or
    there were too many at once.
    """

    feed_id: str
    source_id: str
    url: str  # a key in it as ${NAME}
    attempts: int = 0
    next_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageDue:
    """A page to fetch, and the entry that names it."""

    source_id: str
    feed_id: str
    entry: Entry
    url: str
    attempts: int
    first_at: datetime | None  # first good capture
    last_at: datetime | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class PageResult:
    """What came of a page: `state` is landed, failed or gone. It holds for every entry of the source that names it."""

    source_id: str
    url: str
    state: str
    at: datetime
    capture_id: str | None = None  # of a good capture alone
    etag: str | None = None
    last_modified: str | None = None
    reason: str | None = None
    next_due_at: datetime | None = None


# ------------------------------------------------------------------------------------------------ articles


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that is not the story's, and why it was left out."""

    position: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One date that something says the article has. `at` where a time is known, `day` always."""

    kind: str  # feed, jsonld, meta, microdata, time, url, text, dateline, http
    raw: str
    day: date
    at: datetime | None = None
    confidence: float = 0.5
    refused: str | None = None  # why it can't be: future, epoch, before_feed …


@dataclass(frozen=True, slots=True)
class Sighting:
    """One line of a page, as evidence of what recurs over the pages of its source."""

    line_id: str  # of its frame
    frame: str | None  # the line without what may vary in it; None: too long to be learned
    text: str | None
    place: str  # above, inside, below (the story's text), outside: the extraction passed over it
    chars: int
    is_heading: bool = False
    is_linked: bool = False  # mostly


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """What is known of one line of a source. A wire text that it ran under several addresses is one story."""

    source_id: str
    line_id: str
    frame: str
    text: str  # one of its wordings
    stories: int
    articles: int
    days: int
    above: int  # stories that had it there
    inside: int
    below: int
    outside: int
    headings: int  # stories that had it as a heading
    linked: int  # stories that had it as a link, mostly
    wordings: int
    share: float  # of the source's stories captured while the line was about
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What evidence says of a line. `place`: anywhere, edges (above and below the text); None: it is text."""

    place: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Learned:
    """The lines of one source that are left out of its pages' texts, by id, and where."""

    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line of a source as an operator sees it."""

    line_id: str
    frame: str
    text: str
    place: str | None  # where it is left out: anywhere, edges; None: it is text
    reason: str | None  # of the evidence; None: nothing is known but the operator's word
    said: str | None  # that word: keep, drop
    stories: int | None
    days: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that is to be left out, or to be text again, of the texts that are stored."""

    source_id: str
    line_id: str
    frame: str
    place: str | None  # as in LineVerdict


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a page holds."""

    title: str | None
    blocks: tuple[Block, ...]
    page_kind: str = "article"  # article, liveblog, gallery, video, paywall, index, error, consent
    kicker: str | None = None
    summary: str | None = None
    captions: tuple[Caption, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    authors: tuple[str, ...] = ()
    agency: str | None = None
    dateline_place: str | None = None
    dates: tuple[DateCandidate, ...] = ()
    modified_at: datetime | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    canonical_url: str | None = None
    sightings: tuple[Sighting, ...] = ()

    @property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Article:
    """One version of one article, as it goes into the warehouse."""

    article_id: str
    version_id: str
    source_id: str
    feed_id: str | None
    entry_id: str | None
    capture_id: str
    position: int  # of the item within its capture; 0 for a page
    captured_at: datetime
    url: str | None
    canonical_url: str | None
    wire_id: str | None  # of the story
    wire_version: int | None
    version_at: datetime | None  # when the version was made, as the wire says
    status: Status
    title: str | None
    summary: str | None
    text: str | None  # paragraphs parted by an empty line; None once recalled
    language: str | None
    authors: tuple[str, ...]
    agency: str | None
    dateline_place: str | None
    published_at: datetime | None  # None where only the day is known
    published_date: date | None  # in the source's time zone
    published_kind: str | None  # the kind of the candidate that was chosen
    published_confidence: float | None
    modified_at: datetime | None
    section: str | None
    page_kind: str
    word_count: int
    subjects: tuple[Subject, ...]
    note: str | None
    embargo_until: datetime | None  # kept as a fact once it has passed
    code_version: str
    slugline: str | None = None
    urgency: int | None = None
    genre: str | None = None
    credit: str | None = None
    rights: str | None = None
    signal: str | None = None
    assumed_timezone: str | None = None
    kicker: str | None = None  # over the page's headline
    revision_id: str | None = None  # the agency's id of this version: the story's, or its own where each has one
    replaces: tuple[str, ...] = ()  # the agency's ids of earlier versions that have one of their own
    captions: tuple[Caption, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    dates: tuple[DateCandidate, ...] = ()
    sightings: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionState:
    """What decisions need to know of one version, stored or new."""

    version_id: str
    captured_at: datetime
    wire_version: int | None
    version_at: datetime | None
    status: Status
    page_kind: str
    word_count: int
    title: str | None
    note: str | None = None
    revision_id: str | None = None
    last_made_at: datetime | None = None  # when a wire last sent it as it is; None: it came once

    @property
    def made_at(self) -> datetime:
        """When the version was made or, unknown, first captured."""
        return self.version_at or self.captured_at


@dataclass(frozen=True, slots=True)
class VersionPlace:
    """Where what a version was made of lies in the archive."""

    version_id: str
    article_id: str
    ref: CaptureRef
    position: int
    feed_id: str | None
    entry_id: str | None


@dataclass(frozen=True, slots=True)
class Revision:
    """The decision on one version. `decision`: new, changed, recalled, refused, superseded."""

    version_id: str
    article_id: str
    number: int  # 1 for the first, in the order of the wire's versions, else of capture
    decision: str
    reason: str | None
    is_current: bool


# ------------------------------------------------------------------------------------------------ topics and stories


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of a vocabulary."""

    id: str  # "<scheme>:<code>"
    label: str | None
    broader_id: str | None = None
    release: str | None = None
    same_as: tuple[str, ...] = ()  # ids of other schemes that mean it, such as subj:04000000


@dataclass(frozen=True, slots=True)
class TopicRule:
    """A pattern that an analyst wrote: where `field` matches `pattern`, the article is on the topic."""

    topic_id: str
    field: str  # title, text, section, tag, url
    pattern: str  # a regular expression, case-insensitive, on whole words
    language: str | None = None
    confidence: float = 0.6


@dataclass(frozen=True, slots=True)
class LinkInput:
    """What `link` needs of one article."""

    article_id: str
    source_id: str
    url: str | None
    title: str | None
    text: str
    language: str | None
    section: str | None
    subjects: tuple[Subject, ...]
    compare_at: datetime  # published, else first seen: for the near-duplicates' window alone


@dataclass(frozen=True, slots=True)
class Tag:
    """One topic of one article with its evidence."""

    article_id: str
    topic_id: str
    evidence: str  # delivered, mapped, publisher, rule
    detail: str  # the code, the label or the words that matched
    confidence: float
    release: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """What finds an article's near-duplicates."""

    article_id: str
    compare_at: datetime
    shingles: int
    bands: tuple[int, ...]  # unsigned 64-bit, one per band


@dataclass(frozen=True, slots=True)
class StoryEdge:
    """Two articles that run one text, verified. `article_a` < `article_b`."""

    article_a: str
    article_b: str
    containment: float  # of the smaller's shingles in the larger


@dataclass(frozen=True, slots=True)
class StoryMember:
    """One article's place in a story. `story_id` is the smallest article id of the story."""

    article_id: str
    story_id: str
    similarity: float | None  # to its nearest in the story; None when it stands alone


@dataclass(frozen=True, slots=True)
class RunText:
    """The text of one version, as it is compared with another source's."""

    article_id: str
    version_id: str
    at: datetime | None  # when the version was made, else published
    seen_at: datetime
    text: str
    authors: tuple[str, ...] = ()
    agency: str | None = None
    canonical_url: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that runs a version of an agency's."""

    copy_article_id: str
    copy_version_id: str
    article_id: str  # the agency's
    version_id: str
    share_of_version: float  # of the version's shingles that the copy has
    share_of_copy: float  # of the copy's shingles that the version has
    evidence: tuple[str, ...]  # near_duplicate, canonical_link, credit, byline


# ------------------------------------------------------------------------------------------------ runs


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The published file."""

    path: str
    size_bytes: int
    built_at: datetime
    articles: int
    stories: int


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What a run did with one source."""

    source_id: str
    feeds: int = 0
    polled: int = 0
    not_modified: int = 0
    not_due: int = 0
    failing: int = 0  # of those that are not due: their last poll failed
    overrun: int = 0
    failed: int = 0
    entries: int = 0  # of the run's window
    entries_new: int = 0
    pages: int = 0
    articles_new: int = 0
    articles_changed: int = 0
    recalled: int = 0
    refused: int = 0
    held: int = 0
    quarantined: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did."""

    run_id: str
    kind: str  # nightly, backfill
    started_at: datetime
    finished_at: datetime
    window: Window = field(default_factory=Window)
    sources: tuple[SourceReport, ...] = ()
    snapshot: Snapshot | None = None

    @property
    def is_outage(self) -> bool:
        """Whether every feed failed, now or the last time. Some are dead on any night; all of them are our outage."""
        down = sum(one.failed + one.failing for one in self.sources)
        return 0 < down == sum(one.polled + one.not_due for one in self.sources)
