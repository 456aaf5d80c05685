"""What a page says of itself: JSON-LD, OpenGraph, meta, microdata, read once from the one parsed tree.

Nothing is chosen here: titles, names and stamps stand as the page has them, in the order of their weight.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipeline.articles.authors import named_authors, text_in
from pipeline.articles.jsonld import Json, Node, article_node, read_nodes, text_of, texts_of, types_of
from pipeline.text import squash


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date as some part of the page has it. `kind`: jsonld, meta, microdata, time, text."""

    kind: str
    raw: str
    is_vague: bool = False  # may as well be when the page was made or changed


@dataclass(frozen=True, slots=True)
class PageFacts:
    language: str | None
    headline: str | None  # of JSON-LD, else of a meta element
    og_title: str | None
    document_title: str | None
    h1: HtmlElement | None
    site_names: tuple[str, ...]
    description: str | None
    authors: tuple[tuple[str, ...], ...]  # bylines by place: JSON-LD, meta, markup; each says all that it knows
    published: tuple[Stamp, ...]
    modified: tuple[Stamp, ...]
    section: str | None
    tags: tuple[str, ...]
    canonical_urls: tuple[str, ...]
    types: frozenset[str]  # of JSON-LD and OpenGraph
    is_free: bool | None  # isAccessibleForFree
    article_body: str | None


# Names of meta elements that publishers use, lower case, best first.
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "sailthru.date", "publishdate", "publish-date", "pubdate", "publication_date",
    "article.published", "originalpublicationdate", "article_date_original", "bt:pubdate", "dc.date.issued",
    "dcterms.issued", "dcsext.articlefirstpublished", "shareaholic:article_published_time", "vr:published_time",
    "citation_publication_date",
)  # fmt: skip
_VAGUELY_PUBLISHED = ("date", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "created")
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "article:updated_time", "dcterms.modified",
    "dc.date.modified", "last-modified", "lastmod", "revised",
)  # fmt: skip
_SITE = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone", "publisher")
_SECTION = ("article:section", "og:article:section", "parsely-section", "section", "cxenseparse:recs:category")
_TAGS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "keywords")
MAX_TAGS = 40
MAX_ITEMS = 20
MAX_HEADINGS = 1_000  # of one level
MAX_TITLE = 5_000  # characters

_ITEMS = XPath("/html/body//*[@itemprop='datePublished' or @itemprop='dateModified' or @itemprop='author']")
_HOME_LINKS = XPath("/html/body//a[@href][@rel='home' or parent::h1]")


def read_page(tree: HtmlElement) -> PageFacts:
    """The facts of a page; `tree` stays as it is."""
    meta = _read_meta(tree)
    document_title = _title_element(tree)
    home = _home_names(tree)
    h1s = [h1 for h1 in _first_of(tree, "h1") if (text := text_in(h1)) and text not in home]
    if not h1s and document_title:  # old blogs give their h1 to the site's name
        h1s = [
            h2 for h2 in _first_of(tree, "h2") if (text := text_in(h2)) and text in document_title and text not in home
        ]
    og_title = _first(meta, ("og:title", "twitter:title", "dc.title", "parsely-title"))
    nodes = read_nodes(
        script.text or "" for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower()
    )
    node = article_node(nodes, [t for t in (og_title, document_title, *map(text_in, h1s)) if t])
    page_node = next((n for n in nodes if "WebPage" in types_of(n)), {})
    items = _ITEMS(tree)[:MAX_ITEMS]
    published, modified = _stamps(items, meta, node, page_node)
    return PageFacts(
        language=(
            tree.get("lang")
            or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
            or _first(meta, ("content-language", "og:locale"))
        ),
        headline=_headline(node, meta, og_title),
        og_title=_plain(og_title),
        document_title=document_title,
        h1=_main_h1(h1s, [t for t in (og_title, document_title) if t]),
        site_names=_site_names(meta, nodes, node, home),
        description=_plain(
            _first(meta, ("og:description", "description", "twitter:description")) or text_of(node.get("description"))
        ),
        authors=named_authors(tree, node, meta, items),
        published=published,
        modified=modified,
        section=_plain(text_of(node.get("articleSection")) or _first(meta, _SECTION)),
        tags=_tags(meta, node),
        canonical_urls=_canonical_urls(tree, meta),
        types=frozenset(types_of(node) | set(meta.get("og:type", ()))),
        is_free=_truth(node.get("isAccessibleForFree")),
        article_body=_longtext_in(node.get("articleBody")),
    )


# ------------------------------------------------------------------------------------------------ reading


def _read_meta(tree: HtmlElement) -> dict[str, list[str]]:
    meta: dict[str, list[str]] = defaultdict(list)
    for element in tree.iter("meta"):
        content = squash(element.get("content") or "")
        if not content:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if name := element.get(attribute):
                meta[name.strip().lower()].append(content)
    return dict(meta)


