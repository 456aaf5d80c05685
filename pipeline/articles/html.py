"""Bytes of a page → one parsed tree. Nothing is asked for, and no entity or link in the page is followed."""

import codecs
import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipeline.articles.bounds import MAX_BYTES, excess_of_markup, excess_of_tree
from pipeline.types import BadItem

MAX_CONTROL = 0.03  # of a page's bytes; random bytes have a tenth
BROKEN_IN = 20  # one broken character among so many is an accident

_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_CONTROLS = bytes(range(9)) + b"\x0b\x0c" + bytes(range(14, 32))  # XML 1.0 2.2 has none of them
_NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_UNSEEN_STYLE = re.compile(r"clip:\s*rect|display:\s*none")
_UNSEEN_NAME = re.compile(r"sr-only|screen-?reader|visually-?hidden|assistive-?text")
_UNSEEN = "unseen"  # no element of HTML
_SELF_CLOSED_ROOT = re.compile(rb"(<html[^<>]*?)\s*/>", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_BINARY = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00")
# WHATWG Encoding 4.2: pages that say Latin-1 mean Windows-1252.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}


# lxml.html looks the class of each element up by its tag, in Python; nobody here asks a form for its fields.
_CLASSES = etree.ElementDefaultClassLookup(element=HtmlElement)


def parse_page(body: bytes, content_type: str | None = None) -> HtmlElement | BadItem:
    """The tree of a page (UTF-8, without comments), or why there is none: no_text, too_large, too_complex, not_html.

    Trees are at most 255 elements deep: the parser leaves out what lies deeper.
    """
    if not body.strip():
        return BadItem(0, "no_text", "the page is empty")
    if len(body) > MAX_BYTES:
        return BadItem(0, "too_large", f"the page has {len(body)} bytes, more than {MAX_BYTES}")
    if body.startswith(_BINARY) or len(_CONTROL.findall(body[:4096])) > MAX_CONTROL * len(body[:4096]):
        return BadItem(0, "not_html", "the bytes are those of a file, not of a page")
    markup = decode_page(body, content_type).encode("utf-8", "replace").translate(None, _CONTROLS)
    for noncharacter in _NONCHARACTERS:
        markup = markup.replace(noncharacter, b"")
    markup = _SELF_CLOSED_ROOT.sub(rb"\1>", markup[:4096], count=1) + markup[4096:]
    if excess := excess_of_markup(markup):
        return excess
    parser = HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = document_fromstring(markup, parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        return BadItem(0, "not_html", f"the page could not be parsed: {error}")
    if excess := excess_of_tree(tree, markup):
        return excess
    _drop_unseen(tree)
    return tree


def _drop_unseen(tree: HtmlElement) -> None:
    """Takes away what only screen readers say: `<a>the gate<span class="sr-only">, opens new tab</span></a>`."""
    unseen = [
        span
        for span in tree.iter("span")
        if _UNSEEN_NAME.search(span.get("class") or "") or _UNSEEN_STYLE.search(span.get("style") or "")
    ]
    holders = {holder for span in unseen if (holder := span.getparent()) is not None}
    for span in unseen:
        span.tag = _UNSEEN
    etree.strip_elements(tree, _UNSEEN, with_tail=False)
    for holder in holders:  # the texts around each are one text again; joined one by one they would take minutes
        holder.text = holder.text
        for child in holder:
            child.tail = child.tail


def decode_page(body: bytes, content_type: str | None = None) -> str:
    """The characters of a page: by BOM, then UTF-8 where the bytes are valid as it, then as header or meta say.

    Bytes beyond ASCII that are valid UTF-8 are UTF-8 whatever a header claims; the contrary does not occur by chance.
    """
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    if b"\x1b" not in body[:4096] and (text := _as_utf8(body)) is not None:  # ISO-2022-JP is ASCII to its bytes
        return text
    header = _HEADER_CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(body[:4096])
    claims = (header[1] if header else None, meta[1].decode("ascii", "replace") if meta else None)
    codec = next((codec for claim in claims if (codec := _codec(claim)) and codec != "utf-8"), "cp1252")
    return body.decode(codec, "replace")


def _as_utf8(body: bytes) -> str | None:
    """The text where the bytes are UTF-8, a few that were cut or pasted in apart; None where they aren't."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if broken * BROKEN_IN <= whole else None


def _codec(name: str | None) -> str | None:
    try:
        found = codecs.lookup(name or "").name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(found, found)
