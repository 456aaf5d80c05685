"""Source → sources.toml. What is as the defaults have it is left out; a key stands as ${NAME}."""

import json
from collections.abc import Iterator, Sequence

from pipeline.catalogue.fields import duration
from pipeline.catalogue.load import default_feed_name
from pipeline.types import Delivery, Feed, Politeness, Source

Value = str | bool | int | float


def write_toml(sources: Sequence[Source]) -> str:
    """A catalogue that `load_catalogue` reads as these sources, given the variables that it names in comments."""
    return "\n".join("\n".join(_source_lines(source)) + "\n" for source in sources)


def _source_lines(source: Source) -> Iterator[str]:
    politeness = _shared_politeness(source.feeds)
    yield "[[source]]"
    yield from _fields(
        id=source.id,
        name=source.name,
        kind=source.kind,
        country=source.country,
        language=source.language,
        timezone=None if source.timezone == "UTC" else source.timezone,
        homepage=source.homepage,
        allow_private=source.allow_private or None,
        **_politeness(politeness, Politeness()),
    )
    for position, feed in enumerate(source.feeds, 1):
        yield ""
        yield from _feed_lines(feed, position, politeness)


def _feed_lines(feed: Feed, position: int, politeness: Politeness) -> Iterator[str]:
    name = feed.id.partition("/")[2]
    is_folder = feed.delivery is Delivery.FOLDER
    yield "[[source.feed]]"
    for variable, _ in feed.secrets:
        yield f"# Set the variable {variable} in the environment: this feed needs it."
    yield from _fields(
        name=None if name == default_feed_name(position) else name,
        url=None if is_folder else feed.url,
        folder=feed.url if is_folder else None,
        format=None if feed.format == "auto" else feed.format,
        every=None if feed.every_s == 900 else duration(feed.every_s),
        cursor=feed.cursor_parameter,
    )
    if feed.headers:
        pairs = ", ".join(f"{_text(header)} = {_text(value)}" for header, value in feed.headers)
        yield f"headers = {{ {pairs} }}"
    yield from _fields(
        pages=None if feed.has_pages else False, seen=feed.seen, **_politeness(feed.politeness, politeness)
    )


def _shared_politeness(feeds: Sequence[Feed]) -> Politeness:
    """The politeness that all feeds have, which is then the source's; else the default."""
    kinds = {feed.politeness for feed in feeds}
    return kinds.pop() if len(kinds) == 1 else Politeness()


def _politeness(own: Politeness, default: Politeness) -> dict[str, Value | None]:
    return {
        "concurrency": None if own.concurrency == default.concurrency else own.concurrency,
        "spacing_s": None if own.spacing_s == default.spacing_s else own.spacing_s,
    }


def _fields(**values: Value | None) -> Iterator[str]:
    for field, value in values.items():
        if value is not None:
            yield f"{field} = {_text(value) if isinstance(value, str) else json.dumps(value)}"


def _text(value: str) -> str:
    """A TOML basic string (TOML 1.0, String), which is JSON's but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
