"""What the wire formats share: status, embargo, version, urgency, and the id of an item that has none."""

from datetime import datetime

from pipeline.entries.stamps import feed_stamp
from pipeline.types import Block, Status, short_hash

_CANCELED = frozenset(("canceled", "cancelled", "killed"))


def status_of(delivered: str | None) -> Status:
    """The status (NewsML-G2 pubStatus, ninjs pubstatus), by default usable. What is not known is withheld."""
    value = (delivered or "usable").rpartition(":")[2].strip().lower()
    if value in _CANCELED:
        return Status.CANCELED
    return Status(value) if value in ("usable", "embargoed") else Status.WITHHELD


def with_embargo(status: Status, is_stated: bool, until: datetime | None) -> Status:
    """Embargoed, where a usable item is under a stated embargo, also one without an end. Whether it has passed is not
    asked here: that takes a clock.
    """
    return Status.EMBARGOED if status is Status.USABLE and (is_stated or until) else status


def version_of(delivered: object) -> int | None:
    """The version as a whole number; 0 is one (AP). None where it is no number."""
    if isinstance(delivered, bool):
        return None
    if isinstance(delivered, int):
        return delivered if 0 <= delivered < 2**63 else None
    text = delivered.strip() if isinstance(delivered, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def urgency_of(*delivered: object) -> int | None:
    """The first of the values that lies between 1 and 9."""
    for value in delivered:
        urgency = version_of(value)
        if urgency and urgency <= 9:
            return urgency
    return None


def first_stamp(timezone: str, *raws: str | None) -> tuple[datetime | None, str | None]:
    """The first stamp that can be read, and as it was written."""
    for raw in raws:
        if raw and (at := feed_stamp(raw, timezone)):
            return at, raw.strip()
    return None, next((raw.strip() for raw in raws if raw), None)


def id_without_id(title: str | None, raw: str | None, body: tuple[Block, ...]) -> str:
    """An id made of an item's title, else its first words, and its stamp, where the wire gave none."""
    return short_hash("item", title or (body[0].text if body else ""), raw or "")