def _stamps(
    items: list[HtmlElement], meta: dict[str, list[str]], node: Node, page: Node
) -> tuple[tuple[Stamp, ...], tuple[Stamp, ...]]:
    published = [Stamp("jsonld", raw) for raw in texts_of(node.get("datePublished"))[:1]]
    if not published:
        published = [Stamp("jsonld", raw) for raw in texts_of(page.get("datePublished") or node.get("dateCreated"))[:1]]
    modified = [Stamp("jsonld", raw) for raw in texts_of(node.get("dateModified") or page.get("dateModified"))[:1]]
    published += [Stamp("meta", meta[name][0]) for name in _PUBLISHED if name in meta]
    published += [Stamp("meta", meta[name][0], is_vague=True) for name in _VAGUELY_PUBLISHED if name in meta]
    modified += [Stamp("meta", meta[name][0]) for name in _MODIFIED if name in meta]
    for element in items:
        if element.get("itemprop") == "author":
            continue
        raw = element.get("content") or element.get("datetime") or text_in(element)
        kept = published if element.get("itemprop") == "datePublished" else modified
        if raw and not any(stamp.kind == "microdata" for stamp in kept):
            kept.append(Stamp("microdata", squash(raw)))
    return tuple(published), tuple(modified)


def _headline(node: Node, meta: dict[str, list[str]], title: str | None) -> str | None:
    """The headline of JSON-LD; a meta element of that name, often a standfirst, only where the title begins with it."""
    named = _first(meta, ("headline",))
    found = text_of(node.get("headline")) or text_of(node.get("name"))
    return _plain(found or (named if named and title and title.startswith(named) else None))


def _main_h1(h1s: list[HtmlElement], titles: list[str]) -> HtmlElement | None:
    """Of several h1 (a logo is often one) that which the title's words are most like."""
    wanted = set(" ".join(titles).casefold().split())

    def likeness(h1: HtmlElement) -> float:
        words = set((text_in(h1) or "").casefold().split())
        return len(words & wanted) / len(words | wanted) if words else 0.0

    return max(h1s, key=likeness, default=None)


def _site_names(meta: dict[str, list[str]], nodes: list[Node], node: Node, home: Iterable[str]) -> tuple[str, ...]:
    named = [text_of(node.get("publisher")), *(text_of(n.get("name")) for n in nodes if _is_site(types_of(n)))]
    names = [name for key in _SITE for name in meta.get(key, ())] + [name for name in (*named, *home) if name]
    return tuple(dict.fromkeys(unescape(name) for name in names if len(name) < 60))


def _home_names(tree: HtmlElement) -> tuple[str, ...]:
    """What the site calls itself where it links to its front page: rel=home, or a heading that is such a link."""
    links = [link for link in _HOME_LINKS(tree)[:MAX_ITEMS] if link.get("rel") == "home" or _is_home(link.get("href"))]
    return tuple(dict.fromkeys(name for link in links if (name := text_in(link)) and len(name) < 60))


def _is_home(href: str) -> bool:
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    return parts.path in ("/", "") and bool(parts.path or parts.netloc) and not (parts.query or parts.fragment)


def _is_site(kinds: set[str]) -> bool:
    return any(kind in ("WebSite", "Website") or "Organization" in kind for kind in kinds)


def _tags(meta: dict[str, list[str]], node: Node) -> tuple[str, ...]:
    """The most precise list that the page has; each place repeats the others with less care."""
    listed = _split_tags(texts_of(node.get("keywords")))
    for name in _TAGS:
        if not listed:
            listed = _split_tags(meta.get(name, []))
    return tuple(dict.fromkeys(listed))[:MAX_TAGS]


def _split_tags(values: list[str]) -> list[str]:
    parts = values if len(values) > 1 else [part for value in values for part in value.replace(";", ",").split(",")]
    return [tag for part in parts if (tag := _plain(part)) and len(tag) <= 80]


def _canonical_urls(tree: HtmlElement, meta: dict[str, list[str]]) -> tuple[str, ...]:
    links = [link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    return tuple(url.strip() for url in (*links, *meta.get("og:url", ())) if url and url.strip())


def _title_element(tree: HtmlElement) -> str | None:
    head = tree.find("head")
    element = head.find("title") if head is not None else None
    if element is None:
        element = next(
            (t for t in tree.iter("title") if t.getparent() is not None and t.getparent().tag != "svg"), None
        )
    return _plain((text_in(element) or "")[:MAX_TITLE]) if element is not None else None


def _first_of(tree: HtmlElement, tag: str) -> Iterator[HtmlElement]:
    return islice(tree.iter(tag), MAX_HEADINGS)


# ------------------------------------------------------------------------------------------------ values


def _first(meta: dict[str, list[str]], names: tuple[str, ...]) -> str | None:
    return next((meta[name][0] for name in names if name in meta), None)


def _plain(value: str | None) -> str | None:
    """Without entities that were escaped twice, as JSON-LD and meta often have them, and without markup."""
    if value is None:
        return None
    if "&" in value:
        value = unescape(value)
    return squash(value) or None


def _longtext_in(value: Json) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _truth(value: Json) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).rpartition("/")[2].lower())
