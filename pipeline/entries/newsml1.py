"""NewsML 1.0 to 1.2: one entry per NewsItem, of which a file may have several (AFP, EFE, ATS, Kyodo, TASS).

Catalogs and TopicSets are never fetched; topics that a file brings itself are read.
"""

from pipeline.entries.bylines import names_of, place_of
from pipeline.entries.items import read_items
from pipeline.entries.links import web_address
from pipeline.entries.markup import read_captions, spaced_text, tidy
from pipeline.entries.newsml1_content import Contents, contents_of
from pipeline.entries.newsml1_subjects import origin_of, party_of, subjects_of, topics_in
from pipeline.entries.newsml_urn import split_revision
from pipeline.entries.nitf import nitf_authors, nitf_headline, nitf_place
from pipeline.entries.signals import Release, release_told, signal_text, signals_among
from pipeline.entries.stamps import assumed_zone, feed_stamp
from pipeline.entries.wire import (
    agency_of,
    code_name,
    first_stamp,
    id_without_id,
    status_of,
    urgency_of,
    version_of,
)
from pipeline.entries.xml import LANG, Element, attribute, child, children, descendants, name_of
from pipeline.types import BadItem, Caption, Entry, FeedDocument

_EARLIER = frozenset(("previousversion", "previousrevision", "replaces", "updateof", "evolvedfrom", "supersedes"))
_NOTES = ("note", "advisory", "instruction")  # of a NewsLine's type or a property's name, in lower case


def read_newsml1(root: Element, *, url: str, timezone: str, max_items: int) -> FeedDocument:
    """The news items of a file, in order."""
    items = [root] if name_of(root) == "newsitem" else descendants(root, "newsitem")
    envelope, topics = child(root, "newsenvelope"), topics_in(root)

    def read(item: Element, position: int) -> Entry | BadItem:
        entry = _entry(item, envelope, position, topics, timezone)
        if entry.wire_id or entry.title or entry.body:
            return entry
        return BadItem(position, "no_id", "the NewsItem has neither NewsIdentifier, headline nor text")

    entries, bad_items = read_items(items, read, max_items)
    return FeedDocument(
        "newsml1",
        tuple(entries),
        tuple(bad_items),
        title=party_of(child(envelope, "sentfrom"), topics) or _formal(child(envelope, "newsservice")),
        links=_links(root, url),
    )


def _formal(element: Element | None) -> str | None:
    """The FormalName, by which NewsML 1 writes all its codes."""
    return tidy(attribute(element, "FormalName"))


def _links(root: Element, url: str) -> tuple[str, ...]:
    """Where the items lie that a file refers to by a web address (NewsItemRef), absolute in the file itself."""
    found = (attribute(ref, "NewsItem") for ref in descendants(root, "newsitemref"))
    addresses = (web_address(ref, url) for ref in found if ref and ref.startswith(("http:", "https:")))
    return tuple(dict.fromkeys(address for address in addresses if address))


def _entry(item: Element, envelope: Element | None, position: int, topics: dict[str, Element], timezone: str) -> Entry:
    management = child(item, "newsmanagement")
    contents = contents_of(item)
    wire_id, version = _identity(item)
    created = spaced_text(child(management, "firstcreated"))
    revised = spaced_text(child(management, "thisrevisioncreated"))
    sent = spaced_text(child(envelope, "dateandtime"))
    published_at, published_raw = first_stamp(timezone, created, revised, sent)
    title = contents.headline() or nitf_headline(contents.nitf)
    slug = contents.line("slugline") or spaced_text(child(item, "identification", "namelabel"))
    signal = signal_text(_signals(item, management), slug, title)
    release, until = _release(management, contents, signal, revised or created, timezone)
    body = contents.body(_is_partial(item))
    provider = tidy(spaced_text(child(item, "identification", "newsidentifier", "providerid")))
    return Entry(
        id=wire_id or id_without_id(title, published_raw, body or ()),
        position=position,
        wire_id=wire_id,
        version=version,
        version_at=feed_stamp(revised, timezone) or feed_stamp(sent, timezone),
        title=title,
        summary=contents.summary() or contents.line("subheadline"),
        authors=_authors(contents),
        agency=_agency(contents, topics, provider),
        language=_language(contents, item),
        subjects=subjects_of(contents, topics),
        published_at=published_at,
        published_raw=published_raw,
        updated_at=feed_stamp(revised, timezone),
        status=release.status,
        embargo_until=release.embargo_until,
        dateline_place=_place(contents),
        slugline=slug,
        urgency=urgency_of(_formal(child(management, "urgency")), _formal(child(envelope, "priority"))),
        note=_note(management, contents),
        rights=contents.line("copyrightline")
        or contents.line("rightsline")
        or spaced_text(contents.find("rightsmetadata", "copyright", "copyrightholder")),
        credit=contents.line("creditline"),
        genre=_formal(contents.find("descriptivemetadata", "genre")),
        signal=signal,
        replaces=_replaced(management, wire_id),
        assumed_timezone=release.assumed_timezone or assumed_zone(timezone, published_raw, revised, until),
        kind=contents.kind,
        body=body if contents.kind == "text" else None,
        captions=_captions(contents),
    )


