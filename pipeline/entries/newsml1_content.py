"""The NewsComponents of a NewsML 1 item: its text, whatever the depth at which it lies, and what is said around it."""

import re
from dataclasses import dataclass

from pipeline.entries.markup import from_base64, plain_text, spaced_text, text_blocks, tidy, without_notebook
from pipeline.entries.nitf import blocks_within, nitf_summary, nitf_within
from pipeline.entries.wire import kind_of_media
from pipeline.entries.xml import LANG, Element, attribute, child, children, descendants, embedded_xml, name_of
from pipeline.text import squash
from pipeline.types import Block, Caption

_CAPTION = re.compile(r"caption|l[eé]gende|bildtext|didascalia|pie de", re.IGNORECASE)
_SUMMARY = re.compile(r"summary|abstract|synopsis|teaser|standfirst|r[eé]sum[eé]", re.IGNORECASE)
_HEADLINE = re.compile(r"(?:sub)?-?(?:head ?line|title)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Content:
    """A ContentItem and the NewsComponents around it, the innermost first."""

    item: Element
    around: tuple[Element, ...]
    roles: tuple[str, ...]  # of the components around it
    kind: str
    markup: Element | None  # the text, where it is markup
    blocks: tuple[Block, ...] | None  # None: it lies elsewhere

    def has_role(self, role: re.Pattern[str]) -> bool:
        return any(map(role.match, self.roles))


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of one item."""

    texts: tuple[Content, ...]  # the story's own
    others: tuple[Content, ...]
    kind: str
    scopes: tuple[Element, ...]  # the NewsComponents around its texts, the innermost first; all where there is no text

    def find(self, *path: str) -> Element | None:
        """The element at the end of a path in the nearest component that has it: what is said of a component holds for
        those within it (NewsML 1, 5.7).
        """
        return next(iter(self.all(*path)), None)

    def all(self, *path: str) -> list[Element]:
        """These elements of all components, the nearest first."""
        return [
            found
            for scope in self.scopes
            for parent in (child(scope, *path[:-1]),)
            for found in children(parent, path[-1])
        ]

    def line(self, name: str) -> str | None:
        """The nearest of these NewsLines that has words, else the NewsLine that is of their type."""
        typed = (
            child(line, "newslinetext")
            for line in self.all("newslines", "newsline")
            if (attribute(child(line, "newslinetype"), "FormalName") or "").lower() == name
        )
        lines = (plain_text(spaced_text(line)) for line in (*self.all("newslines", name), *typed))
        return next(filter(None, lines), None)

    def body(self, is_update: bool) -> tuple[Block, ...] | None:
        """The text; () where there is none, None where it lies elsewhere or the file only updates parts of it. Several
        stories in one item have their headlines between them.
        """
        headed = [(child(next(iter(text.around), None), "newslines", "headline"), text.blocks) for text in self.texts]
        headlines = {title for head, _ in headed if (title := spaced_text(head))}
        blocks: list[Block] = []
        for head, own in headed:
            title = spaced_text(head)
            if title and own and len(headlines) > 1:
                blocks.append(Block(title, "heading"))
            blocks.extend(own or ())
        is_elsewhere = bool(self.texts) and all(own is None for _, own in headed)
        return None if not blocks and (is_elsewhere or (is_update and not self.texts)) else tuple(blocks)

    def summary(self) -> str | None:
        told = (_joined(other) for other in self.others if other.has_role(_SUMMARY) and other.blocks)
        return next(told, None) or nitf_summary(self.nitf)

    def captions(self) -> list[Caption]:
        """What is said under the pictures, with the credit of their component."""
        found = []
        for other in self.others:
            if other.has_role(_CAPTION) and (text := _joined(other)):
                credits = (spaced_text(child(one, "newslines", "creditline")) for one in other.around)
                found.append(Caption(text, next(filter(None, credits), None)))
        return found

    def headline(self) -> str | None:
        """The nearest HeadLine, else the text of the nearest component that is a headline (Belga)."""
        heads = [other for other in self.others if other.kind == "text" and other.has_role(_HEADLINE)]
        near = [other for scope in self.scopes for other in heads if scope in other.around]
        return self.line("headline") or next(filter(None, map(_joined, [*near, *heads])), None)

    @property
    def markup(self) -> list[Element]:
        """The texts of the story that are markup."""
        return [text.markup for text in self.texts if text.markup is not None]

    @property
    def nitf(self) -> Element | None:
        """The NITF document that is the text, if it is one."""
        return next((nitf for markup in self.markup if (nitf := nitf_within(markup)) is not None), None)


def contents_of(item: Element) -> Contents:
    """The contents of a NewsItem, not of those within it."""
    found = _found(item)
    texts = _in_one_language(_without_equivalents([content for content in found if _is_story(content)]))
    within = (component for component in descendants(item, "newscomponent") if _owner(component) is item)
    scopes = [component for text in sorted(texts, key=_is_empty) for component in text.around] or within
    others = tuple(content for content in found if content.kind != "text" or not _is_story(content))
    return Contents(tuple(texts), others, _kind(item, texts, others), tuple(dict.fromkeys(scopes)))


def _found(item: Element) -> list[Content]:
    found = []
    components = descendants(item, "newscomponent")
    roles = {component: attribute(child(component, "role"), "FormalName") for component in components}
    for content in descendants(item, "contentitem"):
        if _owner(content) is item:
            around = tuple(above for above in content.iterancestors() if name_of(above) == "newscomponent")
            kind = _content_kind(content)
            markup, blocks = _text(content) if kind == "text" else (None, None)
            told = tuple(role for one in around if (role := roles.get(one)))
            found.append(Content(content, around, told, kind, markup, blocks))
    return found


def _owner(element: Element) -> Element | None:
    """The NewsItem to which an element belongs."""
    return next((above for above in element.iterancestors() if name_of(above) == "newsitem"), None)


def _is_story(content: Content) -> bool:
    """Whether it is the text itself, not a caption, a summary or a headline."""
    return content.kind == "text" and not any(content.has_role(role) for role in (_CAPTION, _SUMMARY, _HEADLINE))


def _is_empty(content: Content) -> bool:
    return not content.blocks


def _kind(item: Element, texts: list[Content], others: tuple[Content, ...]) -> str:
    """text, if it has a text of its own; else by its media; an item that refers to others is a composite."""
    if texts:
        return "text"
    if descendants(item, "newsitemref", "newsitem"):
        return "composite"
    return next((other.kind for other in others if other.kind != "text"), "text")


def _content_kind(content: Element) -> str:
    """By MediaType, else by MimeType or Format; what has data is text."""
    told = [attribute(child(content, name), "FormalName") for name in ("mediatype", "mimetype", "format")]
    kinds = (kind_of_media(code) or kind_of_media((code or "").partition("/")[0]) for code in told)
    return next(filter(None, kinds), "text")


def _without_equivalents(texts: list[Content]) -> list[Content]:
    """Of the forms of one text, one: `EquivalentsList` says that a component's parts mean the same, and two formats of
    text in one component do. Markup goes before plain text.
    """
    formats: dict[Element, set[str | None]] = {}
    for text in texts:
        for component in text.around[:1]:
            formats.setdefault(component, set()).add(attribute(child(text.item, "format"), "FormalName"))
    kept: dict[Element, list[Content]] = {}
    for text in texts:
        same = next((one for one in reversed(text.around) if attribute(one, "EquivalentsList") == "yes"), None)
        if same is None:
            same = next((component for component in text.around[:1] if len(formats[component]) > 1), None)
        kept.setdefault(text.item if same is None else same, []).append(text)
    best = [max(forms, key=lambda text: (bool(text.blocks), text.markup is not None)) for forms in kept.values()]
    words = {id(text): squash(_joined(text) or "") for text in best}
    richest = sorted(best, key=lambda text: text.markup is None)  # the same words again are the same text
    alike = {words[id(text)]: text for text in reversed(richest)}
    return [text for text in best if not words[id(text)] or alike[words[id(text)]] is text]


def _in_one_language(texts: list[Content]) -> list[Content]:
    """The texts in the language of the first one: an item may bring its translations."""
    told = [_language(text) for text in texts]
    first = next(filter(None, told), None)
    return [text for text, language in zip(texts, told, strict=True) if language in (first, None)]


def _language(text: Content) -> str | None:
    """Of the nearest component that says it."""
    for scope in text.around:
        told = attribute(child(scope, "descriptivemetadata", "language"), "FormalName") or attribute(scope, LANG)
        if told:
            return told.partition("-")[0].lower()
    return None


def _joined(content: Content) -> str | None:
    return tidy(" ".join(block.text for block in content.blocks or ()))


def _text(content: Element) -> tuple[Element | None, tuple[Block, ...] | None]:
    """The text of a DataContent and its markup: NITF, XHTML, either of them as CDATA, plain text, and Base64 of any
    (Encoding). None for a bare Href.
    """
    data = next(iter(descendants(content, "datacontent")), None)
    if data is None:
        return None, None if attribute(content, "Href") else ()
    if len(data):
        return data, blocks_within(data)
    text = data.text or ""
    if any("base64" in (attribute(layer, "Notation") or "").lower() for layer in descendants(content, "encoding")):
        text = from_base64(text)
    markup = embedded_xml(text)
    return markup, blocks_within(markup) if markup is not None else without_notebook(text_blocks(text))
