"""urn:newsml (RFC 3085): the id of a news item, with or without the revision at its end."""

import re

from pipeline.entries.wire import version_of

# RFC 3085, section 2: urn:newsml:{ProviderId}:{DateId}:{NewsItemId}:{RevisionId}{Update}. STT leaves the date empty.
_REVISED = re.compile(r"(urn:newsml:[^:]+:(?:\d{8}(?:T[\dZ+-]+)?)?:[^:]+):(\d{1,18})[NUA]?", re.IGNORECASE)


def split_revision(item_id: str | None) -> tuple[str | None, int | None]:
    """The story's id without the revision, and the revision; an id of another form, or a story's own, as it is."""
    found = _REVISED.fullmatch(item_id) if item_id else None
    return (found[1], version_of(found[2])) if found else (item_id, None)