def _identity(item: Element) -> tuple[str | None, int | None]:
    """NewsML 1, NewsIdentifier: ProviderId, DateId and NewsItemId name the item, RevisionId the version. The public
    identifier is made of all four (RFC 3085); the id here is made of the first three.
    """
    identifier = child(item, "identification", "newsidentifier")
    provider, date, own = (
        tidy(spaced_text(child(identifier, name))) for name in ("providerid", "dateid", "newsitemid")
    )
    public, revision = split_revision(tidy(spaced_text(child(identifier, "publicidentifier"))))
    version = version_of(spaced_text(child(identifier, "revisionid")))
    wire_id = f"urn:newsml:{provider}:{date or ''}:{own}" if provider and own else public or own
    return wire_id, revision if version is None else version


def _release(
    management: Element | None, contents: Contents, signal: str | None, filed: str | None, timezone: str
) -> tuple[Release, str | None]:
    """The status and the embargo's end, and that as it was written: StatusWillChange tells when an item is usable."""
    ends = [
        spaced_text(child(change, "dateandtime"))
        for change in children(management, "statuswillchange")
        if code_name(_formal(child(change, "futurestatus"))) == "usable"
    ]
    ends += [
        attribute(property_, "Value")
        for property_ in children(management, "property")
        if "embargo" in (_formal(property_) or "").lower()
    ]
    until, written = first_stamp(timezone, *ends)
    status = status_of(_formal(child(management, "status")))
    note, filed_at = _note(management, contents), feed_stamp(filed, timezone)
    return release_told(status, signal, note, filed_at, timezone, until=until), written


def _update(item: Element) -> str | None:
    """NewsML 1, RevisionId, `Update`: U where the file has an Update of parts of the item, A where it only has other
    management data, N where it is the whole.
    """
    return attribute(child(item, "identification", "newsidentifier", "revisionid"), "Update")


def _is_partial(item: Element) -> bool:
    """Some write U with the whole item."""
    return child(item, "update") is not None or _update(item) == "A"


def _signals(item: Element, management: Element | None) -> tuple[str, ...]:
    orders = (code_name(_formal(order)) for order in children(management, "instruction"))
    return signals_among([*orders, "update" if _update(item) == "U" else None])


def _replaced(management: Element | None, wire_id: str | None) -> tuple[str, ...]:
    """Items of which this is said to be a later version; DerivedFrom alone may be a translation, AssociatedWith a
    picture.
    """
    found = [
        split_revision(attribute(earlier, "NewsItem"))[0]
        for earlier in children(management, "derivedfrom", "associatedwith")
        if code_name(_formal(earlier)) in _EARLIER
    ]
    return tuple(dict.fromkeys(earlier for earlier in found if earlier and earlier != wire_id))


def _note(management: Element | None, contents: Contents) -> str | None:
    """What is said to editors: instructions with words, lines and properties that are called notes."""
    said = [spaced_text(order) for order in children(management, "instruction")]
    for line in contents.all("newslines", "newsline"):
        if any(word in (_formal(child(line, "newslinetype")) or "").lower() for word in _NOTES):
            said.append(spaced_text(child(line, "newslinetext")))
    for property_ in children(management, "property"):
        if any(word in (_formal(property_) or "").lower() for word in _NOTES):
            said.append(attribute(property_, "Value"))
    return tidy(" ".join(dict.fromkeys(filter(None, said))))


def _authors(contents: Contents) -> tuple[str, ...]:
    return names_of(contents.line("byline")) or nitf_authors(contents.nitf)


def _agency(contents: Contents, topics: dict[str, Element], provider_id: str | None) -> str | None:
    parties = (contents.find("administrativemetadata", name) for name in ("provider", "source", "creator"))
    provider = next(filter(None, (party_of(party, topics) for party in parties)), None)
    return agency_of(contents.line("creditline"), provider) or provider_id


def _language(contents: Contents, item: Element) -> str | None:
    told = _formal(contents.find("descriptivemetadata", "language"))
    marked = (attribute(element, LANG) for element in (*contents.scopes, item, *item.iterancestors()))
    found = told or next(filter(None, marked), None)
    return found.lower() if found and found.isupper() else found  # ATS writes FR


def _place(contents: Contents) -> str | None:
    """The place of the DateLine, else the Location from which the content comes, else the dateline of inline NITF."""
    return place_of(contents.line("dateline"), origin_of(contents)) or nitf_place(contents.nitf)


def _captions(contents: Contents) -> tuple[Caption, ...]:
    inline = [caption for data in contents.markup for caption in read_captions(data)]
    return tuple(dict.fromkeys([*contents.captions(), *inline]))
