"""XML bytes → a tree, safely: nothing is fetched, no DTD is loaded, no entity is expanded.

Some real wires declare an external entity (Kyodo, SDA-ATS), so a document that does is read, and the entity is not.
"""

import codecs
import html
import re
from typing import Any

from lxml import etree

from pipeline.types import BadItem

Element = Any  # lxml ships no types

LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_SINGLE_BYTE = ("iso8859", "cp125", "cp8", "koi8", "mac", "ascii", "tis")
_MULTI_BYTE = frozenset(
    ("gb2312", "gbk", "gb18030", "big5", "big5hkscs", "shift_jis", "cp932", "cp949", "euc_jp", "euc_kr", "iso2022_jp")
)
# A byte that is no UTF-8 inside a text that otherwise is: a sentence pasted from a Windows program.
_WINDOWS_BYTES = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
_ESCAPED = re.compile("[\udc80-\udcff]")
_NOT_ASCII = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, section 2.2
_REFERENCE = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:#(\d+|x[0-9a-fA-F]+);|([A-Za-z][A-Za-z0-9]*);)?", re.DOTALL)
_GENERAL = re.compile(r"&[^#\s]")  # a reference to an entity; one to a character is &#160;
_PREFIX = re.compile(r"<([A-Za-z_][\w.-]{0,40}):[A-Za-z_]|\s([A-Za-z_][\w.-]{0,40}):[A-Za-z_][\w.-]{0,40}\s*=\s*[\"']")
_DECLARES = re.compile(r"\sxmlns:([\w.-]{1,40})\s*=")
_START = re.compile(r"<[A-Za-z_][\w.:-]*")
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))


def decode_xml(body: bytes, charset: str | None = None) -> str:
    """The text of an XML document without its declaration. `charset` is what HTTP says, used where XML says nothing.

    The order of RFC 7303, section 3, with two oddities of real wires: what is UTF-8, or most of it, is UTF-8 whatever
    single-byte encoding it declares, and the bytes in it that are not are Windows-1252.
    """
    text = _decode(body, charset)
    declaration = _DECLARATION.match(text)
    return _NOT_XML.sub("", text[declaration.end() :] if declaration else text)


def _decode(body: bytes, charset: str | None) -> str:
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body.decode(codec, "replace")
    declared = _DECLARED.match(body)
    codec = _codec(declared[1].decode("ascii") if declared else charset)
    if codec in _MULTI_BYTE:
        return body.decode(codec, "replace")
    text = body.decode("utf-8", "surrogateescape")
    broken = len(_ESCAPED.findall(text))
    if not broken:
        return text
    if codec.startswith(_SINGLE_BYTE) and broken >= len(_NOT_ASCII.findall(text)):
        return body.decode("cp1252" if codec == "iso8859-1" else codec, "replace")
    return text.translate(_WINDOWS_BYTES)


def _codec(name: str | None) -> str:
    """Python's name of an encoding; utf-8 for one that it doesn't know."""
    try:
        return codecs.lookup(name or "utf-8").name
    except (LookupError, ValueError):
        return "utf-8"


def parse_xml(body: bytes, charset: str | None = None) -> Element | BadItem:
    """The root of a document. One that is ill-formed is tried again with its stray ampersands mended, then with the
    prefixes declared that it only uses.

    Nothing else is mended: a parser that recovers would pass off half a wire item as the whole one.
    """
    text = decode_xml(body, charset).strip()
    first: etree.XMLSyntaxError | None = None
    for mend in (str, _with_references, _with_prefixes):
        text = mend(text)
        try:
            return _without_bomb(etree.fromstring(text.encode("utf-8"), parser=_parser()))
        except etree.XMLSyntaxError as error:
            first = first or error
    return BadItem(
        -1, "not_xml", f"the XML is broken ({first}); ask the publisher, or fetch it again if it was cut off"
    )


def _with_references(text: str) -> str:
    return _REFERENCE.sub(_mended, text)


def _with_prefixes(text: str) -> str:
    """The document with each prefix that it does not declare declared at its root (Namespaces in XML, section 5)."""
    used = {prefix for found in _PREFIX.findall(text) for prefix in found if prefix}
    missing = sorted(used - set(_DECLARES.findall(text)) - {"xml", "xmlns"})
    declared = "".join(f' xmlns:{prefix}="urn:undeclared:{prefix}"' for prefix in missing)
    return _START.sub(lambda found: found[0] + declared, text, count=1)


def embedded_xml(text: str) -> Element | None:
    """The root of an XML document that is the text of another (CDATA); None if it is none."""
    if not text.lstrip().startswith("<"):
        return None
    root = parse_xml(text.encode("utf-8", "surrogatepass"))
    return None if isinstance(root, BadItem) else root


def _without_bomb(root: Element) -> Element | BadItem:
    """The root, unless the document declares entities made of entities: no wire does, the billion laughs do."""
    declared = root.getroottree().docinfo.internalDTD
    entities = declared.iterentities() if declared is not None else ()
    if any(_GENERAL.search(entity.content or "") for entity in entities):
        return BadItem(-1, "entity_bomb", "the XML declares entities that are made of entities, as no wire does")
    return root


def _parser() -> etree.XMLParser:
    """`huge_tree` off keeps libxml2's own limits: depth 256, 10 MB in one text."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )


def _mended(match: re.Match[str]) -> str:
    """HTML's named entities as their characters, a bare ampersand as `&amp;`; the rest as it stands."""
    whole, number, name = match[0], match[1], match[2]
    if whole.startswith("<") or name in _XML_NAMES:
        return whole
    if number or name:
        text = _NOT_XML.sub("", html.unescape(whole))
        return html.escape(text)
    return "&amp;"


def name_of(element: Element) -> str:
    """The name without its namespace, in lower case; "" for an entity reference."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def children(element: Element | None, *names: str) -> list[Element]:
    """The child elements of these names, in any namespace and in any case (BusinessDesk writes `ednote`)."""
    return [below for below in element if name_of(below) in names] if element is not None else []


def child(element: Element | None, *path: str) -> Element | None:
    """The first element at the end of a path of names."""
    for name in path:
        element = next(iter(children(element, name)), None)
    return element


def descendants(element: Element | None, *names: str) -> list[Element]:
    """All elements of these names below, in document order."""
    return [below for below in element.iterdescendants() if name_of(below) in names] if element is not None else []


def attribute(element: Element | None, name: str) -> str | None:
    """A non-empty attribute, squashed at its ends."""
    value = None if element is None else element.get(name)
    return (value.strip() or None) if isinstance(value, str) else None
