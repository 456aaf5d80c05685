"""What NewsML-G2's itemMeta and contentMeta say of an item: kind, release, signals, earlier versions, people, genre."""

import re
from collections.abc import Iterable

from pipeline.entries.bylines import names_of
from pipeline.entries.markup import spaced_text, tidy
from pipeline.entries.newsml_urn import split_revision
from pipeline.entries.signals import Release, release_told, signals_among
from pipeline.entries.stamps import feed_stamp
from pipeline.entries.wire import code_name, kind_of_media, status_of
from pipeline.entries.xml import Element, attribute, child, children, name_of

_EARLIER = frozenset(  # NewsML-G2's item relations (irel), and what agencies call the same
    ("previousversion", "evolvedfrom", "replaces", "replacing", "supersedes", "updateof", "correctionof", "revisionof")
)
_WRITERS = re.compile(r"(?:co-?)?author|writer|reporter|journalist|correspondent|byline", re.IGNORECASE)
_REUTERS_EDITS = {"edStat:U": "update", "edStat:C": "correction"}  # Reuters' letters; D stands beside a canceled status


def kind_of_item(item: Element, *, has_text: bool) -> str:
    """By itemClass (ninat:text, icls:picture, or its address); an item that doesn't tell is text if it has content, and
    a composite that brings its own text is one.
    """
    if name_of(item) == "packageitem":
        return "composite"  # TT gives its packages the class of their main item
    kind = kind_of_media(code_of(child(item, "itemmeta", "itemclass")))
    if kind:
        return "text" if kind == "composite" and has_text else kind
    content = child(item, "contentset")
    remote = attribute(child(content, "remotecontent"), "contenttype")
    if remote and not any(child(content, name) is not None for name in ("inlinexml", "inlinedata")):
        return kind_of_media(remote.partition("/")[0]) or "text"
    return "text"


def code_of(element: Element | None) -> str | None:
    """The code of a concept: its QCode, else its address."""
    return attribute(element, "qcode") or attribute(element, "uri")


def named(element: Element | None, *, has_code: bool = False) -> str | None:
    """The name of a concept, else its literal, else (of a provider: nprov:AFP) what its code says."""
    name = spaced_text(child(element, "name")) or attribute(element, "literal")
    code = code_of(element) if has_code else None
    return name or (tidy(re.split("[:/#]", code.rstrip("/#"))[-1]) if code else None)


def release_of(meta: Element | None, signal: str | None, timezone: str) -> Release:
    """The status and the embargo's end. An empty `embargoed` is an embargo whose end is not known, unless the item is a
    form of which the note is left as blank: BusinessDesk sends both elements with every story.
    """
    embargoed = child(meta, "embargoed")
    notes = children(meta, "ednote")
    is_blank = not spaced_text(embargoed) and bool(notes) and not any(map(spaced_text, notes))
    status = child(meta, "pubstatus")
    return release_told(
        status_of(code_of(status) or attribute(status, "literal") or spaced_text(status)),
        signal,
        _joined(notes),
        feed_stamp(spaced_text(child(meta, "versioncreated")), timezone),
        timezone,
        is_stated=embargoed is not None and not is_blank,
        until=feed_stamp(spaced_text(embargoed), timezone),
    )


def note_of(meta: Element | None) -> str | None:
    """What is said to editors, without the notes that may not be published (`pubconstraint`) and those that repeat one
    of these: dpa writes the telephone numbers of its desk into one, and all notes into another.
    """
    notes = children(meta, "ednote")
    private = [_bare(note) for note in notes if attribute(note, "pubconstraint")]
    return _joined(note for note in notes if not any(said and said in _bare(note) for said in private))


def _joined(notes: Iterable[Element]) -> str | None:
    return tidy(" ".join(filter(None, map(spaced_text, notes))))


def _bare(note: Element) -> str:
    return "".join("".join(note.itertext()).split())


def signals_of(meta: Element | None) -> tuple[str, ...]:
    """What the version does: sig:correction, sig:update, and agencies' own signals that say the like."""
    codes = ((signal, code_of(signal) or "") for signal in children(meta, "signal"))
    return signals_among(_REUTERS_EDITS.get(code) or code_name(code) or named(signal) for signal, code in codes)


def replaced_by(meta: Element | None, wire_id: str | None) -> tuple[str, ...]:
    """The ids of earlier versions that have ids of their own. TT names them by address; STT links to its last version
    without saying how they are related.
    """
    found: list[str | None] = []
    for link in children(meta, "link"):
        relation = attribute(link, "rel") or attribute(link, "reluri")
        is_earlier = code_name(relation) in _EARLIER if relation else attribute(link, "version") is not None
        if is_earlier:
            target = attribute(link, "residref") or attribute(link, "guidref") or attribute(link, "href")
            found.append(split_revision(target)[0])
    return tuple(dict.fromkeys(earlier for earlier in found if earlier and earlier != wire_id))


def authors_of(content: Element | None) -> tuple[str, ...]:
    """The people of `by`, else the creators that are people."""
    names = [name for by in children(content, "by") for name in names_of(spaced_text(by))]
    if not names:
        people = filter(_is_person, children(content, "creator"))
        names = [name for person in people for name in names_of(named(person))]
    return tuple(dict.fromkeys(names))


def _is_person(creator: Element) -> bool:
    """By its type, its details, or its role (crol:author); a creator may be a company as well."""
    kind = code_name(attribute(creator, "type") or attribute(creator, "typeuri"))
    role = code_name(attribute(creator, "role") or attribute(creator, "roleuri"))
    has_details = child(creator, "persondetails") is not None
    return kind == "person" or (not kind and (has_details or bool(_WRITERS.fullmatch(role))))


def genre_of(content: Element | None) -> str | None:
    """The first genre, by its name, else its code."""
    return next(filter(None, (named(genre, has_code=True) for genre in children(content, "genre"))), None)
