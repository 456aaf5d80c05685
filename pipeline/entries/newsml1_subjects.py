"""What a NewsML 1 item is about: subject codes, places, the topics that the file brings along, keywords."""

import re
from collections.abc import Iterator

from pipeline.entries.markup import spaced_text, tidy
from pipeline.entries.newsml1_content import Contents
from pipeline.entries.subjects import distinct, kind_of_subject, subject_of
from pipeline.entries.xml import Element, attribute, child, children, descendants
from pipeline.types import Subject

_LEVELS = ("subject", "subjectmatter", "subjectdetail")
_PLACES = ("city", "sublocation", "countryarea", "countryname", "country")  # Location's properties, the best name first
_IPTC = re.compile(r"\d{8}")
_LISTED = re.compile(r"\s*[,;|]\s*")


def topics_in(root: Element) -> dict[str, Element]:
    """The topics of the file's own TopicSets, by the id with which it refers to them."""
    return {duid: topic for topic in descendants(root, "topic") if (duid := attribute(topic, "Duid"))}


def party_of(holder: Element | None, topics: dict[str, Element]) -> str | None:
    """The name of the party within (Provider, Source, SentFrom)."""
    party = child(holder, "party")
    topic = topics.get((attribute(party, "Topic") or "").removeprefix("#"))
    return (_topic_name(topic) if topic is not None else None) or tidy(attribute(party, "FormalName"))


def origin_of(contents: Contents) -> str | None:
    """The place from which the content comes: the Location that says so, else the only one, else a plain City (ANA)."""
    places = contents.all("descriptivemetadata", "location")
    stated = [place for place in places if (attribute(place, "HowPresent") or "").lower() in ("origin", "dateline")]
    if stated or len(places) == 1:
        return _place_name((stated or places)[0])
    cities = (one for one in contents.all("descriptivemetadata", "property") if attribute(one, "FormalName") == "City")
    return tidy(attribute(next(cities, None), "Value"))


def subjects_of(contents: Contents, topics: dict[str, Element]) -> tuple[Subject, ...]:
    """Subject codes of all levels, topics, keywords, then places."""
    words = (spaced_text(line) or "" for line in contents.all("newslines", "keywordline"))
    return distinct(
        [
            *_codes(contents),
            *_topics(contents, topics),
            *(subject_of(name=word) for line in words for word in _LISTED.split(line)),
            *(
                subject_of(name=_place_name(place), kind="place")
                for place in contents.all("descriptivemetadata", "location")
            ),
        ]
    )


def _codes(contents: Contents) -> Iterator[Subject | None]:
    """SubjectCode has a code for each level. IPTC's are known by their form; others keep the scheme that they name."""
    for subject in contents.all("descriptivemetadata", "subjectcode"):
        for level in children(subject, *_LEVELS):
            code, scheme = attribute(level, "FormalName"), attribute(level, "Scheme")
            is_plain = not scheme or bool(code and _IPTC.fullmatch(code))
            yield subject_of(code=code, scheme=None if is_plain else scheme)


def _topics(contents: Contents, topics: dict[str, Element]) -> Iterator[Subject | None]:
    for occurrence in contents.all("descriptivemetadata", "topicoccurrence"):
        reference = attribute(occurrence, "Topic") or ""
        topic = topics.get(reference.removeprefix("#"))
        if topic is not None:
            kind = kind_of_subject(attribute(child(topic, "topictype"), "FormalName"))
            yield subject_of(name=_topic_name(topic), kind=kind)
    for described in contents.all("descriptivemetadata", "property"):
        if "keyword" in (attribute(described, "FormalName") or "").lower():
            yield subject_of(name=attribute(described, "Value"))


def _topic_name(topic: Element) -> str | None:
    return spaced_text(child(topic, "description")) or spaced_text(child(topic, "formalname"))


def _place_name(location: Element) -> str | None:
    """The name of a Location by its properties, else by its words."""
    told = {
        (attribute(part, "FormalName") or "").lower(): tidy(attribute(part, "Value"))
        for part in descendants(location, "property")
    }
    return next(filter(None, (told.get(name) for name in _PLACES)), None) or spaced_text(location)
