"""Reuters' channel API: a channel's list (`results`) of items to fetch, and the token with which the next poll goes on.

The items themselves are NewsML-G2.
"""

from urllib.parse import quote

from pipeline.entries.markup import spaced_text
from pipeline.entries.xml import Element, attribute, child, children
from pipeline.types import BadItem, FeedDocument

_GOOD = "10"  # the API's code of a request that was answered; others come with an error


def read_reuters_list(root: Element, *, url: str, max_items: int) -> FeedDocument | BadItem:
    """The addresses of the listed items, in order, and the poll token; a BadItem where the API answers an error."""
    status = child(root, "status")
    results = children(root, "result")
    token = spaced_text(child(root, "polltoken"))
    if not results and status is not None and attribute(status, "code") != _GOOD:
        said = spaced_text(status) or spaced_text(child(root, "error")) or "without a word"
        code = attribute(status, "code") or attribute(child(status, "error"), "code")
        return BadItem(
            -1, "api_error", f"Reuters' API answers an error ({code}: {said[:300]}); look at key and channel"
        )
    if not results and token is None and status is None:
        return BadItem(-1, "unknown_format", "its root is <results>, but it is no list of Reuters' channel API")
    links = [
        _item_address(url, item_id) for result in results[:max_items] if (item_id := spaced_text(child(result, "id")))
    ]
    bad_items = [
        BadItem(position, "no_id", "the result has no id, by which its item could be fetched")
        for position, result in enumerate(results[:max_items])
        if not spaced_text(child(result, "id"))
    ]
    if len(results) > max_items:
        bad_items.append(
            BadItem(max_items, "too_large", f"{len(results) - max_items} results beyond the limit of {max_items}")
        )
    return FeedDocument("reuters_list", (), tuple(bad_items), links=tuple(dict.fromkeys(links)), cursor=token)


def _item_address(list_url: str, item_id: str) -> str:
    """The address of an item: the list's, with `item` as its last segment, and the id. Who asks adds the key."""
    folder = list_url.partition("?")[0].rpartition("/")[0]
    return f"{folder}/item?id={quote(item_id, safe=':,')}"
