"""What a page may hold at most. One that holds more is no news article, and would cost minutes or gigabytes to read.

Of 753 real news pages the largest has 1.6 MB, 13,400 `<`, 10,200 attributes (73 on one element), 200,000 characters
outside of its scripts, 15,300 of them in one paragraph, 391 elements side by side in one, and a class of 1,950
characters. Every bound is at least five times as wide.
"""

import re

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipeline.types import BadItem

MAX_BYTES = 25_000_000  # pictures may stand in a page as base64
MAX_OPENINGS = 100_000  # `<`, of which each tag and comment has one
MAX_ATTRIBUTES = 100_000
# libxml2 goes over all attributes of a tag for each that it adds: 25,000 of them take half a second, 100,000 take 14.
MAX_ATTRIBUTES_OF_LONG_TAGS = 25_000
MAX_CHILDREN = 10_000  # of one element: what is taken out between two texts has them joined anew
MAX_TEXT = 1_000_000  # characters: a thick novel
MAX_NAMES = 20_000  # characters of a class or id, which is looked at for each line within
MAX_MARKS = 100  # combining marks in a row, which NFC sorts by insertion; UAX #15 13 allows for 30

_LONG_TAG = 2_000  # bytes: a shorter one has few attributes
_TAG = re.compile(  # `>` and `<` may stand in quotes; possessive, so that no byte is looked at twice
    rb"<[a-zA-Z][^>=]*+(?:=\s*+(?:\"[^\"]*+\"?|'[^']*+'?)?+[^>=]*+)*+"
)
_ATTRIBUTE = re.compile(rb"[\s/][^\s=>\"'/]++(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?)?+)?+")
_NAMES = re.compile(rb"\s(?:class|id)\s*+=\s*+[\"']?[^\"'>]{%d}" % MAX_NAMES, re.IGNORECASE)
_MARKS = re.compile(rb"\xcc[\x80-\xbf](?:\xcc[\x80-\xbf]){%d}" % MAX_MARKS)  # U+0300 to U+033F in UTF-8
_TEXTS = XPath("//text()[not(parent::script or parent::style)]", smart_strings=False)
_COUNT_ATTRIBUTES = XPath("count(//@*)")
_CROWDED = XPath(f"boolean(//*[count(*) > {MAX_CHILDREN}])")


def excess_of_markup(markup: bytes) -> BadItem | None:
    """What a page in UTF-8 has too much of, told before it is parsed; None for any page that can be read."""
    if (openings := markup.count(b"<")) > MAX_OPENINGS:
        return _too_complex(f"the page has {openings} '<', more than {MAX_OPENINGS}")
    long_tags = [tag for tag in _TAG.findall(markup) if len(tag) > _LONG_TAG]
    if (attributes := sum(len(_ATTRIBUTE.findall(tag)) for tag in long_tags)) > MAX_ATTRIBUTES_OF_LONG_TAGS:
        return _too_complex(f"a few tags have {attributes} attributes, more than {MAX_ATTRIBUTES_OF_LONG_TAGS}")
    if any(map(_NAMES.search, long_tags)):
        return _too_complex(f"a class or id has more than {MAX_NAMES} characters")
    if _MARKS.search(markup):
        return _too_complex(f"a letter has more than {MAX_MARKS} combining marks")
    return None


def excess_of_tree(tree: HtmlElement, markup: bytes) -> BadItem | None:
    """What the parsed page has too much of. It is counted where the page is so long that it can do harm."""
    if markup.count(b"<") > MAX_CHILDREN and _CROWDED(tree):
        return _too_complex(f"an element has more than {MAX_CHILDREN} others side by side in it")
    if len(markup) <= MAX_TEXT:
        return None
    if (attributes := int(_COUNT_ATTRIBUTES(tree))) > MAX_ATTRIBUTES:
        return _too_complex(f"the page has {attributes} attributes, more than {MAX_ATTRIBUTES}")
    if (size := sum(map(len, _TEXTS(tree)))) > MAX_TEXT:
        return BadItem(0, "too_large", f"the page has {size} characters of text, more than {MAX_TEXT}")
    return None


def _too_complex(detail: str) -> BadItem:
    return BadItem(0, "too_complex", detail)
