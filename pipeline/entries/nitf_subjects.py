"""What a NITF story is about: its codes, keywords and identified content."""

import re
from collections.abc import Iterator

from pipeline.entries.markup import spaced_text
from pipeline.entries.subjects import distinct, subject_of
from pipeline.entries.xml import Element, attribute, child, children, descendants, name_of
from pipeline.types import Subject

_NAMED = {  # NITF 3.x, identified-content and the same elements within the text
    "person": "person",
    "org": "organisation",
    "location": "place",
    "event": "event",
    "object.title": "topic",
    "classifier": "topic",
}
_POSSESSIVE = re.compile(r"['’]s$")  # PA marks "Britain's" in "Britain's Got Talent"


def nitf_subjects(root: Element) -> tuple[Subject, ...]:
    """Subject codes of the tobject, keywords, then places, people, organisations and events."""
    docdata = child(root, "head", "docdata")
    about = [child(docdata, "identified-content"), *children(child(root, "body"), "body.content")]
    return distinct(
        [
            *_coded(root),
            *(subject_of(name=word) for word in _keywords(docdata)),
            *_places(docdata),
            *(subject for place in about for subject in _identified(place)),
        ]
    )


def _coded(root: Element) -> Iterator[Subject | None]:
    """EFE puts codes of its own beside IPTC's; a subject without a code has at least the names of its levels."""
    for subject in descendants(root, "tobject.subject"):
        owner = attribute(subject, "tobject.subject.ipr")
        code = attribute(subject, "tobject.subject.refnum") or attribute(subject, "tobject.subject.code")
        parts = (attribute(subject, f"tobject.subject.{part}") for part in ("detail", "matter", "type"))
        name = next(filter(None, parts), None)
        yield subject_of(scheme=owner if code and owner not in (None, "IPTC") else None, code=code, name=name)


def _keywords(docdata: Element | None) -> Iterator[str | None]:
    for keys in children(docdata, "key-list"):
        for word in children(keys, "keyword"):
            yield attribute(word, "key") or spaced_text(word)


def _places(docdata: Element | None) -> Iterator[Subject | None]:
    """Where the event was: the narrowest name that evloc gives."""
    for place in children(docdata, "evloc"):
        parts = (attribute(place, part) for part in ("city", "county-dist", "state-prov"))
        name = next(filter(None, parts), None)
        country = attribute(place, "iso-cc")
        if name or country:
            yield subject_of(name=name or country, kind="place")


def _identified(within: Element | None) -> Iterator[Subject | None]:
    """NITF marks names by element: `<org idsrc="…" value="…">`; a classifier may have a value alone."""
    for found in descendants(within, *_NAMED):
        code = attribute(found, "value") or attribute(found, "location-code")
        scheme = attribute(found, "idsrc") or attribute(found, "code-source") if code else None
        kind = _NAMED[name_of(found)]
        name = spaced_text(child(found, "city")) or spaced_text(found)
        if name and kind in ("person", "place"):
            name = _POSSESSIVE.sub("", name)
        yield subject_of(scheme=scheme, code=code if scheme else None, name=name or code, kind=kind)
