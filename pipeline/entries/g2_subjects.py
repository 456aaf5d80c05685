"""What a NewsML-G2 item is about: subjects with their codes, the concepts that it asserts, places, keywords."""

from pipeline.entries.g2_meta import code_of, named
from pipeline.entries.markup import spaced_text
from pipeline.entries.subjects import distinct, kind_of_subject, relevance_of, subject_of
from pipeline.entries.xml import Element, attribute, child, children
from pipeline.types import Subject

_REUTERS_PLACE = "cptType:5"
_DETAILS = {  # NewsML-G2, concept details: what a concept is that has them
    "persondetails": "person",
    "organisationdetails": "organisation",
    "geoareadetails": "place",
    "poidetails": "place",
    "eventdetails": "event",
}
_NO_NAME = "N/A"  # STT's name of a level that is not filled


def g2_subjects(item: Element) -> tuple[Subject, ...]:
    """Subjects, keywords, what is asserted of them, and where the content comes from; each once."""
    meta, content = child(item, "itemmeta"), child(item, "contentmeta")
    asserted = {code: concept for concept in children(item, "assert") if (code := _key(concept))}
    subjects = children(content, "subject")
    told = {_key(subject) for subject in subjects}
    found = [_subject(subject, asserted.get(_key(subject) or "")) for subject in subjects]
    found += [subject_of(name=spaced_text(word)) for word in children(content, "keyword")]
    found += [_asserted(concept) for code, concept in asserted.items() if code not in told]
    found += [_place(located) for part in (content, meta) for located in children(part, "located")]
    return distinct(found)


def located_in(meta: Element | None, content: Element | None) -> str | None:
    """The place from which the content comes."""
    return named(child(content, "located")) or named(child(meta, "located"))


def _key(concept: Element) -> str | None:
    """What joins a subject to what is asserted of it."""
    return code_of(concept) or attribute(concept, "literal")


def _subject(subject: Element, asserted: Element | None) -> Subject | None:
    code = code_of(subject)
    names = (spaced_text(child(concept, "name")) for concept in (subject, asserted) if concept is not None)
    name = next(filter(None, names), None) or (None if code else attribute(subject, "literal"))
    return subject_of(
        code=code, name=name, relevance=relevance_of(attribute(subject, "relevance")), kind=_kind(subject, asserted)
    )


def _kind(subject: Element, asserted: Element | None = None) -> str:
    """By the type of the concept, by its details, by its code."""
    told = attribute(subject, "type")
    types = [told, attribute(subject, "typeuri")]
    for concept in (subject, asserted):
        types += [attribute(child(concept, "type"), "qcode"), attribute(child(concept, "type"), "uri")]
        for detail, kind in _DETAILS.items():
            if child(concept, detail) is not None:
                types.append(kind)
    if told == _REUTERS_PLACE:
        return "place"
    kinds = (kind_of_subject(code) for code in types)
    return next((kind for kind in kinds if kind != "topic"), kind_of_subject(None, code_of(subject)))


def _asserted(concept: Element) -> Subject | None:
    """A concept that stands for itself: one that says what it is. STT names its places by what lies around them."""
    kind = _kind(concept)
    name = spaced_text(child(concept, "name"))
    around = [below for below in children(concept, "broader") if _kind(below) == "place"]
    if not name and kind == "topic" and around:
        names = (spaced_text(child(below, "name")) for below in around)
        kind, name = "place", next((found for found in names if found and found != _NO_NAME), None)
    return subject_of(code=code_of(concept), name=name, kind=kind) if name and kind != "topic" else None


def _place(located: Element) -> Subject | None:
    name = named(located)
    return subject_of(code=code_of(located), name=name, kind="place") if name else None
