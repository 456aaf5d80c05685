"""JSON-LD of a page (schema.org NewsArticle and its kin) → the one node that describes the article."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from pipeline.text import squash

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Node: TypeAlias = dict[str, Json]

MAX_BLOCK_CHARS = 2_000_000
MAX_NODES = 2_000

_CDATA = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)[\s;]*+$")
# What can still be told of a block that is no JSON: a raw quote or a missing comma spoils a whole block.
_SALVAGED = re.compile(
    r'"(@type|headline|datePublished|dateModified|dateCreated|articleSection|description)"\s*:\s*"((?:[^"\\]|\\.)*)"'
)
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "liveBlogUpdate")
_ARTICLE = re.compile(
    r"Article$|BlogPosting$|^Report$|^Recipe$|^HowTo$|^Review$|^VideoObject$|^ImageGallery$|^PodcastEpisode$"
)
_WEAK_TYPES = frozenset({"VideoObject", "WebPage", "ItemPage"})


def read_nodes(blocks: Iterable[str]) -> list[Node]:
    """All nodes of the blocks that stand for things of their own, references by `@id` resolved one step."""
    nodes: list[Node] = []
    for block in blocks:
        nodes.extend(_walk(_load(block), MAX_NODES - len(nodes)))
    by_id = {key: node for node in nodes if isinstance(key := node.get("@id"), str) and len(node) > 1}
    return [{name: _resolved(value, by_id) for name, value in node.items()} for node in nodes]


def article_node(nodes: list[Node], titles: Iterable[str]) -> Node:
    """The node of the page's article: of the right type, and with a headline that the page itself shows."""
    shown = {squash(title).casefold() for title in titles}

    def rank(node: Node) -> tuple[bool, bool, bool]:
        headline = (text_of(node.get("headline")) or text_of(node.get("name")) or "").casefold()
        is_shown = bool(headline) and any(headline in title or title in headline for title in shown if title)
        return is_shown, "articleBody" in node, not (types_of(node) & _WEAK_TYPES)

    found = [node for node in nodes if any(_ARTICLE.search(kind) for kind in types_of(node))]
    return max(found, key=rank, default={})


def types_of(node: Node) -> set[str]:
    kinds = node.get("@type")
    return {str(kind).rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind}


def text_of(value: Json) -> str | None:
    """The text of a value: a string, `name` of an object, the first of a list."""
    if isinstance(value, list):
        return next((text for item in value if (text := text_of(item))), None)
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("@value"))
    return (squash(value) or None) if isinstance(value, str) else None


def texts_of(value: Json) -> list[str]:
    """All texts of a value."""
    return [text for item in (value if isinstance(value, list) else [value]) if (text := text_of(item))]


def _load(block: str) -> Json:
    if len(block) > MAX_BLOCK_CHARS:
        return None
    text = _CDATA.sub("", _CDATA.sub("", block)).strip().rstrip(";")
    try:
        return json.loads(text, strict=False)  # type: ignore[no-any-return]  # strict: raw line ends inside strings
    except (ValueError, RecursionError):
        salvaged: Node = {}
        for name, value in _SALVAGED.findall(text):
            salvaged.setdefault(name, value.replace('\\"', '"').replace("\\/", "/"))
        return salvaged or None


def _walk(value: Json, most: int) -> Iterator[Node]:
    waiting = [value]
    while waiting and most > 0:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item[:MAX_NODES]
        elif isinstance(item, dict):
            most -= 1
            yield item
            waiting.extend(item[name] for name in _NESTED if isinstance(item.get(name), (list, dict)))


def _resolved(value: Json, by_id: dict[str, Node]) -> Json:
    if isinstance(value, list):
        return [_resolved(item, by_id) for item in value]
    if isinstance(value, dict) and len(value) <= 2 and isinstance(key := value.get("@id"), str):
        return by_id.get(key, value)
    return value
