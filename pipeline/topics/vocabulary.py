"""The topics, and the rules that find them → Topic, TopicRule.

An analyst edits `sql/seeds/topics.csv` and `sql/seeds/topic_rules.csv`; what can't be used is refused with the file,
the line, the column and what to write instead. Whole vocabularies come as IPTC publishes them (SKOS in JSON-LD).
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.errors import CatalogueError
from pipeline.text import squash
from pipeline.types import Topic, TopicRule, short_hash

TOPIC_COLUMNS = ("topic_id", "label", "broader_id", "release", "same_as")
RULE_COLUMNS = ("topic_id", "field", "pattern", "language", "confidence")
RULE_FIELDS = ("title", "text", "section", "tag", "url")

_TOPIC_ID = re.compile(r"[a-z][a-z0-9_.-]*:\S+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")  # BCP 47
_ALIASES = (  # of the schemes that Media Topics name in a concept's mappings
    ("cv.iptc.org/newscodes/mediatopic/", "medtop"),
    ("cv.iptc.org/newscodes/subjectcode/", "subj"),
    ("www.wikidata.org/entity/", "wd"),
    ("www.wikidata.org/wiki/", "wd"),
)


def read_topics_csv(text: str, *, file: str = "topics.csv") -> list[Topic]:
    """The topics of a seed, each broader one among them. Raises `CatalogueError`."""
    rows = list(_rows(text, TOPIC_COLUMNS, file))
    known = {row["topic_id"] for _, row in rows}
    topics: dict[str, Topic] = {}
    for line, row in rows:
        topic_id, broader_id = row["topic_id"], row["broader_id"] or None
        if not _TOPIC_ID.fullmatch(topic_id):
            raise _bad(file, line, "topic_id", topic_id, "is no <scheme>:<code>", "write for example medtop:15000000")
        if topic_id in topics:
            raise _bad(file, line, "topic_id", topic_id, "stands there twice", "keep one of the lines")
        if not row["label"]:
            raise _bad(file, line, "label", "", "is empty", "write the topic's name")
        if broader_id and broader_id not in known:
            raise _bad(file, line, "broader_id", broader_id, "is no topic of this file", "add it or leave it empty")
        same_as = tuple(part.strip() for part in row["same_as"].split("|") if part.strip())
        topics[topic_id] = Topic(topic_id, row["label"], broader_id, row["release"] or None, same_as)
    return list(topics.values())


def read_rules_csv(
    text: str, topics: Sequence[Topic] | None = None, *, file: str = "topic_rules.csv"
) -> list[TopicRule]:
    """The rules of a seed; given `topics`, a rule for none of them is refused. Raises `CatalogueError`."""
    known = None if topics is None else {topic.id for topic in topics}
    return [_rule(file, line, row, known) for line, row in _rows(text, RULE_COLUMNS, file)]


def read_iptc(body: bytes) -> list[Topic]:
    """All concepts of an IPTC NewsCodes file (JSON-LD of SKOS), those in use and the retired ones.

    Articles of the archive carry retired codes, so those keep their labels; a release does not say what succeeds them.
    `same_as` holds `exactMatch`, and `closeMatch` (SKOS Reference 10.1: may stand in for each other) where no topic in
    use is the exact match; a `broadMatch` means more than the topic and is left out. Raises `CatalogueError`.
    """
    try:
        document = json.loads(body)
        release = str(document.get("dateReleased") or "")[:10] or None
        concepts = document["conceptSet"]
        taken = {code for concept in concepts if "retired" not in concept for code in _codes(concept, "exactMatch")}
        return [_topic_of_concept(concept, release, taken) for concept in concepts]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(
            f"The vocabulary is no IPTC NewsCodes file in JSON-LD ({error!r}); "
            "save http://cv.iptc.org/newscodes/mediatopic?format=json and read that"
        ) from error


def rules_version(topics: Sequence[Topic], rules: Sequence[TopicRule]) -> str:
    """A short hash that changes with any topic or rule, and not with their order."""
    return short_hash("rules", *sorted(repr(topic) for topic in topics), *sorted(repr(rule) for rule in rules))[:12]


def _rows(text: str, columns: Sequence[str], file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each record as column → trimmed value, with the line that it ends on."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        if missing := [column for column in columns if column not in (reader.fieldnames or ())]:
            raise CatalogueError(f"{file}, line 1: no column {missing[0]}; the first line is {','.join(columns)}")
        for row in reader:
            if None in row or None in row.values():
                raise CatalogueError(
                    f"{file}, line {reader.line_num}: {len(reader.fieldnames or ())} columns are expected; "
                    "put a value that holds a comma between double quotes"
                )
            yield reader.line_num, {column: squash(row[column]) for column in columns}
    except csv.Error as error:
        raise CatalogueError(
            f"{file}, line {reader.line_num}: no CSV ({error}); close the double quotes of the line"
        ) from error


def _rule(file: str, line: int, row: dict[str, str], known: set[str] | None) -> TopicRule:
    if known is not None and row["topic_id"] not in known:
        raise _bad(file, line, "topic_id", row["topic_id"], "is no known topic", "add it to topics.csv first")
    if row["field"] not in RULE_FIELDS:
        raise _bad(file, line, "field", row["field"], "is no field", f"write one of {', '.join(RULE_FIELDS)}")
    if row["language"] and not _LANGUAGE.fullmatch(row["language"]):
        raise _bad(
            file, line, "language", row["language"], "is no language", "write for example en, or nothing for any"
        )
    _check_pattern(file, line, row["pattern"])
    return TopicRule(
        row["topic_id"],
        row["field"],
        row["pattern"],
        row["language"] or None,
        _confidence(file, line, row["confidence"]),
    )


def _check_pattern(file: str, line: int, pattern: str) -> None:
    try:
        compiled = re.compile(rf"\b(?:{pattern})\b")
    except re.error as error:
        problem, remedy = f"is no regular expression ({error})", r"put \ before a character that is meant as itself"
        raise _bad(file, line, "pattern", pattern, problem, remedy) from error
    if compiled.groups:
        raise _bad(file, line, "pattern", pattern, "holds a group that captures", "write (?:…) instead of (…)")
    if re.compile(pattern).match(""):
        raise _bad(file, line, "pattern", pattern, "matches nothing at all", "make a part of it required")


def _confidence(file: str, line: int, raw: str) -> float:
    try:
        confidence = float(raw)
    except ValueError:
        confidence = -1.0
    if not 0 < confidence <= 1:
        raise _bad(file, line, "confidence", raw, "is no confidence", "write a number above 0, up to 1, such as 0.6")
    return confidence


def _bad(file: str, line: int, column: str, value: str, problem: str, remedy: str) -> CatalogueError:
    return CatalogueError(f"{file}, line {line}, column {column}: {value!r} {problem}; {remedy}")


def _topic_of_concept(concept: dict[str, Any], release: str | None, taken: set[str]) -> Topic:
    exact, broader = _codes(concept, "exactMatch"), _codes(concept, "broader")
    own = [] if "retired" in concept else exact
    others = [code for code in (*exact, *_codes(concept, "closeMatch")) if code not in taken]
    return Topic(
        id=concept["qcode"],
        label=_english(concept["prefLabel"]),
        broader_id=broader[0] if broader else None,
        release=release,
        same_as=tuple(dict.fromkeys((*own, *others))),
    )


def _codes(concept: dict[str, Any], relation: str) -> list[str]:
    return [code for uri in concept.get(relation) or () if (code := _qcode(uri))]


def _english(labels: dict[str, str]) -> str:
    """The English label; where the file has none, its first."""
    return next((label for language, label in labels.items() if language.startswith("en")), next(iter(labels.values())))


def _qcode(uri: str) -> str | None:
    """`subj:04000000` for `http://cv.iptc.org/newscodes/subjectcode/04000000`; None for a scheme without an alias."""
    address = uri.split("://", 1)[-1]
    return next((f"{alias}:{address[len(at) :]}" for at, alias in _ALIASES if address.startswith(at)), None)
