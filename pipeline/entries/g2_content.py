"""The content of a NewsML-G2 item: headline, body and captions."""

from pipeline.entries.markup import from_base64, plain_text, read_captions, spaced_text, text_blocks
from pipeline.entries.nitf import blocks_within, nitf_headline
from pipeline.entries.wire import code_name
from pipeline.entries.xml import Element, attribute, child, children, descendants, embedded_xml, name_of
from pipeline.types import Block, Caption

_MAIN = ("", "main", "headline", "title")


def inline_document(item: Element) -> Element | None:
    """The document inside the first inlineXML that has one; the holder itself where it has several elements."""
    for holder in children(child(item, "contentset"), "inlinexml"):
        within = [below for below in holder if name_of(below)]
        if within:
            return within[0] if len(within) == 1 else holder
    return child(item, "contentset", "inlinexml")


def g2_headline(content: Element | None, inline: Element | None) -> str | None:
    """The headline without a role or with the role main, else the one of the inline document."""
    ranked = sorted(children(content, "headline"), key=_rank)
    title = next(filter(None, (plain_text(spaced_text(element)) for element in ranked)), None)
    if title or inline is None:
        return title
    if name_of(inline) == "nitf":
        return nitf_headline(inline)
    return next(filter(None, map(spaced_text, descendants(inline, "title", "h1"))), None)


def g2_body(item: Element, inline: Element | None, title: str | None) -> tuple[Block, ...] | None:
    """The text; () where the item brings none (a cancellation); None where it lies elsewhere (remoteContent)."""
    if inline is not None:
        return _without_title(blocks_within(inline), title)
    content = child(item, "contentset")
    for data in children(content, "inlinedata"):
        text = "".join(data.itertext())
        text = from_base64(text) if "base64" in (attribute(data, "encoding") or "").lower() else text
        markup = embedded_xml(text)
        if blocks := blocks_within(markup) if markup is not None else text_blocks(text):
            return _without_title(blocks, title)
    return None if child(content, "remotecontent") is not None else ()


def g2_captions(content: Element | None, inline: Element | None, kind: str) -> tuple[Caption, ...]:
    """What stands under the pictures of a text; of a picture, a graphic or a video, its description."""
    if kind in ("text", "composite"):
        return read_captions(inline) if inline is not None else ()
    described = children(content, "description")
    ranked = sorted(described, key=lambda element: "caption" not in (attribute(element, "role") or "").lower())
    text = next(filter(None, (plain_text(spaced_text(element)) for element in ranked)), None)
    return (Caption(text, spaced_text(child(content, "creditline"))),) if text else ()


def _rank(headline: Element) -> int:
    role = code_name(attribute(headline, "role"))
    return 0 if role in _MAIN else 2 if "sub" in role else 1


def _without_title(blocks: tuple[Block, ...], title: str | None) -> tuple[Block, ...]:
    """The body without the headline that some repeat at its top (APA)."""
    return blocks[1:] if blocks and blocks[0].kind == "heading" and blocks[0].text == title else blocks
