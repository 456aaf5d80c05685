"""Markup → text: the blocks of an HTML, XHTML or NITF body, a title or a summary without its tags.

One reader serves all three vocabularies; NITF 3.6 borrowed `p`, `ul`, `table` from HTML and adds `hl2`, `bq`, `media`.
"""

import base64
import binascii
import codecs
import html
import re
from dataclasses import replace

from lxml import etree

from pipeline.entries.paragraphs import paragraphs
from pipeline.entries.xml import Element, decode_xml, descendants, name_of
from pipeline.text import squash
from pipeline.types import Block, Caption

_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2"), "heading"),
    **dict.fromkeys(("blockquote", "bq"), "quote"),
    **dict.fromkeys(("li", "dt", "dd"), "item"),
}
_BOUNDARY = re.compile(
    r"address|article|aside|block|blockquote|body|body\.content|body\.end|bq|center|d[dlt]|div|fieldset|fn|footer|h[1-6]"
    r"|header|hl[12]|hr|html|li|main|nav|nitf-table|note|ol|p|pre|section|table|tagline|tbody|tfoot|thead|tr|ul"
)
_SKIPPED = re.compile(
    r"audio|body\.head|button|figcaption|figure|form|frac-sep|head|iframe|media|nitf-table-metadata|noscript|object"
    r"|script|select|style|svg|template|title|video"
)
_FRAME = re.compile(r"header|footer|nav")
_SENTENCE = re.compile(r"[.!?…][\"'”’»“«‘›‹)]*$")
_NOTEBOOK = re.compile(
    r"#{1,3}\s*(?:dpa-)?(?:notizblock|notebook)\W*|(?:dpa-)?notizblock\W*|dpa-notebook\W*", re.IGNORECASE
)
_SPACED = {"td": " ", "th": " ", "frac": " ", "denom": "/"}  # what parts these from the text before; frac is NITF's
_BREAK = "\u2028"  # stands for <br/> until the paragraph is closed
_TWO_BREAKS = re.compile(rf"{_BREAK}\s*{_BREAK}")
_WIRE_INDENT = re.compile(r"\n {3,}\S")
_FLUSH_LEFT = re.compile(r"\n\S")
_TAG = re.compile(
    r"<(?:!--|/?(?:a|abbr|b|big|blockquote|br|center|cite|code|del|div|em|figure|figcaption|font|h[1-6]|hr|i|iframe|img"
    r"|ins|li|ol|p|pre|q|s|script|section|small|span|strike|strong|style|sub|sup|table|tbody|td|th|tr|tt|u|ul|video)\b)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"</(?:a|b|div|em|h[1-6]|i|li|ol|p|script|section|span|strong|table|ul)>|<(?:br|p)\s*/?>", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_C1 = {chr(byte): bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}


def tidy(text: str | None) -> str | None:
    """The text on one line, without control characters and lone surrogates; None where nothing is left.

    Entities that were escaped twice, as in many a feed, are read; Latin-1's control characters are what they were in
    Windows-1252.
    """
    if not text:
        return None
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text
    return squash(_UNWANTED.sub(lambda match: _C1.get(match[0], ""), text)) or None


def plain_text(value: str | None) -> str | None:
    """A title or a summary on one line, without its tags if it has any. `a < b` and `Vec<int>` stay."""
    if not value or not _TAG.search(value):
        return tidy(value)
    root = parse_html(value)
    return tidy(" ".join(block.text for block in read_blocks(root))) if root is not None else None


def parse_html(markup: str) -> Element | None:
    """The body of a piece of HTML; None where there is nothing in it."""
    clean = _UNWANTED.sub(lambda match: _C1.get(match[0], ""), markup)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(f"<html><body>{clean}</body></html>".encode(), parser=parser)
    except etree.XMLSyntaxError:
        return None


def html_blocks(markup: str) -> tuple[Block, ...]:
    """The blocks of a piece of HTML."""
    root = parse_html(markup)
    return read_blocks(root) if root is not None else ()


def from_base64(text: str) -> str:
    """The text that Base64 stands for (RFC 4648); "" where it is broken, or what it stands for is no text."""
    try:
        body = base64.b64decode(text)
    except (binascii.Error, ValueError):
        return ""
    is_text = not body.count(0) or body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return decode_xml(body) if is_text else ""


def unescaped(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks; one that is itself markup, which was escaped or stood as CDATA, as the blocks that it holds."""
    if not any(_MARKUP.search(block.text) for block in blocks):
        return blocks
    found: list[Block] = []
    for block in blocks:
        within = html_blocks(block.text) if _MARKUP.search(block.text) else (block,)
        found += [replace(one, kind=block.kind) if one.kind == "paragraph" else one for one in within]
    return tuple(found)


def text_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text of which it is not known whether it is HTML: it is if it has a tag."""
    if _TAG.search(text):
        return html_blocks(text)
    return tuple(Block(line) for paragraph in paragraphs(text) if (line := tidy(paragraph)))


def read_blocks(root: Element) -> tuple[Block, ...]:
    """The text blocks below an element in order: `<p>a <b>b</b> c</p>` is "a b c", a table's row one block."""
    reader = _Reader()
    pending: list[tuple[Element, bool]] = [(root, True)]
    while pending:  # not by recursion: hostile markup is deep
        node, is_opening = pending.pop()
        if not is_opening:
            reader.close(node)
        elif not isinstance(node.tag, str):
            reader.write(node.text if node.tag is etree.Entity else "")
        elif node is root or not (_SKIPPED.fullmatch(name_of(node)) or _is_frame(node)):
            reader.open(node)
            pending.append((node, False))
            pending.extend((below, True) for below in reversed(node))
            continue
        if node is not root:
            reader.write(node.tail)
    reader.flush()
    return tuple(reader.blocks)


def _is_frame(node: Element) -> bool:
    """Whether it stands around the text: HTML's `header`, `footer` and `nav` (4.3), unless they hold a sentence, as
    where a lead stands in the header; the footer of a quotation says whose it is (4.4.4).
    """
    parent = node.getparent()
    if not _FRAME.fullmatch(name_of(node)) or (parent is not None and name_of(parent) == "blockquote"):
        return False
    return not any(_SENTENCE.search(spaced_text(paragraph) or "") for paragraph in descendants(node, "p"))


def without_notebook(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks before dpa's notebook, which is for editors: their contacts stand in it."""
    end = next((number for number, block in enumerate(blocks) if _NOTEBOOK.fullmatch(block.text)), len(blocks))
    return blocks[:end]


class _Reader:
    """Gathers text until a block ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._texts: list[str] = []
        self._kinds: list[str] = ["paragraph"]
        self._is_preformatted = False

    def write(self, text: str | None) -> None:
        if text:
            self._texts.append(text)

    def open(self, node: Element) -> None:
        name = name_of(node)
        if _BOUNDARY.fullmatch(name):
            self.flush()
            self._kinds.append(_KINDS.get(name, self._kinds[-1]))
            self._is_preformatted = name == "pre"
        elif name == "br":
            self._texts.append(_BREAK)
        elif name in _SPACED:
            self._texts.append(_SPACED[name])
        self.write(node.text)

    def close(self, node: Element) -> None:
        if _BOUNDARY.fullmatch(name_of(node)):
            self.flush()
            self._kinds.pop()
            self._is_preformatted = False

    def flush(self) -> None:
        text = "".join(self._texts)
        self._texts.clear()
        for part in _TWO_BREAKS.split(text):
            # Reuters puts a whole hard-wrapped story into one <p>; a pretty-printed <p> has no line at the left edge.
            is_wire = _WIRE_INDENT.search(part) and _FLUSH_LEFT.search(part)
            for piece in paragraphs(part) if is_wire or self._is_preformatted else (part,):
                if line := tidy(piece):
                    self.blocks.append(Block(line, self._kinds[-1]))


def spaced_text(element: Element | None) -> str | None:
    """All text below, the pieces parted by spaces: `<byline>By<person>A</person>` is "By A"."""
    return None if element is None else tidy(" ".join(piece for piece in element.itertext() if isinstance(piece, str)))


def read_captions(root: Element) -> tuple[Caption, ...]:
    """What stands under the pictures: NITF `media-caption` with its `media-producer`, HTML `figcaption`."""
    found = []
    for media in descendants(root, "media", "figure"):
        told = " ".join(filter(None, map(spaced_text, descendants(media, "media-caption", "figcaption"))))
        if text := plain_text(told):
            found.append(Caption(text, spaced_text(next(iter(descendants(media, "media-producer")), None))))
    return tuple(dict.fromkeys(found))
