"""Topics as they were delivered → Subject with a short scheme."""

import re

from pipeline.entries.markup import tidy
from pipeline.entries.wire import code_name
from pipeline.types import Subject

_SCHEMES = {  # IPTC's vocabularies by the last part of their address, http://cv.iptc.org/newscodes/<name>/
    "mediatopic": "medtop",
    "mediatopics": "medtop",
    "medtop": "medtop",
    "subjectcode": "subj",
    "subjectcodes": "subj",
    "subj": "subj",
    "subjectqualifier": "subjqual",
}
_KINDS = {  # IPTC's concept nature (cpnat), and what other vocabularies call it
    "person": "person",
    "people": "person",
    **dict.fromkeys(("organisation", "organization", "org", "company", "party"), "organisation"),
    **dict.fromkeys(("geoarea", "poi", "place", "location", "country", "city", "region", "geography"), "place"),
    "event": "event",
}
_NEWS_SCHEMES = frozenset(("medtop", "subj"))
_IPTC = re.compile(r"https?://cv\.iptc\.org/newscodes/(\w+)/([\w.-]*)/?", re.IGNORECASE)
_QCODE = re.compile(r"([A-Za-z][\w.-]*):([^\s/].*)")
_SUBJECT_CODE = re.compile(r"(?:0[1-9]|1[0-7])\d{6}")  # IPTC subject codes: 01000000 to 17999999
_MEDIA_TOPIC = re.compile(r"2000[01]\d{3}")


def subject_of(
    *,
    scheme: str | None = None,
    code: str | None = None,
    name: str | None = None,
    relevance: float | None = None,
    kind: str = "topic",
) -> Subject | None:
    """One subject; None where nothing is told.

    A scheme or a code may be an address, a code may be a QCode (`medtop:20000170`). A bare eight-digit code of IPTC's
    range is one of its subject codes or Media Topics.
    """
    scheme, code, name = tidy(scheme), tidy(code), tidy(name)
    if code and (address := _IPTC.fullmatch(code)) and address[2]:
        scheme, code = address[1], address[2]
    elif code and not scheme and (qcode := _QCODE.fullmatch(code)) and "//" not in code:
        scheme, code = qcode[1], qcode[2]
    if code and not scheme:
        scheme = "subj" if _SUBJECT_CODE.fullmatch(code) else "medtop" if _MEDIA_TOPIC.fullmatch(code) else None
    if code and scheme:
        return Subject(name, _short(scheme), code.removeprefix(f"{scheme}:"), relevance, kind)
    label = name or code
    return Subject(label, relevance=relevance, kind=kind) if label else None


def kind_of_subject(type_code: str | None, code: str | None = None) -> str:
    """place, person, organisation, event or topic, by the type of a concept (cpnat:geoArea) or a code of ISO 3166."""
    return _KINDS.get(code_name(type_code), "place" if (code or "").lower().startswith("iso3166") else "topic")


def tag_of(term: str | None, scheme: str | None = None, label: str | None = None) -> Subject | None:
    """A publisher's own tag: a plain label, unless its scheme says that it is a news code."""
    is_code = scheme or not (term or "").isdigit()  # a tag of digits may be a date
    delivered = subject_of(scheme=scheme, code=term, name=label) if is_code else None
    if delivered and delivered.scheme in _NEWS_SCHEMES:
        return delivered
    return subject_of(name=label or term)


def _short(scheme: str) -> str:
    address = _IPTC.fullmatch(scheme if scheme.endswith("/") else f"{scheme}/")
    name = address[1] if address else scheme.rstrip("/")
    return _SCHEMES.get(name.lower(), name)


def relevance_of(delivered: object) -> float | None:
    """From 0 to 1. NewsML-G2 and ninjs count in whole numbers from 1 to 100; a fraction is taken as one."""
    if isinstance(delivered, str) and delivered.isascii() and delivered.isdigit() and len(delivered) < 4:
        delivered = int(delivered)
    if isinstance(delivered, bool) or not isinstance(delivered, int | float):
        return None
    share = delivered / 100 if isinstance(delivered, int) and 0 <= delivered <= 100 else delivered
    return float(share) if 0 <= share <= 1 else None


def distinct(subjects: list[Subject | None]) -> tuple[Subject, ...]:
    """Those that are there, each once, in order."""
    return tuple(dict.fromkeys(subject for subject in subjects if subject))
