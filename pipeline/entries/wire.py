"""What the wire formats share: status, embargo, version, urgency, and the id of an item that has none."""

import re
from datetime import datetime

from pipeline.entries.stamps import feed_stamp
from pipeline.types import Block, Status, short_hash

_CANCELED = frozenset(
    ("cancel", "canceled", "cancelled", "kill", "killed", "withdrawn", "retracted", "recalled", "deleted", "annulled")
)
_USABLE = frozenset(("usable", "published", "replaced"))  # TT: a version that has a newer one is replaced
_KINDS = {
    "text": "text",
    **dict.fromkeys(("picture", "photo", "image", "still"), "picture"),
    **dict.fromkeys(("graphic", "infographic", "vectorgraphic", "rastergraphic"), "graphic"),
    **dict.fromkeys(("video", "animation", "movingimage"), "video"),
    **dict.fromkeys(("audio", "sound"), "audio"),
    **dict.fromkeys(("composite", "package", "multimedia"), "composite"),
}


def code_name(code: str | None) -> str:
    """The last part of a QCode (`stat:usable`) or of a concept's address, in lower case; "" for none."""
    return re.split("[:/#]", (code or "").rstrip("/# "))[-1].strip().lower()


def status_of(delivered: str | None) -> Status:
    """The status (NewsML-G2 pubStatus, ninjs pubstatus), by default usable. What is not known is withheld."""
    value = code_name(delivered) or "usable"
    if value in _CANCELED:
        return Status.CANCELED
    if value in _USABLE:
        return Status.USABLE
    return Status.EMBARGOED if value == "embargoed" else Status.WITHHELD


def kind_of_media(code: str | None) -> str | None:
    """text, picture, graphic, video, audio or composite, by a code of any vocabulary of media; None if it is none."""
    return _KINDS.get(code_name(code).replace(" ", ""))


def agency_of(credit: str | None, provider: str | None) -> str | None:
    """The credit line without dashes and brackets; the provider, where the credit names it beside others."""
    line = (credit or "").strip(" -–—/()[]")
    is_among = bool(provider and re.search(rf"(?<!\w){re.escape(provider)}(?!\w)", line))
    return provider if is_among else line or provider


def with_embargo(status: Status, is_stated: bool, until: datetime | None) -> Status:
    """Embargoed, where a usable item is under a stated embargo, also one without an end. Whether it has passed is not
    asked here: that takes a clock.
    """
    return Status.EMBARGOED if status is Status.USABLE and (is_stated or until) else status


def version_of(delivered: object) -> int | None:
    """The version as a whole number; 0 is one (AP). None where it is no number."""
    if isinstance(delivered, bool):
        return None
    if isinstance(delivered, float) and delivered.is_integer():
        delivered = int(delivered)
    if isinstance(delivered, int):
        return delivered if 0 <= delivered < 2**63 else None
    text = delivered.strip().removesuffix(".0") if isinstance(delivered, str) else ""
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
