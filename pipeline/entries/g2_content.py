"""The content of a NewsML-G2 item: headline, body and captions."""

import re
from dataclasses import dataclass

from pipeline.entries.markup import (
    from_base64,
    plain_text,
    read_captions,
    spaced_text,
    text_blocks,
    without_notebook,
)
from pipeline.entries.nitf import blocks_within, nitf_headline, nitf_within, without_title
from pipeline.entries.wire import code_name, version_of
from pipeline.entries.xml import LANG, Element, attribute, child, children, descendants, embedded_xml, name_of
from pipeline.types import Block, Caption

_MAIN = ("", "main", "headline", "title")
_UNRANKED = 10**6


@dataclass(frozen=True, slots=True)
class Inline:
    """One rendition of an item's text that comes with it."""

    blocks: tuple[Block, ...] = ()
    markup: Element | None = None  # the document inside; the holder where it has several elements
    language: str | None = None

    @property
    def nitf(self) -> Element | None:
        return None if self.markup is None else nitf_within(self.markup)


_NONE = Inline()


def inline_text(item: Element) -> Inline:
    """The text. NewsML-G2, contentSet: what it holds are renditions of one content, so one is read: in the language
    that the item says is its own, else the first's; of those the longest, or the one with more paragraphs.
    """
    content = child(item, "contentset")
    found = [_inline(holder) for holder in children(content, "inlinexml", "inlinedata")]
    told = _language_tag(attribute(child(item, "contentmeta", "language"), "tag"))
    own = told if any(_language_tag(one.language) == told for one in found) else None
    first = next((_language_tag(one.language) for one in found if one.blocks), None)
    alike = [one for one in found if _language_tag(one.language) in (own or first, None)]
    return max(
        alike, key=lambda one: (sum(len(block.text.split()) for block in one.blocks), len(one.blocks)), default=_NONE
    )


def _language_tag(language: str | None) -> str | None:
    """The language of a tag without its region."""
    return re.split("[-_]", language)[0].lower() if language else None


def _inline(holder: Element) -> Inline:
    """A rendition: markup, or text, which may be markup that was escaped or is CDATA, or Base64 of either."""
    within = [below for below in holder if name_of(below)]
    markup = (within[0] if len(within) == 1 else holder) if within else None
    blocks: tuple[Block, ...] = ()
    if markup is None:
        text = "".join(holder.itertext())
        text = from_base64(text) if "base64" in (attribute(holder, "encoding") or "").lower() else text
        markup = embedded_xml(text)
        blocks = without_notebook(text_blocks(text)) if markup is None else ()
    if markup is not None:
        blocks = blocks_within(markup)
    return Inline(blocks, markup, attribute(holder, LANG) or attribute(markup, LANG))


def g2_headline(content: Element | None, inline: Inline, language: str | None) -> str | None:
    """The headline without a role or with the role main, in the item's language, by its rank; else the one of the
    inline document.
    """
    ranked = sorted(children(content, "headline"), key=lambda headline: _rank(headline, _language_tag(language)))
    title = next(filter(None, (plain_text(spaced_text(element)) for element in ranked)), None)
    if title or inline.nitf is not None:
        return title or nitf_headline(inline.nitf)
    return next(filter(None, map(spaced_text, descendants(inline.markup, "title", "h1"))), None)


def g2_body(item: Element, inline: Inline, title: str | None) -> tuple[Block, ...] | None:
    """The text; () where the item brings none (a cancellation); None where it lies elsewhere (remoteContent)."""
    is_elsewhere = not inline.blocks and child(item, "contentset", "remotecontent") is not None
    return None if is_elsewhere else without_title(inline.blocks, title)


def g2_captions(content: Element | None, inline: Inline, kind: str) -> tuple[Caption, ...]:
    """What stands under the pictures of a text; of a picture, a graphic or a video, its description."""
    if kind in ("text", "composite"):
        return read_captions(inline.markup) if inline.markup is not None else ()
    described = children(content, "description")
    ranked = sorted(described, key=lambda element: "caption" not in (attribute(element, "role") or "").lower())
    text = next(filter(None, (plain_text(spaced_text(element)) for element in ranked)), None)
    return (Caption(text, spaced_text(child(content, "creditline"))),) if text else ()


def _rank(headline: Element, language: str | None) -> tuple[int, int, int]:
    """NewsML-G2, `rank`: the lowest is the highest; one without it comes last."""
    role, own = code_name(attribute(headline, "role")), _language_tag(attribute(headline, LANG))
    rank = version_of(attribute(headline, "rank"))
    return (
        0 if role in _MAIN else 2 if "sub" in role else 1,
        int(bool(own and language and own != language)),
        _UNRANKED if rank is None else rank,
    )
