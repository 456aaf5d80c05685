"""Who a page's data name as its authors, place by place: JSON-LD, meta, markup."""

import re
from collections.abc import Sequence
from html import unescape

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipeline.articles.jsonld import Json, Node, texts_of
from pipeline.text import squash

# Names of meta elements, lower case, best first.
_AUTHOR = (
    "author",
    "article:author",
    "parsely-author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "sailthru.author",
    "cxenseparse:author",
    "articleauthor",
)
MAX_BYLINE = 5

_ACCOUNT = re.compile(r"/author/(?:admin\w*|webmaster|editor|newsroom|redaktion|redaccion|redacao|redazione)/?$")
_AUTHOR_LINKS = XPath("/html/body//a[starts-with(@rel, 'author') or contains(concat(' ', @class, ' '), ' author ')]")


def named_authors(
    tree: HtmlElement, node: Node, meta: dict[str, list[str]], items: Sequence[HtmlElement]
) -> tuple[tuple[str, ...], ...]:
    """The names as they stand in JSON-LD's article, in meta elements, and in the markup of bylines."""
    return _node_authors(node), _meta_authors(meta), _markup_authors(tree, items)


def _node_authors(node: Node) -> tuple[str, ...]:
    named = node.get("author") or node.get("creator")
    persons = [each for each in (named if isinstance(named, list) else [named]) if not _is_account(each)]
    return tuple(unescape(name) for name in texts_of(persons))


def _is_account(author: Json) -> bool:
    """Whether an author is the account of the site's keeper, as its address says: everybody's stories are its."""
    addresses = [author.get(name) for name in ("url", "@id", "sameAs")] if isinstance(author, dict) else []
    return any(isinstance(address, str) and _ACCOUNT.search(address) for address in addresses)


def _meta_authors(meta: dict[str, list[str]]) -> tuple[str, ...]:
    for name in _AUTHOR:
        if values := [value for value in meta.get(name, ()) if "://" not in value]:
            return tuple(unescape(value) for value in dict.fromkeys(values))
    return ()


def _markup_authors(tree: HtmlElement, items: Sequence[HtmlElement]) -> tuple[str, ...]:
    marked = [item for item in items if item.get("itemprop") == "author" and not _in_comment(item)]
    signed = [
        item for item in marked or _AUTHOR_LINKS(tree)[:MAX_BYLINE] if not _ACCOUNT.search(item.get("href") or "")
    ]
    names = [name for element in signed if (name := _author(element))]
    return tuple(dict.fromkeys(names))[:MAX_BYLINE]


def _author(element: HtmlElement) -> str | None:
    inner = next((part for part in element.iter() if part.get("itemprop") == "name"), element)
    name = element.get("content") or text_in(inner)
    return name if name and len(name) < 80 else None


def _in_comment(element: HtmlElement) -> bool:
    return any(a.get("itemprop") in ("author", "comment") or a.get("id") == "comments" for a in element.iterancestors())


def text_in(element: HtmlElement) -> str | None:
    """The text of an element on one line."""
    return squash(" ".join(element.itertext())) or None
