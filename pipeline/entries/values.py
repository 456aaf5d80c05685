"""JSON values as feeds write them → strings, objects, lists: what has another type than it should is as not there."""

from collections.abc import Iterator, Mapping

from pipeline.entries.markup import plain_text

Json = Mapping[str, object]


def lowered(row: Json) -> Json:
    """The object with its names in lower case: ninjs 3 writes `versionCreated` where 1 and 2 write `versioncreated`."""
    return {name.lower(): value for name, value in row.items()}


def string_of(value: object) -> str | None:
    """A string on one line without tags, a whole number as its digits (ids are numbers in the wild); else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**18 else None
    return plain_text(value) if isinstance(value, str) else None


def first_string(row: Json, *names: str) -> str | None:
    """The first of these members that holds a string."""
    return next(filter(None, (string_of(row.get(name)) for name in names)), None)


def strings_of(value: object) -> list[str]:
    """The strings of a list; a lone one is a list of one."""
    found = map(string_of, value if isinstance(value, list) else [value])
    return [text for text in found if text]


def objects_of(value: object) -> list[Json]:
    """The objects of a list, or of an object that names its members (ninjs 1 associations); a lone one that is neither
    is left out.
    """
    members: list[object] = (
        list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    )
    return [lowered(member) for member in members if isinstance(member, dict)]


def rows_of(value: object) -> Iterator[Json]:
    """The objects of a list of concepts. A lone object is one, and a lone string its name."""
    for row in value if isinstance(value, list) else [value]:
        if isinstance(row, dict):
            yield lowered(row)
        elif text := string_of(row):
            yield {"name": text}
