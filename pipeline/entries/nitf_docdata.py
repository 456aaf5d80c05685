"""NITF's docdata: which story and version a file is, when it was issued, whether it may be used."""

import re
from dataclasses import dataclass
from datetime import datetime

from pipeline.entries.markup import spaced_text, tidy
from pipeline.entries.newsml_urn import split_revision
from pipeline.entries.signals import Release, is_embargo_told, release_told, signal_text
from pipeline.entries.stamps import feed_stamp
from pipeline.entries.wire import status_of, version_of
from pipeline.entries.xml import Element, attribute, child, children
from pipeline.types import Status

_AP_ADDRESS = re.compile(r"/content/([0-9a-f]{32})(?:\.(\d{1,9}))?/")  # of AP's Media API, whose NITF has no id


@dataclass(frozen=True, slots=True)
class Issue:
    """When and how a version was given out."""

    dates: tuple[str, ...]  # of release, then of issue, as written
    issued_at: datetime | None
    revised: str | None  # as written
    release: Release
    note: str | None
    signal: str | None
    replaces: tuple[str, ...]


def identity_of(docdata: Element | None, url: str) -> tuple[str | None, int | None]:
    """The story's id, the same for all its versions, and the version.

    A du-key with a version is the story's own key (NITF 3.x: unique for the story). PA writes the version and the part
    of a series behind the story's id, NTB the version behind the key; others may use NewsML's URN.
    """
    key = child(docdata, "du-key")
    own, written = attribute(key, "key"), attribute(key, "version")
    document = attribute(child(docdata, "doc-id"), "id-string")
    if own and written:
        return own, version_of(written)
    if document:
        return story_of(document, docdata)
    address = None if own else _AP_ADDRESS.search(url)
    return (address[1], version_of(address[2])) if address else (own, None)


def story_of(document: str, docdata: Element | None) -> tuple[str | None, int | None]:
    """The story and the version that a document's id names, where its file shows that the id ends with a version."""
    part = attribute(child(docdata, "series"), "series.part")
    if part and (found := re.fullmatch(rf"(.+)-(\d{{1,9}})-{re.escape(part)}", document)):
        return (found[1] if part == "1" else f"{found[1]}-{part}"), version_of(found[2])
    own = attribute(child(docdata, "du-key"), "key")
    if own and (found := re.fullmatch(rf"{re.escape(own)}[_.:-](\d{{1,9}})", document)):
        return own, version_of(found[1])
    return split_revision(document)


def issue_of(root: Element, slug: str | None, title: str | None, timezone: str) -> Issue:
    """What docdata and the notes of the body's head say; slug and title may tell what the version does."""
    docdata = child(root, "head", "docdata")
    released, issued = _norm(docdata, "date.release"), _norm(docdata, "date.issue")
    issued_at = feed_stamp(issued, timezone)
    history = children(docdata, "revision-history") or children(child(root, "head"), "revision-history")
    revised, comments = _last_revision(history)
    message = _message(root, docdata)
    correction = child(docdata, "correction")
    corrected = attribute(correction, "id-string")
    signal = signal_text(("correction",) if correction is not None else (), slug, title)
    release = _release(docdata, signal, message, feed_stamp(released, timezone), issued_at, timezone)
    return Issue(
        dates=tuple(filter(None, (released, issued))),
        issued_at=issued_at,
        revised=revised,
        release=release,
        note=message or tidy(attribute(correction, "info")) or comments,
        signal=signal,
        replaces=(story_of(corrected, docdata)[0] or corrected,) if corrected else (),
    )


def _last_revision(history: list[Element]) -> tuple[str | None, str | None]:
    """The stamp and the comment of the last revision, in no promised order."""
    rows = sorted(history, key=lambda row: attribute(row, "norm") or "")
    return (attribute(rows[-1], "norm"), tidy(attribute(rows[-1], "comment"))) if rows else (None, None)


def _message(root: Element, docdata: Element | None) -> str | None:
    """What is said to editors: ed-msg, and the notes of the body's head."""
    said = [
        *(tidy(attribute(message, "info")) or spaced_text(message) for message in children(docdata, "ed-msg")),
        *map(spaced_text, children(child(root, "body", "body.head"), "note")),
    ]
    kinds = (attribute(message, "msg-type") for message in children(docdata, "ed-msg"))
    return tidy(" ".join(dict.fromkeys(filter(None, said)))) or next(filter(None, kinds), None)


def _release(
    docdata: Element | None,
    signal: str | None,
    message: str | None,
    released_at: datetime | None,
    issued_at: datetime | None,
    timezone: str,
) -> Release:
    """The status and the embargo's end.

    `date.release` is when a document may be released; it holds a story back where it lies after the issue, or where the
    status or the message to editors says embargo.
    """
    status = status_of(attribute(docdata, "management-status"))
    is_later = released_at is not None and (issued_at is None or released_at > issued_at)
    is_told = status is Status.EMBARGOED or is_embargo_told(signal, message)
    is_held_back = is_told or (is_later and issued_at is not None)
    until = released_at if is_held_back and is_later else None  # a release that is the issue itself ends no embargo
    return release_told(status, signal, message, issued_at, timezone, is_stated=is_held_back, until=until)


def _norm(docdata: Element | None, name: str) -> str | None:
    """The first of these date elements that has a `norm`, else its words."""
    written = (attribute(date, "norm") or spaced_text(date) for date in children(docdata, name))
    return next(filter(None, written), None)
