"""What a ninjs item says: headline, summary, text, subjects, captions. The names of its members are in lower case."""

import re
from collections.abc import Iterator

from pipeline.entries.markup import parse_html, read_blocks, text_blocks, unescaped, without_notebook
from pipeline.entries.subjects import distinct, kind_of_subject, relevance_of, subject_of
from pipeline.entries.values import Json, first_string, objects_of, rows_of, string_of, strings_of
from pipeline.entries.wire import code_name
from pipeline.text import squash
from pipeline.types import Block, Caption, Subject

_PARTIAL = frozenset(("incomplete", "partial", "associated"))  # `representationtype` in 1.x, 2.x and TT's
_BODIES = ("body_xhtml", "body_html", "body_html5", "body_richhtml5")
_CONCEPTS = (  # member → what its concepts are; 1.x has the singular
    ("subject", "topic"),
    ("subjects", "topic"),
    ("person", "person"),
    ("people", "person"),
    ("organisation", "organisation"),
    ("organisations", "organisation"),
    ("organization", "organisation"),
    ("company", "organisation"),
    ("place", "place"),
    ("places", "place"),
    ("event", "event"),
    ("events", "event"),
)
_MAIN = ("", "main", "body", "headline")
_SHORT = re.compile(r"sub|summary|abstract|teaser|preview|lead")
_BESIDE = re.compile(r"caption|usage|credit")
_LANGUAGES = ("language", "lang", "langid", "xml_lang", "xmllang")
_PICTURED = ("picture", "graphic", "video", None)


def headline_of(item: Json) -> str | None:
    """`headline`, in 2.x `headlines`, of which the one with the role main comes first; else the `title`."""
    return (
        string_of(item.get("headline"))
        or _main_text(item, objects_of(item.get("headline")))
        or _main_text(item, _texts(item.get("headlines")))
        or first_string(item, "title", "headline_extended")
    )


def summary_of(item: Json) -> str | None:
    return (
        first_string(item, "description_text", "description_summary")
        or _main_text(item, _texts(item.get("descriptions")))
        or first_string(item, "description_html", "abstract")
    )


def _main_text(item: Json, rows: list[Json]) -> str | None:
    """The value of the first of these, those in the item's language and with the role main first."""
    own = _language(item.get("language"))
    rows = sorted(rows, key=lambda row: (_is_other(row, own), _rank(row)))
    return next(filter(None, (first_string(row, "value", "name") for row in rows)), None)


def _texts(value: object) -> list[Json]:
    return list(rows_of(value)) if isinstance(value, list | dict) else []


def _rank(row: Json) -> int:
    """ninjs 2.x, `role`: the text itself before its forms, and what is no form of it last."""
    role = code_name(string_of(row.get("role")))
    return 0 if role in _MAIN else 3 if _BESIDE.search(role) else 2 if _SHORT.search(role) else 1


def _is_other(row: Json, own: str | None) -> bool:
    """Whether it says that it is in another language than the item."""
    told = next(filter(None, (_language(row.get(name)) for name in _LANGUAGES)), None)
    return bool(own and told and own != told)


def _language(value: object) -> str | None:
    told = string_of(value)
    return told.partition("-")[0].lower() if told else None


def body_of(item: Json, title: str | None) -> tuple[Block, ...] | None:
    """The text from the richest form that has one; () for an item of a headline only, None for one whose text is not
    here (`representationtype`).
    """
    for is_html, text in _bodies(item):
        blocks = without_notebook(_html_body(text, title) if is_html else text_blocks(text))
        if blocks:
            return blocks
    return None if string_of(item.get("representationtype")) in _PARTIAL else ()


def _bodies(item: Json) -> Iterator[tuple[bool, str]]:
    """The texts, the richest first, with whether each is markup. TT sends its NITF beside them, as application/xml."""
    for name in _BODIES:
        if text := _text(item.get(name)):
            yield True, text
    if text := _text(item.get("body_text")):
        yield False, text
    own = _language(item.get("language"))
    marked = [(row, f"{row.get('contenttype')} {row.get('role')}".lower()) for row in _texts(item.get("bodies"))]
    for row, mark in sorted(marked, key=lambda one: (_is_other(one[0], own), _rank(one[0]) > 1, _form(one[1]))):
        if text := _text(row.get("value") or row.get("name")):
            yield _form(mark) != 1, text
    if text := _text(item.get("body")):
        yield True, text


def _form(mark: str) -> int:
    """HTML before plain text before XML of another kind."""
    return 0 if "html" in mark else 2 if "xml" in mark else 1


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _html_body(markup: str, title: str | None) -> tuple[Block, ...]:
    """The blocks without a headline that is repeated, TT's byline and its line of vignette and source (`dat`)."""
    root = parse_html(markup)
    if root is None:
        return ()
    for vignette in root.xpath(".//*[@class='dat' or @class='byline']"):
        vignette.clear(keep_tail=True)
    blocks = unescaped(read_blocks(root))
    is_headline = bool(blocks) and blocks[0].kind == "heading" and blocks[0].text == squash(title or "")
    return blocks[1:] if is_headline else blocks


def subjects_of(item: Json) -> tuple[Subject, ...]:
    """Subjects, persons, organisations, places, events; then the keywords as plain labels."""
    found = [_subject(row, kind) for member, kind in _CONCEPTS for row in rows_of(item.get(member))]
    keywords = item.get("keywords")
    words = keywords.split(",") if isinstance(keywords, str) else strings_of(keywords)
    return distinct(found + [subject_of(name=word) for word in words])


def _subject(row: Json, kind: str) -> Subject | None:
    """One concept. 2.x writes an address of the concept (`uri`) and a `literal` where 1.x has scheme and code; the BBC
    says by `rel` that a subject is a place.
    """
    scheme, literal = string_of(row.get("scheme")), string_of(row.get("literal"))
    code, address = first_string(row, "code", "qcode"), string_of(row.get("uri"))
    if not code and address and "://" in address:
        scheme, _, code = address.rstrip("/").rpartition("/")
        scheme = f"{scheme}/"
    elif not code and address and not literal:
        code = address  # a QCode
    told = kind_of_subject(first_string(row, "rel", "type"))
    return subject_of(
        scheme=scheme,
        code=code or literal,
        name=string_of(row.get("name")),
        relevance=relevance_of(row.get("relevance")),
        kind=told if kind == "topic" else kind,
    )


def captions_of(item: Json, kind: str) -> tuple[Caption, ...]:
    """What stands under a picture, and under those that are associated. 1.x keys these by name, 3.x lists them."""
    own = [item] if kind in ("picture", "graphic", "video", "audio") else []
    rows = [row for row in objects_of(item.get("associations")) if string_of(row.get("type")) in _PICTURED]
    found = [Caption(text, _credit(row)) for row in (*own, *rows) if (text := _caption(row))]
    return tuple(dict.fromkeys(found))


def _caption(row: Json) -> str | None:
    return string_of(row.get("description_caption")) or summary_of(row) or headline_of(row)


def _credit(row: Json) -> str | None:
    return first_string(row, "creditline", "description_creditline", "byline", "by", "copyrightholder")
