"""What links say of a text's lines: read-more lines, lists of other stories, and the labels that are left of them."""

import re
from collections.abc import Sequence

from pipeline.articles.phrases import IN_LINKS, SENTENCE_END
from pipeline.articles.placed import Placed

LINK_ONLY = 0.85  # share of a line's letters that are links
LINKED = 0.3
MAX_CHARS = 220
MIN_CHARS = 20
MAX_LABEL = 80  # characters of the line that introduces a list
MIN_RUN = 2  # links that follow each other

_INITIALS = re.compile(r"[(\[]?[^\W\d_]{2,4}(?:[/,] ?[^\W\d_]{2,12}){0,3}[)\]]?")


def by_links(item: Placed) -> str | None:
    """A line that is one link: a read-more label, a headline in capitals, or a headline that ends no sentence."""
    line, text = item.line, item.block.text
    if line is None or len(text) > MAX_CHARS:
        return None
    for reason, pattern in IN_LINKS:
        if line.linked > LINKED and pattern.search(text):
            return reason
    if item.block.kind != "paragraph" or "://" in text:
        return None
    if _is_labelled_link(item):
        return "related"
    if line.linked < LINK_ONLY:
        return None
    if text.isupper() and len(text) > 12:
        return "related"
    return "link_only" if not SENTENCE_END.search(text) and len(text) > MIN_CHARS else None


def drop_lists(placed: Sequence[Placed], reasons: list[str | None]) -> None:
    """Links that follow each other are other stories, with the label above them; at the text's ends one is enough."""
    _runs(placed, reasons)
    _ends(placed, reasons)


def drop_labels(placed: Sequence[Placed], reasons: list[str | None]) -> None:
    """A heading at the text's end of which nothing is left below goes with that; so does a label (`Contact:`), and
    the writer's initials (`ab/dpa`) that sign a text.
    """
    for position in range(len(placed) - 1, 0, -1):
        if reasons[position] is not None:
            continue
        block = placed[position].block
        if block.kind == "heading" and position + 1 < len(placed):
            reasons[position] = reasons[position + 1]
        elif block.text.endswith((":", "：")) and len(block.text) <= MAX_LABEL:
            reasons[position] = "label"
        elif _INITIALS.fullmatch(block.text):
            reasons[position] = "byline"
        else:
            return


def _is_link(item: Placed) -> bool:
    if item.line is None or len(item.block.text) > MAX_CHARS or "://" in item.block.text:
        return False
    return item.line.linked >= LINK_ONLY or _is_labelled_link(item)


def _is_labelled_link(item: Placed) -> bool:
    """Whether a line is a label and then a link alone: `Harbour: What the old wall was built of`."""
    links = item.line.links if item.line else ()
    if not links or len(links[-1]) < MIN_CHARS or SENTENCE_END.search(item.block.text):
        return False
    head, _, rest = item.block.text.rpartition(links[-1])
    return head.rstrip().endswith((":", "：")) and not rest.strip(" ›»>")


def _runs(placed: Sequence[Placed], reasons: list[str | None]) -> None:
    run: list[int] = []
    for position in [*(at for at in range(len(placed)) if reasons[at] is None), None]:
        if position is not None and _is_link(placed[position]):
            run.append(position)
            continue
        if len(run) >= MIN_RUN:
            for at in run:
                reasons[at] = "related"
            _drop_label_above(placed, reasons, run[0])
        run = []


def _drop_label_above(placed: Sequence[Placed], reasons: list[str | None], position: int) -> None:
    above = next((at for at in range(position - 1, 0, -1) if reasons[at] is None), None)
    if above is None:
        return
    text = placed[above].block.text
    if len(text) <= MAX_LABEL and not SENTENCE_END.search(text):
        reasons[above] = "related"


def _ends(placed: Sequence[Placed], reasons: list[str | None]) -> None:
    for order in (range(len(placed) - 1, -1, -1), range(len(placed))):
        for position in order:
            item = placed[position]
            if reasons[position]:
                continue
            if item.line is None or item.line.linked < LINK_ONLY or len(item.block.text) > MAX_CHARS:
                break
            reasons[position] = "related" if item.block.kind == "item" else "link_only"
